//! What a person's answers to the subscription popup do to his account of consents.
//!
//! A one-time template costs a consent for each message: acceptances add up. A long-term one (长期
//! 订阅) is a standing yes until he says no: it is counted as one and never used up.

/// How WeChat counts the consents of a template; an operator says which it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsentKind {
    OneTime,
    LongTerm,
}

/// What is to be written into the account of one person and template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// One more message is allowed.
    Add,
    /// Messages are allowed until further notice.
    Stand,
    /// None is allowed any more.
    Withdraw,
    Nothing,
}

/// Reads an answer to the popup. A refused popup takes back nothing that was granted one by one.
pub const fn answered(kind: ConsentKind, accepted: bool) -> Entry {
    match (kind, accepted) {
        (ConsentKind::OneTime, true) => Entry::Add,
        (ConsentKind::OneTime, false) => Entry::Nothing,
        (ConsentKind::LongTerm, true) => Entry::Stand,
        (ConsentKind::LongTerm, false) => Entry::Withdraw,
    }
}

/// Reads a change in the settings. Switching a one-time template on again grants no message.
pub const fn changed(kind: ConsentKind, accepted: bool) -> Entry {
    match (kind, accepted) {
        (_, false) => Entry::Withdraw,
        (ConsentKind::OneTime, true) => Entry::Nothing,
        (ConsentKind::LongTerm, true) => Entry::Stand,
    }
}

/// Tells whether a later answer is known that says the opposite of this one, given at `at`: pushes
/// overtake each other. An acceptance does not outlive the withdrawal after it, and a withdrawal
/// takes nothing that was accepted after it.
pub fn is_overtaken<T: Copy + Ord>(
    entry: Entry,
    at: T,
    (accepted_at, refused_at): (Option<T>, Option<T>),
) -> bool {
    match entry {
        Entry::Add | Entry::Stand => refused_at.is_some_and(|refused| refused > at),
        Entry::Withdraw => accepted_at.is_some_and(|accepted| accepted > at),
        Entry::Nothing => false,
    }
}

/// Tells whether a person should allow more: fewer than `enough` are left, or the standing yes is
/// missing. Nothing is ever low where `enough` is 0.
pub fn is_low(kind: ConsentKind, left: i64, enough: u32) -> bool {
    match kind {
        ConsentKind::OneTime => left < i64::from(enough),
        ConsentKind::LongTerm => left == 0 && enough > 0,
    }
}

#[cfg(test)]
mod tests {
    use super::ConsentKind::{LongTerm, OneTime};
    use super::*;

    #[test]
    fn the_later_of_two_contrary_answers_counts_in_whatever_order_they_come() {
        for (entry, at, known, overtaken) in [
            (Entry::Add, 10, (None, None), false),
            (Entry::Add, 10, (Some(20), None), false),
            (Entry::Add, 10, (None, Some(20)), true),
            (Entry::Add, 20, (None, Some(20)), false),
            (Entry::Stand, 10, (None, Some(11)), true),
            (Entry::Withdraw, 10, (Some(20), None), true),
            (Entry::Withdraw, 20, (Some(20), Some(30)), false),
            (Entry::Nothing, 1, (Some(2), Some(2)), false),
        ] {
            assert_eq!(is_overtaken(entry, at, known), overtaken, "{entry:?} {at} {known:?}");
        }
    }

    #[test]
    fn acceptances_of_a_one_time_template_add_up_and_only_the_settings_take_them_back() {
        assert_eq!(answered(OneTime, true), Entry::Add);
        assert_eq!(answered(OneTime, false), Entry::Nothing);
        assert_eq!(changed(OneTime, true), Entry::Nothing);
        assert_eq!(changed(OneTime, false), Entry::Withdraw);
    }

    #[test]
    fn a_long_term_yes_is_enough_and_one_time_consents_must_be_as_many() {
        for (kind, left, enough, low) in [
            (OneTime, 4, 5, true),
            (OneTime, 5, 5, false),
            (OneTime, 0, 0, false),
            (LongTerm, 0, 5, true),
            (LongTerm, 1, 5, false),
            (LongTerm, 0, 0, false),
        ] {
            assert_eq!(is_low(kind, left, enough), low, "{kind:?} {left} {enough}");
        }
    }

    #[test]
    fn a_long_term_template_stands_until_it_is_refused_anywhere() {
        for says in [answered, changed] {
            assert_eq!(says(LongTerm, true), Entry::Stand);
            assert_eq!(says(LongTerm, false), Entry::Withdraw);
        }
    }
}
