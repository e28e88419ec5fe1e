//! Open311 `GeoReport` v2: what of a case everybody may know, and which cases may be asked for.
//!
//! A case is shown by its number, its category, its community and grid, its state and its times;
//! never by words, photos, people, rooms or points.

use std::time::Duration;

use entity::kinds::{CaseState, Category, Timestamp};

use crate::domain::calendar::parse_instant;
use crate::domain::case::edges::is_open;

/// The longest period of one question, and the one that is meant when none is named.
pub const SPAN: Duration = Duration::from_hours(90 * 24);
/// The most cases of one answer.
pub const MOST: usize = 1_000;

/// Where a case stands, in the words of the specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Open,
    Closed,
}

impl Status {
    /// Reads a state: a result that the resident has yet to confirm is not closed.
    pub const fn of(state: CaseState) -> Self {
        if is_open(state) { Self::Open } else { Self::Closed }
    }

    /// Returns the word of the specification.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

/// What is wrong with a question, in English as clients of the specification read it.
pub type Wrong = String;

/// The parameters as they were sent; others are ignored, as the specification wants. An empty one is
/// none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked<'a> {
    pub ids: Option<&'a str>,
    pub codes: Option<&'a str>,
    pub start: Option<&'a str>,
    pub end: Option<&'a str>,
    pub status: Option<&'a str>,
}

/// Which cases are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Case numbers; then nothing else counts but the categories that are shown at all.
    pub numbers: Option<Vec<String>>,
    pub categories: Vec<Category>,
    /// Reported in `[from, to)`.
    pub from: Timestamp,
    pub to: Timestamp,
    pub states: Vec<CaseState>,
}

/// What a parameter names; `None` where it names nothing.
fn named(raw: Option<&str>) -> Option<&str> {
    raw.filter(|raw| parts(raw).next().is_some())
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty())
}

fn instant(name: &str, raw: &str) -> Result<Timestamp, Wrong> {
    // Many clients forget that a plus in a query means a space.
    let at = parse_instant(&raw.replace(' ', "+"));
    at.ok_or_else(|| {
        format!("{name} is no date-time with a zone, such as 2026-11-24T00:00:00+08:00")
    })
}

fn categories(asked: Option<&str>, shown: &[Category]) -> Result<Vec<Category>, Wrong> {
    let Some(asked) = asked else { return Ok(shown.to_vec()) };
    let known = |code: &str| {
        let one = Category::from_word(code).filter(|one| shown.contains(one));
        one.ok_or_else(|| format!("service_code {code:?} was not found"))
    };
    parts(asked).map(known).collect()
}

fn states(asked: Option<&str>) -> Result<Vec<CaseState>, Wrong> {
    let mut wanted = Vec::new();
    for word in parts(asked.unwrap_or("open,closed")) {
        match word {
            "open" => wanted.push(Status::Open),
            "closed" => wanted.push(Status::Closed),
            _ => return Err(format!("status {word:?} is neither open nor closed")),
        }
    }
    let states = CaseState::ALL.iter().copied();
    Ok(states.filter(|state| wanted.contains(&Status::of(*state))).collect())
}

/// One end alone means the ninety days up to it or from it on.
fn period(asked: &Asked<'_>, now: Timestamp) -> Result<(Timestamp, Timestamp), Wrong> {
    let start = asked.start.map(|raw| instant("start_date", raw)).transpose()?;
    let end = asked.end.map(|raw| instant("end_date", raw)).transpose()?;
    // Both ends are meant, and times are shown to the second: one that is written so means all of it,
    // or whoever reads on from the last one that he saw would miss its neighbours.
    let to_the_second = end.is_some_and(|end| end.0.rem_euclid(1_000_000) == 0);
    let behind = if to_the_second { Duration::from_secs(1) } else { Duration::from_micros(1) };
    let last = end.unwrap_or_else(|| start.map_or(now, |start| start + SPAN));
    let first = start.unwrap_or_else(|| last - SPAN);
    if last < first {
        return Err("end_date is before start_date".to_owned());
    }
    if last.since(first) > SPAN {
        return Err("start_date and end_date may span 90 days at most".to_owned());
    }
    Ok((first, last + behind))
}

