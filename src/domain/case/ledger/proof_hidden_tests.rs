//! What is hidden of an entry, deleted from it, or written in words of no list.

use super::super::super::exported::Field;
use super::*;

/// A case whose resident had his words erased, or not.
fn told(erased: bool) -> Vec<Vec<Event>> {
    let at = |minute: i64| START + minute * 60_000_000;
    let routed = json!({ "people": [], "grid_code": "G1", "community": null, "chain": 1,
        "promised": null, "acknowledge_due": 5, "contact_due": 5, "resolve_due": 5 });
    let happened = [
        (at(1), EventType::Reported, ActorRole::Resident, json!({ "text": "词" })),
        (at(2), EventType::Assigned, ActorRole::System, routed),
        (
            at(3),
            EventType::Confirmed,
            ActorRole::Resident,
            json!({ "rating": "词", "result": 4, "attitude": 5 }),
        ),
        (at(4), EventType::Erased, ActorRole::Resident, json!({})),
    ];
    let mut events: Vec<Event> = Vec::new();
    for ((place, salt), (time, kind, role, payload)) in
        (0..).zip([[1; 32], [2; 32], [3; 32], [4; 32]]).zip(happened)
    {
        let entry = Entry {
            case_number: "NC-20261121-00001".to_owned(),
            seq: place + 1,
            kind,
            actor_id: None,
            actor_role: role,
            server_time: Timestamp(time),
            client_time: None,
            payload_commitment: committed(&salt, &payload).unwrap(),
            prev_hash: events.last().map_or(GENESIS.to_owned(), |event| event.hash.clone()),
        };
        let fields = Some(show(&salt, &payload, keys(kind)).unwrap());
        let erased = erased && role == ActorRole::Resident && kind != EventType::Erased;
        events.push(Event { hash: hash(&entry).unwrap(), entry, erased, fields, strange: None });
    }
    vec![events]
}

#[test]
fn what_figures_read_is_neither_hidden_nor_deleted_by_law() {
    let sealed = seal(&told(true));
    let mut whole = told(true);
    whole[0][0].fields = None;
    assert_eq!(verify(&whole, sealed.clone(), Extent::Open), Vec::<String>::new(), "lawful");
    let kinds: [(&str, Tamper); 6] = [
        ("第 2 条 payload.resolve_due 被隐去", |c| {
            c[0][1].fields.as_mut().unwrap().get_mut("resolve_due").unwrap().shown = None;
        }),
        ("第 3 条 payload.result 被隐去", |c| {
            c[0][2].fields.as_mut().unwrap().get_mut("result").unwrap().shown = None;
        }),
        ("第 2 条 payload 缺失", |c| (c[0][1].fields, c[0][1].erased) = (None, true)),
        ("第 3 条 payload 缺失", |c| c[0][2].fields = None),
        ("第 1 条 payload 缺失", |c| (c[0][0].fields, c[0][0].erased) = (None, false)),
        ("第 2 条 payload 缺失：系统", |c| c[0][1].erased = true),
    ];
    for (said, tamper) in kinds {
        let mut cases = told(true);
        tamper(&mut cases);
        for extent in [Extent::Open, Extent::Sealed] {
            let found = verify(&cases, sealed.clone(), extent);
            assert!(found.len() == 1 && found[0].contains(said), "{said}: {found:?}");
        }
    }
}

#[test]
fn a_payload_goes_only_before_the_entry_that_says_so() {
    let mut cases = told(true);
    drop(cases[0].pop());
    cases[0][0].fields = None;
    let sealed = seal(&cases);
    let found = verify(&cases, sealed.clone(), Extent::Open);
    assert!(found[0].contains("第 1 条 payload 缺失：此后没有依法删除的记录"), "{found:?}");
    // The end of an export is what is sealed; what it cannot prove is counted.
    let mut proof = Proof::new(sealed, Extent::Sealed, good);
    proof.case(&cases[0]);
    let verdict = proof.finish(DAYS[0]);
    assert_eq!((verdict.findings, verdict.erased, verdict.unexplained), (vec![], 2, 2));
}

#[test]
fn a_word_that_no_list_has_is_named_with_what_stood_there() {
    let cases = told(false);
    let sealed = seal(&cases);
    for (field, was) in [("kind", "assigned"), ("actor_role", "system")] {
        let line = super::super::super::exported::Line::Event(Box::new(cases[0][1].clone()));
        let text = serde_json::to_string(&line).unwrap();
        let changed =
            text.replace(&format!("\"{field}\":\"{was}\""), &format!("\"{field}\":\"x\""));
        let read = super::super::super::exported::Line::read(changed.as_bytes()).unwrap();
        let super::super::super::exported::Line::Event(event) = read else { panic!("an entry") };
        let mut strange = cases.clone();
        strange[0][1] = *event;
        let found = verify(&strange, sealed.clone(), Extent::Open);
        let said =
            format!("NC-20261121-00001 第 2 条 {field} 被改动：“x”不是账本的用语：当时为 {was}");
        assert_eq!(found, [said]);
    }
}

/// Gives a field of an entry another name and shows it no more.
fn renamed(
    mut cases: Vec<Vec<Event>>,
    (place, name, other): (usize, &str, &str),
) -> Vec<Vec<Event>> {
    let fields = cases[0][place].fields.as_mut().unwrap();
    let field = fields.remove(name).unwrap();
    fields.insert(other.to_owned(), Field { shown: None, ..field });
    cases
}

/// The commitment holds the leaves alone, in the order of the names.
#[test]
fn a_fact_that_is_hidden_under_another_name_is_named() {
    let sealed = seal(&told(false));
    let strange = "账本没有这个字段";
    let hidden = "被隐去：指标要读取它，依法删除时也应保留";
    let kinds = [
        ((1, "promised", "promisee"), "promisee", strange),
        ((1, "people", "peopld"), "peopld", strange),
        ((1, "promised", "reason"), "promised", hidden),
        ((1, "contact_due", "grid"), "contact_due", hidden),
        ((2, "result", "resulu"), "resulu", strange),
        ((2, "attitude", "a"), "a", strange),
    ];
    for erased in [false, true] {
        assert_eq!(verify(&told(erased), sealed.clone(), Extent::Open), Vec::<String>::new());
        for (change, name, why) in kinds {
            let cases = renamed(told(erased), change);
            let found = verify(&cases, sealed.clone(), Extent::Sealed);
            let seq = change.0 + 1;
            assert_eq!(found, [format!("NC-20261121-00001 第 {seq} 条 payload.{name} {why}")]);
        }
    }
    let mut cases = street();
    cases.truncate(1);
    let sealed = seal(&cases);
    let found = verify(&renamed(cases, (2, "staff", "stafg")), sealed, Extent::Sealed);
    assert_eq!(found, [format!("NC-20261121-00001 第 3 条 payload.stafg {strange}")]);
}

/// It passes its leaf, and nobody who reads a whole number finds one.
#[test]
fn a_number_that_is_shown_in_another_spelling_is_named() {
    let sealed = seal(&told(false));
    for (place, name, value) in [(1, "resolve_due", json!(5.0)), (2, "result", json!(4.0))] {
        let mut cases = told(false);
        let field = cases[0][place].fields.as_mut().unwrap().get_mut(name).unwrap();
        field.shown.as_mut().unwrap().value = value;
        assert!(field.holds(name));
        let found = verify(&cases, sealed.clone(), Extent::Open);
        let said = format!("NC-20261121-00001 第 {} 条 payload.{name} 内容的形式不对", place + 1);
        assert_eq!(found, [said]);
    }
}
