//! Yellow when half of the time for the result is used, red when all of it is (domain §4.1).
//!
//! A card is shown once for the time that is promised and never taken back by waiting. More time,
//! or another calendar, takes back what is not due any more, and a reopening clears it. Time stands
//! still while a case rests or waits for the resident's word about the result.

use entity::kinds::{Card, CaseState, Timestamp};

/// What decides about the card of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Late {
    pub state: CaseState,
    /// The card that is shown.
    pub shown: Option<Card>,
    /// When half of the time is used; unknown for cases from before there were cards.
    pub yellow_at: Option<Timestamp>,
    /// When all of it is used.
    pub red_at: Timestamp,
}

impl Late {
    fn runs(&self) -> bool {
        matches!(
            self.state,
            CaseState::Triage
                | CaseState::Assigned
                | CaseState::Acknowledged
                | CaseState::InProgress
        )
    }

    /// Returns the card that the times give, whatever is shown.
    fn due(&self, now: Timestamp) -> Option<Card> {
        if now >= self.red_at {
            return Some(Card::Red);
        }
        self.yellow_at.filter(|at| now >= *at).map(|_at| Card::Yellow)
    }

    /// Returns the card that must be shown now and is not.
    pub fn card(&self, now: Timestamp) -> Option<Card> {
        self.due(now).filter(|card| self.runs() && self.shown < Some(*card))
    }

    /// Returns what is left of the shown card when the times became these: never more than they
    /// give, so that the next card is shown, and told, when it falls due.
    pub fn kept(&self, now: Timestamp) -> Option<Card> {
        self.shown.min(self.due(now))
    }

    /// Returns when the next card falls due.
    pub fn look_at(&self) -> Option<Timestamp> {
        let next = match self.shown {
            Some(Card::Red) => None,
            Some(Card::Yellow) => Some(self.red_at),
            None => Some(self.yellow_at.map_or(self.red_at, |at| at.min(self.red_at))),
        };
        next.filter(|_| self.runs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn late(state: CaseState, shown: Option<Card>) -> Late {
        Late { state, shown, yellow_at: Some(Timestamp(50)), red_at: Timestamp(100) }
    }

    #[test]
    fn yellow_comes_at_half_and_red_at_the_end_each_once() {
        use CaseState::InProgress;
        let at = |shown, now| late(InProgress, shown).card(Timestamp(now));
        assert_eq!(
            [49, 50, 99, 100].map(|now| at(None, now)),
            [None, Some(Card::Yellow), Some(Card::Yellow), Some(Card::Red)]
        );
        assert_eq!(
            [50, 99, 100].map(|now| at(Some(Card::Yellow), now)),
            [None, None, Some(Card::Red)]
        );
        assert_eq!(at(Some(Card::Red), 1_000), None);
        let look = |shown| late(InProgress, shown).look_at().map(|at| at.0);
        assert_eq!(
            [None, Some(Card::Yellow), Some(Card::Red)].map(look),
            [Some(50), Some(100), None]
        );
        let old = Late { yellow_at: None, ..late(InProgress, None) };
        assert_eq!((old.card(Timestamp(99)), old.look_at()), (None, Some(Timestamp(100))));
    }

    #[test]
    fn a_later_time_takes_back_what_is_not_due_any_more_and_the_next_card_is_shown_again() {
        use CaseState::{InProgress, OnHold};
        let (yellow, red) = (Some(Card::Yellow), Some(Card::Red));
        let table = [
            // What is shown, when it is looked at, what is left, when the next card falls due.
            (None, 49, None, Some(50)),
            (None, 100, None, Some(50)),
            (yellow, 49, None, Some(50)),
            (yellow, 50, yellow, Some(100)),
            (yellow, 100, yellow, Some(100)),
            (red, 49, None, Some(50)),
            (red, 50, yellow, Some(100)),
            (red, 99, yellow, Some(100)),
            (red, 100, red, None),
        ];
        for (shown, now, left, next) in table {
            let kept = late(InProgress, shown).kept(Timestamp(now));
            let look = late(InProgress, kept).look_at().map(|at| at.0);
            assert_eq!((kept, look), (left, next), "{shown:?} at {now}");
            assert_eq!(late(OnHold, shown).kept(Timestamp(now)), left, "{shown:?} at {now}");
            let again = late(InProgress, kept).card(Timestamp(100));
            assert_eq!(again, red.filter(|_| kept != red), "{shown:?} at {now}");
        }
        let old = Late { yellow_at: None, ..late(InProgress, red) };
        assert_eq!(old.kept(Timestamp(99)), None);
    }

    #[test]
    fn no_card_is_shown_while_time_stands_still() {
        use CaseState::{Acknowledged, Assigned, Cancelled, Closed, OnHold, Resolved, Triage};
        for still in [OnHold, Resolved, Closed, Cancelled] {
            let late = late(still, None);
            assert_eq!((late.card(Timestamp(200)), late.look_at()), (None, None), "{still:?}");
        }
        for runs in [Triage, Assigned, Acknowledged] {
            assert_eq!(late(runs, None).card(Timestamp(200)), Some(Card::Red), "{runs:?}");
        }
    }
}
