//! Readers for WeChat's loose JSON, where the same field is a number today and a string tomorrow.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// Reads a body as JSON. Control characters, which people have in their names, and characters that were
/// cut in two are no reason to lose the rest.
pub(in crate::gateway) fn read<R: DeserializeOwned>(body: &[u8]) -> Result<R, serde_json::Error> {
    let text = String::from_utf8_lossy(plain(body));
    // Between two tokens a blank is as good as a line break.
    serde_json::from_str(&text.replace(|c: char| c < ' ', " "))
}

/// The body without the mark that some gateways put in front of it.
pub(in crate::gateway) fn plain(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

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

/// Reads a list of texts; what is none is left out, and what is no list counts as empty.
pub(in crate::gateway) fn texts<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Vec<String>, D::Error> {
    let found = Value::deserialize(from)?;
    Ok(found.as_array().into_iter().flatten().filter_map(as_text).collect())
}

/// Reads the rows of a list, which must be there.
pub(in crate::gateway) fn rows<'de, D: Deserializer<'de>, R: DeserializeOwned>(
    from: D,
) -> Result<Vec<R>, D::Error> {
    Vec::deserialize(from).map(each)
}

/// Reads each row by itself: an odd one takes no other with it.
pub(in crate::gateway) fn each<R: DeserializeOwned>(rows: Vec<Value>) -> Vec<R> {
    rows.into_iter().filter_map(|row| serde_json::from_value(row).ok()).collect()
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
    fn what_is_no_text_in_one_field_takes_no_other_with_it() {
        for body in [
            &b"{\"errcode\":43101,\"errmsg\":\"\x14\"}"[..],
            b"{\"nickname\":\"\x01\x1f\x7f\",\"errcode\":43101}",
            b"{\"errmsg\":\"\xe7\x8e\",\"errcode\":43101}",
            b"\xef\xbb\xbf{\r\n\t\"errcode\" :\n43101}\r\n",
        ] {
            let read: Value = read(body).unwrap();
            assert_eq!(read["errcode"], 43_101, "{body:?}");
        }
        assert!(read::<Value>(b"{\"errcode\":43101").is_err(), "it is cut");
    }

    #[test]
    fn an_odd_row_takes_no_other_with_it_and_no_list_is_no_empty_one() {
        #[derive(Deserialize)]
        struct Row {
            #[serde(default, deserialize_with = "text")]
            name: String,
        }
        #[derive(Deserialize)]
        struct Answer {
            #[serde(deserialize_with = "rows")]
            list: Vec<Row>,
            #[serde(default, deserialize_with = "texts")]
            names: Vec<String>,
        }
        let read = |body: &str| {
            let answer: Result<Answer, _> = serde_json::from_str(body);
            answer.ok().map(|read| {
                let rows: Vec<String> = read.list.into_iter().map(|row| row.name).collect();
                (rows.join(","), read.names.join(","))
            })
        };
        let some = |rows: &str, names: &str| Some((rows.to_owned(), names.to_owned()));
        for (body, want) in [
            (r#"{"list":[{"name":"a"},null,"?",{"name":null},{"name":7}]}"#, some("a,,7", "")),
            (r#"{"list":[],"names":["a",null,7,{}]}"#, some("", "a,7")),
            (r#"{"list":[],"names":null}"#, some("", "")),
            (r#"{"list":null}"#, None),
            ("{}", None),
        ] {
            assert_eq!(read(body), want, "{body}");
        }
    }

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
