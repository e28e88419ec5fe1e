//! Reports about subscribe messages whose answers had no number, or that nobody answered: WeChat says
//! to whom, with which template and when, and never which.

use entity::kinds::{CaseId, Channel, EventType, JobKind, JobState, NoticeState};
use entity::notice;
use serde_json::{Value, json};

use super::callbacks::{event, push, serve};
use super::kit::{TEMPLATE, World, on_each};

/// Cases that the grid worker heard of through the mini-program alone, without any number.
async fn cases(w: &World, texts: &[&str]) -> Vec<CaseId> {
    w.give_mini("primary", 9).await;
    w.sql("DELETE FROM wechat_identity WHERE app = 'oa' AND openid = 'primary'").await;
    let mut cases = Vec::new();
    for text in texts {
        cases.push(w.case(text).await);
    }
    w.run_due().await;
    w.sql("UPDATE notice SET msgid = NULL WHERE channel = 'mini_subscribe'").await;
    cases
}

async fn sent(w: &World, case: CaseId) -> notice::Model {
    let mut all = w.notices(case).await.into_iter();
    all.find(|one| one.channel == Channel::MiniSubscribe).unwrap()
}

async fn state(w: &World, case: CaseId) -> (NoticeState, Option<String>) {
    let notice = sent(w, case).await;
    (notice.state, notice.reason)
}

/// How often the record says that a message to somebody did not arrive.
async fn failures(w: &World, case: CaseId) -> usize {
    w.events(case).await.into_iter().filter(|kind| *kind == EventType::PushFailed).count()
}

fn about((template, msgid, code): (&str, i64, &str)) -> Value {
    json!({ "TemplateId": template, "MsgID": msgid.to_string(), "ErrorCode": code })
}

/// A report that says nothing of the number, or nothing that can be read.
fn numberless(msgid: Option<&str>, code: &str) -> Value {
    let mut one = json!({ "TemplateId": TEMPLATE, "ErrorCode": code });
    if let Some(msgid) = msgid {
        one["MsgID"] = json!(msgid);
    }
    one
}

async fn report(w: &World, base: &str, one: (&str, i64, &str)) {
    tell(w, base, &[about(one)]).await;
}

async fn tell(w: &World, base: &str, all: &[Value]) {
    // Two reports of one second would be a repeat.
    let more = json!({ "List": all, "CreateTime": w.s.clock.now().0 / 1_000_000 });
    let told = event("subscribe_msg_sent_event", "mini-primary", more);
    push(w, base, "mini", &told).await;
    w.run_due().await;
}

const ARRIVED: &str = "0";
const FAILED: &str = "20301";

#[tokio::test]
async fn a_message_without_a_number_is_found_by_person_template_and_time() {
    on_each(async |w| {
        let base = serve(&w);
        let case = cases(&w, &["停水"]).await[0];
        report(&w, &base, ("T-other", 98, ARRIVED)).await;
        assert!(sent(&w, case).await.delivered_at.is_none(), "another template");
        report(&w, &base, (TEMPLATE, 99, ARRIVED)).await;
        let notice = sent(&w, case).await;
        assert!(notice.delivered_at.is_some() && notice.msgid == Some(99), "{notice:?}");
        assert_eq!(notice.reason.as_deref(), Some("delivered"), "there was no other");
    })
    .await;
}

#[tokio::test]
async fn of_several_that_arrived_each_is_delivered() {
    on_each(async |w| {
        let base = serve(&w);
        let cases = cases(&w, &["停水", "停电"]).await;
        report(&w, &base, (TEMPLATE, 7, ARRIVED)).await;
        assert_eq!(sent(&w, cases[1]).await.state, NoticeState::Accepted);
        report(&w, &base, (TEMPLATE, 8, ARRIVED)).await;
        for case in cases {
            assert_eq!(sent(&w, case).await.state, NoticeState::Delivered);
            assert_eq!(failures(&w, case).await, 0);
        }
    })
    .await;
}

