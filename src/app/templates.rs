//! Compares our templates with the platform's lists, and closes what would be refused.
//!
//! A message whose template was deleted or changed is refused as a whole, for everybody. So each
//! process that serves looks at the lists when it starts, once a day and when a refusal speaks of a
//! template, and a command before it counts on a channel. The channel is closed for the kinds
//! concerned: the next channel is used, and an operator reads why.
//! Until the first look, and while the platform does not answer, every channel counts as open.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use entity::kinds::{Channel, NoticeKind, Timestamp};
use tokio::sync::Notify;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::app::case::tell;
use crate::domain::notice::consent::ConsentKind;
use crate::domain::notice::{Drift, drift, kinds_of};
use crate::gateway::wechat::{AppKind, ListedTemplate};
use crate::services::Services;

/// How often when all is well.
const EVERY: Duration = Duration::from_hours(24);
/// How often while something is closed or could not be looked at.
const SOON: Duration = Duration::from_mins(10);
/// How often because of refusals at most: all that come of one change are one look.
const AT_MOST_EVERY: Duration = Duration::from_mins(1);
/// WeChat's numbers that say that a template is gone, banned, or has other fields.
const ABOUT_TEMPLATES: [i64; 5] = [40_036, 40_037, 43_107, 43_116, 47_003];
/// The channels whose messages are templates, and the account that lists them.
const CHANNELS: [(Channel, AppKind); 2] =
    [(Channel::OaTemplate, AppKind::Oa), (Channel::MiniSubscribe, AppKind::Mini)];

type Way = (Channel, NoticeKind);

/// Which channels are closed for which kinds of notices. Cheap to clone; all clones are one gate.
#[derive(Clone, Debug, Default)]
pub struct Gate(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    closed: RwLock<BTreeSet<Way>>,
    /// When a refusal last asked for a look.
    asked_at: Mutex<Option<Timestamp>>,
    /// Wakes the watch.
    asked: Notify,
}

impl Gate {
    /// Tells whether a notice of this kind may go through the channel.
    pub fn is_open(&self, channel: Channel, kind: NoticeKind) -> bool {
        let closed = self.0.closed.read().unwrap_or_else(PoisonError::into_inner);
        !closed.contains(&(channel, kind))
    }

    /// Notes a refusal. One that speaks of a template asks for a look at the lists now, so that nobody
    /// else has to be refused first.
    pub fn refused(&self, (channel, errcode): (Channel, Option<i64>), now: Timestamp) {
        let listed = CHANNELS.iter().any(|(of, _)| *of == channel);
        if !listed || !errcode.is_some_and(|code| ABOUT_TEMPLATES.contains(&code)) {
            return;
        }
        let mut asked_at = self.0.asked_at.lock().unwrap_or_else(PoisonError::into_inner);
        if asked_at.is_none_or(|last| last.is_ahead_of(now) || now.since(last) >= AT_MOST_EVERY) {
            *asked_at = Some(now);
            self.0.asked.notify_one();
        }
    }

    /// Waits until a refusal asks for a look; one that came before the wait counts.
    async fn asked(&self) {
        self.0.asked.notified().await;
    }

    /// Makes these the closed ways of a channel; returns whether that changed anything.
    fn set(&self, channel: Channel, closed: &BTreeSet<Way>) -> bool {
        let mut all = self.0.closed.write().unwrap_or_else(PoisonError::into_inner);
        let before = all.clone();
        all.retain(|(of, _)| *of != channel);
        all.extend(closed);
        *all != before
    }
}

/// A template that would be refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub channel: Channel,
    pub template: String,
    pub kinds: Vec<NoticeKind>,
    pub drift: Drift,
}

impl Fault {
    /// Tells whether nobody configured a template for staff at the mini-program, whose list lacks that
    /// of the official account: staff get none there, and nothing is wrong.
    pub fn is_unset(&self, s: &Services) -> bool {
        let of_staff = self.template == s.settings.templates.staff_case;
        self.channel == Channel::MiniSubscribe && of_staff && self.drift == Drift::Missing
    }
}

/// What a look at one account's list brought.
#[derive(Clone, Debug)]
pub struct Look {
    pub channel: Channel,
    /// The faults, or why the list could not be read.
    pub faults: Result<Vec<Fault>, String>,
    /// Templates whose consents we count otherwise than the platform.
    pub miscounted: Vec<String>,
}

impl Look {
    /// Tells whether the list was read and an operator has nothing to put right.
    pub fn is_well(&self, s: &Services) -> bool {
        self.faults.as_ref().is_ok_and(|faults| faults.iter().all(|one| one.is_unset(s)))
    }
}

/// Compares until `stop`, sooner when a refusal asks for it.
pub async fn watch(s: Services, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let looks = check(&s).await;
        let well = looks.iter().all(|one| one.is_well(&s));
        tokio::select! {
            () = sleep(if well { EVERY } else { SOON }) => {}
            () = s.gate.asked() => {}
            () = stop.cancelled() => {}
        }
    }
}

/// Looks once and opens and closes accordingly. A list that cannot be read changes nothing.
pub async fn check(s: &Services) -> Vec<Look> {
    let looks = look(s).await;
    for one in &looks {
        for template in &one.miscounted {
            tracing::error!(template, "wechat.templates.long_term is wrong about a template");
        }
        match &one.faults {
            Ok(faults) => apply(s, one.channel, faults),
            Err(why) => {
                let channel = one.channel.word();
                tracing::warn!(channel, why, "the list of templates could not be read");
            }
        }
    }
    looks
}

