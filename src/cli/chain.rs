//! `zhinan chain`: shows the chains of escalation, and adds a version.
//!
//! Whoever holds the machine needs no second person; the version says where it came from.

use entity::chain_version;

use super::version::{AddArgs, ShowArgs, show};
use super::{CommandError, import};
use crate::app::chain::add;
use crate::boot;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::calendar::local_minute;
use crate::domain::escalation::Chains;
use crate::services::Services;

/// What to do with the chains.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Print the chains in force as JSON, or those of a version; `--history` lists the versions.
    Show(ShowArgs),
    /// Check a JSON file of chains and add it as a version; new cases start with it.
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
            let now = (s.chains.version(), (*s.chains.now()).clone());
            show::<chain_version::Entity, _>(&s, &args, now, |body| Ok(Chains::read(body)?)).await
        }
        Command::Add(args) => add_file(&s, &args).await,
    };
    import::close(&s).await?;
    println!("{}", text?);
    Ok(())
}

async fn add_file(s: &Services, args: &AddArgs) -> Result<String, CommandError> {
    let chains = Chains::read(&std::fs::read_to_string(&args.file)?);
    let chains = chains.map_err(|why| format!("升级链不合规则：{why}"))?;
    let added = add::unattended(s, chains, args.valid_from()?).await;
    let added = added.map_err(|why| why.detail.clone())?;
    Ok(format!("已新增版本 {}，自 {} 起用于新工单", added.version, local_minute(added.valid_from)))
}