impl Asked<'_> {
    /// Reads a question; `shown` are the categories that everybody may see. Fails with what is
    /// wrong.
    pub fn read(&self, shown: &[Category], now: Timestamp) -> Result<Question, Wrong> {
        let asked = Asked {
            ids: named(self.ids),
            codes: named(self.codes),
            start: named(self.start),
            end: named(self.end),
            status: named(self.status),
        };
        // A number overrides all the others (GeoReport v2), whatever they say.
        let numbers = asked.ids.map(|ids| parts(ids).map(str::to_owned).collect::<Vec<_>>());
        let asked = if numbers.is_some() { Asked::default() } else { asked };
        if numbers.as_ref().is_some_and(|numbers| numbers.len() > MOST) {
            return Err(format!("service_request_id names more than {MOST} requests"));
        }
        let categories = categories(asked.codes, shown)?;
        let ((from, to), states) = (period(&asked, now)?, states(asked.status)?);
        Ok(Question { numbers, categories, from, to, states })
    }
}

/// When the result is promised; nothing where nothing is owed any more, or where a notice that is
/// still to come may move it.
pub fn expected(state: CaseState, due: Timestamp, provisional: bool) -> Option<Timestamp> {
    use CaseState as S;
    let left = matches!(state, S::Rejected | S::Merged | S::Cancelled);
    (!left && !provisional).then_some(due)
}

