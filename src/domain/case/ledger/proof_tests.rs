//! Everything that somebody could do to a record, and what is said of it.

use entity::kinds::{ActorRole, EventType, Timestamp};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::exported::show;
use super::super::{Entry, commitment as committed};
use super::*;
use crate::domain::audit::facts::keys;

#[path = "proof_hidden_tests.rs"]
mod hidden;
#[path = "proof_runs_tests.rs"]
mod runs;

const DAYS: [&str; 3] = ["2026-11-23", "2026-11-24", "2026-11-25"];
/// 2026-11-23T00:00+08:00
const START: i64 = 1_795_363_200_000_000;
const DAY: i64 = 86_400_000_000;

fn good(_bytes: &[u8], signature: &str) -> bool {
    signature == "good"
}

/// What the program writes of a kind, with something in it that differs.
fn payload(kind: EventType, said: i64) -> Value {
    match kind {
        EventType::Assigned => json!({ "people": [], "grid_code": "G1", "community": null,
            "grid": said }),
        EventType::Acknowledged => json!({ "staff": said }),
        EventType::Contacted => json!({ "outcome": "reached", "evidence_level": 1, "note": said }),
        EventType::Resolved => json!({ "result_type": "solved", "photos": [], "text": said }),
        EventType::Confirmed => json!({ "result": 5, "attitude": 5, "rating": said }),
        EventType::Rated => json!({ "result": 5, "attitude": 5, "comment": said }),
        _ => json!({ "text": said }),
    }
}

/// Puts entry after entry on a chain: when each happened, and what it says.
fn chain(number: &str, happened: &[(i64, EventType, i64)]) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    for (place, (time, kind, said)) in happened.iter().enumerate() {
        let salt = [u8::try_from(place).unwrap(); 32];
        let payload = payload(*kind, *said);
        let entry = Entry {
            case_number: number.to_owned(),
            seq: i64::try_from(place).unwrap() + 1,
            kind: *kind,
            actor_id: Some(7),
            actor_role: ActorRole::Primary,
            server_time: Timestamp(*time),
            client_time: None,
            payload_commitment: committed(&salt, &payload).unwrap(),
            prev_hash: events.last().map_or(GENESIS.to_owned(), |event| event.hash.clone()),
        };
        let fields = Some(show(&salt, &payload, keys(*kind)).unwrap());
        let hash = hash(&entry).unwrap();
        events.push(Event { hash, entry, erased: false, fields, strange: None });
    }
    events
}

/// Makes the chain whole again from an entry on, as somebody with the database could.
fn rehash(events: &mut [Event]) {
    let mut prev = GENESIS.to_owned();
    for event in events {
        event.entry.prev_hash.clone_from(&prev);
        event.hash = hash(&event.entry).unwrap();
        prev.clone_from(&event.hash);
    }
}

fn street() -> Vec<Vec<Event>> {
    (1..=3)
        .map(|n| {
            let at = |day: i64, minute: i64| START + day * DAY + (n * 60 + minute) * 60_000_000;
            let happened = [
                (at(0, 1), EventType::Reported, 1),
                (at(0, 2), EventType::Assigned, 2),
                (at(0, 5), EventType::Acknowledged, 3),
                (at(1, 1), EventType::Contacted, 4),
                (at(2, 1), EventType::Resolved, 5),
                (at(2, 9), EventType::Confirmed, 6),
            ];
            chain(&format!("NC-2026112{n}-00001"), &happened)
        })
        .collect()
}

fn seal(cases: &[Vec<Event>]) -> Vec<Signed> {
    let mut sealed: Vec<Signed> = Vec::new();
    for day in DAYS {
        let mut heads = Vec::new();
        for events in cases {
            let number = &events[0].entry.case_number;
            let known = |one: &Signed| {
                let mine = one.heads.iter().filter(|head| head.number() == number);
                mine.map(Head::count).sum::<i64>()
            };
            let before: i64 = sealed.iter().map(known).sum();
            let new: Vec<(i64, String)> = events
                .iter()
                .filter(|e| e.entry.seq > before && is_by(day, e.entry.server_time))
                .map(|e| (e.entry.seq, e.hash.clone()))
                .collect();
            heads.extend(Head::of(number, &new));
        }
        let prev = sealed.last().map(|one| &one.checkpoint);
        let checkpoint = Checkpoint::of(day, &heads, prev).unwrap();
        sealed.push(Signed { checkpoint, signature: "good".into(), heads });
    }
    sealed
}

fn verify(cases: &[Vec<Event>], checkpoints: Vec<Signed>, extent: Extent) -> Vec<String> {
    let mut proof = Proof::new(checkpoints, extent, good);
    for case in cases {
        proof.case(case);
    }
    proof.finish(DAYS[0]).findings.iter().map(ToString::to_string).collect()
}

