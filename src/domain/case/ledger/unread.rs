//! What can still be named of a line that is no record.

use super::{Payload, annex, once};

/// The longest number of a case.
const LONGEST: usize = 40;

/// What a line that cannot be read still shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unread {
    pub case: Option<String>,
    pub seq: Option<i64>,
    /// In Chinese the figure that it would publish, and what is wrong with it.
    pub figure: Option<String>,
}

impl Unread {
    /// Looks for the words of a record in a text that is none.
    pub fn of(text: &[u8], why: &serde_json::Error) -> Self {
        Self { case: case(text), seq: seq(text), figure: figure(text, why) }
    }
}

fn behind<'a>(text: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let at = text.windows(name.len()).position(|part| part == name.as_bytes())?;
    text.get(at.checked_add(name.len())?..)
}

fn case(text: &[u8]) -> Option<String> {
    let rest = behind(text, "\"case_number\":\"")?;
    let end = rest.iter().take(LONGEST).position(|one| *one == b'"')?;
    std::str::from_utf8(rest.get(..end)?).ok().map(str::to_owned)
}

/// A number that is cut off is none.
fn seq(text: &[u8]) -> Option<i64> {
    let rest = behind(text, "\"seq\":")?;
    let end = rest.iter().take(LONGEST).position(|one| !one.is_ascii_digit())?;
    std::str::from_utf8(rest.get(..end)?).ok()?.parse().ok()
}

fn figure(text: &[u8], why: &serde_json::Error) -> Option<String> {
    let line: Payload = serde_json::from_slice(text).ok()?;
    let printing = line.get("printing")?;
    let word = |of: &Payload, name: &str| of.get(name).and_then(Payload::as_str).map(str::to_owned);
    let revision = printing.get("revision").and_then(Payload::as_i64).unwrap_or_default();
    let revision = i32::try_from(revision).ok()?;
    let month = annex::zh(&annex::printing_name(&word(printing, "period")?, revision))?;
    let id = printing.get("figure").and_then(|figure| word(figure, "id")).unwrap_or_default();
    let by = word(printing, "dimension").unwrap_or_default();
    let fault = once::doubled(why)
        .map_or_else(|| "内容的形式不对".to_owned(), |name| format!("{name} 写了两次"));
    Some(format!("{month}记录 {id} 按 {by} 分组：{fault}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::case::ledger::exported::Line;

    fn shown(text: &str) -> Unread {
        Unread::of(text.as_bytes(), &Line::read(text.as_bytes()).unwrap_err())
    }

    #[test]
    fn case_and_entry_are_read_as_far_as_a_line_goes() {
        let text = r#"{"event":{"entry":{"case_number":"NC-20261123-00042","seq":12,"kind":"x"#;
        let of = |end: usize| {
            let Unread { case, seq, .. } = shown(&text[..end]);
            (case.as_deref() == Some("NC-20261123-00042"), seq)
        };
        assert_eq!(of(text.len()), (true, Some(12)));
        let number = text.find("12,").unwrap();
        assert_eq!(of(number + 1), (true, None), "the rest of the number is not there");
        assert_eq!(of(text.find("042").unwrap()), (false, None));
        assert_eq!(shown("\u{0}\u{ff}"), Unread::default());
    }

    #[test]
    fn a_figure_in_which_a_name_stands_twice_is_named() {
        let text = r#"{"printing":{"period":"2026-11","revision":1,"dimension":"grid","from":1,"to":2,"as_of":3,"figure":{"id":"R6","total":{"hit":1,"hit":2}}}}"#;
        let said = "2026-11 修订 1 的印发记录 R6 按 grid 分组：hit 写了两次";
        assert_eq!(shown(text).figure.as_deref(), Some(said));
        let once = text.replace("\"hit\":1,", "");
        assert!(Line::read(once.as_bytes()).is_ok());
    }
}
