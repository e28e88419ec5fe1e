//! What WeCom's address book says of a member, in whatever order its pushes are acted upon.

use entity::staff;
use sea_orm::EntityTrait;
use serde_json::json;
use zhinan::store::{self, wecom};

use super::kit::{World, on_each_with};
use super::wecom_cards::{change, join, on, person, told};

const DELETE: &str = "delete_user";
const CREATE: &str = "create_user";

/// Tells of two changes, each so many seconds after the start; the first is acted upon after the
/// second.
async fn crosswise(w: &World, first: (&str, i64), second: (&str, i64)) -> staff::Model {
    for (kind, seconds) in [first, second] {
        w.sql("UPDATE job SET run_at = run_at + 60000000 WHERE kind = 'wechat_event'").await;
        let mut more = json!({ "CreateTime": 1_700_000_000 + seconds });
        if kind == CREATE {
            more["Status"] = json!(1);
        }
        change(w, "primary", kind, more).await;
    }
    w.run_due().await;
    w.after(60).await;
    let open = w.jobs().await.into_iter().filter(|job| job.finished_at.is_none());
    assert_eq!(open.count(), 0, "both were acted upon");
    person(w, "primary").await
}

async fn member(w: &World) -> staff::Model {
    join(w, "primary").await;
    w.sql("UPDATE staff SET phone_sealed = 'x' WHERE staff_no = 'primary'").await;
    person(w, "primary").await
}

/// In the second case both were stored within one second: what we got later stays.
#[tokio::test]
async fn a_removal_that_was_overtaken_by_a_return_removes_nothing_of_anybody() {
    for returned in [12, 10] {
        on_each_with(on, async |w| {
            let before = member(&w).await;
            let after = crosswise(&w, (DELETE, 10), (CREATE, returned)).await;
            assert_eq!(after.wecom_end, None, "he is back");
            assert_eq!(after.account_id, before.account_id, "his WeChat is still bound");
            let read = &w.s.db.read;
            assert!(w.known(after.id).await.has_mobile, "his mobile, too");
            let account = before.account_id.unwrap();
            let account = store::people::find_account(read, account).await.unwrap().unwrap();
            assert_eq!(account.token_version, 0, "he stays signed in");
            assert!(!told(&w).await.contains(&"command".to_owned()), "nobody is alarmed");
        })
        .await;
    }
}

#[tokio::test]
async fn a_return_that_was_overtaken_by_a_removal_brings_nobody_back() {
    on_each_with(on, async |w| {
        member(&w).await;
        let after = crosswise(&w, (CREATE, 10), (DELETE, 12)).await;
        assert_eq!((after.wecom_end.as_deref(), after.account_id), (Some("deleted"), None));
        assert!(told(&w).await.contains(&"command".to_owned()), "who can act is told");
        change(&w, "primary", CREATE, json!({ "Status": 1 })).await;
        w.after(1).await;
        assert_eq!(person(&w, "primary").await.wecom_end, None, "what comes later counts");
    })
    .await;
}

#[tokio::test]
async fn a_change_out_of_the_future_is_not_the_last_word() {
    on_each_with(on, async |w| {
        member(&w).await;
        for (status, at) in [(2, 1_700_000_000_000_i64), (2, i64::MAX)] {
            let off = json!({ "Status": status, "CreateTime": at });
            change(&w, "primary", "update_user", off).await;
            w.after(1).await;
            assert_eq!(person(&w, "primary").await.wecom_end.as_deref(), Some("disabled"), "{at}");
            change(&w, "primary", "update_user", json!({ "Status": 1 })).await;
            w.after(1).await;
            assert_eq!(person(&w, "primary").await.wecom_end, None, "{at}");
        }
    })
    .await;
}

/// Tells that he came into the application's range or left it, so many seconds after the start.
async fn tell_range(w: &World, event: &str, seconds: i64) {
    let more = json!({ "Event": event, "FromUserName": "WC-primary", "AgentID": "1000002",
        "CreateTime": 1_700_000_000 + seconds });
    change(w, "primary", "", more).await;
}

/// The same, and lets the program act.
async fn range(w: &World, event: &str, seconds: i64) {
    tell_range(w, event, seconds).await;
    w.after(1).await;
}

#[tokio::test]
async fn who_left_the_application_s_range_is_not_brought_back_by_what_happened_before() {
    on_each_with(on, async |w| {
        member(&w).await;
        let end = async || person(&w, "primary").await.wecom_end;
        let status = async |status: i64, seconds: i64| {
            let more = json!({ "Status": status, "CreateTime": 1_700_000_000 + seconds });
            change(&w, "primary", "update_user", more).await;
            w.after(1).await;
        };
        range(&w, "unsubscribe", 11).await;
        range(&w, "subscribe", 10).await;
        assert_eq!(end().await.as_deref(), Some("unreachable"), "he left after that");
        status(2, 8).await;
        assert_eq!(end().await.as_deref(), Some("disabled"));
        status(1, 9).await;
        assert_eq!(end().await.as_deref(), Some("unreachable"), "switched on, and left since");
        range(&w, "subscribe", 12).await;
        assert_eq!(end().await, None, "he came back after that");
        range(&w, "unsubscribe", 13).await;
        status(1, 14).await;
        assert_eq!(end().await, None, "what the address book says later counts");
        // Both within one second: what we got later stays.
        tell_range(&w, "subscribe", 20).await;
        w.sql("UPDATE job SET run_at = run_at + 60000000 WHERE kind = 'wechat_event'").await;
        range(&w, "unsubscribe", 20).await;
        assert_eq!(end().await.as_deref(), Some("unreachable"));
        w.after(60).await;
        assert_eq!(end().await.as_deref(), Some("unreachable"));
        let open = w.jobs().await.into_iter().filter(|job| job.finished_at.is_none());
        assert_eq!(open.count(), 0, "all were acted upon");
    })
    .await;
}

