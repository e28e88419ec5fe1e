//! `zhinan restore`.

use std::path::PathBuf;

use super::{CommandError, ConfigArg, backup, doctor};
use crate::app::backup as archive;
use crate::app::doctor::Grade;
use crate::config::Config;

/// What to put back, and over what.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The archive that `backup` wrote.
    #[arg(long, value_name = "FILE.tar.gz")]
    from: PathBuf,
    #[command(flatten)]
    config: ConfigArg,
    /// Replace what is there; files are renamed to *.before-restore.
    #[arg(long)]
    force: bool,
}

/// Restores, then lets the doctor look. Stop every server of the installation before.
pub async fn run(args: Args) -> Result<(), CommandError> {
    let config = Config::load(args.config.config.as_deref())?;
    std::fs::create_dir_all(&config.data.dir)?;
    let into = backup::installation(&config);
    let manifest = archive::restore(&args.from, &into, args.force).await?;
    println!(
        "已恢复 {} 的备份（{} 个文件，程序版本 {}）",
        manifest.created_at,
        manifest.members.len(),
        manifest.program
    );
    if !manifest.photos_included {
        println!("注意：这份备份不含照片，它们在 S3 存储中");
    }
    let checks = doctor::examine(&config, true).await;
    checks.iter().for_each(doctor::print);
    match checks.iter().filter(|check| check.grade == Grade::Bad).count() {
        0 => Ok(()),
        bad => Err(format!("恢复完成，但有 {bad} 项需要处理").into()),
    }
}
