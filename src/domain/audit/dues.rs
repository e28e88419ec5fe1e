//! Computes the due times of a case again from its entries alone.
//!
//! What was promised, rests, more time and the calendars of that time say when a case was due
//! ([`crate::domain::case::clock`]). An entry that carries another time was not written from the
//! record: somebody had altered the case beside it, or a calendar since.

use std::time::Duration;

use entity::kinds::{EventType, Timestamp};

use super::calendars::Calendars;
use super::facts::Fact;
use crate::domain::case::clock::{Course, Frozen, Reading};

/// The most workdays that are granted at once (`ExtensionBody` of the API).
const MOST_DAYS: u16 = 30;

/// Processes learn of a confirmed calendar within a second, and their clocks differ by less.
const UNSURE: Duration = Duration::from_mins(1);

/// A due time that does not follow from the entries before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Place of the entry among those of the case, from 0.
    pub place: usize,
    pub field: &'static str,
    pub said: Timestamp,
    pub follows: Timestamp,
}

/// The clocks of a case while its entries are read.
struct Clocks<'a> {
    calendars: &'a Calendars,
    reported_at: Timestamp,
    events: Vec<(EventType, Timestamp)>,
    frozen: Frozen,
    /// Workdays that were granted in this cycle.
    more: u16,
    /// Promised once, and moved by a calendar or an appeal only while nothing was reopened.
    acknowledge: Timestamp,
    first_cycle: bool,
    /// A rest runs whose end no fact says.
    rests: bool,
    /// A version of the calendar that is not at hand may have moved what is due.
    unproven: bool,
}

/// Finds the first due time that does not follow; `None` also for a case to which nothing was
/// promised, and for one whose due times may come from a version of the calendar that is not at hand.
pub fn first_wrong(facts: &[Fact], calendars: &Calendars) -> Option<Wrong> {
    let reported_at = facts.first()?.at;
    let mut clocks: Option<Clocks<'_>> = None;
    for (place, fact) in facts.iter().enumerate() {
        let found = match (&mut clocks, &fact.facts.promised) {
            (Some(clocks), _) => clocks.next(fact),
            (None, Some(promised)) => {
                let frozen = promised.frozen.clone();
                let (begun, reading) = Clocks::begin(frozen, (reported_at, fact.at), calendars);
                clocks = Some(begun);
                differs(fact, &reading, reading.acknowledge.at, false)
            }
            (None, None) => None,
        };
        if let Some((field, said, follows)) = found {
            let proven = clocks.is_none_or(|clocks| !clocks.unproven);
            return proven.then_some(Wrong { place, field, said, follows });
        }
    }
    None
}

