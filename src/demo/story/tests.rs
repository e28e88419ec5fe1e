//! What the story relies on without a server.

use super::*;

#[test]
fn the_messages_are_read_and_every_special_one_is_there() {
    let messages = messages().unwrap();
    assert!(messages.len() >= 24, "{}", messages.len());
    for id in ["m02", "m08", "m19"] {
        let found = messages.iter().find(|one| one.id == id).unwrap();
        assert_eq!(found.expected.action, "route", "{id}");
        assert!(found.expected.grid.is_some(), "{id}");
    }
    for action in ["route_big", "clarify", "reject"] {
        assert!(messages.iter().any(|one| one.expected.action == action), "{action}");
    }
}

#[test]
fn a_table_that_forgot_a_case_fails_the_story() {
    assert!(tell::counted(&serde_json::json!({ "total": { "n": 24 } }), 25).is_err());
    assert!(tell::counted(&serde_json::json!({ "total": { "n": 25 } }), 25).is_ok());
    assert!(tell::counted(&serde_json::json!({}), 1).is_err());
}