/// Looks once and changes nothing.
async fn look(s: &Services) -> Vec<Look> {
    let mut looks = Vec::new();
    for (channel, account) in CHANNELS {
        let used = used(s, channel);
        if used.is_empty() {
            continue;
        }
        let (faults, miscounted) = match s.wechat.templates(account).await {
            Ok(listed) => (Ok(faults(channel, used, &listed)), miscounted(s, &listed)),
            Err(failure) => (Err(failure.to_string()), Vec::new()),
        };
        looks.push(Look { channel, faults, miscounted });
    }
    looks
}

fn apply(s: &Services, channel: Channel, faults: &[Fault]) {
    let closed: BTreeSet<Way> =
        faults.iter().flat_map(|one| one.kinds.iter().map(|kind| (channel, *kind))).collect();
    let changed = s.gate.set(channel, &closed);
    let wrong: Vec<&Fault> = faults.iter().filter(|one| !one.is_unset(s)).collect();
    let count = wrong.iter().map(|one| one.kinds.len()).sum::<usize>();
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    s.metrics.closed_kinds.with_label_values(&[channel.word()]).set(count);
    for Fault { template, drift, kinds, .. } in wrong {
        tracing::error!(
            channel = channel.word(),
            template,
            ?drift,
            ?kinds,
            "a template was deleted or changed; the channel is closed for its notices"
        );
    }
    if changed && faults.is_empty() {
        tracing::info!(channel = channel.word(), "all templates are right again");
    }
}

/// Lists the configured templates of a channel with the kinds that use them.
fn used(s: &Services, channel: Channel) -> Vec<(String, Vec<NoticeKind>)> {
    let mut used: Vec<(String, Vec<NoticeKind>)> = Vec::new();
    for kind in kinds_of(channel) {
        let id = tell::template(s, kind, channel);
        match used.iter_mut().find(|(known, _)| known == id) {
            Some((_, kinds)) => kinds.push(kind),
            None if id.is_empty() => {}
            None => used.push((id.to_owned(), vec![kind])),
        }
    }
    used
}

/// WeChat's numbers of the kinds of templates for subscribe messages.
const KINDS: [(i64, ConsentKind); 2] = [(2, ConsentKind::OneTime), (3, ConsentKind::LongTerm)];

/// Lists the templates whose kind is not what the configuration says. They are used all the same: a
/// consent that is not there is noticed by the refusal.
fn miscounted(s: &Services, listed: &[ListedTemplate]) -> Vec<String> {
    let ours = |id: &str| s.settings.templates.consent_kind(id);
    let used = |id: &str| used(s, Channel::MiniSubscribe).iter().any(|(known, _)| known == id);
    let theirs = |one: &ListedTemplate| {
        KINDS.iter().find(|(number, _)| Some(*number) == one.kind).map(|(_, kind)| *kind)
    };
    let wrong = |one: &&ListedTemplate| {
        used(&one.id) && theirs(one).is_some_and(|kind| kind != ours(&one.id))
    };
    listed.iter().filter(wrong).map(|one| one.id.clone()).collect()
}

fn faults(
    channel: Channel,
    used: Vec<(String, Vec<NoticeKind>)>,
    listed: &[ListedTemplate],
) -> Vec<Fault> {
    let mut found = Vec::new();
    for (template, kinds) in used {
        let row = listed.iter().find(|one| one.id == template);
        // What cannot be read says nothing against it.
        if row.is_some_and(|one| one.content.is_empty()) {
            continue;
        }
        let content = row.map(|one| one.content.as_str());
        // One template may serve kinds that fill it differently; each is judged for itself.
        for kind in kinds {
            let Some(drift) = drift(kind, content) else { continue };
            let same = |one: &&mut Fault| one.template == template && one.drift == drift;
            if let Some(fault) = found.iter_mut().find(same) {
                fault.kinds.push(kind);
                continue;
            }
            let template = template.clone();
            found.push(Fault { channel, template, kinds: vec![kind], drift });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_refusal_that_speaks_of_a_template_asks_for_a_look_and_a_flood_of_them_for_one() {
        let gate = Gate::default();
        let (oa, mini) = (Channel::OaTemplate, Channel::MiniSubscribe);
        for (channel, errcode, second, asks) in [
            (oa, None, 0, false),
            (oa, Some(43_004), 0, false),
            // These templates are on no list.
            (Channel::Employee, Some(40_037), 0, false),
            (Channel::WecomCard, Some(40_037), 0, false),
            (oa, Some(40_037), 1, true),
            (oa, Some(40_037), 1, false),
            (mini, Some(47_003), 60, false),
            (mini, Some(47_003), 61, true),
            (mini, Some(43_107), 121, true),
            (oa, Some(40_036), 181, true),
            (oa, Some(43_116), 241, true),
            (oa, Some(40_037), 236, false),
            // The clock was put back.
            (oa, Some(40_037), 235, true),
        ] {
            gate.refused((channel, errcode), Timestamp(second * 1_000_000));
            let asked = futures::poll!(Box::pin(gate.asked())).is_ready();
            assert_eq!(asked, asks, "{channel:?} {errcode:?} at {second}");
        }
    }
}
