//! The system's clock is put forward or back by an hour while processes run.

use std::time::Duration;

use entity::kinds::{JobState, NoticeState, Urgency};
use serde_json::json;
use zhinan::clock::Clock;

use crate::kit::clock::until_within;
use crate::kit::town::Town;
use crate::kit::town::account::{self, Account};
use crate::kit::town::crowd::{Crowd, Posted};

const ONE: &str = "one";
const REST: Duration = Duration::from_secs(90);
const HOUR: i64 = 3_600;

struct Stepped {
    town: Town,
    file: String,
}

impl Stepped {
    async fn start(seconds: i64) -> Self {
        let town = Town::new("");
        let file = town.dir.path().join("offset").display().to_string();
        let mut stepped = Self { town, file };
        stepped.step(seconds);
        stepped.rise().await;
        stepped
    }

    async fn rise(&mut self) {
        let vars = [("ZHINAN__FAULTS__CLOCK", self.file.as_str())];
        self.town.start_with(ONE, "all", &vars).await;
    }

    /// Puts the clock of the processes so far from the real one.
    fn step(&self, seconds: i64) {
        std::fs::write(&self.file, seconds.to_string()).unwrap();
    }

    /// Reports once, so that tokens are there, then breaks WeChat and reports again: what waits
    /// then waits at the time of the step.
    async fn waiting(&self) -> Vec<Posted> {
        let crowd = Crowd::of(&self.town, &[ONE]).await;
        let mut posted = crowd.report(1).await;
        account::settle(&self.town, &posted, REST).await;
        self.town.faults(json!({ "dead": true })).await;
        posted.extend(crowd.report(6).await);
        until_within(REST, "retries that wait", async || {
            let jobs = account::look(&self.town).await.jobs;
            jobs.iter().any(|job| job.state == JobState::Ready).then_some(())
        })
        .await;
        posted
    }

    async fn settle(&self, posted: &[Posted]) -> Account {
        let account = account::settle(&self.town, posted, REST).await;
        account.assert_kept(&self.town, &[ONE]);
        account
    }
}

/// Everybody who is to be told is told, and every urgent case is looked at within minutes.
fn nobody_silent(account: &Account, hours: i64) {
    let now = Clock::System.now().0 + hours * HOUR * 1_000_000;
    let soon = now + 15 * 60 * 1_000_000;
    for case in account.cases.iter().filter(|case| case.urgency == Urgency::Urgent) {
        let next = case.next_check_at.unwrap().0;
        assert!(next <= soon, "{} waits for {} s", case.number, (next - now) / 1_000_000);
        let told = account.notices.iter().filter(|one| one.case_id == case.id);
        let reached = told.clone().any(|one| one.state == NoticeState::Accepted);
        assert!(reached, "{:#?}", account.told());
        assert!(told.count() <= 5, "a storm: {:#?}", account.told());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_hour_forward_makes_nobody_silent_and_no_storm() {
    let s = Stepped::start(0).await;
    let mut posted = s.waiting().await;
    s.step(HOUR);
    s.town.faults(json!({ "reset": true })).await;
    s.settle(&posted).await;
    // The tokens of an hour ago are over.
    let crowd = Crowd::of(&s.town, &[ONE]).await.behind(posted.len());
    posted.extend(crowd.report(6).await);
    let account = account::settle(&s.town, &[], REST).await;
    account.assert_kept(&s.town, &[ONE]);
    assert_eq!(account.cases.len(), posted.len());
    nobody_silent(&account, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_hour_back_delays_nobody_in_a_process_that_lives_on() {
    let s = Stepped::start(HOUR).await;
    let posted = s.waiting().await;
    s.step(0);
    s.town.faults(json!({ "reset": true })).await;
    let account = s.settle(&posted).await;
    assert_eq!(account.count(NoticeState::Accepted), 2 * posted.len(), "{:#?}", account.told());
    nobody_silent(&account, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_whose_clock_is_not_the_databases_rests_until_it_is_put_right() {
    let mut town = Town::new("");
    if town.database.starts_with("sqlite") {
        println!("a file has one process and one clock: this is about PostgreSQL");
        return;
    }
    let file = town.dir.path().join("offset").display().to_string();
    let put = |told: &str| std::fs::write(&file, told).unwrap();
    put("-3600 alone");
    town.start("api", "api").await;
    town.start("right", "engine").await;
    town.start_with("wrong", "engine", &[("ZHINAN__FAULTS__CLOCK", file.as_str())]).await;
    let said = async |town: &Town, level: &str, what: &str, times: usize| {
        let lines = || town.loud("wrong", level).into_iter().filter(|line| line.contains(what));
        until_within(REST, what, async || (lines().count() >= times).then_some(())).await;
    };
    said(&town, "ERROR", "this engine rests until", 1).await;
    let crowd = Crowd::of(&town, &["api"]).await;
    let mut posted = crowd.report(6).await;
    let told_once = |account: &Account, posted: &[Posted]| {
        account.assert_kept(&town, &["api", "right", "wrong"]);
        assert_eq!(account.count(NoticeState::Accepted), 2 * posted.len(), "{:#?}", account.told());
        assert!(account.notices.iter().all(|one| one.step <= 0), "{:#?}", account.told());
    };
    told_once(&account::settle(&town, &posted, REST).await, &posted);
    put("3600 alone");
    posted.extend(crowd.report(6).await);
    told_once(&account::settle(&town, &posted, REST).await, &posted);
    town.kill("right");
    posted.extend(crowd.report(3).await);
    said(&town, "ERROR", "and no other engine's is", 1).await;
    account::settle(&town, &posted, REST).await.assert_kept(&town, &["api", "wrong"]);
    put("0");
    said(&town, "WARN", "the clock agrees with the database server's", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_hour_back_frees_the_leases_of_a_process_that_died() {
    let mut s = Stepped::start(HOUR).await;
    let posted = s.waiting().await;
    s.town.kill(ONE);
    s.step(0);
    s.town.faults(json!({ "reset": true })).await;
    s.rise().await;
    let account = s.settle(&posted).await;
    assert_eq!(account.count(NoticeState::Accepted), 2 * posted.len(), "{:#?}", account.told());
    nobody_silent(&account, 0);
}
