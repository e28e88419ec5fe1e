use entity::kinds::{ActorRole, Category, EventType as E, Urgency};
use serde_json::json;

use super::*;
use crate::domain::audit::basis::Moved;
use crate::domain::audit::survey::Figure;
use crate::domain::case::clock::Frozen;
use crate::domain::case::ledger::GENESIS;
use crate::domain::case::ledger::exported::{Printing, show};
use crate::domain::case::targets::{Source, Target, Targets};

const FROM: i64 = 1_793_462_400_000_000;
const HOUR: i64 = 3_600_000_000;

fn events() -> Vec<Event> {
    let said = [
        (E::Reported, json!({})),
        (
            E::Assigned,
            json!({ "grid_code": "G00101", "resolve_due": FROM + 40 * HOUR,
            "acknowledge_due": FROM + 9 * HOUR, "people": [[9, "grid_worker_primary"]] }),
        ),
        (E::Pushed, json!({ "first": true })),
        (E::Acknowledged, json!({ "staff": 9 })),
        (E::Transferred, json!({ "grid_code": "G00201", "people": [[21, "grid_worker_primary"]] })),
        (E::Acknowledged, json!({ "staff": 30 })),
        (E::Unacknowledged, json!({})),
        (E::Held, json!({})),
        (E::Resumed, json!({ "resolve_due": FROM + 43 * HOUR })),
        (E::Resolved, json!({ "result_type": "solved" })),
        (E::Confirmed, json!({ "result": 5, "attitude": 5 })),
    ];
    let event = |(at, (kind, payload)): (i64, (E, Value))| Event {
        entry: Entry {
            case_number: "NC-20261101-00001".into(),
            seq: at + 1,
            kind,
            actor_id: Some(1),
            actor_role: ActorRole::System,
            server_time: Timestamp(FROM + (at + 1) * HOUR),
            client_time: None,
            payload_commitment: String::new(),
            prev_hash: GENESIS.to_owned(),
        },
        hash: String::new(),
        erased: false,
        fields: Some(show(&[1; 32], &payload, crate::domain::audit::facts::keys(kind)).unwrap()),
        strange: None,
    };
    (0..).zip(said).map(event).collect()
}

/// What an edition keeps of the case.
fn marked(edition: u32, events: &[Event], calendars: &Calendars) -> exported::Basis {
    let facts = read(events).0;
    let (from, to) = (Timestamp(FROM), Timestamp(FROM + 30 * 24 * HOUR));
    let story = Story::of(&facts).unwrap();
    let frame = Frame { from, to, now: to, calendars };
    let found = Survey::whole_of(edition).add(&story, &frame);
    let mark = Mark::of(&story, edition, &found).unwrap().to_string();
    let cases = vec![("NC-20261101-00001".to_owned(), mark)];
    exported::Basis { period: "2026-11".into(), revision: 0, cases }
}

/// What an edition prints of the month.
fn printed(edition: u32, events: &[Event], calendars: &Calendars) -> Vec<Printing> {
    let facts = read(events).0;
    let (from, to) = (Timestamp(FROM), Timestamp(FROM + 30 * 24 * HOUR));
    let mut survey = Survey::whole_of(edition);
    survey.add(&Story::of(&facts).unwrap(), &Frame { from, to, now: to, calendars });
    let printing = |dimension: &Dimension, figure: &super::super::survey::Figure| Printing {
        period: "2026-11".into(),
        revision: 0,
        dimension: dimension.word().into(),
        from: from.0,
        to: to.0,
        as_of: to.0,
        figure: serde_json::to_value(figure).unwrap(),
    };
    let all = Dimension::ALL.iter().zip(survey.print());
    all.flat_map(|(by, figures)| figures.iter().map(|one| printing(by, one)).collect::<Vec<_>>())
        .collect()
}

