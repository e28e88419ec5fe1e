//! `zhinan address`: the resolver on files, without a database or a server.

mod explain;
mod gauge;
mod parse;
mod resolve;

use std::path::Path;

use clap::Subcommand;

use super::CommandError;
use crate::app::import::{Fault, read, read_city};
use crate::domain::gazetteer::Gazetteer;

/// What to do with texts.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Answer every question of a file.
    Resolve(resolve::Args),
    /// Show how one text is read.
    Explain(explain::Args),
    /// Cut the numbers out of address lines; needs no gazetteer.
    Parse(parse::Args),
}

/// Runs the command.
pub fn run(command: &Command) -> Result<(), CommandError> {
    match command {
        Command::Resolve(args) => resolve::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Parse(args) => parse::run(args),
    }
}

/// Reads a folder's places, with `city` those of further streets as well. Fails with the first
/// faults, after printing them.
fn gazetteer(dir: &Path, city: bool) -> Result<Gazetteer, CommandError> {
    let mut places = read::gazetteer(dir).map_err(|faults| refuse(&faults))?;
    if city {
        read_city::add(&mut places, dir).map_err(|faults| refuse(&faults))?;
    }
    Ok(places)
}

fn refuse(faults: &[Fault]) -> CommandError {
    for fault in faults.iter().take(20) {
        eprintln!("{fault}");
    }
    format!("{} 处错误", faults.len()).into()
}

/// Reads a text file, or says which one could not be read.
fn text_of(path: &Path) -> Result<String, CommandError> {
    std::fs::read_to_string(path).map_err(|why| format!("{}：{why}", path.display()).into())
}

/// Writes a text file, or says which one could not be written.
fn write(path: &Path, text: &str) -> Result<(), CommandError> {
    std::fs::write(path, text).map_err(|why| format!("{}：{why}", path.display()).into())
}
