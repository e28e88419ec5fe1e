//! What the story of a case is made of: its cycles, who had it, what was said, what was silent.

use entity::kinds::{ActorRole, ResultType, Timestamp};

use crate::domain::calendar::pause::Pause;

/// What happened between the report, or a reopening, and the next reopening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cycle {
    pub started_at: Timestamp,
    pub contact_due: Option<Timestamp>,
    /// As moved by rests, an extension and the calendar.
    pub resolve_due: Option<Timestamp>,
    /// t5a
    pub attempted: Option<Timestamp>,
    /// t5
    pub contacted: Option<Timestamp>,
    /// The first contact that somebody else than the handler vouches for: evidence level 2 and up.
    pub vouched: Option<Timestamp>,
    /// t7, the last one.
    pub resolved: Option<Timestamp>,
    /// t9; it stays when the case is reopened.
    pub closed: Option<Timestamp>,
    pub result: Option<ResultType>,
    /// Who answered for the case when the last result came.
    pub by: Option<i64>,
    /// Account of whoever gave that result; it may be somebody else.
    pub resolver: Option<i64>,
    /// His number among staff; `None` where he never acknowledged the case: nothing else says it.
    pub resolved_by: Option<i64>,
    /// The acknowledgement that stood then.
    pub taking: Option<Taking>,
    pub pauses: Vec<Pause>,
    pub extended: bool,
}

impl Cycle {
    /// Begins one in which nothing has happened.
    pub(super) const fn new(started_at: Timestamp) -> Self {
        Self {
            started_at,
            contact_due: None,
            resolve_due: None,
            attempted: None,
            contacted: None,
            vouched: None,
            resolved: None,
            closed: None,
            result: None,
            by: None,
            resolver: None,
            resolved_by: None,
            taking: None,
            pauses: Vec::new(),
            extended: false,
        }
    }

    /// Tells whether its result came too late.
    pub(super) fn is_late(&self) -> bool {
        self.resolved.zip(self.resolve_due).is_some_and(|(at, due)| at > due)
    }
}

/// What the resident said of the result, last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Solved,
    NotSolved,
}

/// An answer with the result that it was given to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    pub answer: Answer,
    /// What the handler had declared; `None` where nothing was.
    pub declared: Option<ResultType>,
}

/// Where a case lies and who answers for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    pub grid: Option<String>,
    pub community: Option<String>,
    /// Who took it last, while that stands, else the primary grid worker who was told.
    pub person: Option<i64>,
}

/// Who took the case, and when, in one way of judging what a withdrawal takes back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// t4; withdrawn because nobody was contacted, it never happened.
    pub at: Option<Timestamp>,
    /// Where it lay and with whom then.
    pub held: Option<Held>,
}

/// One acknowledgement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taking {
    pub at: Timestamp,
    pub account: Option<i64>,
    /// Number among staff.
    pub staff: Option<i64>,
}

/// A rest as it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Begun {
    pub at: Timestamp,
    /// When the result was due until then.
    pub due: Timestamp,
    /// Who answered for the case.
    pub person: Option<i64>,
    /// Who decided it; of a grid worker there is no other rest than one until an appointment.
    pub role: ActorRole,
    /// When it was over.
    pub over: Option<Timestamp>,
    /// The resident confirmed until when it was.
    pub agreed: bool,
}

/// What the resident could see, and the longest silence in between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quiet {
    pub last_word: Timestamp,
    pub longest: Option<(Timestamp, Timestamp)>,
}

impl Quiet {
    /// Ends the silence with something that the resident sees.
    pub(super) fn end(&mut self, at: Timestamp) {
        let longest = self.longest.map(|(from, to)| to.since(from)).unwrap_or_default();
        if at.since(self.last_word) > longest {
            self.longest = Some((self.last_word, at));
        }
        self.last_word = at;
    }
}