#[test]
fn printings_that_are_missing_are_named_in_ranges_however_many_they_are() {
    let printing = |(period, revision): &(&str, i32)| Printing {
        period: (*period).to_owned(),
        revision: *revision,
        dimension: "none".into(),
        from: 0,
        to: 0,
        as_of: 0,
        figure: json!({}),
    };
    let of = |all: &[(&str, i32)]| gaps(&all.iter().map(printing).collect::<Vec<_>>());
    assert_eq!(of(&[("2026-11", 0), ("2026-11", 1), ("2026-12", 0)]), Vec::<String>::new());
    assert_eq!(of(&[("2026-11", 0), ("2026-11", 2)]), ["2026-11 修订 1"]);
    assert_eq!(of(&[("2026-11", 1)]), ["2026-11"]);
    assert_eq!(of(&[("2026-11", i32::MAX)]), ["2026-11 至修订 2147483646"]);
    let many = [("2026-11", i32::MIN), ("2026-11", 0), ("2026-11", i32::MAX)];
    assert_eq!(of(&many), ["2026-11 修订 1 至修订 2147483646"]);
    assert_eq!(of(&[("2026-11", 0), ("2027-01", 0)]), ["2026-12"]);
    assert_eq!(of(&[("", 0), ("2026-11", 0), ("2027-03", 0)]), ["2026-12 至 2027-02"]);
    assert_eq!(of(&[("0001-01", 0), ("9999-12", 0)]), ["0001-02 至 9999-11"]);
}

#[test]
fn a_mark_that_was_changed_names_no_case_of_which_nothing_else_is_known() {
    let (calendars, events) = (Arc::new(calendars(&[]).0), events());
    let number = &events[0].entry.case_number;
    let told = |printings: Vec<Printing>, found: &[Finding]| {
        let cases = vec![(number.clone(), "00ab000000000001".to_owned())];
        let basis = exported::Basis { period: "2026-11".into(), revision: 0, cases };
        let mut recount = Recount::new(Arc::clone(&calendars), (printings, vec![basis]));
        recount.case(&events);
        recount.finish().remove(0).by(found).moved
    };
    let right = printed(edition::PRESENT, &events, &calendars);
    let of = |case: &str| Finding { case: Some(case.to_owned()), ..Finding::default() };
    let accused = Moved::Cases { first: number.clone(), count: 1 };
    assert_eq!(told(right.clone(), &[of("NC-20261101-00002")]), Moved::Marks { count: 1 });
    assert_eq!(told(right.clone(), &[of(number)]), accused);
    let mut other = right;
    other[0].figure["total"]["n"] = 99.into();
    assert_eq!(told(other, &[]), accused);
}

