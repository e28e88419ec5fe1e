//! Instants in requests: RFC 3339 with any offset.

use entity::kinds::Timestamp;
use validator::ValidationError;

use crate::domain::calendar::parse_rfc3339;
use crate::error::{Error, Fault, Result};

const CODE: &str = "instant";
const SHAPE: &str = "请按 2026-01-31T08:00:00+08:00 的格式填写时间";

/// Reads an instant; fails with `invalid_fields` and the pointer of its field.
pub fn instant(pointer: &str, raw: &str) -> Result<Timestamp> {
    parse_rfc3339(raw).ok_or_else(|| Error::fields(vec![Fault::new(pointer, CODE, SHAPE)]))
}

/// The same as a rule of a body, whose faults are told together.
pub fn is_instant(text: &str) -> std::result::Result<(), ValidationError> {
    match parse_rfc3339(text) {
        Some(_) => Ok(()),
        None => Err(ValidationError::new(CODE).with_message(SHAPE.into())),
    }
}
