//! Opaque, sealed cursors: nobody can make one up, and nobody depends on what is in it.

use std::fmt::Display;
use std::str::FromStr;

use entity::kinds::{CaseId, InboxId, Timestamp};

use crate::app::case::list::Start;
use crate::error::{Code, Error, Result};
use crate::services::Services;

/// What a list goes on from.
pub trait Place: Copy + Display + FromStr<Err: Display> {
    /// Keeps cursors of different lists apart.
    const CONTEXT: &'static str;
}

impl Display for Start {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", if self.waiting { WAITING } else { "" }, self.before)
    }
}

impl FromStr for Start {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        let rest = text.strip_prefix(WAITING);
        let before = CaseId(rest.unwrap_or(text).parse()?);
        Ok(Self { waiting: rest.is_some(), before })
    }
}

/// Before the id of a case in a list whose first part waits for the reader.
const WAITING: &str = "waiting ";

impl Place for Start {
    const CONTEXT: &'static str = "cursor.cases";
}

impl Place for CaseId {
    const CONTEXT: &'static str = "cursor.case";
}

impl Place for InboxId {
    const CONTEXT: &'static str = "cursor.inbox";
}

/// Defines the place in a list whose rows have no id of their own in the program.
macro_rules! place {
    ($(#[$doc:meta])* $name:ident, $context:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name(pub i64);

        impl Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl Place for $name {
            const CONTEXT: &'static str = $context;
        }
    };
}

place!(
    /// The number of a leave.
    LeavePlace,
    "cursor.leave"
);
place!(
    /// Where a list of looks goes on.
    LookId,
    "cursor.look"
);

/// Where a list of what falls due goes on: the due time, then the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DuePlace(pub Timestamp, pub CaseId);

impl Display for DuePlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.0.0, self.1)
    }
}

impl FromStr for DuePlace {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        let (at, id) = text.split_once(' ').ok_or("no blank")?;
        let wrong = |why: std::num::ParseIntError| why.to_string();
        Ok(Self(Timestamp(at.parse().map_err(wrong)?), id.parse().map_err(wrong)?))
    }
}

impl Place for DuePlace {
    const CONTEXT: &'static str = "cursor.due";
}

/// Where the cases behind a figure go on, as of which instant they are read, and by which question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FigurePlace {
    pub after: CaseId,
    pub as_of: Timestamp,
    pub asked: u64,
}

impl Display for FigurePlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {}", self.after, self.as_of.0, self.asked)
    }
}

impl FromStr for FigurePlace {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        let (after, rest) = text.split_once(' ').ok_or("no blank")?;
        let (as_of, asked) = rest.split_once(' ').ok_or("no second blank")?;
        let wrong = |why: std::num::ParseIntError| why.to_string();
        Ok(Self {
            after: after.parse().map_err(wrong)?,
            as_of: Timestamp(as_of.parse().map_err(wrong)?),
            asked: asked.parse().map_err(wrong)?,
        })
    }
}

impl Place for FigurePlace {
    const CONTEXT: &'static str = "cursor.figure";
}

/// Writes a cursor.
pub fn seal<P: Place>(s: &Services, id: P) -> String {
    s.vault.seal(P::CONTEXT, &id.to_string()).unwrap_or_default()
}

/// Reads a cursor; refuses one that this installation did not write for this kind of list.
pub fn open<P: Place>(s: &Services, cursor: &str) -> Result<P> {
    let bad = || Error::new(Code::MalformedQuery, "cursor 无效，请从第一页重新开始");
    let text = s.vault.open(P::CONTEXT, cursor).map_err(|refused| bad().caused_by(refused))?;
    text.parse().map_err(|refused| bad().caused_by(std::io::Error::other(format!("{refused}"))))
}
