//! What the figures of a printed month said of each case, in a few bytes: whoever finds another
//! figure later finds the case that it comes from.

use std::collections::HashMap;
use std::fmt::{self, Write};

use sha2::{Digest, Sha256};

use super::edition;
use super::frame::Dimension;
use super::story::Story;
use super::tally::{Bucket, Finding};

/// What all figures said of a case: the first eight bytes of a SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Mark(u64);

impl Mark {
    /// Marks a case by its groups, as an edition tells them, and what each of its figures found;
    /// `None` when no figure counts it.
    pub fn of(story: &Story, edition: u32, found: &[Option<Finding>]) -> Option<Self> {
        if found.iter().all(Option::is_none) {
            return None;
        }
        let (mut text, holder) = (String::new(), edition::holder(edition));
        for dimension in Dimension::ALL {
            put(&mut text, format_args!("{}|", dimension.key(story, holder)));
        }
        for finding in found {
            match finding {
                None => text.push('-'),
                Some(one) => write_finding(&mut text, one),
            }
            text.push('|');
        }
        let digest = Sha256::digest(text.as_bytes());
        digest.first_chunk().map(|first| Self(u64::from_be_bytes(*first)))
    }

    /// Reads one as it is printed; `None` when it is none.
    pub fn read(text: &str) -> Option<Self> {
        let digits = text.len() == 16 && !text.starts_with('+');
        digits.then(|| u64::from_str_radix(text, 16).ok().map(Self)).flatten()
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// Writing into a text never fails.
fn put(text: &mut String, what: fmt::Arguments<'_>) {
    let _ = text.write_fmt(what);
}

fn write_finding(text: &mut String, one: &Finding) {
    let ground = match one.bucket {
        Bucket::Excluded(ground) => ground,
        _ => "",
    };
    let number = |n: Option<u64>| n.map(|n| n.to_string()).unwrap_or_default();
    let person = one.person.map(|person| person.to_string()).unwrap_or_default();
    let (bucket, undone) = (one.bucket.word(), u8::from(one.undone));
    let (wall, work) = (number(one.wall), number(one.work));
    put(text, format_args!("{bucket},{ground},{wall},{work},{undone},{person}"));
}

/// The cases of a printing, each with its mark, held against the record.
#[derive(Debug, Default)]
pub struct Basis {
    left: HashMap<String, Mark>,
    moved: usize,
    first: Option<String>,
}

impl Basis {
    /// Takes in a case as it was printed.
    pub fn put(&mut self, number: String, mark: Mark) {
        self.left.insert(number, mark);
    }

    /// Holds a case against what was printed of it; `None`: no figure counts it now.
    pub fn compare(&mut self, number: &str, mark: Option<Mark>) {
        if self.left.remove(number) != mark {
            self.note(number);
        }
    }

    /// Counts a case that is not what was printed of it.
    pub(super) fn note(&mut self, number: &str) {
        self.moved += 1;
        if self.first.as_deref().is_none_or(|first| number < first) {
            self.first = Some(number.to_owned());
        }
    }

    /// Says what moved, those that the record has no more among them.
    pub fn finish(mut self) -> Moved {
        for number in std::mem::take(&mut self.left).into_keys() {
            self.note(&number);
        }
        self.first.map_or(Moved::None, |first| Moved::Cases { first, count: self.moved })
    }
}

/// The cases of which a month says something else now than when it was printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Moved {
    /// It was printed before marks were kept.
    Unknown,
    /// Every case is what it was: whatever differs was changed in the printing itself.
    None,
    /// What was kept of its cases is gone.
    Basis,
    /// The printing itself is gone.
    Printing,
    /// A version of the calendar by which it was computed is not at hand.
    Calendar,
    /// By their numbers the first, and how many.
    Cases { first: String, count: usize },
    /// Every number is what it was, and nothing is known against the cases: what was kept of so many
    /// was changed, which nobody seals.
    Marks { count: usize },
}

/// Follows the name of the month.
impl fmt::Display for Moved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("：印发时没有留存各工单的指标摘要，无法指出是哪件工单"),
            Self::Basis => f.write_str("：印发时留存的各工单指标摘要缺失"),
            Self::Printing => f.write_str("：印发记录缺失，而它前后的印发都在"),
            Self::Calendar => f.write_str("：日历版本缺失或被改动，公布的指标无从重算"),
            Self::None => f.write_str("：各工单与印发时一致，改动的是公布的数字本身"),
            Self::Marks { count } => {
                write!(
                    f,
                    "：印发时留存的摘要被改动，共 {count} 件工单的；公布的数字和各工单都与记录一致"
                )
            }
            Self::Cases { first, count } => {
                write!(f, "：{count} 件工单与印发时不同，第一件是 {first}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn basis(cases: &[(&str, u64)]) -> Basis {
        let mut basis = Basis::default();
        for (number, mark) in cases {
            basis.put((*number).to_owned(), Mark(*mark));
        }
        basis
    }

    #[test]
    fn a_mark_is_read_as_it_is_printed_and_nothing_else_is_one() {
        let mark = Mark(0x00ab_0000_0000_0001);
        assert_eq!(mark.to_string(), "00ab000000000001");
        assert_eq!(Mark::read(&mark.to_string()), Some(mark));
        for wrong in ["", "ab", "+0ab000000000001", "00ab00000000000g", "00ab0000000000011"] {
            assert_eq!(Mark::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_first_case_that_moved_is_named_and_all_are_counted() {
        let cases = |first: &str, count| Moved::Cases { first: first.to_owned(), count };
        let printed = [("NC-3", 3), ("NC-1", 1), ("NC-2", 2)];
        for (seen, moved) in [
            (vec![("NC-1", Some(1)), ("NC-2", Some(2)), ("NC-3", Some(3))], Moved::None),
            (vec![("NC-1", Some(1)), ("NC-2", Some(9)), ("NC-3", Some(9))], cases("NC-2", 2)),
            (vec![("NC-1", Some(1)), ("NC-2", None), ("NC-3", Some(3))], cases("NC-2", 1)),
            (vec![("NC-2", Some(2)), ("NC-3", Some(3))], cases("NC-1", 1)),
            (
                vec![
                    ("NC-0", Some(5)),
                    ("NC-1", Some(1)),
                    ("NC-2", Some(2)),
                    ("NC-3", Some(3)),
                    ("NC-4", None),
                ],
                cases("NC-0", 1),
            ),
        ] {
            let mut basis = basis(&printed);
            for (number, mark) in &seen {
                basis.compare(number, mark.map(Mark));
            }
            assert_eq!(basis.finish(), moved, "{seen:?}");
        }
    }
}
