//! The command line: one file per command, each a thin driver of use cases.

mod address;
pub mod admin;
mod backup;
mod calendar;
mod chain;
mod coverage;
mod demo;
mod demo_apart;
mod demo_serve;
mod doctor;
pub mod drill;
mod followers;
mod import;
mod ledger;
mod migrate;
mod restore;
mod sandbox;
mod serve;
mod story;
mod targets;
mod verify;
mod version;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::app::proof::export::is_day;
use crate::error::Error;

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
    /// Check a delivered folder and make it the street.
    Import(import::Args),
    /// The invented street, its people and its story.
    #[command(subcommand)]
    Demo(demo::Command),
    /// The stand-in for WeChat alone.
    Sandbox(sandbox::Args),
    /// Check everything the program needs and name each cure.
    Doctor(doctor::Args),
    /// Send everybody who answers for something a message that is only a drill, and say whom it reaches.
    Drill(drill::Args),
    /// Join the followers of the official account with the logins of the same people.
    Followers(followers::Args),
    /// Resolve addresses of files, without a database.
    #[command(subcommand)]
    Address(address::Command),
    /// Write database, photos and keys into one archive.
    Backup(backup::Args),
    /// Put an archive back.
    Restore(restore::Args),
    /// Who is told next and when, as versions.
    #[command(subcommand)]
    Chain(version::Command),
    /// What is promised to cases, as versions.
    #[command(subcommand)]
    Targets(version::Command),
    /// Days off and make-up workdays, as versions.
    #[command(subcommand)]
    Calendar(calendar::Command),
    /// Take the record of cases out of the house.
    #[command(subcommand)]
    Ledger(ledger::Command),
    /// Prove that nobody changed the record, from an export or from the database.
    Verify(verify::Args),
}

/// Why a command did not succeed; printed with its causes.
pub type CommandError = Box<dyn std::error::Error + Send + Sync>;

/// Says why a use case failed: in its sentence, or by its causes where nobody wrote one.
fn told(why: &Error) -> String {
    if why.detail.is_empty() { why.chain() } else { why.detail.clone() }
}

/// Refuses what is asked for as a day and is none.
fn days(asked: [Option<&str>; 2]) -> Result<(), CommandError> {
    match asked.into_iter().flatten().find(|day| !is_day(day)) {
        Some(day) => Err(format!("{day} 不是日期，应如 2026-11-01").into()),
        None => Ok(()),
    }
}

/// Runs the command line.
pub async fn run(cli: Cli) -> Result<(), CommandError> {
    match cli.command {
        Command::Serve(args) => serve::run(args).await,
        Command::Migrate(config) => migrate::run(&config).await,
        Command::Admin(args) => admin::run(args).await,
        Command::Import(args) => import::run(args).await,
        Command::Demo(command) => demo::run(command).await,
        Command::Sandbox(args) => sandbox::run(args).await,
        Command::Doctor(args) => doctor::run(args).await,
        Command::Drill(args) => drill::run(args).await,
        Command::Followers(args) => followers::run(args).await,
        Command::Address(command) => address::run(&command),
        Command::Backup(args) => backup::run(args).await,
        Command::Restore(args) => restore::run(args).await,
        Command::Chain(command) => version::run::<chain::Chain>(command).await,
        Command::Targets(command) => version::run::<targets::Promises>(command).await,
        Command::Calendar(command) => calendar::run(command).await,
        Command::Ledger(command) => ledger::run(command).await,
        Command::Verify(args) => Box::pin(verify::run(args)).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    #[test]
    fn whoever_runs_a_command_reads_why_it_failed_whoever_wrote_the_reason() {
        assert_eq!(told(&Error::new(Code::Conflict, "还没有检查点")), "还没有检查点");
        let hidden = Error::internal("expected value at line 1 column 1");
        assert!(told(&hidden).ends_with("<- expected value at line 1 column 1"));
    }

    #[test]
    fn what_is_asked_for_as_a_day_is_one() {
        assert!(days([None, None]).is_ok() && days([Some("2026-11-01"), None]).is_ok());
        for text in ["", "2026-11", "2026-11-1", "2026-11-31", "20261101", "2026-11-01T08:00:00Z"] {
            assert!(days([None, Some(text)]).is_err(), "{text}");
            let said = days([Some(text), None]).unwrap_err().to_string();
            assert_eq!(said, format!("{text} 不是日期，应如 2026-11-01"));
        }
    }
}
