//! The words of a message that is about no case: they say so in every field that can hold Chinese.

use entity::kinds::{ProbeKind, Timestamp};

use super::words::minute;

/// Fills the card of the staff template: (key, value), every value within its type.
pub fn probe_fields(kind: ProbeKind, id: i64, now: Timestamp) -> Vec<(String, String)> {
    let mark = mark(kind);
    let what = match kind {
        ProbeKind::Test => "无需处理，检验这个渠道能否收到",
        ProbeKind::Drill => "无需处理，检验通知能否送达",
        ProbeKind::Renewal => "点此打开，点一下“允许”即可",
        ProbeKind::Roster => return roster_fields(&mark, number(kind, id), now),
    };
    [
        ("character_string1", number(kind, id)),
        ("thing2", format!("{mark}{}", title(kind))),
        ("thing3", format!("{mark}不是真实工单")),
        ("time4", minute(now)),
        ("thing5", format!("{mark}{what}")),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .to_vec()
}

/// Says that something about the roster waits in the inbox; names nobody.
fn roster_fields(mark: &str, number: String, now: Timestamp) -> Vec<(String, String)> {
    [
        ("character_string1", number),
        ("thing2", format!("{mark}{}", title(ProbeKind::Roster))),
        ("thing3", format!("{mark}不是工单")),
        ("time4", minute(now)),
        ("thing5", "请打开小程序查看消息".to_owned()),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .to_vec()
}

/// Fills the five places of the text message.
pub fn probe_text(kind: ProbeKind, id: i64, now: Timestamp) -> Vec<String> {
    let what = match kind {
        ProbeKind::Renewal => "不是真实工单，打开小程序点“允许”即可续订",
        ProbeKind::Roster => "不是工单，请打开小程序查看消息",
        ProbeKind::Test | ProbeKind::Drill => "不是真实工单，无需处理",
    };
    vec![mark(kind), number(kind, id), title(kind), what.to_owned(), minute(now)]
}

/// Says in a few words what it is.
pub fn title(kind: ProbeKind) -> String {
    match kind {
        ProbeKind::Renewal => "微信通知次数不足".to_owned(),
        ProbeKind::Roster => "值班或换班有变动".to_owned(),
        ProbeKind::Test | ProbeKind::Drill => format!("通知{}", kind.zh()),
    }
}

/// Returns the mini-program page that it opens; `None` where there is nothing to do.
pub const fn opens(kind: ProbeKind) -> Option<&'static str> {
    match kind {
        // The page of a person's own channels, where the button to renew is.
        ProbeKind::Renewal => Some("worker/channels/index?from=renewal"),
        // The messages, where the change is told.
        ProbeKind::Roster => Some("pages/inbox/index"),
        ProbeKind::Test | ProbeKind::Drill => None,
    }
}

fn mark(kind: ProbeKind) -> String {
    format!("【{}】", kind.zh())
}

fn number(kind: ProbeKind, id: i64) -> String {
    format!("{}-{id}", kind.word().to_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp(1_795_406_400_000_000);

    #[test]
    fn every_field_that_can_hold_chinese_says_what_it_is() {
        for (kind, mark) in [
            (ProbeKind::Test, "【测试】"),
            (ProbeKind::Drill, "【演练】"),
            (ProbeKind::Renewal, "【续订】"),
        ] {
            for (key, value) in probe_fields(kind, i64::MAX, NOON) {
                let count = value.chars().count();
                match key.trim_end_matches(|c: char| c.is_ascii_digit()) {
                    "thing" => assert!(value.starts_with(mark) && count <= 20, "{value}"),
                    "time" => assert_eq!(value, "2026-11-23 12:00"),
                    _ => assert!(value.is_ascii() && count <= 32, "{value}"),
                }
            }
            let text = probe_text(kind, 7, NOON);
            assert_eq!((text.len(), text[0].as_str()), (5, mark));
            assert!(text.concat().contains("不是真实工单"));
        }
        assert_eq!(probe_fields(ProbeKind::Drill, 7, NOON)[0].1, "DRILL-7");
    }

    #[test]
    fn what_changed_in_the_roster_is_no_test_and_names_nobody() {
        let fields = probe_fields(ProbeKind::Roster, 7, NOON);
        let values: Vec<&str> = fields.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(
            values,
            [
                "ROSTER-7",
                "【值班】值班或换班有变动",
                "【值班】不是工单",
                "2026-11-23 12:00",
                "请打开小程序查看消息"
            ]
        );
        assert!(values.iter().all(|value| value.chars().count() <= 20));
        assert_eq!(probe_text(ProbeKind::Roster, 7, NOON).len(), 5);
    }
}
