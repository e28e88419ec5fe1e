//! Learns names from the corrections of the last year and proposes them; what was decided stays.

use entity::address_correction;
use entity::kinds::Timestamp;

use super::target::{parts, target};
use crate::domain::address::{Correction, Learned, learn};
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store;

/// How far back corrections count, in microseconds: a year.
const YEAR_US: i64 = 365 * 24 * 3_600 * 1_000_000;
/// More are not opened at once.
const MOST: u64 = 5_000;
/// The column context under which the words of a correction are sealed.
pub const WORDS: &str = "address_correction.text";

/// Proposes what the corrections teach. Fails when the database does or a text cannot be opened.
pub async fn run(s: &Services) -> Result<()> {
    let now = s.clock.now();
    let mut rows = store::alias::corrections(&s.db.read, Timestamp(now.0 - YEAR_US), MOST).await?;
    // Where only the grid is known, nothing is said of a name.
    rows.retain(|row| row.target.is_some());
    let corrections = rows.iter().map(|row| opened(s, row)).collect::<Result<Vec<_>>>()?;
    let places = s.places.now();
    // Thousands of texts take a second; requests on this thread must not wait for them.
    let learned = tokio::task::spawn_blocking(move || learn(&places.index, &corrections));
    let learned = learned.await.map_err(Error::internal)?;
    let proposals: Vec<_> = learned
        .into_iter()
        .map(|one| {
            let cases = confirming(&one, &rows);
            let counts = (one.confirmations, one.uses);
            store::alias::proposal(one.word, parts(one.target), counts, cases, now)
        })
        .collect();
    s.writer
        .commit(move |tx| {
            Box::pin(async move {
                for row in proposals {
                    store::alias::propose(tx, row).await?;
                }
                Ok::<(), Error>(())
            })
        })
        .await
}

fn opened(s: &Services, row: &address_correction::Model) -> Result<Correction> {
    let kind = row.target_kind.as_deref().and_then(entity::kinds::AliasKind::from_word);
    Ok(Correction {
        text: s.vault.open(WORDS, &row.text_sealed).map_err(Error::internal)?,
        resident: row.resident_id.to_string(),
        target: kind.zip(row.target.clone()).map(|(kind, id)| target(kind, id)),
    })
}

/// Lists the cases behind a name as JSON.
fn confirming(learned: &Learned, rows: &[address_correction::Model]) -> String {
    let cases: Vec<i64> =
        learned.from.iter().filter_map(|i| rows.get(*i)).map(|row| row.case_id.0).collect();
    serde_json::json!(cases).to_string()
}