#[tokio::test]
async fn who_comes_back_into_the_application_s_range_is_reached_again_unless_he_was_removed() {
    on_each_with(on, async |w| {
        member(&w).await;
        let end = async || person(&w, "primary").await.wecom_end;
        w.sql("UPDATE staff SET wecom_end = 'unreachable' WHERE staff_no = 'primary'").await;
        range(&w, "subscribe", 10).await;
        assert_eq!(end().await, None);
        range(&w, "unsubscribe", 9).await;
        assert_eq!(end().await, None, "he came back after that");
        range(&w, "unsubscribe", 11).await;
        assert_eq!(end().await.as_deref(), Some("unreachable"));
        let off = json!({ "Status": 2, "CreateTime": 1_700_000_012 });
        change(&w, "primary", "update_user", off).await;
        w.after(1).await;
        assert_eq!(end().await.as_deref(), Some("disabled"));
        range(&w, "subscribe", 13).await;
        assert_eq!(end().await, None);
        // Whoever is removed leaves the range too, and what we hear of first is chance.
        range(&w, "unsubscribe", 21).await;
        change(&w, "primary", DELETE, json!({ "CreateTime": 1_700_000_020 })).await;
        w.after(1).await;
        assert_eq!(end().await.as_deref(), Some("deleted"));
        range(&w, "subscribe", 30).await;
        assert_eq!(end().await.as_deref(), Some("deleted"), "only the address book restores him");
    })
    .await;
}

/// The card was on its way when he was removed: a text message must not go to who has left.
#[tokio::test]
async fn a_card_that_did_not_arrive_hides_no_removal() {
    on_each_with(on, async |w| {
        let id = member(&w).await.id;
        change(&w, "primary", DELETE, json!({})).await;
        w.after(1).await;
        let unit = w.s.writer.commit(move |tx| {
            Box::pin(async move {
                wecom::set_unreachable(tx, "wc-primary").await?;
                Ok::<_, zhinan::error::Error>(())
            })
        });
        unit.await.unwrap();
        assert_eq!(person(&w, "primary").await.wecom_end.as_deref(), Some("deleted"));
        assert!(!w.known(id).await.has_mobile);
    })
    .await;
}

/// Callbacks that were set up since August 2022 say no status, and a new member has not joined yet.
#[tokio::test]
async fn who_is_entered_without_a_status_is_reached_when_he_has_joined() {
    on_each_with(on, async |w| {
        let id = member(&w).await.id;
        let end = async || person(&w, "primary").await.wecom_end;
        let book = async |kind: &str, seconds: i64| {
            let more = json!({ "Department": "1", "CreateTime": 1_700_000_000 + seconds });
            change(&w, "primary", kind, more).await;
            w.after(1).await;
        };
        book(CREATE, 10).await;
        assert_eq!(end().await, None, "it says nothing of who uses WeCom");
        w.sql("UPDATE staff SET wecom_end = 'disabled' WHERE staff_no = 'primary'").await;
        book(CREATE, 11).await;
        assert_eq!(end().await.as_deref(), Some("disabled"));
        book(DELETE, 20).await;
        book(CREATE, 15).await;
        assert_eq!(end().await.as_deref(), Some("deleted"), "he was removed after that");
        book(CREATE, 30).await;
        book(DELETE, 25).await;
        assert_eq!(end().await.as_deref(), Some("unreachable"), "back, and not joined");
        assert!(w.known(id).await.has_mobile, "a text message reaches him");
        range(&w, "subscribe", 31).await;
        assert_eq!(end().await, None);
    })
    .await;
}

/// WeCom repeats a push in other words; whoever was told through one channel is not told through the next.
#[tokio::test]
async fn a_removal_that_comes_twice_is_told_once() {
    on_each_with(on, async |w| {
        member(&w).await;
        join(&w, "command").await;
        for name in ["x", "y"] {
            change(&w, "primary", DELETE, json!({ "CreateTime": 1_700_000_000, "Name": name }))
                .await;
            w.after(1).await;
        }
        let told = told(&w).await;
        let here = told.iter().filter(|who| who.ends_with("command")).count();
        assert_eq!(here, 1, "{told:?}");
        let entries = entity::inbox::Entity::find().all(&w.s.db.read).await.unwrap();
        assert_eq!(entries.iter().filter(|one| one.dedup_key.starts_with("left/")).count(), 1);
        let pushes = entity::wechat_event::Entity::find().all(&w.s.db.read).await.unwrap();
        assert_eq!(pushes.len(), 2, "both were kept and acted upon");
        assert!(pushes.iter().all(|one| one.handled_at.is_some()));
    })
    .await;
}
