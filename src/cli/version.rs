//! What the commands about stored versions have in common: one is printed, all are listed, and a file
//! becomes another.

use std::path::PathBuf;

use entity::kinds::Timestamp;

use super::{CommandError, ConfigArg};
use crate::domain::calendar::{local_minute, parse_rfc3339};
use crate::services::Services;
use crate::store;
use crate::store::version::Dated;

/// Which version.
#[derive(Debug, clap::Args)]
pub struct ShowArgs {
    #[arg(long, value_name = "NUMBER")]
    pub version: Option<i64>,
    #[arg(long, conflicts_with = "version")]
    history: bool,
    #[command(flatten)]
    pub config: ConfigArg,
}

/// Which file.
#[derive(Debug, clap::Args)]
pub struct AddArgs {
    pub file: PathBuf,
    /// RFC 3339; now when missing or past.
    #[arg(long, value_name = "TIME")]
    valid_from: Option<String>,
    #[command(flatten)]
    pub config: ConfigArg,
}

impl AddArgs {
    /// Reads from when the version shall count. Fails on what is no time.
    pub fn valid_from(&self) -> Result<Option<Timestamp>, CommandError> {
        let raw = self.valid_from.as_deref();
        let from = raw.map(|raw| parse_rfc3339(raw).ok_or("--valid-from 不是 RFC 3339 时间"));
        Ok(from.transpose()?)
    }
}

/// Prints the version that is asked for, the one in force (`now`), or the list of all. `read` checks
/// what is stored.
pub async fn show<E: Dated, T: serde::Serialize>(
    s: &Services,
    args: &ShowArgs,
    now: (Option<i64>, T),
    read: impl Fn(&str) -> Result<T, CommandError>,
) -> Result<String, CommandError> {
    if args.history {
        return history::<E>(s, now.0).await;
    }
    let shown = match args.version.filter(|version| now.0 != Some(*version)) {
        None => now.1,
        Some(version) => {
            let row = store::version::find::<E>(&s.db.read, version).await?;
            read(E::content(&row.ok_or("没有这个版本")?).1)?
        }
    };
    Ok(serde_json::to_string_pretty(&shown)?)
}

async fn history<E: Dated>(s: &Services, in_force: Option<i64>) -> Result<String, CommandError> {
    let rows = store::version::list::<E>(&s.db.read, u64::from(u32::MAX)).await?;
    let lines = rows.iter().map(|row| {
        let head = E::head(row);
        let mark = if in_force == Some(head.version) { "*" } else { " " };
        let state = if head.confirmed_at.is_some() { "已确认" } else { "待确认" };
        let (from, source) = (local_minute(E::content(row).0), head.source.zh());
        format!("{mark} {:>4}  {from} 起  {source}  {state}", head.version)
    });
    let mut lines: Vec<String> = lines.collect();
    let stored = rows.iter().any(|row| Some(E::head(row).version) == in_force);
    lines.extend(in_force.filter(|_| !stored).map(|version| format!("* {version:>4}  程序自带")));
    Ok(if lines.is_empty() { "还没有存下任何版本".to_owned() } else { lines.join("\n") })
}
