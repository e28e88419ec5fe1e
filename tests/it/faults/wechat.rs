//! WeChat dead, slow, out of quota, and forgetting its tokens.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::time::Duration;

use entity::kinds::{CaseState, NoticeState, Urgency};
use serde_json::json;

use crate::engine::kit::on_each_with;
use crate::kit::clock::until_within;
use crate::kit::town::account::{self, Account};
use crate::kit::town::crowd::Crowd;
use crate::kit::town::{Town, scaled};

const ONE: &str = "one";
const SEND: &str = "/cgi-bin/message/template/send";
const REST: Duration = Duration::from_mins(2);

/// Reports while WeChat is broken, until so many calls met that; then it works again.
async fn broken(faults: serde_json::Value, reports: usize, calls: u64) -> (Town, Account) {
    let mut town = Town::new("");
    town.start(ONE, "all").await;
    let crowd = Crowd::of(&town, &[ONE]).await;
    // One before, so that the tokens are there: what fails is the message.
    let mut posted = crowd.report(1).await;
    account::settle(&town, &posted, REST).await;
    town.faults(faults).await;
    posted.extend(crowd.report(reports - 1).await);
    let met = async || (town.wechat.calls(SEND).await >= calls).then_some(());
    until_within(REST, "calls that fail", met).await;
    town.faults(json!({ "reset": true })).await;
    let account = account::settle(&town, &posted, REST).await;
    account.assert_kept(&town, &[ONE]);
    (town, account)
}

#[tokio::test(flavor = "multi_thread")]
async fn wechat_is_dead_for_a_while_and_everybody_is_told_when_it_is_back() {
    let reports = scaled(10, 100);
    let calls = u64::try_from(reports).unwrap() * 5;
    let (_town, account) = broken(json!({ "dead": true }), reports, calls).await;
    assert_eq!(account.count(NoticeState::Accepted), 2 * reports, "{:#?}", account.told());
    assert_eq!(account.repeats, 0, "nothing had arrived before");
}

#[tokio::test(flavor = "multi_thread")]
async fn wechat_answers_later_than_we_wait_and_no_phone_rings_twice() {
    let reports = scaled(6, 60);
    let calls = u64::try_from(reports).unwrap() * 3;
    let (town, account) = broken(json!({ "slow_ms": 3_000 }), reports, calls).await;
    assert_eq!(account.count(NoticeState::Accepted), 2 * reports, "{:#?}", account.told());
    assert!(account.repeats > 0, "nobody was in doubt, so nothing was tried");
    let sends = town.wechat.calls(SEND).await;
    let cards = u64::try_from(account.phones.len()).unwrap();
    assert_eq!(sends, cards + account.repeats, "each call rang once or was dropped by its key");
}

#[tokio::test]
async fn a_used_up_quota_sends_the_urgent_to_the_next_and_keeps_the_ordinary_for_midnight() {
    let standard = |config: &mut zhinan::config::Config| config.cases.chain = "standard".into();
    on_each_with(standard, async |w| {
        let urgent = w.case("停水").await;
        let ordinary = w.report("路灯不亮", Urgency::Normal).await;
        w.stand.faults(json!({ "quota_used": true })).await;
        // 2023-11-15 06:13 +08:00 until shortly before midnight.
        for _ in 0..50 {
            w.after(20 * 60).await;
        }
        assert!(w.told().await.is_empty(), "nobody can have been told");
        let tried = w.notices(urgent).await;
        let steps: BTreeSet<_> = tried.iter().map(|one| one.step).collect();
        assert!(steps.len() >= 4, "the chain went on: {tried:#?}");
        assert!(tried.iter().all(|one| one.state == NoticeState::Dead), "{tried:#?}");
        let waiting = w.notices(ordinary).await;
        let first = waiting.iter().filter(|one| one.step == 0);
        assert!(first.clone().all(|one| one.state == NoticeState::Planned), "{waiting:#?}");
        w.stand.faults(json!({ "reset": true })).await;
        for _ in 0..12 {
            w.after(10 * 60).await;
        }
        let first = w.notices(ordinary).await;
        let mut first = first.iter().filter(|one| one.step == 0);
        assert!(first.all(|one| one.state == NoticeState::Accepted), "the quota is back");
        let reached = w.notices(urgent).await;
        assert!(reached.iter().any(|one| one.state == NoticeState::Accepted), "{reached:#?}");
        for case in [urgent, ordinary] {
            let case = w.find(case).await;
            assert!(case.state == CaseState::Assigned && case.next_check_at.is_some());
        }
    })
    .await;
}

#[tokio::test]
async fn a_quota_used_up_for_days_uses_up_no_attempts_and_silences_nobody() {
    let standard = |config: &mut zhinan::config::Config| config.cases.chain = "standard".into();
    on_each_with(standard, async |w| {
        let ordinary = w.report("路灯不亮", Urgency::Normal).await;
        w.stand.faults(json!({ "quota_used": true })).await;
        // Over two midnights, at each of which everything that waits is tried.
        for _ in 0..100 {
            w.after(30 * 60).await;
        }
        assert!(w.jobs().await.iter().all(|job| job.attempt <= 1), "waiting is no attempt");
        assert!(w.told().await.is_empty(), "nobody can have been told");
        w.stand.faults(json!({ "reset": true })).await;
        for _ in 0..48 {
            w.after(30 * 60).await;
        }
        let reached = w.notices(ordinary).await;
        let everybody: BTreeSet<_> = reached.iter().map(|one| one.staff_id).collect();
        let told = reached.iter().filter(|one| one.state == NoticeState::Accepted);
        let told: BTreeSet<_> = told.map(|one| one.staff_id).collect();
        assert_eq!(told, everybody, "whoever was to hear of it did: {reached:#?}");
        let repeats = reached.iter().filter(|one| one.round > 0).count();
        assert!(repeats > 0, "the last step repeated meanwhile");
        let open = [NoticeState::Planned, NoticeState::Sending];
        assert!(!reached.iter().any(|one| open.contains(&one.state)), "{reached:#?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_die_again_and_again_under_load_are_renewed_once_each() {
    let mut town = Town::new("");
    town.start(ONE, "all").await;
    let crowd = Crowd::of(&town, &[ONE]).await;
    let deaths = scaled(6, 60);
    let mut posted = Vec::new();
    for _ in 0..deaths {
        let before = crowd.answered.load(Ordering::SeqCst);
        let posting = crowd.reporting(8);
        until_within(REST, "answers", async || {
            (crowd.answered.load(Ordering::SeqCst) >= before + 3).then_some(())
        })
        .await;
        town.faults(json!({ "token_revoked": true })).await;
        posted.extend(posting.await.unwrap());
    }
    let account = account::settle(&town, &posted, REST).await;
    account.assert_kept(&town, &[ONE]);
    assert_eq!(account.count(NoticeState::Accepted), 2 * posted.len(), "{:#?}", account.told());
    let fetched = town.wechat.calls("/cgi-bin/stable_token").await;
    let most = 2 * (deaths + 1);
    assert!(fetched <= most, "{fetched} renewals for two accounts, at most {most}");
    assert!(fetched >= 4, "no token died under load");
}
