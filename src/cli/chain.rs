//! `zhinan chain`: shows the chains of escalation, and adds a version.
//!
//! Whoever holds the machine needs no second person; the version says where it came from.

use entity::chain_version;
use std::path::PathBuf;

use super::{CommandError, ConfigArg, import};
use crate::app::chain::add;
use crate::boot;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::calendar::{local_minute, parse_rfc3339};
use crate::domain::escalation::Chains;
use crate::services::Services;
use crate::store;

/// What to do with the chains.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Print the chains in force as JSON, or those of a version; `--history` lists the versions.
    Show(ShowArgs),
    /// Check a JSON file of chains and add it as a version; new cases start with it.
    Add(AddArgs),
}

/// Which chains.
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
pub async fn run(command: Command) -> Result<(), CommandError> {
    let at = match &command {
        Command::Show(args) => &args.config,
        Command::Add(args) => &args.config,
    };
    let config = Config::load(at.config.as_deref())?;
    let s = boot::services(&config, Clock::System).await?;
    let text = match command {
        Command::Show(args) => show(&s, &args).await,
        Command::Add(args) => add_file(&s, &args).await,
    };
    import::close(&s).await?;
    println!("{}", text?);
    Ok(())
}

async fn show(s: &Services, args: &ShowArgs) -> Result<String, CommandError> {
    if args.history {
        return history(s).await;
    }
    let chains = match args.version {
        None => (*s.chains.now()).clone(),
        Some(version) => {
            let row = store::version::find::<chain_version::Entity>(&s.db.read, version)
                .await?
                .ok_or("没有这个版本")?;
            Chains::read(&row.body)?
        }
    };
    Ok(serde_json::to_string_pretty(&chains)?)
}

async fn history(s: &Services) -> Result<String, CommandError> {
    let in_force = s.chains.version();
    let rows =
        store::version::list::<chain_version::Entity>(&s.db.read, u64::from(u32::MAX)).await?;
    let lines = rows.iter().map(|row| {
        let mark = if in_force == Some(row.version) { "*" } else { " " };
        let state = if row.confirmed_at.is_some() { "已确认" } else { "待确认" };
        let (from, source) = (local_minute(row.valid_from), row.source.zh());
        format!("{mark} {:>4}  {from} 起  {source}  {state}", row.version)
    });
    let lines: Vec<String> = lines.collect();
    Ok(if lines.is_empty() { "还没有存下任何版本".to_owned() } else { lines.join("\n") })
}

async fn add_file(s: &Services, args: &AddArgs) -> Result<String, CommandError> {
    let text = std::fs::read_to_string(&args.file)?;
    let chains = Chains::read(&text)?;
    let from = args.valid_from.as_deref();
    let from = from.map(|raw| parse_rfc3339(raw).ok_or("--valid-from 不是 RFC 3339 时间"));
    let added = add::unattended(s, chains, from.transpose()?).await;
    let added = added.map_err(|why| why.detail.clone())?;
    Ok(format!("已新增版本 {}，自 {} 起用于新工单", added.version, local_minute(added.valid_from)))
}
