//! `zhinan calendar`: shows which years are known, and takes in the notice of another one.
//!
//! An import changes nothing by itself: an administrator at the console confirms it.

use entity::calendar_version;
use std::path::PathBuf;

use super::{CommandError, ConfigArg, import, told};
use crate::app::calendar::import as take;
use crate::boot;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::calendar::{Table, local_minute};
use crate::services::Services;
use crate::store;

/// How many imports are listed.
const MOST: u64 = 200;

/// What to do with the calendar.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Print the years in force and every import.
    Show(ConfigArg),
    /// Check a file of days (`table,date,rest|work,festival`) and keep it until somebody confirms it.
    Import(ImportArgs),
}

/// Which file.
#[derive(Debug, clap::Args)]
pub struct ImportArgs {
    file: PathBuf,
    #[command(flatten)]
    config: ConfigArg,
}

/// Runs one command against the configured database.
pub async fn run(command: Command) -> Result<(), CommandError> {
    let at = match &command {
        Command::Show(config) => config,
        Command::Import(args) => &args.config,
    };
    let config = Config::load(at.config.as_deref())?;
    let s = boot::services(&config, Clock::System).await?;
    let text = match &command {
        Command::Show(_) => show(&s).await,
        Command::Import(args) => import_file(&s, args).await,
    };
    import::close(&s).await?;
    println!("{}", text?);
    Ok(())
}

async fn show(s: &Services) -> Result<String, CommandError> {
    let calendar = s.calendar.now();
    let mut lines = vec![format!("现行版本 {}", calendar.version())];
    lines.extend(calendar.tables().map(counts));
    for row in store::version::list::<calendar_version::Entity>(&s.db.read, MOST).await? {
        let state = if row.confirmed_at.is_some() { "已确认" } else { "待确认" };
        let (at, source) = (local_minute(row.created_at), row.source.zh());
        lines.push(format!("{:>4}  {at} 导入  {source}  {state}", row.version));
        lines.extend(years(&row)?);
    }
    Ok(lines.join("\n"))
}

/// What whoever confirms a notice compares with it.
fn counts(table: &Table) -> String {
    let (rests, works) = table.counts();
    let doubt = table.doubt().map(|doubt| format!("；请核对：{}", doubt.zh())).unwrap_or_default();
    format!("  {} 年：放假 {rests} 天，调休上班 {works} 天{doubt}", table.year)
}

fn years(row: &calendar_version::Model) -> Result<Vec<String>, CommandError> {
    Ok(Table::parse_all(&row.body)?.iter().map(counts).collect())
}

async fn import_file(s: &Services, args: &ImportArgs) -> Result<String, CommandError> {
    let text = std::fs::read_to_string(&args.file)?;
    let added = take::unattended(s, &text).await.map_err(|why| {
        let faults = why.faults.iter().map(|fault| fault.message.clone());
        let faults: Vec<String> = faults.collect();
        if faults.is_empty() { told(&why) } else { faults.join("；") }
    })?;
    let how = format!(
        "已导入为版本 {}，尚未生效：请管理员与通知核对天数后在控制台确认（POST /api/v1/calendar/{}/confirmation）",
        added.version, added.version
    );
    Ok(std::iter::once(how).chain(years(&added)?).collect::<Vec<_>>().join("\n"))
}
