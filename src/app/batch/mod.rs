//! Texts of a file answered without a database: what measures the resolver, and what tries a
//! gazetteer before it is imported.
//!
//! Pure but for the clock and the threads of `resolve`; the command line reads and writes files.

mod correction;
mod message;
pub mod resolve;

pub use correction::{Line as Correction, aliases_from, read as read_corrections};
pub use message::{Prediction, Question, read as read_questions};

/// A line of a file that could not be read.
#[derive(Debug, thiserror::Error)]
#[error("第 {line} 行无法读取")]
pub struct BadLine {
    /// Counted from 1.
    pub line: usize,
    #[source]
    source: serde_json::Error,
}

/// Parses one JSON value per line; empty lines are passed over. Fails at the first bad line.
fn lines<T: serde::de::DeserializeOwned>(text: &str) -> Result<Vec<T>, BadLine> {
    let numbered = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    numbered
        .map(|(at, line)| {
            serde_json::from_str(line).map_err(|source| BadLine { line: at + 1, source })
        })
        .collect()
}
