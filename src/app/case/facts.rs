//! What the figures read of an event beside its kind and time: words, numbers and codes, never text
//! or names. `domain::audit::facts` says which keys of which kind these are.

use entity::cases;
use serde_json::{Value, json};

use super::change::Change;
use super::clock;
use crate::error::{Error, Result};

/// Adds keys to a payload; those that it has stay.
pub fn with(mut payload: Value, more: Value) -> Value {
    if let (Some(fields), Value::Object(more)) = (payload.as_object_mut(), more) {
        for (key, value) in more {
            fields.entry(key).or_insert(value);
        }
    }
    payload
}

/// The due times as they are now, in microseconds since 1970.
pub fn dues(case: &cases::Model) -> Value {
    json!({
        "acknowledge_due": case.acknowledge_due_at.0,
        "contact_due": case.contact_due_at.0,
        "resolve_due": case.resolve_due_at.0,
    })
}

/// Where the case is now: the delivered ids of its small grid and of its community.
pub fn placed(change: &Change) -> Value {
    let places = change.s.places.now();
    let code = |grid| places.name(grid).map(|name| name.external_id.clone());
    json!({
        "grid_code": change.case.small_grid_id.and_then(code),
        "community": change.case.large_grid_id.and_then(code),
    })
}

/// What was promised when the case was reported, and where it went. Fails when the promise cannot
/// be read.
pub fn promised(change: &Change) -> Result<Value> {
    let case = &change.case;
    let promise = json!({
        "category": case.category, "urgency": case.urgency, "source": clock::source(case),
        "frozen": serde_json::to_value(clock::frozen(case)?).map_err(Error::internal)?,
    });
    let dues = with(json!({ "promised": promise }), dues(case));
    Ok(with(dues, placed(change)))
}
