//! Readers for WeChat's loose JSON, where the same field is a number today and a string tomorrow.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// Reads an integer written as number or string, `None` when there is none.
pub(in crate::gateway) fn maybe_integer<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<i64>, D::Error> {
    Ok(as_integer(&Value::deserialize(from)?))
}

/// Reads a string that may be written as a number; null, absence and anything else count as empty.
pub(in crate::gateway) fn text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(as_text(&Value::deserialize(from)?).unwrap_or_default())
}

/// Reads names joined by bars, which may also come as a list; anything else counts as none.
pub(in crate::gateway) fn names<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let found = Value::deserialize(from)?;
    let many = found.as_array().map(|many| many.iter().filter_map(as_text).collect::<Vec<_>>());
    Ok(many.map_or_else(|| as_text(&found).unwrap_or_default(), |many| many.join("|")))
}

/// Reads a field that may be there as null, and keeps it as it was written.
pub(in crate::gateway) fn raw<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<Value>, D::Error> {
    Ok(Some(Value::deserialize(from)?).filter(|value| !value.is_null()))
}

/// Above this a number with a decimal point does not say which integer it was.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Returns the integer of a number, with or without a decimal point, or of a numeric string.
pub(in crate::gateway) fn as_integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| whole(number.as_f64()?)),
        Value::String(raw) => raw.trim().parse().ok(),
        _ => None,
    }
}

fn whole(number: f64) -> Option<i64> {
    let exact = number.fract() == 0.0 && number.abs() <= EXACT;
    exact.then(|| format!("{number:.0}").parse().ok()).flatten()
}

/// Returns the text of a string or of a number.
pub(in crate::gateway) fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(raw) => Some(raw.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_as_one_text_or_as_a_list() {
        let read = |json: &str| names(&mut serde_json::Deserializer::from_str(json)).unwrap();
        for (json, want) in [
            (r#""a|b""#, "a|b"),
            (r#"["a","b"]"#, "a|b"),
            (r#"["a"]"#, "a"),
            ("[7]", "7"),
            ("[]", ""),
            ("null", ""),
            ("{}", ""),
        ] {
            assert_eq!(read(json), want, "{json}");
        }
    }
}
