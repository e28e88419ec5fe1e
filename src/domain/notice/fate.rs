//! What became of a message, in a sentence for whoever may see the case.

use entity::kinds::{NoticeState, Timestamp};

/// Says what became of a message. `reason` is the word that its record keeps, `held_until` when it
/// may leave at the earliest, and `local` writes an instant as the street's clock shows it.
pub fn fate(
    state: NoticeState,
    reason: Option<&str>,
    held_until: Option<Timestamp>,
    local: impl FnOnce(Timestamp) -> String,
) -> String {
    let sentence = match (state, reason) {
        (NoticeState::Planned, _) => match held_until {
            Some(until) => return format!("{} 后发送", local(until)),
            None => "等待发送",
        },
        (NoticeState::Sending, _) => "正在发送",
        (NoticeState::Accepted, Some("bundled")) => "和别的消息一起发出了",
        (NoticeState::Accepted, _) => "已发出",
        (NoticeState::Delivered, _) => "已送达",
        (NoticeState::Unknown, Some("one_of_several")) => "可能没有送达：平台没有说清是哪一条",
        (NoticeState::Unknown, _) => "不确定是否送达，没有重复发送",
        (NoticeState::Dead, Some("no_address")) => "未送达：没有可用的联系方式",
        (NoticeState::Dead, Some("template_changed")) => "未送达：消息格式已失效，请告诉系统管理员",
        (NoticeState::Dead, Some("unreachable")) => "未送达：对方没有关注或不接收",
        (NoticeState::Dead, Some("away")) => {
            "未送达：本人请假或离岗，由替班的人或下一位负责人接着办"
        }
        (NoticeState::Dead, Some("rate_limited")) => "未送达：今天发得太多，平台不再发",
        (NoticeState::Dead, Some("config_error")) => "未送达：系统没有设置好，请告诉系统管理员",
        (NoticeState::Dead, Some("content_rejected")) => "未送达：平台不接受这些文字",
        (NoticeState::Dead, Some("gave_up")) => "未送达：多次尝试没有成功",
        (NoticeState::Dead, _) => "未送达",
        (NoticeState::Cancelled, _) => "不用再发",
    };
    sentence.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use NoticeState::{Accepted, Cancelled, Dead, Delivered, Planned, Sending, Unknown};

    #[test]
    fn every_end_of_a_message_has_its_own_plain_sentence() {
        let until = Some(Timestamp(7));
        let cases = [
            (Planned, None, None, "等待发送"),
            (Planned, None, until, "07:30 后发送"),
            (Sending, None, until, "正在发送"),
            (Accepted, None, until, "已发出"),
            (Accepted, Some("bundled"), until, "和别的消息一起发出了"),
            (Delivered, Some("success"), None, "已送达"),
            (Unknown, Some("no_answer"), None, "不确定是否送达，没有重复发送"),
            (Unknown, Some("one_of_several"), None, "可能没有送达：平台没有说清是哪一条"),
            (Dead, Some("no_address"), None, "未送达：没有可用的联系方式"),
            (Dead, Some("template_changed"), None, "未送达：消息格式已失效，请告诉系统管理员"),
            (Dead, Some("unreachable"), None, "未送达：对方没有关注或不接收"),
            (Dead, Some("away"), None, "未送达：本人请假或离岗，由替班的人或下一位负责人接着办"),
            (Dead, Some("rate_limited"), None, "未送达：今天发得太多，平台不再发"),
            (Dead, Some("config_error"), None, "未送达：系统没有设置好，请告诉系统管理员"),
            (Dead, Some("content_rejected"), None, "未送达：平台不接受这些文字"),
            (Dead, Some("gave_up"), None, "未送达：多次尝试没有成功"),
            (Dead, Some("a word of a later version"), None, "未送达"),
            (Dead, None, None, "未送达"),
            (Cancelled, Some("obsolete"), None, "不用再发"),
        ];
        for (state, reason, held, sentence) in cases {
            let said = fate(state, reason, held, |at| {
                assert_eq!(at, Timestamp(7));
                "07:30".to_owned()
            });
            assert_eq!(said, sentence, "{state:?} {reason:?}");
        }
    }
}
