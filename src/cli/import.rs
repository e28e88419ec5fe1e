//! `zhinan import`: a delivered folder becomes the street, or every fault is printed.

use std::path::PathBuf;
use std::time::Instant;

use super::{CommandError, ConfigArg};
use crate::app::import::{self, Counts, Report};
use crate::boot;
use crate::clock::Clock;
use crate::config::Config;
use crate::services::Services;

/// How many shared addresses are worth reading on a terminal.
const SHOWN: usize = 20;

/// What to import.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder (docs/IMPORT.md).
    folder: PathBuf,
    #[command(flatten)]
    config: ConfigArg,
}

/// Checks the folder, then writes it in one unit. Fails without a change when anything is wrong.
pub async fn run(args: Args) -> Result<(), CommandError> {
    let config = Config::load(args.config.config.as_deref())?;
    let began = Instant::now();
    let (files, mut report) = match import::prepare(&args.folder) {
        Ok(ready) => ready,
        Err(report) => return Err(refuse(&report)),
    };
    report.warnings.extend(import::prove(&files, boot::costs(&config)));
    let checked = began.elapsed();
    print_report(&report);
    let s = boot::services(&config, Clock::System).await?;
    let writing = Instant::now();
    let counts = import::run::run(&s, files).await?;
    print_counts(&counts);
    println!(
        "检查 {:.1} 秒，写入 {:.1} 秒，共 {:.1} 秒",
        checked.as_secs_f64(),
        writing.elapsed().as_secs_f64(),
        began.elapsed().as_secs_f64()
    );
    close(&s).await?;
    Ok(())
}

/// Ends a command that used the services: the database's files are left whole and alone.
pub async fn close(s: &Services) -> Result<(), CommandError> {
    s.lifecycle.finish(std::time::Duration::from_secs(5)).await;
    s.db.close().await?;
    Ok(())
}

fn refuse(report: &Report) -> CommandError {
    for fault in &report.errors {
        println!("{fault}");
    }
    format!("{} 处错误，什么也没有写入", report.errors.len()).into()
}

fn print_report(report: &Report) {
    for warning in &report.warnings {
        println!("提醒 {warning}");
    }
    for shared in report.shared_addresses.iter().take(SHOWN) {
        println!("共用地址 {}：{}", shared.address, shared.grids.join("、"));
    }
    let more = report.shared_addresses.len().saturating_sub(SHOWN);
    if more > 0 {
        println!("另有 {more} 个共用地址");
    }
}

/// Prints a line per table.
pub fn print_counts(counts: &Counts) {
    println!("{:<16}{:>8}{:>8}{:>8}{:>8}", "表", "新增", "更新", "终止", "不变");
    for (table, change) in counts {
        println!(
            "{table:<17}{:>10}{:>10}{:>10}{:>10}",
            change.inserted, change.updated, change.ended, change.unchanged
        );
    }
}
