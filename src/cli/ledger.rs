//! `zhinan ledger`: proves that nobody changed the record.

use super::{CommandError, ConfigArg, import};
use crate::app::doctor::chains;
use crate::boot;
use crate::clock::Clock;
use crate::config::Config;

/// What to do with the record.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Verify every chain and every payload, or those of one case.
    Verify(VerifyArgs),
}

/// Which cases.
#[derive(Debug, clap::Args)]
pub struct VerifyArgs {
    /// Number of one case, e.g. NC-20261123-00042.
    #[arg(long, value_name = "NUMBER")]
    case: Option<String>,
    #[command(flatten)]
    config: ConfigArg,
}

/// Verifies; fails when a single entry is not what was written.
pub async fn run(command: Command) -> Result<(), CommandError> {
    let Command::Verify(args) = command;
    let config = Config::load(args.config.config.as_deref())?;
    let s = boot::services(&config, Clock::System).await?;
    let found = match &args.case {
        Some(number) => chains::by_number(&s, number).await,
        None => chains::all(&s).await,
    };
    import::close(&s).await?;
    let found = found.map_err(|why| why.detail.clone())?;
    for broken in &found.broken {
        println!("✗ {broken}");
    }
    println!(
        "{} 件工单的账本完整（{} 条记录，{} 条内容已依法删除）",
        found.verified, found.entries, found.erased
    );
    match found.broken.len() {
        0 => Ok(()),
        many => Err(format!("{many} 件工单的账本被改动").into()),
    }
}
