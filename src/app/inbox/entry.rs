//! One entry as its owner sees it.

use entity::inbox;
use entity::kinds::{CaseId, InboxId, NoticeKind, Timestamp};
use serde::{Deserialize, Serialize};

use super::WORDS;
use crate::domain::notice::{NoticeView, Recipient};
use crate::error::{Error, Result};
use crate::services::Services;

/// The words of an entry: those of the card on the phone, not cut to its fields. Nothing in them
/// identifies a resident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    pub number: String,
    pub category: String,
    /// Community and grid at most.
    pub place: String,
    pub state: String,
    /// Microseconds since 1970.
    pub due: Option<i64>,
    pub note: String,
}

impl Words {
    /// Takes the words of a notice, for a member of staff or for whoever asked for help.
    pub fn of(view: &NoticeView, to: Recipient) -> Self {
        let state = match to {
            Recipient::Staff(_) => view.state.zh(),
            Recipient::Resident(_) => view.plain_state(),
        };
        Self {
            number: view.number.clone(),
            category: view.category_zh.clone(),
            place: view.place.clone(),
            state: state.to_owned(),
            due: view.due.map(|at| at.0),
            note: view.note.clone(),
        }
    }

    /// Seals them for the table.
    pub fn seal(&self, s: &Services) -> Result<String> {
        let text = serde_json::to_string(self).map_err(Error::internal)?;
        s.vault.seal(WORDS, &text).map_err(Error::internal)
    }
}

/// An opened entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub id: InboxId,
    pub kind: NoticeKind,
    pub urgent: bool,
    /// `None`: it is about no case.
    pub case: Option<CaseId>,
    /// Written to whoever asked for help, and not to an office.
    pub as_resident: bool,
    pub words: Words,
    pub at: Timestamp,
    pub read_at: Option<Timestamp>,
}

impl Entry {
    /// Opens a row. Fails when it was sealed by another installation.
    pub fn open(s: &Services, row: &inbox::Model) -> Result<Self> {
        let text = s.vault.open(WORDS, &row.words_sealed).map_err(Error::internal)?;
        Ok(Self {
            id: row.id,
            kind: row.kind,
            urgent: row.urgent,
            case: row.case_id,
            as_resident: row.recipient.starts_with(super::RESIDENT),
            words: serde_json::from_str(&text).map_err(Error::internal)?,
            at: row.created_at,
            read_at: row.read_at,
        })
    }
}
