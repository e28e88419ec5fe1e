//! What the platform's list of templates says, against what we fill.

use std::collections::BTreeSet;

use entity::kinds::{Channel, NoticeKind};

use super::words::Layout;

/// What is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Drift {
    /// The account has no such template.
    Missing,
    /// Its fields are not those we fill.
    Changed {
        /// We fill them, the template does not show them.
        unknown: Vec<String>,
        /// The template shows them, we leave them empty.
        unfilled: Vec<String>,
    },
}

/// Reads the keys out of a template's content, such as `thing2` out of `事项：{{thing2.DATA}}`.
pub fn keys_of(content: &str) -> BTreeSet<String> {
    let after = content.split("{{").skip(1);
    let keys = after.filter_map(|rest| rest.split_once(".DATA}}")).map(|(key, _)| key.trim());
    keys.filter(|key| !key.is_empty()).map(str::to_owned).collect()
}

/// Compares the content of a template, if the account has it, with what a notice of this kind fills.
pub fn drift(kind: NoticeKind, content: Option<&str>) -> Option<Drift> {
    let Some(content) = content else { return Some(Drift::Missing) };
    let (theirs, ours) = (keys_of(content), Layout::standard(kind).keys());
    if theirs == ours {
        return None;
    }
    let unknown = ours.difference(&theirs).cloned().collect();
    let unfilled = theirs.difference(&ours).cloned().collect();
    Some(Drift::Changed { unknown, unfilled })
}

/// Lists the kinds of notices that a channel with templates carries: through the official account
/// and as employee those for staff, through the mini-program all.
pub fn kinds_of(channel: Channel) -> Vec<NoticeKind> {
    // A reminder to renew goes as a message about no case.
    let carried = |kind: &NoticeKind| match channel {
        _ if *kind == NoticeKind::Renewal => false,
        Channel::OaTemplate | Channel::Employee => !for_residents(*kind),
        Channel::MiniSubscribe => true,
        Channel::WecomCard | Channel::Sms | Channel::Inbox => false,
    };
    NoticeKind::ALL.iter().copied().filter(carried).collect()
}

/// Tells whether only residents are told this.
pub const fn for_residents(kind: NoticeKind) -> bool {
    matches!(
        kind,
        NoticeKind::Question
            | NoticeKind::Acknowledged
            | NoticeKind::Resolved
            | NoticeKind::Rejected
            | NoticeKind::Diverted
            | NoticeKind::Rests
            | NoticeKind::Message
            | NoticeKind::Merged
            | NoticeKind::Outcome
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAFF: &str = "工单号：{{character_string1.DATA}}\n事项：{{thing2.DATA}}\n\
        网格：{{thing3.DATA}}\n时限：{{time4.DATA}}\n说明：{{ thing5.DATA}}\n{{}}{{broken";

    #[test]
    fn a_template_is_right_when_its_fields_are_exactly_ours() {
        assert_eq!(drift(NoticeKind::NewCase, Some(STAFF)), None);
        assert_eq!(drift(NoticeKind::NewCase, None), Some(Drift::Missing));
        let renamed = STAFF.replace("time4", "time6");
        let changed = |unknown: &[&str], unfilled: &[&str]| {
            let own = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect();
            Some(Drift::Changed { unknown: own(unknown), unfilled: own(unfilled) })
        };
        assert_eq!(drift(NoticeKind::NewCase, Some(&renamed)), changed(&["time4"], &["time6"]));
        let more = format!("{STAFF}{{{{thing9.DATA}}}}");
        assert_eq!(drift(NoticeKind::NewCase, Some(&more)), changed(&[], &["thing9"]));
        assert_eq!(drift(NoticeKind::Resolved, Some(STAFF)), changed(&["phrase3"], &["thing3"]));
    }

    #[test]
    fn every_kind_is_carried_by_a_channel_with_templates() {
        let (oa, mini) = (kinds_of(Channel::OaTemplate), kinds_of(Channel::MiniSubscribe));
        for kind in NoticeKind::ALL {
            let about_a_case = *kind != NoticeKind::Renewal;
            assert_eq!(mini.contains(kind), about_a_case);
            assert_eq!(oa.contains(kind), about_a_case && !for_residents(*kind), "{kind:?}");
        }
        assert!(kinds_of(Channel::Sms).is_empty());
    }
}
