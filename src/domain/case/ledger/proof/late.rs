//! Lists entries that bear a time of a day which had been sealed without them. While the clock runs on
//! there are none: a day is sealed when every unit that began in it is over.

use super::{Day, Proof, Seals};
use crate::domain::calendar::parse_instant;
use crate::domain::case::ledger::exported::Event;

/// How many are named.
const NAMED: usize = 5;

/// Entries that a later checkpoint holds than that of their day: nobody can tell a clock that was put
/// back from an entry that was brought with an old time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Late {
    pub count: u64,
    /// The first ones, by case and entry.
    pub first: Vec<(String, i64)>,
}

impl Late {
    /// What is to be said of them in Chinese; nothing where there are none.
    pub fn said(&self) -> Option<String> {
        let first = self.first.iter().map(|(case, seq)| format!("{case} 第 {seq} 条"));
        let first = first.collect::<Vec<_>>().join("、");
        let count = self.count;
        (count > 0).then(|| {
            format!(
                "{count} 条记录的时间在早已封存的日子里，由后来的检查点收录：系统时钟曾被拨回，或事后以旧时间写入；最先的是 {first}"
            )
        })
    }
}

impl Proof {
    /// Notes which entries of a case are late, of which nothing is wrong.
    pub(super) fn note_late(&mut self, number: &str, events: &[Event]) {
        let Some(seals) = self.cases.get(number) else { return };
        let late = self.late(seals, events);
        let all = &mut self.late;
        all.count = all.count.saturating_add(u64::try_from(late.len()).unwrap_or(u64::MAX));
        let room = NAMED.saturating_sub(all.first.len());
        all.first.extend(late.into_iter().take(room).map(|seq| (number.to_owned(), seq)));
    }

    fn late(&self, seals: &Seals, events: &[Event]) -> Vec<i64> {
        let mut late = Vec::new();
        for (day, head) in &seals.heads {
            // Had the day before it no checkpoint, or one that nobody signed, that may have held them.
            let before = day.checked_sub(1).and_then(|before| self.days.get(before));
            let sure = |one: &&Day| !one.broken && before.is_some_and(|one| one.vouched);
            let Some(day) = self.days.get(*day).filter(sure) else { continue };
            let Some(midnight) = parse_instant(&day.name) else { continue };
            let held = events.iter().map(|event| (event.entry.seq, event.entry.server_time));
            let held = held.filter(|(seq, _)| (head.first()..=head.last()).contains(seq));
            late.extend(held.filter(|(_, at)| *at < midnight).map(|(seq, _)| seq));
        }
        late
    }
}

#[cfg(test)]
mod tests {
    use entity::kinds::{ActorRole, EventType, Timestamp};

    use super::super::Extent;
    use super::*;
    use crate::domain::case::ledger::checkpoint::{Checkpoint, Head, Signed};
    use crate::domain::case::ledger::{Entry, GENESIS, hash};

    /// 2026-11-23T12:00+08:00
    const NOON: i64 = 1_795_406_400_000_000;
    const HOUR: i64 = 3_600_000_000;
    const NUMBER: &str = "NC-20261123-00001";

    /// Entries so many hours after a noon.
    fn chain(hours: &[i64]) -> Vec<Event> {
        let mut events: Vec<Event> = Vec::new();
        for (seq, after) in (1..).zip(hours) {
            let entry = Entry {
                case_number: NUMBER.to_owned(),
                seq,
                kind: EventType::Contacted,
                actor_id: Some(7),
                actor_role: ActorRole::Primary,
                server_time: Timestamp(NOON + after * HOUR),
                client_time: None,
                payload_commitment: "ab".repeat(32),
                prev_hash: events.last().map_or(GENESIS.to_owned(), |event| event.hash.clone()),
            };
            let hash = hash(&entry).unwrap();
            events.push(Event { entry, hash, erased: true, fields: None, strange: None });
        }
        events
    }

    /// Seals three days, each with so many of the entries; `gone`: without one of the checkpoints.
    fn late(hours: &[i64], sealed: [usize; 3], gone: Option<usize>) -> Late {
        let events = chain(hours);
        let mut left = events.iter().map(|event| (event.entry.seq, event.hash.clone()));
        let mut days: Vec<Signed> = Vec::new();
        for (day, count) in ["2026-11-23", "2026-11-24", "2026-11-25"].into_iter().zip(sealed) {
            let new: Vec<(i64, String)> = left.by_ref().take(count).collect();
            let heads: Vec<Head> = Head::of(NUMBER, &new).into_iter().collect();
            let prev = days.last().map(|one| &one.checkpoint);
            let checkpoint = Checkpoint::of(day, &heads, prev).unwrap();
            days.push(Signed { checkpoint, signature: String::new(), heads });
        }
        if let Some(gone) = gone {
            drop(days.remove(gone));
        }
        let mut proof = Proof::new(days, Extent::Ahead, |_, _| true);
        proof.note_late(NUMBER, &events);
        proof.late
    }

    #[test]
    fn an_entry_that_a_later_checkpoint_holds_than_that_of_its_day_is_late() {
        let none = Late::default();
        assert_eq!(late(&[0, 1, 11, 12, 25, 48], [3, 2, 1], None), none);
        // The first checkpoint holds whatever was there.
        assert_eq!(late(&[-30, -20, 0, 24, 25, 48], [3, 2, 1], None), none);
        let found = late(&[0, 1, 2, 24, 25, 26], [2, 2, 2], None);
        let first = [3, 5, 6].map(|seq| (NUMBER.to_owned(), seq));
        assert_eq!(found, Late { count: 3, first: first.to_vec() });
        let said = found.said().unwrap();
        assert!(said.starts_with("3 条记录"), "{said}");
        assert!(said.ends_with("NC-20261123-00001 第 6 条"), "{said}");
        assert_eq!(none.said(), None);
        let many = late(&[0, 1, 2, 3, 4, 5, 6, 7], [1, 7, 0], None);
        assert_eq!((many.count, many.first.len()), (7, NAMED));
    }

    #[test]
    fn where_a_checkpoint_is_missing_nobody_knows() {
        assert_eq!(late(&[0, 24, 25, 48], [1, 1, 2], Some(1)), Late::default());
    }
}
