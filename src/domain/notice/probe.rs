//! The words of a message that is about no case: they say so in every field that can hold Chinese.

use entity::kinds::{ProbeKind, Timestamp};

use super::words::minute;

/// Fills the card of the staff template: (key, value), every value within its type.
pub fn probe_fields(kind: ProbeKind, id: i64, now: Timestamp) -> Vec<(String, String)> {
    let mark = mark(kind);
    let purpose = match kind {
        ProbeKind::Test => "检验这个渠道能否收到",
        ProbeKind::Drill => "检验通知能否送达",
    };
    [
        ("character_string1", number(kind, id)),
        ("thing2", format!("{mark}通知{}", kind.zh())),
        ("thing3", format!("{mark}不是真实工单")),
        ("time4", minute(now)),
        ("thing5", format!("{mark}无需处理，{purpose}")),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .to_vec()
}

/// Fills the five places of the text message.
pub fn probe_text(kind: ProbeKind, id: i64, now: Timestamp) -> Vec<String> {
    let what = format!("通知{}", kind.zh());
    vec![mark(kind), number(kind, id), what, "不是真实工单，无需处理".to_owned(), minute(now)]
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
        for (kind, mark) in [(ProbeKind::Test, "【测试】"), (ProbeKind::Drill, "【演练】")]
        {
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
}
