//! What a person took back at the platform goes, and nothing that he gave since, in whatever order the
//! pushes come and are acted upon.

use entity::kinds::{AccountId, CaseId, WechatApp};
use entity::{account, refresh_token, wechat_identity};
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use zhinan::app::session::wechat;
use zhinan::error::Error;
use zhinan::store::{people, session};

use super::callbacks::{event, push, serve};
use super::kit::{World, on_each};

async fn login(w: &World) -> wechat_identity::Model {
    people::find_openid(&w.s.db.read, WechatApp::Mini, "resident").await.unwrap().unwrap()
}

async fn account_of(w: &World, id: AccountId) -> account::Model {
    people::find_account(&w.s.db.read, id).await.unwrap().unwrap()
}

/// Gives a phone, as the phone button does.
async fn give_phone(w: &World) {
    let (id, now) = (login(w).await.account_id, w.s.clock.now());
    let unit = w.s.writer.commit(move |tx| {
        Box::pin(async move {
            session::set_phone(tx, id, ("x".to_owned(), "y".to_owned()), now).await?;
            Ok::<_, Error>(())
        })
    });
    unit.await.unwrap();
}

async fn has_phone(w: &World) -> bool {
    account_of(w, login(w).await.account_id).await.phone_sealed.is_some()
}

/// Reports a case with a position and a number to call.
async fn report(w: &World) -> CaseId {
    let case = w.case("停水").await;
    w.sql(&format!(
        "UPDATE cases SET position_sealed = 'x', contact_phone_sealed = 'x',
            contact_phone_index = 'y' WHERE id = {case}"
    ))
    .await;
    case
}

/// Tells whether a case still has its position and its number.
async fn keeps(w: &World, case: CaseId) -> (bool, bool) {
    let case = w.find(case).await;
    (case.position_sealed.is_some(), case.contact_phone_sealed.is_some())
}

/// Issues a token now for the session of an old sign-in.
async fn old_session(w: &World, token: &str) {
    let (account, now) = (login(w).await.account_id, w.s.clock.now().0);
    let end = 9_000_000_000_000_000_i64;
    w.sql(&format!(
        "INSERT INTO refresh_token (family, account_id, kind, token_hash, issued_at, expires_at,
            family_ends_at) VALUES ('old', {account}, 'wechat', '{token}', {now}, {end}, {end})"
    ))
    .await;
}

/// Lets the platform tell of something that happened so many seconds after the start.
async fn tell(w: &World, base: &str, (name, seconds): (&str, i64), more: Value) {
    let mut told = event(name, "resident", more);
    told["CreateTime"] = json!(1_700_000_000 + seconds);
    push(w, base, "mini", &told).await;
}

async fn revoke(w: &World, base: &str, seconds: i64) {
    let more = json!({ "OpenID": "resident", "RevokeInfo": "8,13" });
    tell(w, base, ("user_authorization_revoke", seconds), more).await;
}

async fn cancel(w: &World, base: &str, seconds: i64) {
    let more = json!({ "OpenID": "resident" });
    tell(w, base, ("user_authorization_cancellation", seconds), more).await;
}

async fn accept(w: &World, base: &str, seconds: i64, template: &str) {
    let more = json!({ "List": [{ "TemplateId": template, "SubscribeStatusString": "accept" }] });
    tell(w, base, ("subscribe_msg_popup_event", seconds), more).await;
}

#[tokio::test]
async fn what_was_given_after_a_withdrawal_outlives_it_however_late_that_is_acted_upon() {
    on_each(async |w| {
        let base = serve(&w);
        give_phone(&w).await;
        let before = report(&w).await;
        revoke(&w, &base, 0).await;
        // It waits while he gives everything again.
        w.stand.advance(1);
        give_phone(&w).await;
        let after = report(&w).await;
        w.run_due().await;
        assert!(has_phone(&w).await);
        assert_eq!(
            (keeps(&w, before).await, keeps(&w, after).await),
            ((false, true), (true, true))
        );
        w.stand.advance(1);
        revoke(&w, &base, 2).await;
        w.run_due().await;
        assert!(!has_phone(&w).await);
        assert!(!keeps(&w, after).await.0);
    })
    .await;
}

