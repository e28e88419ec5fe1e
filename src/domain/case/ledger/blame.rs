//! Finds out which field of an entry was changed: the one whose earlier value gives the hash that was
//! sealed. What an entry can have held is little: words of lists, accounts of the case, times near by.

use entity::kinds::{ActorRole, EventType, Timestamp};

use super::{Entry, hash};

const SECOND: i64 = 1_000_000;
/// The seconds of an hour, the minutes of three days and the days of a month, to both sides.
const NEAR: [(i64, i64); 3] = [(SECOND, 3_600), (60 * SECOND, 4_320), (24 * 60 * 60 * SECOND, 31)];

/// A field, and what was in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blame {
    pub field: &'static str,
    pub was: String,
}

/// What else is known of the place of an entry.
#[derive(Clone, Debug, Default)]
pub struct Known<'a> {
    pub case_number: &'a str,
    pub seq: i64,
    pub prev_hash: &'a str,
    /// By its payload.
    pub commitment: Option<String>,
    /// Accounts that act in the case.
    pub actors: Vec<i64>,
}

/// Returns the one field whose other value makes the hash right; `None` when none does, after some
/// sixteen thousand tries.
pub fn blame(entry: &Entry, known: &Known<'_>, right: impl Fn(&str) -> bool) -> Option<Blame> {
    let fits = |other: &Entry| hash(other).is_ok_and(|hash| right(&hash));
    let tried = |field, was: String, change: &dyn Fn(&mut Entry)| {
        let mut other = entry.clone();
        change(&mut other);
        (other != *entry && fits(&other)).then_some(Blame { field, was })
    };
    let known_place = || {
        tried("case_number", known.case_number.to_owned(), &|e| {
            known.case_number.clone_into(&mut e.case_number);
        })
        .or_else(|| tried("seq", known.seq.to_string(), &|e| e.seq = known.seq))
        .or_else(|| {
            tried("prev_hash", known.prev_hash.to_owned(), &|e| {
                known.prev_hash.clone_into(&mut e.prev_hash);
            })
        })
    };
    let payload = || {
        let commitment = known.commitment.clone()?;
        tried("payload_commitment", commitment.clone(), &|e| {
            e.payload_commitment.clone_from(&commitment);
        })
    };
    let word = || {
        let kinds = EventType::ALL.iter().copied();
        kinds
            .clone()
            .find_map(|kind| tried("kind", kind.word().to_owned(), &|e| e.kind = kind))
            .or_else(|| {
                let mut roles = ActorRole::ALL.iter().copied();
                roles.find_map(|role| {
                    tried("actor_role", role.word().to_owned(), &|e| e.actor_role = role)
                })
            })
    };
    let actor = || {
        let accounts = known.actors.iter().map(|one| Some(*one)).chain([None]);
        accounts.into_iter().find_map(|one| {
            let was = one.map_or_else(|| "null".to_owned(), |one| one.to_string());
            tried("actor_id", was, &|e| e.actor_id = one)
        })
    };
    let client = || tried("client_time", "null".to_owned(), &|e| e.client_time = None);
    known_place().or_else(payload).or_else(word).or_else(actor).or_else(client).or_else(|| {
        let mut times = NEAR.into_iter().flat_map(around);
        times.find_map(|away| {
            let at = Timestamp(entry.server_time.0.saturating_add(away));
            tried("server_time", at.0.to_string(), &|e| e.server_time = at)
        })
    })
}

fn around((step, most): (i64, i64)) -> impl Iterator<Item = i64> {
    (1..=most).flat_map(move |n| {
        let away = step.saturating_mul(n);
        [away, away.saturating_neg()]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    type Change = fn(&mut Entry);

    fn entry() -> Entry {
        Entry {
            case_number: "NC-20261123-00042".into(),
            seq: 3,
            kind: EventType::Acknowledged,
            actor_id: Some(12),
            actor_role: ActorRole::Primary,
            server_time: Timestamp(1_795_399_200_000_000),
            client_time: None,
            payload_commitment: "ab".repeat(32),
            prev_hash: "cd".repeat(32),
        }
    }

    #[test]
    fn each_field_that_was_changed_alone_is_named_with_what_was_there() {
        let was = entry();
        let sealed = hash(&was).unwrap();
        let prev = "cd".repeat(32);
        let known = || Known {
            case_number: "NC-20261123-00042",
            seq: 3,
            prev_hash: &prev,
            commitment: Some("ab".repeat(32)),
            actors: vec![7, 12],
        };
        let changes: [(&str, &str, Change); 9] = [
            ("case_number", "NC-20261123-00042", |e| e.case_number = "NC-20261123-00043".into()),
            ("seq", "3", |e| e.seq = 4),
            ("kind", "acknowledged", |e| e.kind = EventType::Contacted),
            ("actor_id", "12", |e| e.actor_id = Some(13)),
            ("actor_role", "grid_worker_primary", |e| e.actor_role = ActorRole::Cadre),
            ("server_time", "1795399200000000", |e| e.server_time.0 -= 7_260 * SECOND),
            ("client_time", "null", |e| e.client_time = Some(Timestamp(5))),
            ("payload_commitment", &"ab".repeat(32), |e| e.payload_commitment = "ef".repeat(32)),
            ("prev_hash", &"cd".repeat(32), |e| e.prev_hash = "ef".repeat(32)),
        ];
        for (field, value, change) in changes {
            let mut other = was.clone();
            change(&mut other);
            let found = blame(&other, &known(), |hash| hash == sealed);
            assert_eq!(found, Some(Blame { field, was: value.to_owned() }), "{field}");
        }
        let mut two = was;
        (two.kind, two.actor_id) = (EventType::Contacted, Some(13));
        assert_eq!(blame(&two, &known(), |hash| hash == sealed), None);
    }
}
