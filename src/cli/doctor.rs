//! `zhinan doctor`: what is wrong with this installation, and what cures it.

use std::path::Path;
use std::time::Duration;

use serde_json::json;

use super::{CommandError, ConfigArg, coverage, import};
use crate::app::doctor::{self, Check, Grade};
use crate::app::space;
use crate::boot::{self, keys};
use crate::clock::Clock;
use crate::config::{Config, Profile};
use crate::store::db::Db;

/// How to look.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    config: ConfigArg,
    /// Print JSON for a monitoring system.
    #[arg(long)]
    json: bool,
    /// Do not ask WeChat.
    #[arg(long)]
    offline: bool,
    /// Instead prove that every address of the street finds its own grid.
    #[arg(long)]
    coverage: bool,
}

/// Looks and prints; fails when something must be cured.
pub async fn run(args: Args) -> Result<(), CommandError> {
    let config = Config::read(args.config.config.as_deref())?;
    if args.coverage {
        return coverage::run(&config, args.json).await;
    }
    let checks = examine(&config, args.offline).await;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&json!({ "checks": checks }))?);
    } else {
        checks.iter().for_each(print);
    }
    match checks.iter().filter(|check| check.grade == Grade::Bad).count() {
        0 => Ok(()),
        bad => Err(format!("{bad} 项需要处理").into()),
    }
}

/// Prints one line, and the cure below it.
pub fn print(check: &Check) {
    let mark = match check.grade {
        Grade::Good => "✓",
        Grade::Warning => "!",
        Grade::Bad => "✗",
    };
    println!("{mark} {}：{}", check.name, check.found);
    if !check.cure.is_empty() {
        println!("    处理：{}", check.cure);
    }
}

/// Makes every check, from the outside in; what cannot be reached ends the list.
pub async fn examine(config: &Config, offline: bool) -> Vec<Check> {
    let mut checks = configuration(config);
    checks.push(writable(&config.data.dir));
    checks.push(disk(config));
    checks.push(redis(&config.redis.url).await);
    checks.extend(key_files(config));
    let schema = schema(config).await;
    checks.push(schema.clone());
    if checks.iter().any(|check| check.grade == Grade::Bad) {
        // Putting the program together would only repeat what is said above, or change something.
        return checks;
    }
    match boot::services(config, Clock::System).await {
        Ok(s) => {
            checks.extend(doctor::run(&s, offline).await);
            let _closed = import::close(&s).await;
        }
        Err(why) => checks.push(Check::bad("启动", chain(&why), "按上面的提示处理")),
    }
    checks
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        text.push_str(" <- ");
        text.push_str(&next.to_string());
        cause = next.source();
    }
    text
}

fn configuration(config: &Config) -> Vec<Check> {
    let findings = config.findings();
    if findings.is_empty() {
        return vec![Check::good("配置", "没有相互冲突或不安全的设置")];
    }
    findings.into_iter().map(|found| Check::bad("配置", found.what, found.cure)).collect()
}

fn writable(dir: &Path) -> Check {
    let tried = tempfile::Builder::new().prefix(".doctor").tempfile_in(dir);
    match tried {
        Ok(_file) => Check::good("数据目录", format!("{} 可写", dir.display())),
        Err(why) => Check::bad(
            "数据目录",
            format!("{} 不可写（{why}）", dir.display()),
            "建立这个目录，并把它交给运行 zhinan 的用户",
        ),
    }
}

fn disk(config: &Config) -> Check {
    let (name, least) = ("磁盘空间", config.database.low_space_mb);
    let folders = space::folders(&config.data.dir, &config.database_url());
    match space::free(&folders).map(|free| free / space::MB) {
        None => Check::warning(name, "无法得知", "确认数据目录存在，并自行查看剩余空间"),
        Some(free) if free < least => Check::warning(
            name,
            format!("只剩 {free} MB（database.low_space_mb = {least}）"),
            "清理或扩容；照片与数据库写满后，新的求助将被拒绝",
        ),
        Some(free) => Check::good(name, format!("剩余 {} GB", free / 1024)),
    }
}

async fn redis(url: &str) -> Check {
    let name = "Redis";
    if url.is_empty() {
        return Check::good(name, "未配置（单进程不需要）");
    }
    let ping = async {
        let client = redis::Client::open(url)?;
        let mut connection = client.get_multiplexed_async_connection().await?;
        redis::cmd("PING").query_async::<String>(&mut connection).await
    };
    match tokio::time::timeout(Duration::from_secs(3), ping).await {
        Ok(Ok(_pong)) => Check::good(name, "已应答"),
        Ok(Err(why)) => Check::warning(name, why.to_string(), redis_cure()),
        Err(_late) => Check::warning(name, "三秒内没有应答", redis_cure()),
    }
}

const fn redis_cure() -> &'static str {
    "启动 Redis 或改正 redis.url；在此之前一切照常，只是多进程之间唤醒较慢、限流各算各的"
}

fn key_files(config: &Config) -> Vec<Check> {
    let files =
        [("封存密钥文件", keys::vault_path(config)), ("签名密钥文件", keys::jwt_path(config))];
    let look = |(name, path): (&'static str, std::path::PathBuf)| {
        let shown = path.display().to_string();
        if path.exists() {
            Check::good(name, shown)
        } else if config.profile == Profile::Demo {
            Check::warning(name, format!("{shown} 尚不存在"), "首次启动时自动生成")
        } else {
            Check::bad(
                name,
                format!("{shown} 不存在"),
                "首次安装运行 zhinan admin keys；否则从备份或其他服务器复制",
            )
        }
    };
    files.into_iter().map(look).collect()
}

async fn schema(config: &Config) -> Check {
    let name = "数据库结构";
    let url = config.database_url();
    let missing = url
        .strip_prefix("sqlite://")
        .is_some_and(|file| !Path::new(file.split('?').next().unwrap_or_default()).exists());
    if missing {
        return Check::bad(name, "数据库文件尚不存在", "运行 zhinan migrate，或从备份恢复");
    }
    let asked = async {
        let db = Db::connect(&url, 1).await?;
        let pending = db.pending().await?;
        db.close().await?;
        Ok::<_, sea_orm::DbErr>(pending)
    };
    match asked.await {
        Ok(pending) if pending.is_empty() => Check::good(name, "最新"),
        Ok(pending) => Check::bad(
            name,
            format!("缺少 {}", pending.join("、")),
            "先 zhinan backup，再 zhinan migrate",
        ),
        Err(why) => {
            Check::bad(name, chain(&why), "检查 database.url、数据库是否在运行、账号是否有权限")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_room_is_a_warning_below_what_is_configured() {
        let mut config = Config::default();
        config.data.dir = std::env::temp_dir();
        config.database.low_space_mb = u64::MAX;
        assert_eq!(disk(&config).grade, Grade::Warning);
        config.database.low_space_mb = 0;
        assert_eq!(disk(&config).grade, Grade::Good);
        config.database.low_space_mb = 1;
        // There is never any room in this one.
        config.database.url = "sqlite:///proc/zhinan.db".into();
        assert_eq!(disk(&config).grade, Grade::Warning);
        config.database.url = String::new();
        config.data.dir = "/nonexistent/zhinan".into();
        assert_eq!(disk(&config).grade, Grade::Warning);
    }

    #[test]
    fn a_folder_that_is_not_there_is_a_finding_with_a_cure() {
        let check = writable(Path::new("/nonexistent/zhinan"));
        assert_eq!(check.grade, Grade::Bad);
        assert!(!check.cure.is_empty());
    }
}
