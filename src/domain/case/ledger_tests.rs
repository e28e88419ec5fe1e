use proptest::prelude::*;
use serde_json::json;

use super::*;

const DOCUMENT: &str = include_str!("../../../docs/LEDGER.md");

/// Returns the bodies of the document's fenced blocks of one language.
fn blocks(kind: &str) -> Vec<&'static str> {
    let fence = format!("```{kind}\n");
    DOCUMENT.split(fence.as_str()).skip(1).map(|rest| rest.split("\n```").next().unwrap()).collect()
}

fn documented() -> Vec<Sealed> {
    let entries = blocks("entry").into_iter().map(|raw| serde_json::from_str(raw).unwrap());
    let hashes = blocks("hash").into_iter().map(str::to_owned);
    entries.zip(hashes).map(|(entry, hash)| Sealed { entry, hash }).collect()
}

#[test]
fn the_worked_example_of_the_document_recomputes() {
    let chain = documented();
    assert_eq!(chain.len(), 2);
    for (at, sealed) in chain.iter().enumerate() {
        let salt = hex::decode(blocks("salt")[at]).unwrap().try_into().unwrap();
        let payload: Payload = serde_json::from_str(blocks("payload")[at]).unwrap();
        assert_eq!(commitment(&salt, &payload).unwrap(), sealed.entry.payload_commitment);
        assert_eq!(hash(&sealed.entry).unwrap(), sealed.hash);
        let bytes = serde_json_canonicalizer::to_string(&sealed.entry).unwrap();
        assert_eq!(bytes, blocks("entry")[at], "the very bytes");
    }
    assert_eq!(verify(&chain), Ok(()));
}

fn chain(n: i64) -> Vec<Sealed> {
    let mut prev_hash = GENESIS.to_owned();
    let mut seal = |seq: i64| {
        let entry = Entry {
            case_number: "NC-20261123-00042".into(),
            seq,
            kind: EventType::Updated,
            actor_id: Some(7),
            actor_role: ActorRole::Primary,
            server_time: Timestamp(1_795_399_200_000_000 + seq),
            client_time: None,
            payload_commitment: commitment(&[7; 32], &json!({ "seq": seq })).unwrap(),
            prev_hash: prev_hash.clone(),
        };
        prev_hash = hash(&entry).unwrap();
        Sealed { entry, hash: prev_hash.clone() }
    };
    (1..=n).map(&mut seal).collect()
}

#[test]
fn an_empty_chain_and_a_cut_off_end_verify() {
    assert_eq!(verify(&[]), Ok(()));
    assert_eq!(verify(&chain(5)[..3]), Ok(()));
}

