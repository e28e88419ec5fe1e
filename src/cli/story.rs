//! `zhinan demo story`.

use std::path::PathBuf;

use super::CommandError;
use crate::clock::Clock;
use crate::config::Config;
use crate::demo::story::{self, Stage};

/// Where the story plays.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The server.
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    url: String,
    /// The stand-in for WeChat.
    #[arg(long, default_value = "http://127.0.0.1:8081")]
    sandbox: String,
    /// The server's configuration, for the secrets of the callback.
    #[arg(long, value_name = "FILE", default_value = "data/demo/zhinan.toml")]
    config: PathBuf,
}

/// Plays the story; fails when any expectation is not met.
pub async fn run(args: Args) -> Result<(), CommandError> {
    let config = Config::load(Some(&args.config))?;
    let stage = Stage::new(&args.url, &args.sandbox, &config)?;
    Ok(story::run(&stage, &Clock::System).await?)
}