type Difference = (&'static str, Timestamp, Timestamp);

/// Compares what an entry says with what follows; a rest that still runs moves the result.
fn differs(
    fact: &Fact,
    reading: &Reading,
    acknowledge: Timestamp,
    rests: bool,
) -> Option<Difference> {
    let said = &fact.facts;
    let resolve = (!rests).then_some(reading.resolve.at);
    let pairs = [
        ("acknowledge_due", said.acknowledge_due, Some(acknowledge)),
        ("contact_due", said.contact_due, Some(reading.contact.at)),
        ("resolve_due", said.resolve_due, resolve),
    ];
    pairs.into_iter().find_map(|(field, said, follows)| {
        let (said, follows) = (Timestamp(said?), follows?);
        (said != follows).then_some((field, said, follows))
    })
}

impl<'a> Clocks<'a> {
    /// Begins with the entry that carries the promise.
    fn begin(
        frozen: Frozen,
        (reported_at, known_at): (Timestamp, Timestamp),
        calendars: &'a Calendars,
    ) -> (Self, Reading) {
        let mut begun = Self {
            calendars,
            reported_at,
            events: Vec::new(),
            frozen,
            more: 0,
            acknowledge: reported_at,
            first_cycle: true,
            rests: false,
            unproven: false,
        };
        let reading = begun.reading(&begun.frozen, 0, known_at);
        begun.acknowledge = reading.acknowledge.at;
        begun.unproven = begun.doubts(begun.frozen.calendar, &reading);
        (begun, reading)
    }

    /// Whether a version that is not at hand is the promised one, or one that may have known more.
    fn doubts(&self, promised: u32, reading: &Reading) -> bool {
        let later = reading.is_provisional() && self.calendars.lacks_since(promised);
        later || self.calendars.lacks(promised)
    }

    /// What is due by the entries so far and the calendars that were known at an instant.
    fn reading(&self, frozen: &Frozen, more: u16, known_at: Timestamp) -> Reading {
        let calendars = self.calendars.since(frozen.calendar, known_at);
        let events = self.events.iter().copied();
        let course = Course::of(self.reported_at, events, None);
        frozen.due_since(&calendars, self.reported_at, &course, more)
    }

    fn next(&mut self, fact: &Fact) -> Option<Difference> {
        let says = [fact.facts.acknowledge_due, fact.facts.contact_due, fact.facts.resolve_due];
        let silent = says.iter().all(Option::is_none);
        // An appeal of before gave no time back, and says no due time.
        if !silent || fact.kind != EventType::Appealed {
            self.events.push((fact.kind, fact.at));
        }
        match fact.kind {
            EventType::Held => self.rests = true,
            EventType::Resumed | EventType::Diverted => self.rests = false,
            EventType::Reopened => {
                (self.first_cycle, self.more, self.rests) = (false, 0, false);
            }
            _ => {}
        }
        if silent && fact.kind != EventType::Reopened {
            return None;
        }
        let mut first = None;
        for known_at in [fact.at, fact.at - UNSURE, fact.at + UNSURE] {
            for more in self.granted(fact.kind) {
                let Err(difference) = self.follows(fact, more, known_at) else { return None };
                first = first.or(Some(difference));
            }
        }
        first
    }

    /// How many workdays may have been granted so far; an entry that grants some does not say how many.
    fn granted(&self, kind: EventType) -> std::ops::RangeInclusive<u16> {
        match kind {
            EventType::ExtensionGranted => 1..=MOST_DAYS,
            _ => self.more..=self.more,
        }
    }

    /// Accepts what an entry says if it follows, and goes on from there.
    fn follows(&mut self, fact: &Fact, more: u16, known_at: Timestamp) -> Result<(), Difference> {
        let mut frozen = self.frozen.clone();
        if fact.kind == EventType::Reopened {
            frozen.calendar = self.calendars.at(known_at).version();
            self.unproven |= self.calendars.lacks_since(frozen.calendar);
        }
        let reading = self.reading(&frozen, more, known_at);
        self.unproven |= self.doubts(frozen.calendar, &reading);
        let moves = matches!(fact.kind, EventType::DueChanged | EventType::Appealed);
        let redated = moves && self.first_cycle;
        let acknowledge = if redated { reading.acknowledge.at } else { self.acknowledge };
        if let Some(difference) = differs(fact, &reading, acknowledge, self.rests) {
            return Err(difference);
        }
        (self.frozen, self.more, self.acknowledge) = (frozen, more, acknowledge);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use entity::kinds::{ActorRole, Category, EventType as E, Urgency};

    use super::*;
    use crate::domain::audit::facts::{Facts, Promised};
    use crate::domain::calendar::{Calendar, Table};
    use crate::domain::case::targets::{Source, Targets};

    /// Tuesday 2026-11-24, 10:00.
    const T0: Timestamp = Timestamp(1_795_485_600_000_000);
    const HOUR: Duration = Duration::from_hours(1);

    fn calendars() -> Calendars {
        Calendars::new(Calendar::builtin(), Vec::new())
    }

    fn frozen() -> Frozen {
        let kind = (Category::Utilities, Urgency::Normal, Source::Resident);
        Frozen::of(&Targets::default(), kind, &Calendar::builtin())
    }

    fn fact(kind: E, at: Timestamp, facts: Facts) -> Fact {
        Fact { kind, at, actor: None, role: ActorRole::System, facts }
    }

    fn dues(reading: &Reading) -> Facts {
        Facts {
            acknowledge_due: Some(reading.acknowledge.at.0),
            contact_due: Some(reading.contact.at.0),
            resolve_due: Some(reading.resolve.at.0),
            ..Facts::default()
        }
    }

    fn due(events: &[(E, Timestamp)], more: u16) -> Reading {
        let course = Course::of(T0, events.iter().copied(), None);
        frozen().due(&Calendar::builtin(), T0, &course, more)
    }

    /// A case that rested, got four more workdays, was closed and came back, as the program writes it.
    fn told() -> Vec<Fact> {
        let promised = Promised {
            category: Category::Utilities,
            urgency: Urgency::Normal,
            source: Source::Resident,
            frozen: frozen(),
        };
        let at = |hours: u32| T0 + HOUR * hours;
        let promise = Facts { promised: Some(promised), ..dues(&due(&[], 0)) };
        let held = (E::Held, at(5));
        let resumed = [held, (E::Resumed, at(53))];
        let granted = [held, (E::Resumed, at(53)), (E::ExtensionGranted, at(54))];
        let reopened = [(E::Reopened, at(200))];
        // The end of the rest is not among the facts.
        let resting = Facts { resolve_due: Some(1), ..dues(&due(&[], 0)) };
        let again = Facts {
            acknowledge_due: Some(due(&[], 0).acknowledge.at.0),
            ..dues(&due(&reopened, 0))
        };
        vec![
            fact(E::Reported, T0, Facts::default()),
            fact(E::Assigned, T0 + Duration::from_micros(1), promise),
            fact(E::Acknowledged, at(1), Facts::default()),
            fact(E::Held, at(5), resting),
            fact(E::Resumed, at(53), dues(&due(&resumed, 0))),
            fact(E::ExtensionGranted, at(54), dues(&due(&granted, 4))),
            fact(E::Resolved, at(90), Facts::default()),
            fact(E::Reopened, at(200), again),
        ]
    }

    #[test]
    fn what_the_program_writes_follows() {
        assert_eq!(first_wrong(&told(), &calendars()), None);
        assert_eq!(first_wrong(&told()[..1], &calendars()), None);
        assert_eq!(first_wrong(&[], &calendars()), None);
    }

    #[test]
    fn a_due_time_of_any_entry_that_was_moved_is_named_with_what_follows() {
        let right = told();
        for place in [1, 3, 4, 5, 7] {
            for field in ["acknowledge_due", "contact_due", "resolve_due"] {
                if (place, field) == (3, "resolve_due") {
                    continue;
                }
                let mut facts = right.clone();
                let of = &mut facts[place].facts;
                let moved = match field {
                    "acknowledge_due" => of.acknowledge_due.as_mut(),
                    "contact_due" => of.contact_due.as_mut(),
                    _ => of.resolve_due.as_mut(),
                };
                let moved = moved.unwrap();
                let follows = Timestamp(*moved);
                *moved += 60_000_000;
                let said = Timestamp(*moved);
                let wrong = Wrong { place, field, said, follows };
                let found = first_wrong(&facts, &calendars());
                // More time is granted in whole workdays, of which the first is compared.
                if (place, field) == (5, "resolve_due") {
                    assert_eq!(found.map(|one| (one.place, one.said)), Some((place, said)));
                } else {
                    assert_eq!(found, Some(wrong));
                }
            }
        }
    }

    #[test]
    fn an_appeal_follows_with_the_time_that_it_gives_back_and_one_of_before_without() {
        let at = |hours: u32| T0 + HOUR * hours;
        let begun = || told().into_iter().take(2).collect::<Vec<Fact>>();
        let gap = [(E::Rejected, at(1)), (E::Appealed, at(73))];
        let rest = [(E::Held, at(75)), (E::Resumed, at(99))];
        let tell = |appeal: Facts, rests: &[(E, Timestamp)], dues: Facts| {
            let mut facts = begun();
            facts.push(fact(E::Rejected, gap[0].1, Facts::default()));
            facts.push(fact(E::Appealed, gap[1].1, appeal));
            facts.push(fact(E::Held, rests[0].1, Facts::default()));
            facts.push(fact(E::Resumed, rests[1].1, dues));
            facts
        };
        let given = || dues(&due(&gap, 0));
        let both = dues(&due(&[gap[0], gap[1], rest[0], rest[1]], 0));
        let alone = dues(&due(&rest, 0));
        assert_ne!(
            (both.acknowledge_due, both.contact_due),
            (alone.acknowledge_due, alone.contact_due)
        );
        assert_eq!(first_wrong(&tell(given(), &rest, both.clone()), &calendars()), None);
        // Its entry says none: it gave nothing back.
        let before = tell(Facts::default(), &rest, alone.clone());
        assert_eq!(first_wrong(&before, &calendars()), None);
        let place = |facts: Vec<Fact>| first_wrong(&facts, &calendars()).map(|one| one.place);
        assert_eq!(place(tell(Facts::default(), &rest, both)), Some(5), "none was given back");
        assert_eq!(place(tell(given(), &rest, alone)), Some(5), "it was given back");
        for field in ["acknowledge_due", "contact_due", "resolve_due"] {
            let mut more = given();
            let moved = match field {
                "acknowledge_due" => &mut more.acknowledge_due,
                "contact_due" => &mut more.contact_due,
                _ => &mut more.resolve_due,
            };
            *moved = moved.map(|due| due + 60_000_000);
            let found = first_wrong(&tell(more, &rest, given()), &calendars());
            assert_eq!(found.map(|one| (one.place, one.field)), Some((3, field)));
        }
    }

    #[test]
    fn a_case_whose_calendar_is_not_at_hand_is_not_accused_and_others_are() {
        let wrong = |calendar: u32, lacking: &[u32]| {
            let mut facts = told();
            let promised = facts[1].facts.promised.as_mut().unwrap();
            promised.frozen.calendar = calendar;
            *facts[4].facts.resolve_due.as_mut().unwrap() += 60_000_000;
            let calendars = calendars().lacking(lacking.iter().copied().collect());
            first_wrong(&facts, &calendars).map(|wrong| wrong.place)
        };
        assert_eq!(wrong(1, &[1]), None, "the one that was promised");
        assert_eq!(wrong(0, &[1]), Some(4), "its days were certain before");
        assert_eq!(wrong(1, &[]), Some(4));
    }

    #[test]
    fn an_easier_target_than_was_promised_shows_with_the_next_rest() {
        let mut facts = told();
        let easier = Facts {
            resolve_due: facts[4].facts.resolve_due.map(|at| at + 86_400_000_000),
            ..facts[4].facts.clone()
        };
        facts[4].facts = easier;
        assert_eq!(
            first_wrong(&facts, &calendars()).map(|one| (one.place, one.field)),
            Some((4, "resolve_due"))
        );
    }

    /// The year 2027 with its first day off, and what is added.
    fn published(more: &str) -> Calendars {
        let text = format!("table,date,day,festival\n2027,2027-01-01,rest,元旦\n{more}");
        let table = Table::parse_all(&text).unwrap();
        let next = Calendar::builtin().with(1, table).unwrap();
        Calendars::new(Calendar::builtin(), vec![(T0 + HOUR * 34 * 24, next)])
    }

    #[test]
    fn what_a_calendar_moved_follows_from_that_one_and_from_no_other() {
        // Reported when nobody knew the days off of the year in which it is due.
        let reported = T0 + HOUR * 33 * 24;
        let calendars = published("");
        let known = |at: Timestamp| {
            frozen().due_since(
                &calendars.since(0, at),
                reported,
                &Course::of(reported, [], None),
                0,
            )
        };
        let promised = Promised {
            category: Category::Utilities,
            urgency: Urgency::Normal,
            source: Source::Resident,
            frozen: frozen(),
        };
        let first = known(reported);
        let moved_at = reported + HOUR * 25;
        let facts = [
            fact(E::Reported, reported, Facts::default()),
            fact(E::Assigned, reported, Facts { promised: Some(promised), ..dues(&first) }),
            fact(E::DueChanged, moved_at, dues(&known(moved_at))),
        ];
        assert!(first.resolve.provisional);
        assert_eq!(first_wrong(&facts, &calendars), None);
        let altered = published("2027,2027-01-04,rest,元旦\n");
        let found = first_wrong(&facts, &altered).map(|one| (one.place, one.field));
        assert_eq!(found, Some((2, "resolve_due")));
        // A process that had not learned of it yet counted with the one before.
        let late = Facts { ..dues(&first) };
        let at = T0 + HOUR * 34 * 24 + Duration::from_secs(1);
        let unaware = [facts[0].clone(), facts[1].clone(), fact(E::Resumed, at, late)];
        assert_eq!(first_wrong(&unaware, &calendars), None);
    }
}
