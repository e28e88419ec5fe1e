//! Keeps checkpoints outside the database: a file that only grows. What it says of the last day is
//! compared with the database every night, so that a record put back from a backup or sealed anew is
//! noticed without anybody asking.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, ErrorKind, Seek, SeekFrom, Write};
use std::path::Path;

use super::export::MOST_DAYS;
use super::lines::bare;
use super::list::whole;
use crate::app::work::Outcome;
use crate::domain::case::ledger::checkpoint::Signed;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::checkpoint;

/// How far a file goes.
#[derive(Debug, Default)]
struct Kept {
    last: Option<Signed>,
    /// Bytes of whole lines; what a crash left behind them is written over.
    whole: u64,
}

/// Adds the checkpoints that the file does not hold. Run again it adds nothing. Waits and tries again
/// while the file cannot be written, and while it contradicts the database. Fails when the database
/// does.
pub async fn run(s: &Services) -> Result<Outcome> {
    let path = s.settings.checkpoint_file.clone();
    let kept = match blocking(move || read(&path)).await? {
        Ok(kept) => kept,
        Err(why) => return Ok(unwritable(s, &why)),
    };
    if let Some(refused) = contradicted(s, &kept).await? {
        return Ok(refused);
    }
    let from = kept.last.as_ref().map_or("", |last| last.checkpoint.day.as_str());
    let rows = checkpoint::between(&s.db.read, (from, "9999-12-31"), MOST_DAYS).await?;
    let rows = rows.iter().filter(|row| row.day.as_str() > from);
    let mut lines = Vec::new();
    for row in rows {
        serde_json::to_writer(&mut lines, &whole(s, row).await?).map_err(Error::internal)?;
        lines.push(b'\n');
    }
    if lines.is_empty() {
        return Ok(Outcome::Done);
    }
    let path = s.settings.checkpoint_file.clone();
    match blocking(move || add(&path, kept.whole, &lines)).await? {
        Ok(()) => Ok(Outcome::Done),
        Err(why) => Ok(unwritable(s, &why)),
    }
}

/// Waits while the file contradicts the database: what is signed on top of a record that was put
/// back or rewritten would vouch for it. A file that is away or cannot be read says nothing. Fails
/// when the database does.
pub(super) async fn before_sealing(s: &Services) -> Result<Option<Outcome>> {
    let path = s.settings.checkpoint_file.clone();
    match blocking(move || read(&path)).await? {
        Ok(kept) => contradicted(s, &kept).await,
        Err(_unreadable) => Ok(None),
    }
}

async fn contradicted(s: &Services, kept: &Kept) -> Result<Option<Outcome>> {
    let Some(last) = &kept.last else { return Ok(None) };
    let day = last.checkpoint.day.as_str();
    if let Some(row) = checkpoint::between(&s.db.read, (day, day), 1).await?.first()
        && whole(s, row).await? == *last
    {
        return Ok(None);
    }
    tracing::error!(
        day,
        "the file of checkpoints says something else than the database: run `zhinan verify`"
    );
    Ok(Some(Outcome::retry("the file of checkpoints contradicts the database")))
}

pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)
}

fn unwritable(s: &Services, why: &std::io::Error) -> Outcome {
    let path = s.settings.checkpoint_file.display();
    Outcome::retry(format!("{path}: {why}"))
}

fn read(path: &Path) -> std::io::Result<Kept> {
    let Some(mut file) = open(path)? else { return Ok(Kept::default()) };
    let (mut whole, mut line, mut last) = (0, Vec::new(), Vec::new());
    while file.read_until(b'\n', &mut line)? > 0 && line.ends_with(b"\n") {
        if let Some(text) = bare(&line) {
            text.clone_into(&mut last);
        }
        whole = file.stream_position()?;
        line.clear();
    }
    // The others are long, and verifying reads them.
    let last = if last.is_empty() { None } else { Some(serde_json::from_slice(&last)?) };
    Ok(Kept { last, whole })
}

/// Opens the file; `None` where there is none yet.
pub(super) fn open(path: &Path) -> std::io::Result<Option<BufReader<File>>> {
    match File::open(path) {
        Ok(file) => Ok(Some(BufReader::new(file))),
        Err(why) if why.kind() == ErrorKind::NotFound => Ok(None),
        Err(why) => Err(why),
    }
}

fn add(path: &Path, at: u64, lines: &[u8]) -> std::io::Result<()> {
    let mut file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
    file.set_len(at)?;
    file.seek(SeekFrom::End(0))?;
    file.write_all(lines)?;
    file.sync_all()
}
