//! The command line: one file per command, each a thin driver of use cases.

pub mod admin;
mod migrate;
mod serve;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// 智南: a resident's words reach the right grid worker, and the record shows when.
#[derive(Debug, Parser)]
#[command(name = "zhinan", version, about)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// Where the configuration is; without it `zhinan.toml` in the working folder, if there is one.
#[derive(Clone, Debug, clap::Args)]
pub struct ConfigArg {
    /// Configuration file.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API, run the engine, or both.
    Serve(serve::Args),
    /// Bring the database schema up to date.
    Migrate(ConfigArg),
    /// Enrol administrators, add staff, issue codes.
    Admin(admin::Args),
}

/// Why a command did not succeed; printed with its causes.
pub type CommandError = Box<dyn std::error::Error + Send + Sync>;

/// Runs the command line.
pub async fn run(cli: Cli) -> Result<(), CommandError> {
    match cli.command {
        Command::Serve(args) => serve::run(args).await,
        Command::Migrate(config) => migrate::run(&config).await,
        Command::Admin(args) => admin::run(args).await,
    }
}
