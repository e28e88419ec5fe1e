//! `zhinan address explain`: how one text is read, for people.

use std::path::PathBuf;

use crate::cli::CommandError;
use crate::domain::address::{Index, Query};

/// Which text, and from which places.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A folder as `zhinan import` takes it (docs/IMPORT.md).
    #[arg(long, value_name = "DIR")]
    gazetteer: PathBuf,
    /// What the resident wrote.
    text: String,
}

/// Prints the reading. Fails when the folder cannot be read.
pub fn run(args: &Args) -> Result<(), CommandError> {
    let places = super::gazetteer(&args.gazetteer, false)?;
    let index = Index::build(&places);
    let explained = index.explain(&Query { text: &args.text, ..Query::default() });
    println!("{}", explained.trim_end());
    Ok(())
}