#[test]
fn a_number_in_another_spelling_is_told_from_the_one_that_was_written() {
    for exact in ["0", "-7", "2.5", "1795485600000000", r#"{"b":[1,"1.0",null],"a":true}"#] {
        assert!(is_exact(&serde_json::from_str(exact).unwrap()), "{exact}");
    }
    for other in ["1.0", "-0.0", "1e3", "1795485600000000.0", "9007199254740993", "1e300"] {
        assert!(!is_exact(&serde_json::from_str(other).unwrap()), "{other}");
        let deep = format!(r#"{{"frozen":{{"all":[1,{other}]}}}}"#);
        assert!(!is_exact(&serde_json::from_str(&deep).unwrap()), "{deep}");
    }
}

#[test]
fn another_salt_or_payload_gives_another_commitment() {
    let one = commitment(&[0; 32], &json!({"a": 1})).unwrap();
    assert_ne!(one, commitment(&[1; 32], &json!({"a": 1})).unwrap());
    assert_ne!(one, commitment(&[0; 32], &json!({"a": 2})).unwrap());
    assert_eq!(
        commitment(&[0; 32], &json!({"a": 1, "b": 2})).unwrap(),
        commitment(&[0; 32], &serde_json::from_str(r#"{ "b": 2, "a": 1.0 }"#).unwrap()).unwrap(),
        "order, spaces and number form do not matter",
    );
}

fn tamper(sealed: &mut Sealed, field: usize) {
    let entry = &mut sealed.entry;
    match field {
        0 => entry.case_number.push('0'),
        1 => entry.seq += 1,
        2 => entry.kind = EventType::Resolved,
        3 => entry.actor_id = None,
        4 => entry.actor_role = ActorRole::Cadre,
        5 => entry.server_time.0 += 1,
        6 => entry.client_time = Some(Timestamp(1)),
        7 => entry.payload_commitment = GENESIS.into(),
        8 => entry.prev_hash = sealed.hash.clone(),
        _ => sealed.hash = GENESIS.into(),
    }
}

proptest! {
    #[test]
    fn a_change_of_any_field_is_found_at_its_place(at in 0usize..6, field in 0usize..10) {
        let mut chain = chain(6);
        tamper(&mut chain[at], field);
        let broken = verify(&chain).unwrap_err();
        prop_assert_eq!(broken.seq, i64::try_from(at).unwrap() + 1);
    }

    #[test]
    fn a_removed_or_exchanged_entry_is_found(at in 0usize..5) {
        let mut removed = chain(6);
        removed.remove(at);
        prop_assert!(verify(&removed).is_err());
        let mut exchanged = chain(6);
        exchanged.swap(at, at + 1);
        prop_assert!(verify(&exchanged).is_err());
    }

    #[test]
    fn a_rewritten_entry_is_found_at_its_successor(at in 0usize..5) {
        let mut chain = chain(6);
        chain[at].entry.kind = EventType::Resolved;
        chain[at].hash = hash(&chain[at].entry).unwrap();
        prop_assert_eq!(verify(&chain).unwrap_err().seq, i64::try_from(at).unwrap() + 2);
    }
}

/// The leaf of a field as the crate for RFC 8785 writes it.
fn generally(value: &Payload) -> [u8; 32] {
    let json = serde_json_canonicalizer::to_vec(&("name", value)).unwrap();
    Sha256::new().chain_update([7; 32]).chain_update(json).finalize().into()
}

/// Values with parts, with numbers that doubles do not hold, and with keys that bytes and UTF-16
/// order otherwise.
fn any_value() -> impl Strategy<Value = Payload> {
    let one = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(|one| json!(one)),
        any::<i64>().prop_map(|one| json!(one)),
        (-3_i64..3).prop_map(|off| json!((1_i64 << 53) + off)),
        any::<u64>().prop_map(|one| json!(one)),
        (-1e30_f64..1e30).prop_map(|one| json!(one)),
        "[\\x00-\\x7f\u{80}-\u{2100}\u{1f600}]*".prop_map(|one| json!(one)),
    ];
    let key = prop_oneof!["[a-z_]{0,6}", "[\\x00-\\x7f\u{e000}-\u{ffff}\u{1f600}]{0,3}"];
    one.prop_recursive(4, 24, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(|all| json!(all)),
            prop::collection::btree_map(key.clone(), inner, 0..5).prop_map(|all| json!(all)),
        ]
    })
}

proptest! {
    #[test]
    fn an_entry_and_a_field_are_written_as_the_rfc_says(
        case_number in "\\PC*|[\\x00-\\x7f]*", seq: i64, actor_id: Option<i64>, at: i64,
        value in "[\\x00-\\x7f\u{80}-\u{2100}\u{1f600}]*", by in 0usize..3,
    ) {
        let entry = Entry {
            case_number,
            seq,
            kind: EventType::Updated,
            actor_id,
            actor_role: ActorRole::Primary,
            server_time: Timestamp(at),
            client_time: actor_id.map(Timestamp),
            payload_commitment: value.clone(),
            prev_hash: value.clone(),
        };
        let general = serde_json_canonicalizer::to_vec(&entry);
        prop_assert_eq!(canonical(&entry).ok(), general.ok());
        let value = [json!(value), json!(null), json!(true)][by].clone();
        prop_assert_eq!(leaf(&[7; 32], "name", &value).unwrap(), generally(&value));
    }

    #[test]
    fn any_field_is_written_as_the_rfc_says(value in any_value()) {
        prop_assert_eq!(leaf(&[7; 32], "name", &value).unwrap(), generally(&value));
    }
}
