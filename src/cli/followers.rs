//! `zhinan followers`: joins the followers of the official account with logins, now.
//!
//! Whatever engine runs does it; this command asks, waits and prints.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::{CommandError, ConfigArg, import};
use crate::app::follower::fill;
use crate::boot;
use crate::clock::Clock;
use crate::config::Config;
use crate::error::Error;
use crate::services::Services;
use crate::store;

const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// How to go through the followers.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    config: ConfigArg,
    /// Seconds to wait for the end.
    #[arg(long, default_value_t = 60)]
    wait: u64,
}

/// Asks for a run and follows it.
pub async fn run(args: Args) -> Result<(), CommandError> {
    let config = Config::load(args.config.config.as_deref())?;
    let s = boot::services(&config, Clock::System).await?;
    let said = follow(&s, Duration::from_secs(args.wait)).await;
    import::close(&s).await?;
    println!("{}", said?);
    Ok(())
}

/// Begins a run and waits for it; says how far it came.
async fn follow(s: &Services, wait: Duration) -> Result<String, Error> {
    let (services, now) = (s.clone(), s.clock.now());
    let name = format!("command-{}", now.0);
    let run = name.clone();
    let unit = s
        .writer
        .commit(move |tx| Box::pin(async move { fill::begin(&services, tx, &run, now).await }));
    if !unit.await? {
        return Ok("没有配置服务号，或 wechat.join_followers 为 false".to_owned());
    }
    s.wake.ping().await;
    let until = Instant::now() + wait;
    loop {
        let row = store::follower::find_run(&s.db.read, &name).await?;
        let (looked, joined) = row.as_ref().map_or((0, 0), |row| (row.looked, row.joined));
        if row.is_some_and(|row| row.finished_at.is_some()) {
            return Ok(format!("已核对 {looked} 位关注者，新关联 {joined} 人"));
        }
        if Instant::now() >= until {
            return Ok(format!(
                "已核对 {looked} 位，新关联 {joined} 人；引擎会继续，结果见 zhinan doctor"
            ));
        }
        sleep(LOOK_AGAIN).await;
    }
}
