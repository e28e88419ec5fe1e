//! Sessions through WeChat's door: codes, rotation, races.

use std::time::Duration;

use entity::kinds::{Timestamp, WechatApp};
use secrecy::{ExposeSecret, SecretString};

use super::{Signed, forget, refresh, sign_out, wechat};
use crate::app::actor;
use crate::app::testkit::{each_database, services, services_with};
use crate::error::Code;
use crate::gateway::wechat::Session;
use crate::services::Services;
use crate::store;

fn person(openid: &str, unionid: Option<&str>) -> Session {
    Session { openid: openid.to_owned(), unionid: unionid.map(str::to_owned) }
}

async fn entered(s: &Services, openid: &str) -> Signed {
    wechat::enter(s, person(openid, None)).await.unwrap()
}

async fn refused(s: &Services, token: &SecretString) -> Code {
    refresh::run(s, token).await.unwrap_err().code
}

#[tokio::test]
async fn one_person_has_one_account_and_a_follower_is_joined_by_his_union_id() {
    for s in each_database("session_accounts").await {
        let first = entered(&s, "o-1").await;
        assert_eq!(entered(&s, "o-1").await.account, first.account);
        assert_ne!(entered(&s, "o-2").await.account, first.account);
        assert!(first.staff.is_none());

        let now = s.clock.now();
        let follower = s
            .writer
            .commit(move |tx| {
                Box::pin(async move {
                    let account = store::people::insert_account(tx, now).await?;
                    let row = entity::wechat_identity::ActiveModel {
                        account_id: sea_orm::Set(account.id),
                        app: sea_orm::Set(WechatApp::Oa),
                        openid: sea_orm::Set("oa-3".into()),
                        unionid: sea_orm::Set(Some("u-3".into())),
                        dead_at: sea_orm::Set(None),
                        created_at: sea_orm::Set(now),
                        told_at: sea_orm::Set(None),
                        ..Default::default()
                    };
                    store::people::insert_identity(tx, row).await?;
                    Ok::<_, crate::error::Error>(account.id)
                })
            })
            .await
            .unwrap();
        let joined = wechat::enter(&s, person("o-3", Some("u-3"))).await.unwrap();
        assert_eq!(joined.account, follower);
    }
}

#[tokio::test]
async fn first_sign_ins_of_one_person_that_race_make_one_account() {
    for s in each_database("session_first").await {
        let all = futures::future::join_all((0..8).map(|_| entered(&s, "o-race"))).await;
        assert!(all.iter().all(|one| one.account == all[0].account));
    }
}

#[tokio::test]
async fn a_code_that_comes_twice_is_refused_without_asking_wechat() {
    // Nothing listens where this installation looks for WeChat.
    let s = services().await;
    let first = wechat::run(&s, "code-1").await.unwrap_err();
    assert_eq!(first.code, Code::WechatUnreachable);
    assert!(first.retry_after.is_some());
    assert_eq!(wechat::run(&s, "code-1").await.unwrap_err().code, Code::WechatCodeRefused);
    assert_eq!(wechat::run(&s, "code-2").await.unwrap_err().code, Code::WechatUnreachable);
}

#[tokio::test]
async fn an_access_token_names_its_account_until_it_expires() {
    let s = services().await;
    let signed = entered(&s, "o-1").await;
    let who = actor::authenticate(&s, &signed.access_token).await.unwrap();
    assert_eq!((who.account, who.console), (signed.account, false));
    s.clock.advance(signed.expires_in);
    let late = actor::authenticate(&s, &signed.access_token).await.unwrap_err();
    assert_eq!(late.code, Code::TokenExpired);
}

#[tokio::test]
async fn a_refresh_token_is_good_once_and_its_second_use_ends_the_session() {
    for s in each_database("session_reuse").await {
        let other = entered(&s, "o-1").await;
        let first = entered(&s, "o-1").await;
        let second = refresh::run(&s, &first.refresh_token).await.unwrap();
        assert_eq!(second.account, first.account);
        assert_eq!(refused(&s, &first.refresh_token).await, Code::RefreshRefused);
        assert_eq!(refused(&s, &second.refresh_token).await, Code::RefreshRefused);
        assert!(refresh::run(&s, &other.refresh_token).await.is_ok(), "another session lives on");
        assert_eq!(refused(&s, &SecretString::from("nonsense")).await, Code::RefreshRefused);
    }
}

#[tokio::test]
async fn of_two_uses_at_once_one_wins_and_the_family_ends() {
    for s in each_database("session_race").await {
        let first = entered(&s, "o-1").await;
        let (a, b) = tokio::join!(
            refresh::run(&s, &first.refresh_token),
            refresh::run(&s, &first.refresh_token)
        );
        assert_eq!(usize::from(a.is_ok()) + usize::from(b.is_ok()), 1);
        let winner = a.or(b).unwrap();
        assert_eq!(refused(&s, &winner.refresh_token).await, Code::RefreshRefused);
    }
}

#[tokio::test]
async fn a_session_rests_thirty_days_and_rotation_extends_it_to_ninety() {
    let s = services().await;
    let day = Duration::from_hours(24);
    let idle = entered(&s, "o-1").await;
    let mut kept = entered(&s, "o-1").await;
    for _ in 0..3 {
        s.clock.advance(day * 29);
        kept = refresh::run(&s, &kept.refresh_token).await.unwrap();
    }
    assert_eq!(refused(&s, &idle.refresh_token).await, Code::RefreshRefused);
    s.clock.advance(day * 4);
    assert_eq!(refused(&s, &kept.refresh_token).await, Code::RefreshRefused);
    assert!(forget::run(&s).await.unwrap() >= 5);
}

#[tokio::test]
async fn a_session_rests_as_long_as_the_configuration_says() {
    let s = services_with(|config| config.auth.refresh_days = 7).await;
    let day = Duration::from_hours(24);
    let (used, idle) = (entered(&s, "o-1").await, entered(&s, "o-2").await);
    s.clock.advance(day * 6);
    let used = refresh::run(&s, &used.refresh_token).await.unwrap();
    s.clock.advance(day * 2);
    assert_eq!(refused(&s, &idle.refresh_token).await, Code::RefreshRefused);
    assert!(refresh::run(&s, &used.refresh_token).await.is_ok(), "use extends it");
}

#[tokio::test]
async fn signing_out_ends_the_own_session_and_nobody_elses() {
    let s = services().await;
    let (mine, other) = (entered(&s, "o-1").await, entered(&s, "o-2").await);
    let me = actor::authenticate(&s, &mine.access_token).await.unwrap();
    sign_out::run(&s, &me, &other.refresh_token).await.unwrap();
    assert!(refresh::run(&s, &other.refresh_token).await.is_ok());
    sign_out::run(&s, &me, &mine.refresh_token).await.unwrap();
    sign_out::run(&s, &me, &mine.refresh_token).await.unwrap();
    assert_eq!(refused(&s, &mine.refresh_token).await, Code::RefreshRefused);
}

#[tokio::test]
async fn a_refresh_token_is_stored_only_as_its_hash() {
    let s = services().await;
    let signed = entered(&s, "o-1").await;
    let text = signed.refresh_token.expose_secret();
    assert!(store::session::find_token(&s.db.read, text).await.unwrap().is_none());
    let hash = crate::auth::refresh::fingerprint(text);
    let row = store::session::find_token(&s.db.read, &hash).await.unwrap().unwrap();
    assert!(row.expires_at > Timestamp(0) && row.expires_at < row.family_ends_at);
}
