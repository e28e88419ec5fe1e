//! Opaque, sealed cursors: nobody can make one up, and nobody depends on what is in it.

use std::fmt::Display;
use std::str::FromStr;

use entity::kinds::{CaseId, InboxId};

use crate::error::{Code, Error, Result};
use crate::services::Services;

/// What a list goes on from.
pub trait Place: Copy + Display + FromStr<Err: Display> {
    /// Keeps cursors of different lists apart.
    const CONTEXT: &'static str;
}

impl Place for CaseId {
    const CONTEXT: &'static str = "cursor.case";
}

impl Place for InboxId {
    const CONTEXT: &'static str = "cursor.inbox";
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
