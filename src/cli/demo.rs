//! `zhinan demo`: the invented street, its people, and the story that happens there.

use std::path::PathBuf;

use super::{CommandError, ConfigArg, demo_serve, import, story};
use crate::app::staff;
use crate::boot;
use crate::clock::Clock;
use crate::config::Config;
use crate::demo::{self, SEED};
use crate::services::Services;

/// What to do with the demo street.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Write the invented street as a folder that `import` reads.
    Street(StreetArgs),
    /// Bind invented people to whatever street was imported (demo profile only).
    Staff(StaffArgs),
    /// Start the stand-in for WeChat and the server with the demo street.
    Serve(demo_serve::Args),
    /// Let two dozen residents, their workers and the auditor act over HTTP.
    Story(story::Args),
}

/// Where the street goes.
#[derive(Debug, clap::Args)]
pub struct StreetArgs {
    /// Folder to write.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The same seed gives the same street.
    #[arg(long, default_value_t = SEED)]
    seed: u64,
}

/// Whose people.
#[derive(Debug, clap::Args)]
pub struct StaffArgs {
    /// The same seed gives the same people.
    #[arg(long, default_value_t = SEED)]
    seed: u64,
    #[command(flatten)]
    config: ConfigArg,
}

/// Runs one of the demo's commands.
pub async fn run(command: Command) -> Result<(), CommandError> {
    match command {
        Command::Street(args) => street(&args),
        Command::Staff(args) => staff(&args).await,
        Command::Serve(args) => demo_serve::run(args).await,
        Command::Story(args) => story::run(args).await,
    }
}

fn street(args: &StreetArgs) -> Result<(), CommandError> {
    let street = demo::street::generate(args.seed);
    demo::folder::write_folder(&street, &args.out)?;
    println!("已写入 {}：{} 户", args.out.display(), street.households.len());
    Ok(())
}

async fn staff(args: &StaffArgs) -> Result<(), CommandError> {
    let config = Config::load(args.config.config.as_deref())?;
    let s = boot::services(&config, Clock::System).await?;
    let count = bind_people(&s, args.seed).await?;
    println!("新增 {count} 名虚构的工作人员");
    import::close(&s).await
}

/// Invents people for the imported street and binds those who are not there yet.
pub async fn bind_people(s: &Services, seed: u64) -> Result<usize, CommandError> {
    let people = demo::staff::invent(seed, &places(s));
    Ok(staff::demo::bind(s, people).await?.added)
}

/// Lists the places of the imported street in a stable order: communities, then small grids.
pub fn places(s: &Services) -> Vec<demo::staff::Place> {
    let snapshot = s.places.now();
    let mut names: Vec<_> = snapshot.all().cloned().collect();
    names.sort_by(|a, b| {
        (a.parent.is_some(), &a.external_id).cmp(&(b.parent.is_some(), &b.external_id))
    });
    names
        .into_iter()
        .map(|name| match name.parent {
            None => demo::staff::Place::Large(name.external_id),
            Some(_) => demo::staff::Place::Small(name.external_id),
        })
        .collect()
}
