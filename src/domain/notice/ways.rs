//! In which order the channels to one person are tried.
//!
//! His own order counts among channels that are alike: a proven one goes before one that nobody
//! tried, and one whose test failed is tried when there is nothing else. Who said nothing has the
//! order of [`DEFAULT_ORDER`].

use entity::kinds::Channel;

/// A card of WeCom reaches people at work and is answered with one tap; an employee message needs no
/// consent for each; the official account's message is free and unlimited; a subscribe message costs
/// a consent; a text message costs money. The inbox wakes nobody and is no way.
pub const DEFAULT_ORDER: &[Channel] = &[
    Channel::WecomCard,
    Channel::Employee,
    Channel::OaTemplate,
    Channel::MiniSubscribe,
    Channel::Sms,
];

/// What is known of one channel to one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    pub channel: Channel,
    /// Where he put it; smaller first.
    pub position: Option<i32>,
    /// A test message went through and none failed since.
    pub proven: bool,
    /// The last test message failed.
    pub failed: bool,
}

/// Orders the channels that lead to a person; what is no way is left out.
pub fn order(living: &[Channel], said: &[Said]) -> Vec<Channel> {
    let mut ways: Vec<Channel> =
        DEFAULT_ORDER.iter().copied().filter(|way| living.contains(way)).collect();
    ways.sort_by_key(|way| {
        let said = said.iter().find(|said| said.channel == *way);
        let trust = match said {
            Some(said) if said.failed => 2,
            Some(said) if said.proven => 0,
            _ => 1,
        };
        (trust, said.and_then(|said| said.position).unwrap_or(i32::MAX))
    });
    ways
}

#[cfg(test)]
mod tests {
    use super::*;
    use Channel::{Inbox, MiniSubscribe, OaTemplate, Sms};

    const ALL: [Channel; 3] = [Sms, MiniSubscribe, OaTemplate];

    fn said(channel: Channel, position: Option<i32>) -> Said {
        Said { channel, position, proven: false, failed: false }
    }

    #[test]
    fn who_said_nothing_has_the_default_order_of_what_leads_to_him() {
        assert_eq!(order(&ALL, &[]), [OaTemplate, MiniSubscribe, Sms]);
        assert_eq!(order(&[Sms, MiniSubscribe], &[]), [MiniSubscribe, Sms]);
        assert_eq!(order(&[Inbox], &[said(Inbox, Some(0))]), [], "the inbox is no way");
    }

    #[test]
    fn his_own_order_counts_and_what_he_did_not_name_comes_after_it() {
        assert_eq!(order(&ALL, &[said(Sms, Some(0))]), [Sms, OaTemplate, MiniSubscribe]);
        let both = [said(Sms, Some(1)), said(MiniSubscribe, Some(0))];
        assert_eq!(order(&ALL, &both), [MiniSubscribe, Sms, OaTemplate]);
        assert_eq!(order(&[OaTemplate], &[said(Sms, Some(0))]), [OaTemplate], "no number, no text");
    }

    #[test]
    fn proven_goes_before_untried_and_failed_comes_last() {
        let proven = Said { proven: true, ..said(Sms, None) };
        assert_eq!(order(&ALL, &[proven]), [Sms, OaTemplate, MiniSubscribe]);
        let wanted = said(OaTemplate, Some(0));
        assert_eq!(order(&ALL, &[wanted, proven]), [Sms, OaTemplate, MiniSubscribe]);
        let failed = Said { failed: true, ..said(OaTemplate, Some(0)) };
        assert_eq!(order(&ALL, &[failed]), [MiniSubscribe, Sms, OaTemplate]);
        // A failure counts even where an older test had gone through.
        let once = Said { proven: true, ..failed };
        assert_eq!(order(&ALL, &[once]), [MiniSubscribe, Sms, OaTemplate]);
        assert_eq!(order(&[OaTemplate], &[failed]), [OaTemplate], "there is nothing else");
    }
}
