//! The street and its work: places, people, due jobs, the record.

use super::Check;
use crate::app::proof::verify;
use crate::app::reach::list::{self, Unready};
use crate::app::roster::{self, gaps::NamedGap};
use crate::app::staff::view::Names;
use crate::services::Services;
use crate::store;

/// How many of the newest cases have their chain verified.
const CHAINS: u64 = 100;
/// How many silent grids are worth naming.
const NAMED: usize = 10;

/// Checks places, people, jobs and chains.
pub async fn checks(s: &Services) -> Vec<Check> {
    vec![places(s), people(s).await, reach(s).await, gaps(s).await, jobs(s).await, record(s).await]
}

fn places(s: &Services) -> Check {
    let snapshot = s.places.now();
    let (small, large): (Vec<_>, Vec<_>) = snapshot.all().partition(|name| name.parent.is_some());
    if small.is_empty() {
        return Check::bad("地址库", "没有任何网格", "用 zhinan import 导入街道的数据");
    }
    Check::good("地址库", format!("{} 个社区、{} 个小网格", large.len(), small.len()))
}

async fn people(s: &Services) -> Check {
    let name = "责任人";
    match store::doctor::silent_grids(&s.db.read, s.carriers(), s.clock.now()).await {
        Err(why) => Check::bad(name, why.to_string(), "检查数据库"),
        Ok(silent) if silent.is_empty() => Check::good(name, "每个网格都有可通知的责任人"),
        Ok(silent) => {
            let named = silent.iter().take(NAMED);
            let list: Vec<String> =
                named.map(|grid| format!("{} {}", grid.external_id, grid.name)).collect();
            Check::bad(
                name,
                format!("{} 个网格没有可通知的责任人：{}", silent.len(), list.join("、")),
                "导入 duties.csv，并请责任人用绑定码在微信里绑定",
            )
        }
    }
}

async fn reach(s: &Services) -> Check {
    let name = "触达";
    match list::run(s, Names::Masked).await {
        Err(why) => Check::bad(name, why.chain(), "检查数据库"),
        Ok(report) if report.missing.is_empty() => {
            Check::good(name, format!("{} 位责任人都有两个可用的通知渠道", report.people))
        }
        Ok(report) => {
            let named = report.missing.iter().take(NAMED);
            let line = |one: &Unready| format!("{}（{}）", one.staff_no, one.todo.join("；"));
            Check::warning(
                name,
                format!("{} 位责任人没有两个可用的通知渠道", report.missing.len()),
                named.map(line).collect::<Vec<_>>().join("、"),
            )
        }
    }
}

async fn gaps(s: &Services) -> Check {
    let name = "值班";
    match roster::gaps::run(s, roster::gaps::DAYS).await {
        Err(why) => Check::bad(name, why.chain(), "检查数据库"),
        Ok(gaps) if gaps.is_empty() => {
            Check::good(name, "今后14天每个网格、指挥中心和分拣台每小时都有两个渠道可通知的人")
        }
        Ok(gaps) => {
            let named = gaps.iter().take(NAMED).map(NamedGap::sentence);
            Check::warning(
                name,
                format!(
                    "今后14天有 {} 处空档：{}",
                    gaps.len(),
                    named.collect::<Vec<_>>().join("；")
                ),
                "安排替班或调整班次，并按“触达”一项补齐通知渠道",
            )
        }
    }
}

async fn jobs(s: &Services) -> Check {
    let name = "任务";
    match crate::app::readiness::run(s).await {
        Ok(ready) => Check::good(name, format!("最久等待 {} 秒", ready.oldest_due_seconds)),
        Err(why) => Check::bad(
            name,
            why.detail,
            "确认至少有一个 zhinan serve --role engine（或 all）在运行，并查看它的日志",
        ),
    }
}

async fn record(s: &Services) -> Check {
    let name = "账本";
    match verify::newest(s, CHAINS).await {
        Err(why) => Check::bad(name, why.chain(), "检查数据库"),
        Ok(found) if found.findings.is_empty() => {
            Check::good(name, format!("最近 {} 件工单的账本完整", found.cases))
        }
        Ok(found) => {
            let list: Vec<String> =
                found.findings.iter().take(NAMED).map(ToString::to_string).collect();
            Check::bad(
                name,
                list.join("；"),
                "不要改动数据库；保留现场，用 zhinan verify 查明范围，与备份对照",
            )
        }
    }
}