/// The platform says by its own clock when it happened, and we by ours when the message left.
#[tokio::test]
async fn a_report_finds_its_message_though_our_clock_is_minutes_ahead() {
    on_each(async |w| {
        let base = serve(&w);
        let case = cases(&w, &["停水"]).await[0];
        let behind = w.s.clock.now().0 / 1_000_000 - 290;
        let more = json!({ "List": [about((TEMPLATE, 7, ARRIVED))], "CreateTime": behind });
        let told = event("subscribe_msg_sent_event", "mini-primary", more);
        push(&w, &base, "mini", &told).await;
        w.run_due().await;
        let notice = sent(&w, case).await;
        assert_eq!((notice.state, notice.msgid), (NoticeState::Delivered, Some(7)));
    })
    .await;
}

/// Whichever it was, nobody may be left without it because the other one arrived.
#[tokio::test]
async fn when_one_of_several_did_not_arrive_each_is_told_again() {
    for order in [[ARRIVED, FAILED], [FAILED, ARRIVED]] {
        on_each(async |w| {
            let base = serve(&w);
            let cases = cases(&w, &["停水", "停电"]).await;
            w.sql(
                "INSERT INTO wechat_identity (account_id, app, openid, created_at)
                 SELECT account_id, 'oa', 'primary', 0 FROM wechat_identity
                 WHERE openid = 'mini-primary'",
            )
            .await;
            for (msgid, code) in (7..).zip(order) {
                report(&w, &base, (TEMPLATE, msgid, code)).await;
            }
            for case in cases {
                let doubtful = (NoticeState::Unknown, Some("one_of_several".to_owned()));
                assert_eq!(state(&w, case).await, doubtful, "{order:?}");
                assert_eq!(failures(&w, case).await, 1, "{order:?}");
                let to = sent(&w, case).await.staff_id;
                let again = w
                    .notices(case)
                    .await
                    .into_iter()
                    .filter(|one| one.staff_id == to && one.channel == Channel::OaTemplate);
                assert_eq!(again.count(), 1, "{order:?}: through his other channel");
            }
        })
        .await;
    }
}

#[tokio::test]
async fn what_nobody_answered_is_proven_or_denied_by_its_report() {
    for (code, then) in [(ARRIVED, NoticeState::Delivered), (FAILED, NoticeState::Dead)] {
        on_each(async |w| {
            let base = serve(&w);
            let case = cases(&w, &["停水"]).await[0];
            w.sql(
                "UPDATE notice SET state = 'unknown', reason = 'no_answer', urgent = FALSE
                 WHERE channel = 'mini_subscribe'",
            )
            .await;
            let before = w.events(case).await.len();
            report(&w, &base, (TEMPLATE, 7, code)).await;
            assert_eq!(sent(&w, case).await.state, then);
            let since = w.events(case).await.split_off(before);
            let said = if code == ARRIVED { EventType::Pushed } else { EventType::PushFailed };
            assert!(since.contains(&said), "{since:?}");
        })
        .await;
    }
}