type Tamper = fn(&mut Vec<Vec<Event>>);

const TAMPERS: [(&str, Tamper); 20] = [
    ("NC-20261122-00001 第 3 条 server_time 被改动", |c| {
        c[1][2].entry.server_time.0 -= 60_000_000;
    }),
    ("NC-20261122-00001 第 3 条 kind 被改动：当时为 acknowledged", |c| {
        c[1][2].entry.kind = EventType::Opened;
    }),
    ("NC-20261121-00001 第 6 条 actor_id 被改动", |c| c[0][5].entry.actor_id = Some(9)),
    ("NC-20261121-00001 第 1 条 payload_commitment 被改动", |c| {
        c[0][0].entry.payload_commitment = "00".repeat(32);
    }),
    ("NC-20261121-00001 第 2 条 hash 被改动", |c| c[0][1].hash = "00".repeat(32)),
    ("NC-20261121-00001 第 6 条 hash 被改动", |c| c[0][5].hash = "00".repeat(32)),
    ("NC-20261122-00001 第 4 条 payload.outcome 被改动", |c| {
        let fields = c[1][3].fields.as_mut().unwrap();
        fields.get_mut("outcome").unwrap().shown.as_mut().unwrap().value = json!("no_answer");
    }),
    ("NC-20261122-00001 第 4 条 payload 被改动", |c| {
        c[1][3].fields.as_mut().unwrap().remove("note");
    }),
    ("NC-20261122-00001 第 4 条 payload 被改动", |c| {
        c[1][3].fields.as_mut().unwrap().get_mut("note").unwrap().leaf = "11".repeat(32);
    }),
    ("NC-20261123-00001 第 2 条 缺失：被删除", |c| drop(c[2].remove(1))),
    ("NC-20261123-00001 第 1 条 缺失：被删除", |c| drop(c[2].remove(0))),
    ("NC-20261123-00001 第 6 条 缺失：2026-11-25 日检查点记到第 6 条", |c| {
        drop(c[2].pop());
    }),
    ("NC-20261122-00001 第 1 条 整件工单的记录缺失", |c| drop(c.remove(1))),
    ("NC-20261122-00001 第 3 条 重复出现", |c| {
        let copy = c[1][2].clone();
        c[1].insert(3, copy);
    }),
    ("NC-20261122-00001 第 2 条 不在它的位置上", |c| c[1].swap(1, 2)),
    ("NC-20261122-00001 第 1 条 这件工单的记录出现了两次", |c| {
        let copy = c[1].clone();
        c.push(copy);
    }),
    ("NC-20261122-00001 第 3 条 server_time 与 2026-11-23 日检查点不符", |c| {
        c[1][2].entry.server_time.0 -= 120_000_000;
        rehash(&mut c[1]);
    }),
    ("NC-20261122-00001 第 5 条 与 2026-11-25 日检查点不符", |c| {
        let happened: Vec<_> = c[1].iter().map(|e| e.entry.server_time.0).collect();
        let kinds: Vec<_> = c[1].iter().map(|e| e.entry.kind).collect();
        let said = [1, 2, 3, 4, 50, 6];
        let all: Vec<_> = (0..6).map(|i| (happened[i], kinds[i], said[i])).collect();
        c[1] = chain("NC-20261122-00001", &all);
    }),
    ("NC-20261129-00001 第 1 条 不在任何检查点里", |c| {
        c.push(chain("NC-20261129-00001", &[(START + 5, EventType::Reported, 1)]));
    }),
    ("NC-20261121-00001 第 4 条 prev_hash 不接着前一条", |c| {
        let forged = chain("NC-20261121-00001", &[(START, EventType::Reported, 9)]);
        c[0][3].entry.prev_hash = forged[0].hash.clone();
        c[0][3].hash = hash(&c[0][3].entry).unwrap();
    }),
];

#[test]
fn each_kind_of_tampering_is_found_and_named() {
    let checkpoints = seal(&street());
    assert_eq!(verify(&street(), checkpoints.clone(), Extent::Sealed), Vec::<String>::new());
    for (said, tamper) in TAMPERS {
        let mut cases = street();
        tamper(&mut cases);
        let found = verify(&cases, checkpoints.clone(), Extent::Sealed);
        assert!(found.first().is_some_and(|first| first.starts_with(said)), "{said}: {found:?}");
        assert_eq!(found.len(), 1, "one for a case: {found:?}");
    }
}

#[test]
fn of_a_case_that_is_accused_already_nothing_more_is_said() {
    let says = |case: Option<&str>, why: &str| Finding {
        case: case.map(str::to_owned),
        why: why.to_owned(),
        ..Finding::default()
    };
    let mut verdict = Verdict { findings: vec![says(Some("A"), "1")], ..Verdict::default() };
    verdict.add(vec![
        says(Some("A"), "2"),
        says(Some("B"), "3"),
        says(None, "4"),
        says(Some("B"), "5"),
        says(None, "6"),
    ]);
    let said: Vec<&str> = verdict.findings.iter().map(|one| one.why.as_str()).collect();
    assert_eq!(said, ["1", "3", "4"]);
}

