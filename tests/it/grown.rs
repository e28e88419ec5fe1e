//! A street that has grown: api and engine as processes of their own, PostgreSQL and Redis between.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::kit::TestDb;
use crate::kit::clock::until;
use crate::kit::port;
use crate::kit::redis_server::RedisServer;

const BINARY: &str = env!("CARGO_BIN_EXE_zhinan");

/// The demo with two processes; killed with the value if it is not stopped.
struct House(Child);

impl House {
    fn open(dir: &Path, (listen, sandbox): (SocketAddr, SocketAddr), database: &str) -> Command {
        let mut command = Command::new(BINARY);
        command.args(["demo", "serve", "--apart", "--dir"]).arg(dir);
        command.args(["--listen", &listen.to_string(), "--sandbox", &sandbox.to_string()]);
        command.env("ZHINAN__DATABASE__URL", database).stdout(Stdio::null());
        command
    }

    fn stop(mut self) -> bool {
        let asked = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status();
        asked.unwrap().success() && self.0.wait().unwrap().success()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        let _gone = self.0.kill();
        let _reaped = self.0.wait();
    }
}

#[tokio::test]
async fn api_and_engine_apart_play_the_whole_story_and_end_together() {
    let Some(db) = TestDb::empty_postgres() else {
        eprintln!("SKIPPED: two processes need a PostgreSQL server; TEST_DATABASE_URL is not set");
        return;
    };
    let Some(redis) = RedisServer::start().await else { return };
    let (dir, listen, sandbox) = (tempfile::tempdir().unwrap(), port::free(), port::free());
    let house = House::open(dir.path(), (listen, sandbox), &db.url)
        .env("ZHINAN__REDIS__URL", redis.url())
        .spawn();
    let house = House(house.unwrap());
    let (url, phones) = (format!("http://{listen}"), format!("http://{sandbox}"));
    until("both processes to be ready", async || {
        let answer = reqwest::get(format!("{url}/readyz")).await.ok()?;
        answer.status().is_success().then_some(())
    })
    .await;
    let config = dir.path().join("zhinan.toml");
    let story = Command::new(BINARY)
        .args(["demo", "story", "--url", &url, "--sandbox", &phones, "--config"])
        .arg(&config)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&story.stdout).into_owned();
    assert!(story.status.success(), "{told}\n{}", String::from_utf8_lossy(&story.stderr));
    assert!(house.stop(), "the house did not end well");
    assert!(TcpStream::connect(listen).is_err(), "the api outlived its house");
}

#[test]
fn two_processes_on_a_file_are_refused_with_what_to_do() {
    let (dir, at) = (tempfile::tempdir().unwrap(), (port::free(), port::free()));
    let refused = House::open(dir.path(), at, "").output().unwrap();
    assert!(!refused.status.success());
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("ZHINAN__DATABASE__URL"), "{said}");
}
