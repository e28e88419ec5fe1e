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
use crate::kit::load::post::{self, Crowd, Message};
use crate::kit::load::processes::Processes;

const MESSAGES: usize = 240;
const KILLS: [usize; 2] = [60, 150];

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

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_survives_a_kill_and_reaches_its_phone_once() {
    let binary = Path::new(env!("CARGO_BIN_EXE_zhinan"));
    let dir = tempfile::tempdir().unwrap();
    let db = TestDb::empty(dir.path());
    street(binary, &dir.path().join("street"));
    let mut processes = Processes::start(binary, &dir.path().join("street"), &db.url).await;
    let crowd = Arc::new(Crowd::sign_in(&processes, 30).await);
    let answered = Arc::new(AtomicUsize::new(0));
    let began = Instant::now();
    let posting = {
        let (crowd, messages, answered) = (Arc::clone(&crowd), messages(), Arc::clone(&answered));
        tokio::spawn(async move { crowd.post_all(&messages, 8, &answered).await })
    };
    for kill_at in KILLS {
        until("enough answers before the kill", async || {
            (answered.load(Ordering::SeqCst) >= kill_at).then_some(())
        })
        .await;
        processes.kill_server();
        processes.start_server().await;
    }
    let posted = posting.await.unwrap();
    println!("{}", post::summary(&posted, began.elapsed().as_secs_f64()));
    let unanswered: usize = posted.iter().map(|one| one.unanswered).sum();
    assert!(unanswered > 0, "nobody was interrupted, so nothing was tried");
    let errors: usize = posted.iter().map(|one| one.server_errors).sum();
    assert_eq!(errors, 0, "{}", processes.log());
    // A notice whose lease died with the process waits for the end of that lease.
    let account = account::settle(&processes, &posted, Duration::from_secs(100)).await;
    println!("{account}\n{}", processes.summary());
    assert!(account.losses.is_empty(), "{account:#?}\n{}", processes.log());
}
