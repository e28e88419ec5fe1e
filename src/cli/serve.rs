//! `zhinan serve`.

use super::{CommandError, ConfigArg};
use crate::boot::{self, Role};
use crate::config::Config;

/// What to serve.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    config: ConfigArg,
    /// Which part this process plays.
    #[arg(long, value_enum, default_value = "all")]
    role: RoleArg,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum RoleArg {
    All,
    Api,
    Engine,
}

/// Serves until asked to stop.
pub async fn run(args: Args) -> Result<(), CommandError> {
    let config = Config::load(args.config.config.as_deref())?;
    let role = match args.role {
        RoleArg::All => Role::All,
        RoleArg::Api => Role::Api,
        RoleArg::Engine => Role::Engine,
    };
    Ok(boot::serve(&config, role).await?)
}
