//! `zhinan targets`: shows what is promised to cases, and takes in another version.
//!
//! Workers are judged by it: what the command line brings waits for an administrator at the console.

use entity::target_version;

use super::version::{AddArgs, ShowArgs, show};
use super::{CommandError, import};
use crate::app::target::add;
use crate::boot;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::calendar::local_minute;
use crate::domain::case::targets::Targets;
use crate::services::Services;

/// What to do with the targets.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Print the targets in force as JSON, or those of a version; `--history` lists the versions.
    Show(ShowArgs),
    /// Check a JSON file of targets and keep it as a version until somebody confirms it.
    Add(AddArgs),
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
        Command::Show(args) => {
            let now = (*s.targets.now()).clone();
            let now = (Some(i64::from(now.version)), now);
            show::<target_version::Entity, _>(&s, &args, now, |body| Ok(Targets::read(body)?)).await
        }
        Command::Add(args) => add_file(&s, &args).await,
    };
    import::close(&s).await?;
    println!("{}", text?);
    Ok(())
}

async fn add_file(s: &Services, args: &AddArgs) -> Result<String, CommandError> {
    let targets = Targets::read(&std::fs::read_to_string(&args.file)?);
    let targets = targets.map_err(|why| format!("时限不合规则：{why}"))?;
    let added = add::unattended(s, targets, args.valid_from()?).await;
    let added = added.map_err(|why| why.detail.clone())?;
    let (version, from) = (added.version, local_minute(added.valid_from));
    Ok(format!(
        "已存为版本 {version}，确认后自 {from} 起用于新工单：请管理员在控制台确认（POST /api/v1/targets/{version}/confirmation）"
    ))
}
