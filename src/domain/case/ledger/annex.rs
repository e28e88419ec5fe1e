//! The annexes of the ledger, which count beside the entries and are sealed as a case is: each confirmed version of the calendar,
//! and each month as it was printed. Their heads have one entry, under a name that no case has.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::NotCanonical;
use super::checkpoint::Head;
use super::exported::{CalendarVersion, Printing};

/// Before the number of a version.
const CALENDAR: &str = "calendar/";
/// Before a month and its revision.
const PRINTING: &str = "printing/";

/// Names a version of the calendar.
pub fn calendar_name(version: u32) -> String {
    format!("{CALENDAR}{version}")
}

/// Names a printing.
pub fn printing_name(period: &str, revision: i32) -> String {
    format!("{PRINTING}{period}/{revision}")
}

/// Tells whether a head of this name is of a printing.
pub fn is_printing(name: &str) -> bool {
    name.starts_with(PRINTING)
}

/// The version of the calendar that a head of this name is of; `None` for anything else.
pub fn calendar_version(name: &str) -> Option<u32> {
    name.strip_prefix(CALENDAR)?.parse().ok()
}

/// Says in Chinese what a name stands for; `None` for a case.
pub fn zh(name: &str) -> Option<String> {
    if let Some(version) = name.strip_prefix(CALENDAR) {
        return Some(format!("第 {version} 版日历"));
    }
    let (period, revision) = name.strip_prefix(PRINTING)?.rsplit_once('/')?;
    let revision = if revision == "0" { String::new() } else { format!(" 修订 {revision}") };
    Some(format!("{period}{revision} 的印发"))
}

/// Makes the head of an annex.
pub fn head(name: &str, hash: String) -> Option<Head> {
    Head::of(name, &[(1, hash)])
}

/// Hashes every confirmed version and every printing, by name: SHA-256 over the RFC 8785 JSON of the
/// version, or of all figures of the printing in the order of divisions and ids.
pub fn hashes(
    calendars: &[CalendarVersion],
    printings: &[Printing],
) -> Result<BTreeMap<String, String>, NotCanonical> {
    let mut hashes = BTreeMap::new();
    // The delivered one is part of the program.
    for one in calendars.iter().filter(|one| one.version > 0) {
        hashes.insert(calendar_name(one.version), hash(one)?);
    }
    let mut printed: BTreeMap<String, Vec<&Printing>> = BTreeMap::new();
    for one in printings {
        printed.entry(printing_name(&one.period, one.revision)).or_default().push(one);
    }
    for (name, mut figures) in printed {
        let id = |one: &Printing| one.figure.get("id").map(Value::to_string);
        figures.sort_by_cached_key(|one| (one.dimension.clone(), id(one)));
        hashes.insert(name, hash(&figures)?);
    }
    Ok(hashes)
}

/// Hashes one of them.
pub(super) fn hash(one: &impl Serialize) -> Result<String, NotCanonical> {
    let bytes = serde_json_canonicalizer::to_vec(one).map_err(NotCanonical)?;
    Ok(hex::encode(Sha256::digest(bytes)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn printing(revision: i32, id: &str, value: u64) -> Printing {
        Printing {
            period: "2026-11".into(),
            revision,
            dimension: "grid".into(),
            from: 1,
            to: 2,
            as_of: 3,
            figure: json!({ "id": id, "value": value }),
        }
    }

    #[test]
    fn a_printing_is_hashed_whole_whatever_the_order_of_its_figures() {
        let of = |all: &[Printing]| hashes(&[], all).unwrap();
        let (one, other) = (printing(0, "M1", 5), printing(0, "R2", 6));
        let both = of(&[one.clone(), other.clone()]);
        assert_eq!(both, of(&[other.clone(), one.clone()]));
        assert_eq!(both.keys().collect::<Vec<_>>(), ["printing/2026-11/0"]);
        for less in [vec![one.clone()], vec![one.clone(), printing(0, "R2", 7)]] {
            assert_ne!(both, of(&less));
        }
        assert_eq!(of(&[one, printing(1, "R2", 6)]).len(), 2);
    }

    #[test]
    fn a_version_of_the_calendar_is_hashed_with_its_day_and_the_delivered_one_is_not() {
        let version = |version, confirmed_at, body: &str| CalendarVersion {
            version,
            confirmed_at,
            body: body.to_owned(),
        };
        let of = |one: CalendarVersion| hashes(&[version(0, 0, "x"), one], &[]).unwrap();
        let there = of(version(1, 7, "a"));
        assert_eq!(there.len(), 1);
        assert_ne!(there, of(version(1, 8, "a")));
        assert_ne!(there, of(version(1, 7, "b")));
    }

    #[test]
    fn annexes_have_names_that_no_case_has_and_people_read() {
        assert_eq!(zh(&calendar_name(3)).as_deref(), Some("第 3 版日历"));
        assert_eq!(zh(&printing_name("2026-11", 0)).as_deref(), Some("2026-11 的印发"));
        assert_eq!(zh(&printing_name("2026-11", 2)).as_deref(), Some("2026-11 修订 2 的印发"));
        assert_eq!(zh("NC-20261123-00042"), None);
        assert!(is_printing(&printing_name("2026-11", 0)) && !is_printing(&calendar_name(1)));
        let version = |name: &str| calendar_version(name);
        assert_eq!((version(&calendar_name(7)), version("NC-20261123-00042")), (Some(7), None));
    }
}
