//! What stands on a card in the place of its button.

use entity::kinds::CaseState;

/// For somebody who pressed a button that is not for him any more.
pub const NOT_YOURS: &str = "您已不能签收";

/// Tells whether WeCom could know somebody by this name: 1 to 64 letters, digits, `_`, `-`, `@` and
/// `.`, of which the first is a letter or a digit.
pub fn is_userid(text: &str) -> bool {
    let good = |b: u8| b.is_ascii_alphanumeric() || b"_-@.".contains(&b);
    (1..=64).contains(&text.len())
        && text.bytes().all(good)
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
}

/// Returns what replaces the button of a card; `None` while it may be pressed. `mine`: the reader
/// took the case himself; `current`: the card belongs to the chain that runs.
pub const fn closing(state: CaseState, mine: bool, current: bool) -> Option<&'static str> {
    Some(match state {
        CaseState::Assigned | CaseState::Triage if !current => "已转派",
        CaseState::Submitted | CaseState::Assigned => return None,
        CaseState::Triage => "已转分拣",
        CaseState::Acknowledged | CaseState::InProgress | CaseState::OnHold if mine => "已签收",
        CaseState::Acknowledged | CaseState::InProgress | CaseState::OnHold => "已由同事签收",
        CaseState::Resolved | CaseState::Closed => "已办结",
        CaseState::Rejected => "不予受理",
        CaseState::Merged => "已并案",
        CaseState::Cancelled => "已撤回",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_at_wecom_are_recognised() {
        for (text, good) in [("ZhangSan", true), ("a.b-c_d@e", true), ("1", true)] {
            assert_eq!(is_userid(text), good, "{text}");
        }
        for text in ["", "张三", "_a", "a b", "a|b", &"a".repeat(65)] {
            assert!(!is_userid(text), "{text}");
        }
    }

    #[test]
    fn a_button_stays_only_while_the_case_waits_for_somebody_of_its_chain() {
        for &state in CaseState::ALL {
            let open = matches!(state, CaseState::Submitted | CaseState::Assigned);
            assert_eq!(closing(state, false, true).is_none(), open, "{state:?}");
            assert!(closing(state, false, true).is_none_or(|words| words.chars().count() <= 8));
        }
        assert_eq!(closing(CaseState::Assigned, false, false), Some("已转派"));
        assert_eq!(closing(CaseState::InProgress, true, true), Some("已签收"));
        assert_eq!(closing(CaseState::InProgress, false, true), Some("已由同事签收"));
    }
}
