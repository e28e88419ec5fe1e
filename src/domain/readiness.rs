//! Whether a person can be reached, and what he should do about it.

use entity::kinds::{Channel, WayState};

/// So many working channels make a person reachable: one may fail unnoticed.
pub const ENOUGH: usize = 2;

/// Said of somebody with a channel whose template the platform changed: he himself can do nothing.
pub const TEMPLATE_CHANGED: &str = "消息模板已失效，请管理员更正";

/// Returns what the person should do so that a channel becomes proven; `None` when it is, or when
/// nothing can be done about it.
pub const fn advice(channel: Channel, state: WayState) -> Option<&'static str> {
    match (channel, state) {
        (Channel::Inbox, _) | (_, WayState::Proven) => None,
        (_, WayState::Untried) => Some("请发送一次测试消息"),
        (Channel::OaTemplate, WayState::Missing) => Some("请扫码关注服务号"),
        (Channel::OaTemplate, WayState::Failed) => Some("请重新关注服务号，再发送一次测试消息"),
        (Channel::MiniSubscribe, WayState::Missing) => Some("请在小程序里绑定并允许通知"),
        (Channel::MiniSubscribe, WayState::Failed) => Some("请在小程序里重新允许通知"),
        (Channel::WecomCard, WayState::Missing) => Some("请管理员登记企业微信账号"),
        (Channel::WecomCard, WayState::Failed) => {
            Some("请在企业微信里激活账号，再发送一次测试消息")
        }
        (Channel::Employee, WayState::Missing | WayState::Failed) => {
            Some("请在小程序里绑定用工关系并订阅")
        }
        (Channel::Sms, WayState::Missing) => Some("请登记手机号"),
        (Channel::Sms, WayState::Failed) => Some("请核对并重新登记手机号"),
    }
}

/// Tells whether a message through this channel would reach the person: it leads to him, no test
/// failed, and where it costs a consent he has one left.
pub const fn works(channel: Channel, state: WayState, consents: i64) -> bool {
    match (channel, state) {
        (Channel::Inbox, _) | (_, WayState::Missing | WayState::Failed) => false,
        (Channel::MiniSubscribe, _) => consents > 0,
        _ => true,
    }
}

/// Lists what a person should do to be reached, in the order of his channels; nothing when enough
/// of them work.
pub fn todo(ways: &[(Channel, WayState)], consents: i64) -> Vec<&'static str> {
    let working = ways.iter().filter(|(way, state)| works(*way, *state, consents)).count();
    if working >= ENOUGH {
        return Vec::new();
    }
    let broken = ways.iter().filter(|(way, state)| !works(*way, *state, consents));
    let said = broken.filter_map(|(way, state)| match state {
        // It leads to him and yet it does not work: the consents are used up.
        WayState::Proven | WayState::Untried => advice(*way, WayState::Failed),
        state => advice(*way, *state),
    });
    said.collect()
}

/// Returns why a test failed, in words for a person.
pub fn reason_zh(word: &str) -> &'static str {
    match word {
        "no_channel" => "没有可用的通知渠道",
        "no_address" => "没有可用的地址",
        "no_consent" => "没有允许通知",
        "unreachable" => "对方收不到（未关注、已拉黑或号码停用）",
        "unavailable" | "not_delivered" => "平台没有送达",
        "rate_limited" => "平台限流",
        "config_error" | "token_refused" => "平台拒绝了我们的配置",
        "content_rejected" | "client_error" => "平台拒绝了消息内容",
        "no_answer" | "interrupted" => "结果不明",
        "expired" => "过时未发送",
        "gave_up" => "多次尝试未成功",
        _ => "未送达",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_working_channels_are_enough_and_whoever_has_fewer_is_told_what_to_do() {
        use Channel::{MiniSubscribe, OaTemplate, Sms};
        use WayState::{Failed, Missing, Proven, Untried};
        let both = [(OaTemplate, Proven), (MiniSubscribe, Untried), (Sms, Missing)];
        assert_eq!(todo(&both, 1), Vec::<&str>::new());
        assert_eq!(todo(&both, 0), ["请在小程序里重新允许通知", "请登记手机号"]);
        let one = [(Sms, Untried), (OaTemplate, Failed), (MiniSubscribe, Missing)];
        assert_eq!(
            todo(&one, 9),
            ["请重新关注服务号，再发送一次测试消息", "请在小程序里绑定并允许通知"]
        );
        assert!(!works(Channel::Inbox, Proven, 9), "the inbox wakes nobody");
    }

    #[test]
    fn every_channel_that_is_not_proven_says_what_to_do() {
        for channel in crate::domain::notice::DEFAULT_ORDER {
            for state in [WayState::Untried, WayState::Failed, WayState::Missing] {
                assert!(advice(*channel, state).is_some_and(|said| said.starts_with('请')));
            }
            assert_eq!(advice(*channel, WayState::Proven), None);
        }
    }
}
