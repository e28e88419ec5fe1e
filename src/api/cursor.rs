//! Opaque, sealed cursors: nobody can make one up, and nobody depends on what is in it.

use entity::kinds::CaseId;

use crate::error::{Code, Error, Result};
use crate::services::Services;

const CONTEXT: &str = "cursor.case";

/// Writes a cursor.
pub fn seal(s: &Services, id: CaseId) -> String {
    s.vault.seal(CONTEXT, &id.to_string()).unwrap_or_default()
}

/// Reads a cursor; refuses one that this installation did not write.
pub fn open(s: &Services, cursor: &str) -> Result<CaseId> {
    let bad = || Error::new(Code::MalformedQuery, "cursor 无效，请从第一页重新开始");
    let text = s.vault.open(CONTEXT, cursor).map_err(|refused| bad().caused_by(refused))?;
    text.parse().map_err(|refused| bad().caused_by(std::io::Error::other(format!("{refused}"))))
}