#[test]
fn checkpoints_that_were_changed_taken_out_or_signed_by_others_are_named() {
    type Change = fn(&mut Vec<Signed>);
    let kinds: [(&str, Change); 7] = [
        ("2026-11-24 日检查点的签名不对", |all| all[1].signature = "bad".into()),
        ("2026-11-24 日检查点不接着前一个", |all| drop(all.remove(0))),
        ("2026-11-25 日检查点不接着前一个", |all| drop(all.remove(1))),
        ("2026-11-24 日检查点所附的清单", |all| drop(all[1].heads.remove(0))),
        ("2026-11-23 日检查点所附的清单", |all| all[0].heads.swap(0, 1)),
        ("2026-11-25 日检查点所附的清单", |all| all[2].heads[0].3 = "00".repeat(32)),
        ("2026-11-23 日检查点所附的清单", |all| all[0].checkpoint.count += 1),
    ];
    for (said, change) in kinds {
        let mut checkpoints = seal(&street());
        change(&mut checkpoints);
        let found = verify(&street(), checkpoints, Extent::Sealed);
        assert!(found[0].starts_with(said), "{said}: {found:?}");
        let accused = |one: &String| one.starts_with("NC-");
        assert!(!found.iter().any(accused), "no case of a record that is whole: {found:?}");
    }
    let mut leap = seal(&street());
    leap[2].checkpoint.day = "2026-11-26".into();
    let found = verify(&street(), leap, Extent::Sealed);
    assert!(found[0].contains("缺少一天"), "{found:?}");
}

#[test]
fn a_checkpoint_that_stands_twice_or_at_another_place_is_named_and_accuses_no_case() {
    type Change = fn(&mut Vec<Signed>);
    let late = "2026-11-24 日检查点顺序颠倒：写在 2026-11-25 日之后";
    let kinds: [(&[&str], Change); 7] = [
        (&[late], |all| all.swap(1, 2)),
        (&["2026-11-23 日检查点顺序颠倒：写在 2026-11-24 日之后"], |all| {
            all.swap(0, 1);
        }),
        (&["2026-11-24 日检查点重复出现"], |all| all.insert(1, all[1].clone())),
        (&["2026-11-23 日检查点重复出现"], |all| all.push(all[0].clone())),
        // Neither of a copy that was changed does anybody become guilty, whichever comes first.
        (&["2026-11-24 日检查点重复出现"], |all| {
            all.insert(1, Signed { signature: "bad".into(), ..all[1].clone() });
        }),
        (&["2026-11-24 日检查点重复出现"], |all| {
            all.insert(1, Signed { heads: Vec::new(), ..all[1].clone() });
        }),
        (&["2026-11-23 日检查点重复出现", late], |all| {
            all.swap(1, 2);
            all.extend([all[0].clone(), all[0].clone()]);
            all.swap(2, 3);
        }),
    ];
    for (said, change) in kinds {
        let mut checkpoints = seal(&street());
        change(&mut checkpoints);
        assert_eq!(verify(&street(), checkpoints, Extent::Sealed), said);
    }
}

#[test]
fn what_was_changed_beside_a_forged_checkpoint_is_still_found_by_the_others() {
    let forged = || {
        let mut checkpoints = seal(&street());
        checkpoints[1].signature = "bad".into();
        checkpoints[1].heads.clear();
        checkpoints
    };
    let changed = |place: usize| {
        let mut cases = street();
        cases[1][place].entry.server_time.0 -= 1;
        rehash(&mut cases[1]);
        let found = verify(&cases, forged(), Extent::Sealed);
        found.into_iter().find(|one| one.starts_with("NC-"))
    };
    assert_eq!(verify(&street(), forged(), Extent::Sealed).len(), 1);
    for (place, said) in [(0, "第 1 条"), (3, "第 5 条"), (5, "第 6 条")] {
        let found = changed(place).unwrap();
        assert!(found.starts_with("NC-20261122-00001") && found.contains(said), "{place}: {found}");
    }
    // Behind the last day that may be believed, nothing vouches for what was added.
    let mut cases = street();
    cases[0][5].entry.server_time = Timestamp(START + 3 * DAY);
    rehash(&mut cases[0]);
    let found = verify(&cases, forged(), Extent::Sealed);
    assert!(found.iter().any(|one| one.starts_with("NC-20261121-00001 第 6 条")), "{found:?}");
}

