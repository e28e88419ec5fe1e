//! A town of real processes: as many servers of the built binary as a test wants, on one database
//! and one stand-in WeChat, each started, armed with faults, killed and started again.

pub mod account;
pub mod crowd;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use zhinan::clock::Clock;

use super::wechat::{MINI, OA, SECRET, StandIn};
use super::{TestDb, fill, port};

/// A start, a death or a wake on a machine that builds beside it.
const PATIENCE: Duration = Duration::from_secs(90);
const PAUSE: Duration = Duration::from_millis(10);
pub const TOKEN: &str = "token";
pub const AES_KEY: &str = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C";

/// How many times longer the long form of the fault tests lasts (`make test-crash`).
pub fn long() -> bool {
    std::env::var("ZHINAN_FAULTS").is_ok_and(|form| form == "long")
}

/// Takes the short figure, or the long one in `make test-crash`.
pub fn scaled<T>(short: T, long_form: T) -> T {
    if long() { long_form } else { short }
}

pub struct Town {
    pub wechat: StandIn,
    pub database: String,
    pub dir: tempfile::TempDir,
    processes: BTreeMap<&'static str, Running>,
    _db: Option<TestDb>,
}

struct Running {
    child: Child,
    url: String,
}

impl Town {
    /// Prepares a database with the kit's street; no process runs yet. `more` is TOML behind the
    /// configuration.
    pub fn new(more: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let db = TestDb::fresh(dir.path());
        Self::on(dir, db.url.clone(), Some(db), more)
    }

    /// The same on SQLite, whatever the run's backend is.
    pub async fn in_file(more: &str) -> Self {
        Self::in_file_of(tempfile::tempdir().unwrap(), more).await
    }

    /// The same in this folder.
    pub async fn in_file_of(dir: tempfile::TempDir, more: &str) -> Self {
        let db = TestDb::empty_file(dir.path());
        std::fs::create_dir(dir.path().join("keys")).unwrap();
        fill(&db.url, &dir.path().join("keys/vault.json")).await;
        Self::on(dir, db.url.clone(), Some(db), more)
    }

    /// The same on a database that the test prepared, with the vault's keys in `dir`.
    pub fn on(dir: tempfile::TempDir, url: String, db: Option<TestDb>, more: &str) -> Self {
        let wechat = StandIn::start(Clock::System);
        let config = config(dir.path(), &url, &format!("http://{}", wechat.address), more);
        std::fs::write(dir.path().join("zhinan.toml"), config).unwrap();
        Self { wechat, database: url, dir, processes: BTreeMap::new(), _db: db }
    }

    /// Starts a process and waits until it answers.
    pub async fn start(&mut self, name: &'static str, role: &str) {
        self.start_with(name, role, &[]).await;
    }