/// Names a place as everybody may know it: street, community, grid.
pub fn address(street: &str, community: Option<&str>, grid: Option<&str>) -> String {
    let community = community.unwrap_or_default();
    // Many grids bear the name of their community, whole or short.
    let short = community.strip_suffix("社区").unwrap_or(community);
    let bare = |grid: &'_ str| {
        let rest = grid.strip_prefix(community).or_else(|| grid.strip_prefix(short));
        rest.unwrap_or(grid).to_owned()
    };
    let grid = grid.map(bare).unwrap_or_default();
    format!("{street}{community}{grid}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::parse_rfc3339;

    const NOW: Timestamp = Timestamp(1_795_482_000_000_000);
    const SHOWN: [Category; 2] = [Category::Utilities, Category::Sanitation];

    fn at(raw: &str) -> Timestamp {
        parse_rfc3339(raw).unwrap()
    }

    #[test]
    fn every_state_is_open_or_closed() {
        use CaseState as S;
        for (states, want) in [
            (
                vec![
                    S::Submitted,
                    S::Triage,
                    S::Assigned,
                    S::Acknowledged,
                    S::InProgress,
                    S::OnHold,
                    S::Resolved,
                ],
                Status::Open,
            ),
            (vec![S::Closed, S::Rejected, S::Merged, S::Cancelled], Status::Closed),
        ] {
            for state in states {
                assert_eq!(Status::of(state), want, "{state:?}");
            }
        }
        assert_eq!(CaseState::ALL.len(), 11);
    }

    #[test]
    fn a_question_without_a_period_means_the_last_ninety_days() {
        let none = Asked::default().read(&SHOWN, NOW).unwrap();
        assert_eq!((none.from, none.to), (NOW - SPAN, NOW + Duration::from_micros(1)));
        assert_eq!((none.categories.len(), none.states.len(), none.numbers), (2, 11, None));
        let of = |start, end| Asked { start, end, ..Asked::default() }.read(&SHOWN, NOW);
        let from = of(Some("2026-10-01T00:00:00+08:00"), None).unwrap();
        assert_eq!(from.to, at("2026-12-30T00:00:00+08:00") + Duration::from_micros(1));
        let until = of(None, Some("2026-10-01")).unwrap();
        assert_eq!(until.from, at("2026-07-03T00:00:00+08:00"));
        let both = of(Some("2026-10-01"), Some("2026-10-01")).unwrap();
        assert_eq!(both.to, both.from + Duration::from_secs(1), "both ends are meant");
        let exact = of(None, Some("2026-10-01T08:00:00.250+08:00")).unwrap();
        let end = at("2026-10-01T08:00:00+08:00") + Duration::from_millis(250);
        assert_eq!(exact.to, end + Duration::from_micros(1));
    }

    #[test]
    fn what_cannot_be_answered_says_what_is_wrong() {
        let none = Asked::default;
        let many = "N,".repeat(1_001);
        for (asked, words) in [
            (Asked { start: Some("yesterday"), ..none() }, "start_date"),
            (Asked { end: Some("2026-13-01"), ..none() }, "end_date"),
            (Asked { start: Some("2026-10-02"), end: Some("2026-10-01"), ..none() }, "before"),
            (Asked { start: Some("2026-01-01"), end: Some("2026-04-02"), ..none() }, "90 days"),
            (Asked { status: Some("open,done"), ..none() }, "done"),
            (Asked { codes: Some("utilities,potholes"), ..none() }, "potholes"),
            // A category that is known and not shown is as unknown as any other.
            (Asked { codes: Some("health"), ..none() }, "was not found"),
            (Asked { ids: Some(&many), ..none() }, "more than 1000"),
        ] {
            let wrong = asked.read(&SHOWN, NOW).unwrap_err();
            assert!(wrong.contains(words), "{asked:?}: {wrong}");
        }
        let span = Asked { start: Some("2026-01-01"), end: Some("2026-04-01"), ..none() };
        assert!(span.read(&SHOWN, NOW).is_ok(), "exactly ninety days");
    }

    #[test]
    fn lists_are_read_part_by_part() {
        let asked =
            Asked { codes: Some(" sanitation ,"), status: Some("closed"), ..Asked::default() };
        let read = asked.read(&SHOWN, NOW).unwrap();
        assert_eq!(read.categories, [Category::Sanitation]);
        assert_eq!(read.states.len(), 4);
        let asked = Asked { ids: Some(" NC1 ,NC2,"), ..Asked::default() };
        assert_eq!(asked.read(&SHOWN, NOW).unwrap().numbers.unwrap(), ["NC1", "NC2"]);
    }

    #[test]
    fn a_number_overrides_all_others_and_an_empty_parameter_is_none() {
        let number = Some("NC1");
        let alone = Asked { ids: number, ..Asked::default() }.read(&SHOWN, NOW).unwrap();
        for (codes, start, status) in [
            (Some("sanitation"), Some("2026-01-01"), Some("closed")),
            (Some("potholes"), Some("yesterday"), Some("done")),
        ] {
            let end = Some("2026-12-31");
            let asked = Asked { ids: number, codes, start, end, status };
            assert_eq!(asked.read(&SHOWN, NOW).as_ref(), Ok(&alone), "{asked:?}");
        }
        let none = Asked::default().read(&SHOWN, NOW);
        for empty in [Some(""), Some(" , ")] {
            let asked = Asked { ids: empty, codes: empty, start: empty, end: empty, status: empty };
            assert_eq!(asked.read(&SHOWN, NOW), none);
        }
    }

    #[test]
    fn a_promise_is_shown_while_it_is_owed() {
        use CaseState as S;
        for (state, provisional, want) in [
            (S::Assigned, false, Some(NOW)),
            (S::Assigned, true, None),
            (S::Closed, false, Some(NOW)),
            (S::Rejected, false, None),
            (S::Merged, false, None),
            (S::Cancelled, false, None),
        ] {
            assert_eq!(expected(state, NOW, provisional), want, "{state:?} {provisional}");
        }
    }

    #[test]
    fn a_place_is_named_down_to_its_grid() {
        for (community, grid, want) in [
            (Some("双井社区"), Some("双井社区第一网格"), "南城街道双井社区第一网格"),
            (Some("双井社区"), Some("双井第一网格"), "南城街道双井社区第一网格"),
            (Some("双井社区"), Some("第一网格"), "南城街道双井社区第一网格"),
            (Some("双井社区"), None, "南城街道双井社区"),
            (None, None, "南城街道"),
        ] {
            assert_eq!(address("南城街道", community, grid), want);
        }
    }
}