#[test]
fn heads_that_leave_an_entry_out_are_named_although_they_are_signed() {
    let mut checkpoints = seal(&street());
    let all = &street()[1];
    let hash = |seq: usize| all[seq - 1].hash.clone();
    // Whoever holds the key seals a day anew, and begins one entry too late.
    let last = &mut checkpoints[2];
    last.heads[1] = Head::of(&all[0].entry.case_number, &[(6, hash(6))]).unwrap();
    let before = checkpoints[1].checkpoint.clone();
    let last = &mut checkpoints[2];
    last.checkpoint = Checkpoint::of(DAYS[2], &last.heads, Some(&before)).unwrap();
    let found = verify(&street(), checkpoints, Extent::Sealed);
    let said = "NC-20261122-00001 第 5 条 2026-11-25 日检查点从第 6 条记起";
    assert!(found.iter().any(|one| one.starts_with(said)), "{found:?}");
}

#[test]
fn a_database_goes_on_after_its_last_checkpoint_but_not_before_it() {
    let checkpoints = seal(&street());
    let longer = |at: i64| {
        let mut cases = street();
        let prev = cases[0].last().unwrap().clone();
        let mut more = chain("NC-20261121-00001", &[(at, EventType::Rated, 1)]).remove(0);
        more.entry.seq = 7;
        more.entry.prev_hash = prev.hash;
        more.hash = hash(&more.entry).unwrap();
        cases[0].push(more);
        cases
    };
    let (today, backdated) = (longer(START + 3 * DAY), longer(START + 3 * DAY - 1));
    assert_eq!(verify(&today, checkpoints.clone(), Extent::Open), Vec::<String>::new());
    assert!(verify(&today, checkpoints.clone(), Extent::Sealed)[0].contains("事后添加"));
    assert!(verify(&backdated, checkpoints.clone(), Extent::Open)[0].contains("事后添加"));

    // Put back from an old copy, a database is whole in itself, and its newest checkpoint is old.
    let old: Vec<Vec<Event>> = street().iter().map(|case| case[..4].to_vec()).collect();
    let own = checkpoints[..2].to_vec();
    assert_eq!(verify(&old, own, Extent::Open), Vec::<String>::new());
    let found = verify(&old, checkpoints, Extent::Open);
    assert_eq!(found.len(), 3, "each case ends too early by the published ones: {found:?}");
    assert!(found[0].contains("旧备份"), "{found:?}");
}

#[test]
fn an_export_that_goes_on_behind_the_last_checkpoint_accuses_nobody_of_what_follows() {
    let known = seal(&street())[..2].to_vec();
    assert_eq!(verify(&street(), known.clone(), Extent::Ahead), Vec::<String>::new());
    assert_eq!(verify(&street(), Vec::new(), Extent::Ahead), Vec::<String>::new());
    // An entry of a day that is known is.
    let mut cases = street();
    cases.push(chain("NC-20261129-00001", &[(START + 5, EventType::Reported, 1)]));
    let found = verify(&cases, known, Extent::Ahead);
    assert!(found.len() == 1 && found[0].contains("事后添加"), "{found:?}");
}

#[test]
fn an_export_may_begin_later_and_what_was_over_before_is_not_missed() {
    let mut cases = street();
    let over = chain("NC-20261120-00009", &[(START + 1, EventType::Reported, 1)]);
    cases.push(over);
    let checkpoints = seal(&cases);
    cases.pop();
    let missed = |from: &str| {
        let mut proof = Proof::new(checkpoints.clone(), Extent::Sealed, good);
        for case in &cases {
            proof.case(case);
        }
        proof.finish(from).findings.len()
    };
    assert_eq!((missed(DAYS[1]), missed(DAYS[0])), (0, 1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn whatever_single_thing_is_changed_its_case_is_named(
        case in 0usize..3, place in 0usize..6, what in 0usize..7, by in 1i64..5_000_000,
    ) {
        let mut cases = street();
        let checkpoints = seal(&cases);
        let number = cases[case][0].entry.case_number.clone();
        let event = &mut cases[case][place];
        match what {
            0 => event.entry.server_time.0 += by,
            1 => event.entry.actor_id = Some(by + 7),
            2 => event.entry.client_time = Some(Timestamp(by)),
            3 => event.entry.actor_role = ActorRole::System,
            4 => {
                let fields = event.fields.as_mut().unwrap();
                fields.values_mut().next_back().unwrap().leaf = format!("{by:064x}");
            }
            5 => drop(cases[case].remove(place)),
            _ => {
                event.entry.server_time.0 -= by;
                rehash(&mut cases[case]);
            }
        }
        let found = verify(&cases, checkpoints, Extent::Sealed);
        prop_assert!(found.iter().any(|one| one.starts_with(&number)), "{:?}", found);
        prop_assert_eq!(found.len(), 1);
    }
}
