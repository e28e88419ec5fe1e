//! Real processes, killed in the middle of real work.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test may fail loudly, and owns its tasks"
)]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::kit::TestDb;
use crate::kit::clock::until;
use crate::kit::load::account;
use crate::kit::load::post::{self, Crowd, Message, Posted};
use crate::kit::load::processes::Processes;

const MESSAGES: usize = 240;
const MOMENTS: [usize; 2] = [60, 150];

/// The demo's own messages, again and again.
fn messages() -> Arc<Vec<Message>> {
    let texts = include_str!("../../demo/messages.jsonl").lines().map(|line| {
        let line: Value = serde_json::from_str(line).unwrap();
        Message { text: line["text"].as_str().unwrap().to_owned(), gps: None }
    });
    Arc::new(texts.collect::<Vec<_>>().into_iter().cycle().take(MESSAGES).collect())
}

fn street(binary: &Path, folder: &Path) {
    let mut command = std::process::Command::new(binary);
    let written = command.args(["demo", "street", "--out"]).arg(folder).output().unwrap();
    assert!(written.status.success(), "{written:?}");
}

/// A street with its server, and residents who post while somebody else interrupts.
struct Scene {
    processes: Processes,
    posting: tokio::task::JoinHandle<Vec<Posted>>,
    answered: Arc<AtomicUsize>,
    began: Instant,
    _dir: tempfile::TempDir,
    _db: TestDb,
}

impl Scene {
    async fn open() -> Self {
        let binary = Path::new(env!("CARGO_BIN_EXE_zhinan"));
        let dir = tempfile::tempdir().unwrap();
        let db = TestDb::empty(dir.path());
        street(binary, &dir.path().join("street"));
        let processes = Processes::start(binary, &dir.path().join("street"), &db.url).await;
        let crowd = Arc::new(Crowd::sign_in(&processes, 30).await);
        let answered = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&answered);
        let posting = tokio::spawn(async move { crowd.post_all(&messages(), 8, &count).await });
        Self { processes, posting, answered, began: Instant::now(), _dir: dir, _db: db }
    }

    async fn answers(&self, enough: usize) {
        until("enough answers", async || {
            (self.answered.load(Ordering::SeqCst) >= enough).then_some(())
        })
        .await;
    }

    /// Waits for the last answer and the last notice; nothing may be lost.
    async fn close(self) -> Vec<Posted> {
        let posted = self.posting.await.unwrap();
        println!("{}", post::summary(&posted, self.began.elapsed().as_secs_f64()));
        let errors: usize = posted.iter().map(|one| one.server_errors).sum();
        assert_eq!(errors, 0, "{}", self.processes.log());
        // A notice whose lease died with the process waits for the end of that lease.
        let account = account::settle(&self.processes, &posted, Duration::from_secs(100)).await;
        println!("{account}\n{}", self.processes.summary());
        assert!(account.losses.is_empty(), "{account:#?}\n{}", self.processes.log());
        posted
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_survives_a_kill_and_reaches_its_phone_once() {
    let mut scene = Scene::open().await;
    for moment in MOMENTS {
        scene.answers(moment).await;
        scene.processes.kill_server();
        scene.processes.start_server().await;
    }
    let posted = scene.close().await;
    let unanswered: usize = posted.iter().map(|one| one.unanswered).sum();
    assert!(unanswered > 0, "nobody was interrupted, so nothing was tried");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_in_the_middle_of_work_ends_in_time_and_leaves_no_lease() {
    let mut scene = Scene::open().await;
    for moment in MOMENTS {
        scene.answers(moment).await;
        let seconds = scene.processes.stop_server();
        println!("stopped within {seconds:.1} s");
        assert!(seconds <= 30.0, "the stop took {seconds:.1} s");
        let leased = account::leased(&scene.processes).await;
        assert!(leased.is_empty(), "still leased: {leased:?}\n{}", scene.processes.log());
        scene.processes.start_server().await;
    }
    scene.close().await;
}
