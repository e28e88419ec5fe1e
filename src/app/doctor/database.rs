//! The database itself: its server, its clock, and whether our keys open what it holds.

use std::time::Duration;

use entity::kinds::Timestamp;

use super::Check;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::doctor as store;

/// Farther apart, and "due" means something else on either side.
const SKEW: Duration = Duration::from_secs(5);

/// Checks character type, clock and keys.
pub async fn checks(s: &Services) -> Vec<Check> {
    let mut checks = match store::server(&s.db.read).await {
        Ok(None) => vec![Check::good("数据库", "SQLite 文件可读")],
        Ok(Some(server)) => of_server(s, &server),
        Err(why) => vec![Check::bad("数据库", why.to_string(), "检查 database.url 与服务器")],
    };
    checks.push(keys(s).await);
    checks
}

fn of_server(s: &Services, server: &store::Server) -> Vec<Check> {
    let now = s.clock.now();
    let theirs = Timestamp(server.now);
    let skew = now.since(theirs).max(theirs.since(now));
    let text = format!("与数据库相差 {:.1} 秒", skew.as_secs_f64());
    let clock = if skew <= SKEW {
        Check::good("时钟", text)
    } else {
        Check::bad("时钟", text, "在两台机器上都开启时间同步（chrony 或 systemd-timesyncd）")
    };
    let ctype = if server.knows_chinese {
        Check::good("字符类型", server.ctype.clone())
    } else {
        Check::bad(
            "字符类型",
            format!("{}：数据库不认识汉字", server.ctype),
            "用 initdb --encoding=UTF8 --locale=C.UTF-8 建新的数据库，再用 zhinan restore 恢复",
        )
    };
    vec![Check::good("数据库", "PostgreSQL 已连接"), clock, ctype]
}

async fn keys(s: &Services) -> Check {
    let name = "封存密钥";
    match opens(s).await {
        Ok(true) => Check::good(name, format!("{} 可以打开已有数据", s.vault.active_key())),
        Ok(false) => Check::good(name, "尚无封存的数据"),
        Err(why) => Check::bad(
            name,
            format!("打不开已有数据（{}）", why.chain()),
            "恢复写入这些数据时所用的 keys/vault.json（zhinan restore，或从其他服务器复制）",
        ),
    }
}

async fn opens(s: &Services) -> Result<bool> {
    if let Some(sealed) = store::a_sealed_name(&s.db.read).await? {
        s.vault.open("staff.name", &sealed).map_err(Error::internal)?;
        return Ok(true);
    }
    let Some(sealed) = store::a_sealed_text(&s.db.read).await? else { return Ok(false) };
    s.vault.open("cases.text", &sealed).map_err(Error::internal)?;
    Ok(true)
}