/// The next person was told when it came into doubt.
#[tokio::test]
async fn an_urgent_message_in_doubt_that_did_not_arrive_is_not_followed_twice() {
    on_each(async |w| {
        let base = serve(&w);
        let case = cases(&w, &["停水"]).await[0];
        w.sql(
            "UPDATE notice SET state = 'unknown', urgent = TRUE WHERE channel = 'mini_subscribe'",
        )
        .await;
        report(&w, &base, (TEMPLATE, 7, FAILED)).await;
        assert_eq!(sent(&w, case).await.state, NoticeState::Dead);
        assert_eq!(failures(&w, case).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_report_waits_while_an_answer_is_out_that_may_name_it() {
    on_each(async |w| {
        let base = serve(&w);
        let cases = cases(&w, &["停水", "停电"]).await;
        let sending = format!("UPDATE notice SET state = 'sending', finished_at = NULL WHERE case_id = {}", cases[1].0);
        w.sql(&format!("{sending} AND channel = 'mini_subscribe'")).await;
        report(&w, &base, (TEMPLATE, 7, FAILED)).await;
        assert_eq!(sent(&w, cases[0]).await.state, NoticeState::Accepted, "it is not known yet");
        let answered = format!(
            "UPDATE notice SET state = 'accepted', finished_at = accepted_at, msgid = 7 WHERE case_id = {}",
            cases[1].0
        );
        w.sql(&format!("{answered} AND channel = 'mini_subscribe'")).await;
        w.stand.advance(10);
        w.run_due().await;
        assert_eq!(sent(&w, cases[0]).await.state, NoticeState::Accepted);
        assert_eq!(sent(&w, cases[1]).await.state, NoticeState::Dead);
    })
    .await;
}

#[tokio::test]
async fn a_report_without_a_readable_number_is_about_the_one_message_that_it_can_be_about() {
    // The answer to the last two had a number.
    for (msgid, code, then, known) in [
        (None, ARRIVED, NoticeState::Delivered, None),
        (Some(""), FAILED, NoticeState::Dead, None),
        (Some("1.8e18"), ARRIVED, NoticeState::Delivered, Some(47)),
        (Some("9223372036854775808"), FAILED, NoticeState::Dead, Some(47)),
    ] {
        on_each(async |w| {
            let base = serve(&w);
            let case = cases(&w, &["停水"]).await[0];
            if known.is_some() {
                w.sql("UPDATE notice SET msgid = 47 WHERE channel = 'mini_subscribe'").await;
            }
            tell(&w, &base, &[numberless(msgid, code)]).await;
            let notice = sent(&w, case).await;
            assert_eq!((notice.state, notice.msgid), (then, known), "{msgid:?}");
            let failed = usize::from(code == FAILED);
            assert_eq!(failures(&w, case).await, failed, "told again: {msgid:?}");
        })
        .await;
    }
}

#[tokio::test]
async fn of_several_without_numbers_each_report_tells_of_the_next_or_puts_all_in_doubt() {
    on_each(async |w| {
        let base = serve(&w);
        let of = cases(&w, &["停水", "停电", "停气"]).await;
        let arrived = numberless(None, ARRIVED);
        tell(&w, &base, std::slice::from_ref(&arrived)).await;
        let delivered = (NoticeState::Delivered, Some("one_of_several".to_owned()));
        assert_eq!(state(&w, of[0]).await, delivered);
        assert_eq!(sent(&w, of[1]).await.state, NoticeState::Accepted);
        w.stand.advance(1);
        tell(&w, &base, &[numberless(Some(""), ARRIVED)]).await;
        assert_eq!(state(&w, of[1]).await, delivered, "each report tells of another one");
        assert_eq!(sent(&w, of[2]).await.state, NoticeState::Accepted);
        tell(&w, &base, &[numberless(None, FAILED)]).await;
        for case in of {
            let doubtful = (NoticeState::Unknown, Some("one_of_several".to_owned()));
            assert_eq!(state(&w, case).await, doubtful);
            assert_eq!(failures(&w, case).await, 1);
        }
    })
    .await;
}

/// The push is looked at again for another report in it, and counts once.
#[tokio::test]
async fn a_report_without_a_number_counts_once_however_often_its_push_is_looked_at() {
    on_each(async |w| {
        let base = serve(&w);
        let of = cases(&w, &["停水", "停电"]).await;
        tell(&w, &base, &[numberless(None, ARRIVED), about(("T-other", 98, ARRIVED))]).await;
        for _minute in 0..12 {
            w.after(60).await;
        }
        assert_eq!(sent(&w, of[0]).await.state, NoticeState::Delivered);
        assert_eq!(sent(&w, of[1]).await.state, NoticeState::Accepted);
    })
    .await;
}

#[tokio::test]
async fn a_report_without_a_number_waits_for_answers_and_otherwise_for_nothing() {
    on_each(async |w| {
        let base = serve(&w);
        let case = cases(&w, &["停水"]).await[0];
        let sending = "UPDATE notice SET state = 'sending', finished_at = NULL WHERE channel = 'mini_subscribe'";
        w.sql(sending).await;
        tell(&w, &base, &[numberless(None, ARRIVED)]).await;
        let open = async || {
            let open = |job: &entity::job::Model| {
                job.kind == JobKind::WechatEvent && job.state == JobState::Ready
            };
            w.jobs().await.iter().filter(|job| open(job)).count()
        };
        assert_eq!(open().await, 1, "its answer may name it");
        w.sql(
            "UPDATE notice SET state = 'accepted', finished_at = accepted_at
             WHERE channel = 'mini_subscribe'",
        )
        .await;
        w.after(10).await;
        assert_eq!((sent(&w, case).await.state, open().await), (NoticeState::Delivered, 0));
        tell(&w, &base, &[numberless(Some(""), FAILED)]).await;
        assert_eq!((sent(&w, case).await.state, open().await), (NoticeState::Delivered, 0));
    })
    .await;
}