#[test]
fn a_fact_that_cannot_be_read_is_named_and_not_passed_over() {
    let other = |place: usize, name: &str, value: Value| {
        let mut events = events();
        let field = events[place].fields.as_mut().unwrap().get_mut(name).unwrap();
        field.shown.as_mut().unwrap().value = value;
        let mut recount = Recount::new(Arc::new(calendars(&[]).0), (Vec::new(), Vec::new()));
        recount.case(&events);
        recount.astray().iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(other(3, "staff", json!(9)), Vec::<String>::new());
    for (place, name, value) in [
        (1, "people", json!([[9.0, "grid_worker_primary"]])),
        (3, "staff", json!(9.0)),
        (9, "result_type", json!("unheard")),
        (10, "result", json!(5.0)),
    ] {
        let said = format!("NC-20261101-00001 第 {} 条 payload.{name} 内容的形式不对", place + 1);
        assert_eq!(other(place, name, value), [said]);
    }
}

#[test]
fn what_an_earlier_edition_printed_follows_from_the_record_by_its_own_definitions() {
    let (calendars, events) = (Arc::new(calendars(&[]).0), events());
    let differs = |printings: Vec<Printing>| {
        let mut recount = Recount::new(Arc::clone(&calendars), (printings, Vec::new()));
        recount.case(&events);
        recount.finish()
    };
    let first = printed(1, &events, &calendars);
    assert_eq!(differs(first.clone()), vec![], "no marks were kept then");
    let present = printed(edition::PRESENT, &events, &calendars);
    let found = differs(present.clone());
    assert_eq!((found.len(), &found[0].figures, &found[0].moved), (1, &vec![], &Moved::Basis));

    for edition in 2..=edition::PRESENT {
        let printings = printed(edition, &events, &calendars);
        let bases = vec![marked(edition, &events, &calendars)];
        let mut recount = Recount::new(Arc::clone(&calendars), (printings, bases));
        recount.case(&events);
        assert_eq!(recount.finish(), vec![], "edition {edition}, with its marks");
    }

    // By the definitions of the other edition neither would.
    let lie = |printings: &[Printing], version: u32| {
        let mut all = printings.to_vec();
        for one in &mut all {
            one.figure["version"] = version.into();
        }
        differs(all)
    };
    assert!(lie(&present, 1).iter().any(|month| !month.figures.is_empty()));
    for gone in ["R6", "M1"] {
        let rest = first.iter().filter(|one| one.figure["id"] != gone).cloned().collect();
        let found = differs(rest);
        assert_eq!(found[0].figures.len(), Dimension::ALL.len(), "{gone}");
        assert!(found[0].figures.iter().all(|one| one.figure == gone));
    }
}

#[test]
fn months_that_were_printed_in_ranks_still_follow_from_the_record() {
    let (calendars, events) = (Arc::new(calendars(&[]).0), events());
    let differs = |printings: Vec<Printing>| {
        let mut recount = Recount::new(Arc::clone(&calendars), (printings, Vec::new()));
        recount.case(&events);
        recount.finish().remove(0).figures
    };
    let mut before = printed(edition::PRESENT, &events, &calendars);
    for one in before.iter_mut().filter(|one| one.dimension == "month") {
        let figure: Figure = serde_json::from_value(one.figure.take()).unwrap();
        one.figure = serde_json::to_value(figure.ranked()).unwrap();
    }
    let is_r6 = |one: &&mut Printing| one.dimension == "month" && one.figure["id"] == "R6";
    let r6 = before.iter_mut().find(is_r6).unwrap();
    assert_eq!(r6.figure["small_keys"], json!(["2026-11"]), "{}", r6.figure);
    assert_eq!(differs(before.clone()), vec![]);
    let r6 = before.iter_mut().find(is_r6).unwrap();
    r6.figure["small"]["hit"] = 2.into();
    let found = differs(before);
    assert_eq!((found.len(), found[0].figure.as_str()), (1, "R6"), "{found:?}");
}

#[test]
fn a_case_that_was_promised_something_else_by_the_same_version_is_named() {
    let targets = Targets { version: 1, ..Targets::default() };
    let kind = (Category::Utilities, Urgency::Normal, Source::Resident);
    let frozen = Frozen::of(&targets, kind, &Calendar::builtin());
    let promised = |number: &str, frozen: &Frozen| {
        let mut events = events();
        events.truncate(2);
        let promise = json!({ "category": kind.0, "urgency": kind.1, "source": kind.2,
            "frozen": frozen });
        let keys = crate::domain::audit::facts::keys(E::Assigned);
        events[1].fields = Some(show(&[1; 32], &json!({ "promised": promise }), keys).unwrap());
        for event in &mut events {
            number.clone_into(&mut event.entry.case_number);
        }
        events
    };
    let easier = Frozen {
        target: Target { contact: frozen.target.resolve, ..frozen.target },
        ..frozen.clone()
    };
    let mut recount = Recount::new(Arc::new(calendars(&[]).0), (Vec::new(), Vec::new()));
    for (number, frozen) in [("NC-1", &frozen), ("NC-2", &frozen), ("NC-3", &easier)] {
        recount.case(&promised(number, frozen));
    }
    let said: Vec<String> = recount.astray().iter().map(ToString::to_string).collect();
    let why = "与第 1 版时限此前对同类工单的承诺不同：写入前时限标准被改动";
    assert_eq!(said, [format!("NC-3 第 2 条 payload.promised {why}")]);
}