/// Their clock and ours may be five minutes apart: until then nobody can say which came first.
#[tokio::test]
async fn a_withdrawal_that_comes_late_erases_what_may_have_been_given_before_it() {
    on_each(async |w| {
        let base = serve(&w);
        w.stand.advance(1_000);
        for (happened, kept) in [(1_000 - 302, true), (1_000 - 298, false)] {
            give_phone(&w).await;
            w.sql("UPDATE account SET phone_at = phone_at - 1000000").await;
            revoke(&w, &base, happened).await;
            w.run_due().await;
            assert_eq!(has_phone(&w).await, kept, "{happened}");
        }
        // Nobody knows when it was given.
        give_phone(&w).await;
        w.sql("UPDATE account SET phone_at = NULL").await;
        revoke(&w, &base, 0).await;
        w.run_due().await;
        assert!(!has_phone(&w).await);
    })
    .await;
}

#[tokio::test]
async fn who_signed_in_after_he_closed_his_account_keeps_what_he_gave_since() {
    on_each(async |w| {
        let base = serve(&w);
        old_session(&w, "old-1").await;
        give_phone(&w).await;
        let before = report(&w).await;
        accept(&w, &base, 0, "T-before").await;
        accept(&w, &base, 0, "T-both").await;
        w.run_due().await;
        cancel(&w, &base, 1).await;
        w.sql("UPDATE job SET run_at = run_at + 60000000 WHERE kind = 'wechat_event'").await;
        w.stand.advance(2);
        // A refresh of the old session is no sign-in.
        old_session(&w, "old-2").await;
        wechat::run(&w.s, &w.stand.login_code("resident").await).await.unwrap();
        give_phone(&w).await;
        let after = report(&w).await;
        accept(&w, &base, 2, "T-after").await;
        accept(&w, &base, 2, "T-both").await;
        w.run_due().await;
        w.after(60).await;
        assert_eq!(login(&w).await.dead_at, None, "he is there");
        assert!(has_phone(&w).await);
        assert_eq!(
            (keeps(&w, before).await, keeps(&w, after).await),
            ((false, false), (true, true))
        );
        let mut credits = w.credits().await;
        credits.sort();
        let left = [("T-after", 1), ("T-before", 0), ("T-both", 1)];
        assert_eq!(credits, left.map(|(template, many)| (template.to_owned(), many)));
        let tokens = refresh_token::Entity::find().all(&w.s.db.read).await.unwrap();
        assert_eq!(tokens.len(), 3);
        for token in tokens {
            assert_eq!(token.revoked_at.is_some(), token.family == "old", "{}", token.token_hash);
        }
    })
    .await;
}

#[tokio::test]
async fn a_closed_account_is_opened_by_nothing_that_was_said_before() {
    on_each(async |w| {
        let base = serve(&w);
        old_session(&w, "old-1").await;
        accept(&w, &base, 9, "T-late").await;
        w.sql("UPDATE job SET run_at = run_at + 60000000 WHERE kind = 'wechat_event'").await;
        cancel(&w, &base, 10).await;
        w.stand.advance(2);
        // Only the old session is refreshed.
        old_session(&w, "old-2").await;
        w.run_due().await;
        w.after(60).await;
        assert!(login(&w).await.dead_at.is_some());
        assert!(w.credits().await.is_empty());
        accept(&w, &base, 70, "T-new").await;
        w.after(1).await;
        assert_eq!(w.credits().await, [("T-new".to_owned(), 1)], "he is back");
        assert_eq!(login(&w).await.dead_at, None);
    })
    .await;
}
