//! `zhinan migrate`.

use super::{CommandError, ConfigArg};
use crate::config::Config;
use crate::store::db::Db;

/// Brings the schema to the newest version.
pub async fn run(config: &ConfigArg) -> Result<(), CommandError> {
    let config = Config::load(config.config.as_deref())?;
    std::fs::create_dir_all(&config.data.dir)?;
    let db = Db::connect(&config.database_url(), 2).await?;
    db.migrate().await?;
    println!("数据库结构已是最新");
    Ok(())
}
