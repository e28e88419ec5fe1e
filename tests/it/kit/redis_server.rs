//! A Redis of the test's own, to be killed, frozen and started again on the same port.

use std::process::{Child, Command, Stdio};
use std::sync::Mutex;

use zhinan::config::Config;

use super::clock::until;
use super::port;

const PROGRAMS: [&str; 2] = ["redis-server", "valkey-server"];

pub struct RedisServer {
    program: &'static str,
    port: u16,
    child: Mutex<Option<Child>>,
    dir: tempfile::TempDir,
}

impl RedisServer {
    /// Finds the program and a port, and starts nothing yet; `None`, loudly, without the program.
    pub fn absent() -> Option<Self> {
        let answers = |program: &&&str| {
            let asked = Command::new(program).arg("--version").stdout(Stdio::null()).status();
            asked.is_ok_and(|ended| ended.success())
        };
        let Some(program) = PROGRAMS.iter().find(answers) else {
            eprintln!("SKIPPED: no redis-server on PATH; tools/servers.sh install brings one");
            return None;
        };
        let dir = tempfile::tempdir().unwrap();
        Some(Self { program, port: port::free().port(), child: Mutex::default(), dir })
    }

    /// Starts a server; `None`, loudly, without the program.
    pub async fn start() -> Option<Self> {
        let server = Self::absent()?;
        server.rise().await;
        Some(server)
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    /// Points a program's configuration here.
    pub fn write_into(&self, config: &mut Config) {
        config.redis.url = self.url();
    }

    /// Starts an empty server on the port and waits until it listens.
    pub async fn rise(&self) {
        let port = self.port.to_string();
        let child = Command::new(self.program)
            .args(["--port", &port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .current_dir(self.dir.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        *self.child.lock().unwrap() = Some(child);
        until("Redis to listen", async || {
            tokio::net::TcpStream::connect(("127.0.0.1", self.port)).await.ok()
        })
        .await;
    }

    /// Kills the server at once; what it held is gone.
    pub fn kill(&self) {
        if let Some(mut child) = self.child.lock().unwrap().take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Freezes the server: connections stay open and nothing is answered.
    pub fn freeze(&self) {
        self.signal("-STOP");
    }

    pub fn thaw(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let id = self.child.lock().unwrap().as_ref().unwrap().id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.kill();
    }
}
