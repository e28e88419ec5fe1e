//! `zhinan backup`.

use std::path::PathBuf;

use super::{CommandError, ConfigArg};
use crate::app::backup::{self, Installation};
use crate::boot::keys;
use crate::clock::Clock;
use crate::config::Config;

/// Where the archive goes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The archive to write; it must not exist.
    #[arg(long, value_name = "FILE.tar.gz")]
    out: PathBuf,
    #[command(flatten)]
    config: ConfigArg,
}

/// Writes the archive while the program may go on serving.
pub async fn run(args: Args) -> Result<(), CommandError> {
    let config = Config::load(args.config.config.as_deref())?;
    let from = installation(&config);
    let manifest = backup::backup(&from, &args.out, Clock::System.now()).await?;
    println!("已写入 {}：{} 个文件", args.out.display(), manifest.members.len());
    if !manifest.photos_included {
        println!("注意：照片在 S3 存储中，不在这份备份里，请在存储侧备份");
    }
    println!("注意：备份内含密钥与全部个人信息，任何人拿到它都能读取一切；请加密保存，权限为 0600");
    Ok(())
}

/// Names what belongs to the installation that a configuration describes.
pub fn installation(config: &Config) -> Installation {
    Installation {
        database_url: config.database_url(),
        photos: config.photos.s3.is_none().then(|| config.data_path("photos")),
        vault_keys: keys::vault_path(config),
        jwt_keys: keys::jwt_path(config),
        ledger_key: keys::ledger_path(config),
    }
}
