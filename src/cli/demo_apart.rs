//! The demo as a street would run it once it has grown: api and engine as processes of their own on
//! PostgreSQL, with Redis between them.

use std::net::{Ipv4Addr, TcpListener};
use std::process::ExitStatus;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use super::CommandError;
use crate::config::Config;
use crate::demo::house;
use crate::gateway::http::{Http, Timeouts};
use crate::lifecycle;

const READY_WITHIN: Duration = Duration::from_mins(1);
const PAUSE: Duration = Duration::from_millis(100);

/// One of the processes.
struct Part {
    role: &'static str,
    child: Child,
}

/// Says why this configuration cannot serve several processes, if it cannot.
pub fn refused(config: &Config) -> Option<&'static str> {
    let file = !config.database_url().starts_with("postgres");
    file.then_some(
        "分进程演示需要 PostgreSQL：请设置 ZHINAN__DATABASE__URL（并建议设置 ZHINAN__REDIS__URL）",
    )
}

/// Starts both processes, tells when the api answers, and ends both when asked to stop or when one
/// of them ends.
pub async fn run(config: &Config, ready: impl FnOnce()) -> Result<(), CommandError> {
    let mut api = start(config, "api", config.server.listen.to_string())?;
    let mut engine = start(config, "engine", free_address()?)?;
    let ended = tokio::select! {
        status = api.child.wait() => Some(("api", status?)),
        status = engine.child.wait() => Some(("engine", status?)),
        stopped = served(config, ready) => {
            stopped?;
            None
        }
    };
    let within = Duration::from_secs(config.server.stop_within_s + 5);
    for part in [api, engine] {
        stop(part, within).await?;
    }
    match ended {
        Some((role, status)) => Err(format!("{role} 进程自行结束：{status}").into()),
        None => Ok(()),
    }
}

async fn served(config: &Config, ready: impl FnOnce()) -> Result<(), CommandError> {
    answers(config).await?;
    ready();
    lifecycle::asked_to_stop().await;
    Ok(())
}

/// The children read the same file and environment; what this process decided goes beside it.
fn start(config: &Config, role: &'static str, listen: String) -> Result<Part, CommandError> {
    let child = Command::new(std::env::current_exe()?)
        .args(["serve", "--role", role, "--config"])
        .arg(house::config_path(&config.data.dir))
        .env("ZHINAN__SERVER__LISTEN", listen)
        .env("ZHINAN__WECHAT__BASE_URL", &config.wechat.base_url)
        .kill_on_drop(true)
        .spawn()?;
    Ok(Part { role, child })
}

/// The engine answers health and metrics on an address that nobody has to know.
fn free_address() -> Result<String, CommandError> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.to_string())
}

async fn answers(config: &Config) -> Result<(), CommandError> {
    let patience = Timeouts { connect: Duration::from_secs(1), total: Duration::from_secs(5) };
    let (http, url) = (Http::new(patience)?, format!("http://{}/healthz", config.server.listen));
    let asking = async {
        while !http.get(&url, &[]).await.is_ok_and(|reply| reply.status == 200) {
            sleep(PAUSE).await;
        }
    };
    let late = |_| format!("{} 秒内没有就绪", READY_WITHIN.as_secs());
    Ok(timeout(READY_WITHIN, asking).await.map_err(late)?)
}

async fn stop(mut part: Part, within: Duration) -> Result<ExitStatus, CommandError> {
    // One that has ended has no id any more.
    let id = part.child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
    if let Some(id) = id {
        kill_process(id, Signal::TERM)?;
    }
    let late = |_| format!("{} 进程没有按时结束", part.role);
    Ok(timeout(within, part.child.wait()).await.map_err(late)??)
}
