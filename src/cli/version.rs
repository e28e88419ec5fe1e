//! The commands about stored versions: one is printed, all are listed, and a file becomes another.

use std::path::PathBuf;

use entity::kinds::Timestamp;
use sea_orm::EntityTrait;
use serde::Serialize;

use super::{CommandError, ConfigArg, import, told};
use crate::boot;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::calendar::{local_minute, parse_rfc3339};
use crate::error::Result;
use crate::services::Services;
use crate::store;
use crate::store::version::Dated;

/// Something that is kept as versions.
pub trait Versions {
    type Table: Dated;
    type Body: Serialize;

    /// The version by which new cases are treated now, and its number where it has one.
    fn in_force(s: &Services) -> (Option<i64>, Self::Body);

    /// Reads a version. Fails with a Chinese sentence that says which rule it breaks.
    fn read(text: &str) -> std::result::Result<Self::Body, String>;

    /// Adds a version on behalf of whoever holds the machine.
    async fn add(
        s: &Services,
        body: Self::Body,
        from: Option<Timestamp>,
    ) -> Result<<Self::Table as EntityTrait>::Model>;

    /// Says what was added, and what is still to be done.
    fn added(row: &<Self::Table as EntityTrait>::Model) -> String;
}

/// What to do with the versions.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Print the version in force as JSON, or another one; `--history` lists all of them.
    Show(ShowArgs),
    /// Check a JSON file and add it as a version; new cases start with it once it counts.
    Add(AddArgs),
}

/// Which version.
#[derive(Debug, clap::Args)]
pub struct ShowArgs {
    #[arg(long, value_name = "NUMBER")]
    version: Option<i64>,
    #[arg(long, conflicts_with = "version")]
    history: bool,
    #[command(flatten)]
    config: ConfigArg,
}

/// Which file.
#[derive(Debug, clap::Args)]
pub struct AddArgs {
    file: PathBuf,
    /// RFC 3339; now when missing or past.
    #[arg(long, value_name = "TIME")]
    valid_from: Option<String>,
    #[command(flatten)]
    config: ConfigArg,
}

/// Runs one command against the configured database.
pub async fn run<V: Versions>(command: Command) -> std::result::Result<(), CommandError> {
    let at = match &command {
        Command::Show(args) => &args.config,
        Command::Add(args) => &args.config,
    };
    let config = Config::load(at.config.as_deref())?;
    let s = boot::services(&config, Clock::System).await?;
    let text = match command {
        Command::Show(args) => show::<V>(&s, &args).await,
        Command::Add(args) => add::<V>(&s, &args).await,
    };
    import::close(&s).await?;
    println!("{}", text?);
    Ok(())
}

async fn add<V: Versions>(
    s: &Services,
    args: &AddArgs,
) -> std::result::Result<String, CommandError> {
    let body = V::read(&std::fs::read_to_string(&args.file)?)?;
    let raw = args.valid_from.as_deref();
    let from = raw.map(|raw| parse_rfc3339(raw).ok_or("--valid-from 不是 RFC 3339 时间"));
    let added = V::add(s, body, from.transpose()?).await;
    Ok(V::added(&added.map_err(|why| told(&why))?))
}

async fn show<V: Versions>(
    s: &Services,
    args: &ShowArgs,
) -> std::result::Result<String, CommandError> {
    let (in_force, now) = V::in_force(s);
    if args.history {
        return history::<V::Table>(s, in_force).await;
    }
    let shown = match args.version.filter(|version| in_force != Some(*version)) {
        None => now,
        Some(version) => {
            let row = store::version::find::<V::Table>(&s.db.read, version).await?;
            V::read(V::Table::content(&row.ok_or("没有这个版本")?).1)?
        }
    };
    Ok(serde_json::to_string_pretty(&shown)?)
}

async fn history<E: Dated>(
    s: &Services,
    in_force: Option<i64>,
) -> std::result::Result<String, CommandError> {
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