    /// Starts a process with these variables and waits until it answers.
    pub async fn start_with(&mut self, name: &'static str, role: &str, vars: &[(&str, &str)]) {
        let url = self.launch(name, role, vars);
        let http = reqwest::Client::new();
        let began = Instant::now();
        while http.get(format!("{url}/healthz")).send().await.is_err() {
            let ended = self.running(name).child.try_wait().unwrap();
            assert!(ended.is_none(), "{name} ended: {ended:?}\n{}", self.log(name));
            assert!(began.elapsed() < PATIENCE, "{name} is not there\n{}", self.log(name));
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Starts a process that may end before it answers anybody; returns where it will listen.
    pub fn launch(&mut self, name: &'static str, role: &str, vars: &[(&str, &str)]) -> String {
        let before = self.processes.get(name);
        let address = before.map_or_else(
            || port::free().to_string(),
            |old| old.url.trim_start_matches("http://").to_owned(),
        );
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.log_file(name));
        let log = log.unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_zhinan"));
        command
            .args(["serve", "--role", role, "--config"])
            .arg(self.dir.path().join("zhinan.toml"));
        command.env("ZHINAN__SERVER__LISTEN", &address).env("NO_COLOR", "1");
        command.envs(vars.iter().copied());
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let child = command.spawn().expect("the process starts");
        let url = format!("http://{address}");
        self.processes.insert(name, Running { child, url: url.clone() });
        url
    }

    /// Kills a process as a power cut would.
    pub fn kill(&mut self, name: &str) {
        let child = &mut self.running(name).child;
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Asks a process to stop.
    pub fn ask_to_stop(&mut self, name: &str) {
        let id = self.running(name).child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status();
        assert!(asked.unwrap().success(), "{name} was not there to be asked");
    }

    /// Waits until a process has ended by itself.
    pub async fn ended(&mut self, name: &str) -> ExitStatus {
        let began = Instant::now();
        loop {
            if let Some(status) = self.running(name).child.try_wait().unwrap() {
                return status;
            }
            assert!(began.elapsed() < PATIENCE, "{name} lives on\n{}", self.log(name));
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Tells whether a process is not there any more.
    pub fn has_ended(&mut self, name: &str) -> bool {
        self.running(name).child.try_wait().unwrap().is_some()
    }

    /// Waits until a process ended at an armed place, and nowhere else.
    pub async fn crashed(&mut self, name: &str, place: &str) {
        use std::os::unix::process::ExitStatusExt;
        let status = self.ended(name).await;
        let log = self.log(name);
        assert_eq!(status.signal(), Some(6), "{name} was to abort at {place}: {status}\n{log}");
        assert!(log.contains(&format!("crash point {place}:")), "not at {place}:\n{log}");
    }

    pub fn url(&self, name: &str) -> String {
        self.processes.get(name).unwrap().url.clone()
    }

    /// Runs another command of the binary on this installation; fails with what it said.
    pub fn command(&self, args: &[&str]) -> Result<String, String> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zhinan"));
        command.args(args).arg("--config").arg(self.dir.path().join("zhinan.toml"));
        let told = command.output().unwrap();
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if told.status.success() {
            return Ok(said(&told.stdout));
        }
        Err(said(&told.stdout) + &said(&told.stderr))
    }

    /// Breaks the stand-in, or mends it with an empty object.
    pub async fn faults(&self, faults: Value) {
        self.wechat.post("/_sandbox/faults", faults).await;
    }

    /// Everything that a process of this name logged.
    pub fn whole_log(&self, name: &str) -> String {
        std::fs::read_to_string(self.log_file(name)).unwrap_or_default()
    }

    /// The end of what a process of this name logged.
    pub fn log(&self, name: &str) -> String {
        let text = self.whole_log(name);
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(25)..].join("\n")
    }

    /// How many lines of a process are this loud.
    pub fn loud(&self, name: &str, level: &str) -> Vec<String> {
        let level = format!(" {level} ");
        let log = self.whole_log(name);
        log.lines().filter(|line| line.contains(&level)).map(str::to_owned).collect()
    }

    fn log_file(&self, name: &str) -> std::path::PathBuf {
        self.dir.path().join(format!("{name}.log"))
    }

    fn running(&mut self, name: &str) -> &mut Running {
        self.processes.get_mut(name).unwrap_or_else(|| panic!("{name} was never started"))
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        for running in self.processes.values_mut() {
            let _gone = running.child.kill();
            let _reaped = running.child.wait();
        }
    }
}

/// The lease is short: what a killed process held is due again when it ends. No job begins by itself,
/// not even where a shift has just begun, so that the first one that is claimed is a message.
fn config(dir: &Path, url: &str, wechat: &str, more: &str) -> String {
    let account = |name: &str, appid: &str| {
        format!(
            "[wechat.{name}]\nappid = \"{appid}\"\nsecret = \"{SECRET}\"\ntoken = \"{TOKEN}\"\n\
             aes_key = \"{AES_KEY}\"\n"
        )
    };
    format!(
        "profile = \"demo\"\n\
         [notices]\nquiet_from = \"\"\nquiet_to = \"\"\nthrottles = []\nrenew_below = 0\n[server]\nworkers = 1\nstop_within_s = 25\n[data]\ndir = \"{}\"\n\
         [database]\nurl = \"{url}\"\npool = 8\n\
         low_space_mb = 0\n[wechat]\nbase_url = \"{wechat}\"\njoin_followers = false\n\
         timeout_ms = 2000\n{}{}[wechat.templates]\nstaff_case = \"T-staff\"\n\
         [limits]\npost_per_account = 1000000\nact_per_account = 1000000\n\
         [engine]\npoll_ms = 200\nlease_s = 8\njob_limit_s = 4\n{more}",
        dir.display(),
        account("mini", MINI),
        account("oa", OA),
    )
}
