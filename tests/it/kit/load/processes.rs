//! A server and WeChat's stand-in as processes of the real binary, with a folder of their own.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::super::port;

/// How long a start may take before it counts as failed.
const READY_WITHIN: Duration = Duration::from_mins(1);
const PAUSE: Duration = Duration::from_millis(5);

/// Two processes and what they keep; gone with the value, except for a database given by URL.
pub struct Processes {
    pub url: String,
    pub sandbox_url: String,
    pub database: String,
    pub dir: tempfile::TempDir,
    binary: PathBuf,
    server: Option<Child>,
    sandbox: Child,
    /// Seconds from each start of the server until it was ready.
    pub starts: Vec<f64>,
}

impl Processes {
    /// Prepares a folder with configuration, imports the gazetteer and its invented staff, and
    /// starts both. `database` empty: SQLite in the folder.
    pub async fn start(binary: &Path, gazetteer: &Path, database: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (server, stand_in) = (port::free().to_string(), port::free().to_string());
        std::fs::write(
            dir.path().join("zhinan.toml"),
            config(dir.path(), &server, &stand_in, database),
        )
        .unwrap();
        let sandbox = Command::new(binary)
            .args(["sandbox", "--listen", &stand_in])
            .stdout(Stdio::null())
            .spawn()
            .expect("the stand-in starts");
        let sqlite = format!("sqlite://{}", dir.path().join("zhinan.db").display());
        let mut all = Self {
            url: format!("http://{server}"),
            sandbox_url: format!("http://{stand_in}"),
            database: if database.is_empty() { sqlite } else { database.to_owned() },
            dir,
            binary: binary.to_owned(),
            server: None,
            sandbox,
            starts: Vec::new(),
        };
        all.command(&["import", gazetteer.to_str().unwrap()]);
        all.command(&["demo", "staff", "--seed", "1"]);
        all.start_server().await;
        all
    }

    /// Runs one command of the binary to its end.
    fn command(&self, args: &[&str]) {
        let mut command = Command::new(&self.binary);
        command.args(args).arg("--config").arg(self.config_path()).stdout(Stdio::null());
        let status = command.status().unwrap();
        assert!(status.success(), "zhinan {args:?}: {status}");
    }

    fn config_path(&self) -> PathBuf {
        self.dir.path().join("zhinan.toml")
    }

    /// Starts the server and waits until it is ready.
    pub async fn start_server(&mut self) {
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.dir.path().join("server.log"))
            .unwrap();
        let began = Instant::now();
        let mut command = Command::new(&self.binary);
        command.arg("serve").arg("--config").arg(self.config_path()).stderr(log);
        self.server = Some(command.spawn().expect("the server starts"));
        let http = reqwest::Client::new();
        loop {
            let answer = http.get(format!("{}/readyz", self.url)).send().await;
            // Not ready because old work is due is ready enough: it is being done.
            if answer.is_ok() {
                break;
            }
            let ended = self.server.as_mut().expect("a server runs").try_wait().unwrap();
            assert!(ended.is_none(), "the server ended: {ended:?}\n{}", self.log());
            assert!(began.elapsed() < READY_WITHIN, "the server is not ready: {}", self.log());
            tokio::time::sleep(PAUSE).await;
        }
        self.starts.push(began.elapsed().as_secs_f64());
    }

    /// Kills the server as a power cut would.
    pub fn kill_server(&mut self) {
        let mut server = self.server.take().expect("a server runs");
        server.kill().unwrap();
        server.wait().unwrap();
    }

    /// Asks the server to stop, as its service manager would; returns the seconds that took.
    pub fn stop_server(&mut self) -> f64 {
        let mut server = self.server.take().expect("a server runs");
        let began = Instant::now();
        let asked = Command::new("kill").args(["-TERM", &server.id().to_string()]).status();
        assert!(asked.unwrap().success(), "the server was not there to be asked");
        let status = server.wait().unwrap();
        assert!(status.success(), "the server stopped with {status}: {}", self.log());
        began.elapsed().as_secs_f64()
    }

    /// Returns the end of the server's log.
    pub fn log(&self) -> String {
        let text = std::fs::read_to_string(self.dir.path().join("server.log")).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines.iter().rev().take(20).rev().copied().collect::<Vec<_>>().join("\n")
    }

    /// Says how much memory the server holds, in MiB, now and at most, and how long its starts took.
    pub fn summary(&self) -> String {
        let id = self.server.as_ref().expect("a server runs").id();
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        let of = |key: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(key)).unwrap_or("0");
            line.split_whitespace().next().and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0)
        };
        let (now, most) = (of("VmRSS:") / 1024, of("VmHWM:") / 1024);
        format!("server: {now} MiB, at most {most} MiB; ready after {:.3?} s", self.starts)
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        for child in self.server.iter_mut().chain([&mut self.sandbox]) {
            let _gone = child.kill();
            let _reaped = child.wait();
        }
    }
}

/// The lease is short: what a killed server held is due again when it ends.
fn config(dir: &Path, server: &str, stand_in: &str, database: &str) -> String {
    let account = |name: &str| {
        format!(
            "[wechat.{name}]\nappid = \"wxload{name}\"\nsecret = \"load\"\ntoken = \"load\"\n\
             aes_key = \"{}\"\n",
            "a".repeat(43)
        )
    };
    format!(
        "profile = \"demo\"\n[server]\nlisten = \"{server}\"\n[data]\ndir = \"{}\"\n\
         [database]\nurl = \"{database}\"\n[wechat]\nbase_url = \"http://{stand_in}\"\n\
         timeout_ms = 4000\n{}{}\
         [wechat.templates]\nstaff_case = \"T-staff\"\n[auth]\ndemo_accounts = true\n\
         [notices]\nquiet_from = \"\"\nquiet_to = \"\"\nthrottles = []\n\
         [engine]\nlease_s = 12\njob_limit_s = 5\n",
        dir.display(),
        account("mini"),
        account("oa"),
    )
}
