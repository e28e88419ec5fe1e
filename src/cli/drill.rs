//! `zhinan drill`: who would hear of a case now.
//!
//! Whatever engine runs sends the messages, so that the drill goes the way of real notices; this
//! command plans them, waits and prints.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::{CommandError, ConfigArg, import};
use crate::app::drill::report::{self, PersonReport, Report};
use crate::app::drill::start::{self, Started};
use crate::app::staff::view::Names;
use crate::app::templates;
use crate::boot;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::readiness::reason_zh;
use crate::services::Services;

const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// How to drill.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    config: ConfigArg,
    /// Seconds to wait for the answers.
    #[arg(long, default_value_t = 60)]
    wait: u64,
    /// Try every channel of each person, not the first alone.
    #[arg(long)]
    all_channels: bool,
}

/// Starts a drill, or follows the one that runs; fails when somebody was not reached.
pub async fn run(args: Args) -> Result<(), CommandError> {
    let config = Config::load(args.config.config.as_deref())?;
    let s = boot::services(&config, Clock::System).await?;
    let done = follow(&s, args.all_channels, Duration::from_secs(args.wait)).await;
    import::close(&s).await?;
    let (report, running) = done?;
    if running {
        println!("半小时内已发起过演练，以下是它的结果，没有再次发送");
    }
    print!("{}", describe(&report));
    match report.people.saturating_sub(report.reached) {
        0 => Ok(()),
        missed => Err(format!("{missed} 人没有收到演练通知").into()),
    }
}

/// Starts and waits; tells as well whether an earlier drill was followed.
pub async fn follow(
    s: &Services,
    all_channels: bool,
    wait: Duration,
) -> Result<(Report, bool), crate::error::Error> {
    // Only what serves keeps watch over the templates; this process would plan what is refused.
    templates::check(s).await;
    let (id, running) = match start::begin(s, None, all_channels).await? {
        Started::New(id) => (id, false),
        Started::Running(id) => (id, true),
    };
    let until = Instant::now() + wait;
    loop {
        let report = report::run(s, Names::Masked, id).await?;
        if report.waiting == 0 || Instant::now() >= until {
            return Ok((report, running));
        }
        sleep(LOOK_AGAIN).await;
    }
}

/// Writes the report grid by grid.
pub fn describe(report: &Report) -> String {
    let mut lines = vec![format!(
        "演练 {}：{} 人，送达 {} 人，等待中的消息 {} 条",
        report.drill.id, report.people, report.reached, report.waiting
    )];
    for grid in &report.grids {
        let name = grid
            .grid
            .as_ref()
            .map_or_else(|| "街道".to_owned(), |grid| format!("{} {}", grid.id, grid.name));
        lines.push(format!("{name}：{}/{}", grid.reached, grid.people.len()));
        lines.extend(grid.people.iter().map(line));
    }
    if report.waiting > 0 {
        lines.push("仍有消息没有发出：确认至少有一个引擎在运行，稍后再运行一次本命令".to_owned());
    }
    lines.push(String::new());
    lines.join("\n")
}

fn line(person: &PersonReport) -> String {
    let who = format!("{} {}", person.staff_no, person.name);
    if let Some(seconds) = person.seconds {
        let ways = person.messages.iter().map(|one| one.channel.zh());
        return format!("  ✓ {who}：{seconds:.1} 秒（{}）", ways.collect::<Vec<_>>().join("、"));
    }
    let why = person.messages.iter().map(|one| {
        let why = one.reason.as_deref().map_or(one.state.zh(), reason_zh);
        format!("{}：{why}", one.channel.zh())
    });
    format!("  ✗ {who}：{}", why.collect::<Vec<_>>().join("；"))
}
