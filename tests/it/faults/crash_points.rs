//! One test for each row of the table of crash points in `ARCHITECTURE.md`: a process ends exactly
//! there, is started again, and nothing that was answered is lost.

use std::collections::BTreeSet;
use std::io::Write;
use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

use entity::consent;
use entity::kinds::{JobState, NoticeState};
use sea_orm::EntityTrait;
use serde_json::json;
use zhinan::store::db::Db;

use crate::kit::clock::until;
use crate::kit::redis_server::RedisServer;
use crate::kit::town::account::{self, Account};
use crate::kit::town::crowd::{Crowd, Posted};
use crate::kit::town::{AES_KEY, TOKEN, Town};
use crate::kit::wechat::MINI;

const ONE: &str = "one";
const REST: Duration = Duration::from_secs(90);

fn at(plan: &str) -> [(&'static str, &str); 1] {
    [("ZHINAN__FAULTS__CRASH_AT", plan)]
}

/// Reports while the one process ends at each of these places in turn, then lets it work in peace.
async fn through(places: &[&str], reports: usize) -> (Account, Vec<Posted>) {
    through_as("all", places, reports).await
}

/// The same in a process that has this role until it works in peace.
async fn through_as(role: &str, places: &[&str], reports: usize) -> (Account, Vec<Posted>) {
    let mut town = Town::new("");
    town.start_with(ONE, role, &at(places[0])).await;
    let crowd = Crowd::of(&town, &[ONE]).await;
    let posting = crowd.reporting(reports);
    for (n, place) in places.iter().enumerate() {
        town.crashed(ONE, place).await;
        match places.get(n + 1) {
            Some(next) => drop(town.launch(ONE, role, &at(next))),
            None => town.start(ONE, "all").await,
        }
    }
    let posted = posting.await.unwrap();
    let account = account::settle(&town, &posted, REST).await;
    account.assert_kept(&town, &[ONE]);
    (account, posted)
}

fn all_accepted(account: &Account, reports: usize) {
    assert_eq!(account.count(NoticeState::Accepted), 2 * reports, "{:#?}", account.notices);
    assert!(account.jobs.iter().all(|job| job.state == JobState::Done), "{:#?}", account.jobs);
}

#[tokio::test(flavor = "multi_thread")]
async fn p1_a_report_is_committed_and_not_answered() {
    // Without an engine: it may find the case between the commit and the end, and send what nobody
    // records any more, which is P4.
    let (account, posted) = through_as("api", &["report.committed"], 3).await;
    all_accepted(&account, 3);
    assert!(posted.iter().any(|one| one.unanswered > 0), "nobody asked a second time");
    assert_eq!(account.repeats, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn p2_jobs_are_claimed_and_not_begun() {
    let (account, _) = through(&["job.claimed"], 3).await;
    all_accepted(&account, 3);
    assert!(account.jobs.iter().any(|job| job.lost == 1), "no lease was lost");
    assert_eq!(account.repeats, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn p3_notices_are_marked_and_not_sent() {
    let (account, _) = through(&["notice.marked"], 3).await;
    all_accepted(&account, 3);
    assert_eq!(account.repeats, 0, "nothing had left before");
}

#[tokio::test(flavor = "multi_thread")]
async fn p4_a_notice_is_sent_and_not_recorded() {
    let (account, _) = through(&["notice.called"], 3).await;
    all_accepted(&account, 3);
    assert!(account.repeats >= 1, "it was not repeated under its key");
}

#[tokio::test(flavor = "multi_thread")]
async fn p5_a_notice_is_recorded_and_its_job_is_not() {
    // What cost a lease goes step by step, with two units where the common way has one.
    let (account, _) = through(&["notice.called", "notice.recorded"], 3).await;
    all_accepted(&account, 3);
    let lost: i32 = account.jobs.iter().map(|job| job.lost).sum();
    assert!(lost >= 2, "two deaths cost {lost} leases");
}

/// The first two people refuse messages, so that the chain goes on, and the process ends there. A third
/// refusal is for the second of them, whose first one may end with the process, or for whoever is next.
async fn escalating(place: &str) {
    let mut town = Town::new("");
    town.start_with(ONE, "all", &at(place)).await;
    let refused = json!({ "path": "/cgi-bin/message/template/send", "code": 43004, "times": 3 });
    town.faults(json!({ "errcode": refused })).await;
    let crowd = Crowd::of(&town, &[ONE]).await;
    let posting = crowd.reporting(1);
    town.crashed(ONE, place).await;
    town.start(ONE, "all").await;
    let account = account::settle(&town, &posting.await.unwrap(), REST).await;
    account.assert_kept(&town, &[ONE]);
    let told = account.told();
    assert!(told.iter().collect::<BTreeSet<_>>().len() == told.len(), "told twice: {told:#?}");
    let last = account.notices.last().unwrap();
    assert!(last.step > 0 && last.state == NoticeState::Accepted, "{told:#?}");
    assert_eq!(account.repeats, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn p6_a_step_of_the_chain_is_written_and_not_committed() {
    escalating("escalation.written").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p6_a_step_of_the_chain_is_committed_and_nobody_woken() {
    escalating("escalation.committed").await;
}

async fn consents(town: &Town) -> Vec<i32> {
    let db = Db::connect(&town.database, 1).await.unwrap();
    let all = consent::Entity::find().all(&db.read).await.unwrap();
    db.close().await.unwrap();
    all.into_iter().map(|one| one.credits).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn p7_a_push_of_wechat_is_stored_and_its_job_has_not_run() {
    let mut town = Town::new("");
    town.start_with(ONE, "all", &at("callback.stored")).await;
    let _signed_in = Crowd::of(&town, &[ONE]).await;
    let chosen =
        json!({ "TemplateId": "T-x", "SubscribeStatusString": "accept", "PopupScene": "0" });
    let event = json!({ "ToUserName": "gh_1", "FromUserName": "crowd-0", "MsgType": "event",
        "CreateTime": 1_700_000_000, "Event": "subscribe_msg_popup_event", "List": [chosen] });
    let push = json!({ "url": format!("{}/wechat/mp", town.url(ONE)), "app": "mini",
        "token": TOKEN, "aes_key": AES_KEY, "appid": MINI, "format": "json", "mode": "secure",
        "event": event });
    let deliver = format!("http://{}/_sandbox/callbacks", town.wechat.address);
    let answer = reqwest::Client::new().post(deliver).json(&push).send().await.unwrap();
    assert_eq!(answer.status(), 502, "the process was to end before it answered");
    town.crashed(ONE, "callback.stored").await;
    town.start(ONE, "all").await;
    let acted = until("the consent", async || {
        let all = consents(&town).await;
        (!all.is_empty()).then_some(all)
    });
    assert_eq!(acted.await, [1]);
    // WeChat got no answer and pushes again.
    let again = town.wechat.post("/_sandbox/callbacks", push).await;
    assert_eq!(again, json!({ "status": 200, "body": "success" }));
    account::settle(&town, &[], REST).await;
    assert_eq!(consents(&town).await, [1], "the repeat counts as nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn p8_a_token_is_fetched_and_not_shared() {
    let redis = RedisServer::start().await;
    let shared = redis.as_ref().map(|redis| format!("[redis]\nurl = \"{}\"\n", redis.url()));
    let mut town = Town::new(&shared.unwrap_or_default());
    town.start("api", "api").await;
    town.start_with("engine", "engine", &at("token.fetched")).await;
    // Both know the tokens from their first look at the templates: whoever sends next fetches.
    town.faults(json!({ "token_revoked": true })).await;
    let crowd = Crowd::of(&town, &["api"]).await;
    let posting = crowd.reporting(3);
    town.crashed("engine", "token.fetched").await;
    town.start("engine", "engine").await;
    let account = account::settle(&town, &posting.await.unwrap(), REST).await;
    account.assert_kept(&town, &["engine", "api"]);
    all_accepted(&account, 3);
    let fetched = town.wechat.calls("/cgi-bin/stable_token").await;
    assert!(fetched <= 6, "{fetched} renewals for two accounts, each once revoked, and one death");
}

#[tokio::test(flavor = "multi_thread")]
async fn p9_the_process_ends_while_it_gives_jobs_back() {
    let mut town = Town::new("");
    town.start_with(ONE, "all", &at("job.claimed~,job.give_back")).await;
    let crowd = Crowd::of(&town, &[ONE]).await;
    let posted = crowd.report(3).await;
    until("a lease", async || {
        let jobs = account::look(&town).await.jobs;
        jobs.iter().any(|job| job.state == JobState::Running).then_some(())
    })
    .await;
    town.ask_to_stop(ONE);
    town.crashed(ONE, "job.give_back").await;
    town.start(ONE, "all").await;
    let account = account::settle(&town, &posted, REST).await;
    account.assert_kept(&town, &[ONE]);
    all_accepted(&account, 3);
    assert_eq!(account.repeats, 0);
}

/// A request whose end never comes, and messages that take longer than the whole stop.
#[tokio::test(flavor = "multi_thread")]
async fn a_stop_takes_its_time_once_whatever_hangs() {
    let mut town = Town::new("");
    let within = Duration::from_secs(6);
    let vars = [
        ("ZHINAN__SERVER__STOP_WITHIN_S", "6"),
        ("ZHINAN__WECHAT__TIMEOUT_MS", "30000"),
        ("ZHINAN__ENGINE__LEASE_S", "80"),
        ("ZHINAN__ENGINE__JOB_LIMIT_S", "40"),
    ];
    town.start_with(ONE, "all", &vars).await;
    let crowd = Crowd::of(&town, &[ONE]).await;
    town.faults(json!({ "slow_ms": 30_000 })).await;
    crowd.report(3).await;
    until("a lease", async || {
        let jobs = account::look(&town).await.jobs;
        jobs.iter().any(|job| job.state == JobState::Running).then_some(())
    })
    .await;
    let url = town.url(ONE);
    let mut open = TcpStream::connect(url.trim_start_matches("http://")).unwrap();
    let head = "POST /api/v1/auth/wechat HTTP/1.1\r\nhost: town\r\n\
        content-type: application/json\r\ncontent-length: 100\r\n\r\n{";
    open.write_all(head.as_bytes()).unwrap();
    // It is at work once the server, which has one thread for requests, answers a later one.
    assert!(reqwest::get(format!("{url}/healthz")).await.is_ok());
    let began = Instant::now();
    town.ask_to_stop(ONE);
    let status = town.ended(ONE).await;
    let took = began.elapsed();
    assert!(status.success(), "{status}\n{}", town.log(ONE));
    assert!(took < within + within / 2, "the stop took {took:?}\n{}", town.log(ONE));
    town.faults(json!({ "reset": true })).await;
}

/// Compiles the module alone, as a build for release would.
fn compiled(assertions: &str) -> String {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("crash.s");
    let flags = format!("debug-assertions={assertions}");
    let root = env!("CARGO_MANIFEST_DIR");
    let mut rustc = Command::new("rustc");
    rustc.args(["--edition", "2024", "--crate-type", "lib", "--emit", "asm", "-C", "opt-level=3"]);
    rustc.args(["-C", &flags, "-C", "codegen-units=1", "-o"]).arg(&out);
    let told = rustc.arg(format!("{root}/src/crash.rs")).output().expect("rustc is on PATH");
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    std::fs::read_to_string(out).unwrap()
}

#[test]
fn a_build_for_release_has_no_crash_point() {
    assert!(compiled("yes").contains("crash point"), "the test would not see one");
    let release = compiled("no");
    assert!(!release.contains("crash point") && !release.contains("abort"), "{release}");
}

#[test]
fn an_armed_process_of_production_refuses_to_start() {
    use zhinan::config::{Config, Faults, Profile};
    let faults = Faults { crash_at: "job.claimed".into(), ..Faults::default() };
    let config = |faults| Config { profile: Profile::Production, faults, ..Config::default() };
    let said = |config: Config| config.findings().into_iter().map(|one| one.what).collect();
    let findings: Vec<String> = said(config(faults));
    assert!(findings.iter().any(|what| what == "faults are for tests"), "{findings:?}");
    let bad = Faults { crash_at: "a:b".into(), ..Faults::default() };
    let findings: Vec<String> = said(config(bad));
    assert!(findings.iter().any(|what| what.contains("a:b")), "{findings:?}");
}
