//! What WeCom tells us, over HTTP: its envelope, its address check, and what becomes of a push.

use std::time::{Duration, Instant};

use entity::kinds::{JobState, WechatApp};
use entity::wechat_event;
use sea_orm::EntityTrait;
use zhinan::config::Config;
use zhinan::gateway::wechat::crypto::{AesKey, encrypt, signature};

use super::callbacks::serve;
use super::kit::{World, on_each, on_each_with};
use crate::gateway::kit::{AES_KEY, TOKEN};

const CORP: &str = "ww6a112864f8022910";
const NOW: i64 = 1_700_000_000;

fn configured(config: &mut Config) {
    config.wecom.corpid = CORP.into();
    config.wecom.token = TOKEN.into();
    config.wecom.aes_key = AES_KEY.into();
}

/// One request of WeCom, or of somebody who would like to be.
#[derive(Clone)]
struct Knock {
    token: &'static str,
    receiver: &'static str,
    timestamp: i64,
    /// Sent instead of the right one.
    signature: Option<&'static str>,
}

const GOOD: Knock = Knock { token: TOKEN, receiver: CORP, timestamp: NOW, signature: None };

struct Answer {
    status: u16,
    kind: String,
    body: String,
}

impl Knock {
    fn sealed(&self, text: &str) -> String {
        encrypt(&AesKey::parse(AES_KEY).unwrap(), [9; 16], text, self.receiver)
    }

    fn query(&self, sealed: &str) -> Vec<(&'static str, String)> {
        let (timestamp, nonce) = (self.timestamp.to_string(), "372623149".to_owned());
        let signed = signature(&[self.token, &timestamp, &nonce, sealed]);
        let signed = self.signature.map_or(signed, str::to_owned);
        vec![("msg_signature", signed), ("timestamp", timestamp), ("nonce", nonce)]
    }

    async fn verify(&self, base: &str, echo: &str) -> Answer {
        let sealed = self.sealed(echo);
        let mut query = self.query(&sealed);
        query.push(("echostr", sealed));
        send(client().get(format!("{base}/wecom")).query(&query)).await
    }

    async fn push(&self, base: &str, text: &str) -> Answer {
        let sealed = self.sealed(text);
        let body = format!(
            "<xml><ToUserName><![CDATA[{}]]></ToUserName><AgentID><![CDATA[218]]></AgentID>\
             <Encrypt><![CDATA[{sealed}]]></Encrypt></xml>",
            self.receiver
        );
        send(client().post(format!("{base}/wecom")).query(&self.query(&sealed)).body(body)).await
    }
}

#[expect(clippy::disallowed_methods, reason = "a test plays WeCom")]
fn client() -> reqwest::Client {
    reqwest::Client::new()
}

#[expect(clippy::disallowed_methods, reason = "a test plays WeCom")]
async fn send(request: reqwest::RequestBuilder) -> Answer {
    let reply = request.send().await.unwrap();
    let kind = reply.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
    let status = reply.status().as_u16();
    Answer { status, kind: kind.unwrap_or_default(), body: reply.text().await.unwrap() }
}

fn changed(user: &str) -> String {
    format!(
        "<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName>\
         <CreateTime>{NOW}</CreateTime><MsgType><![CDATA[event]]></MsgType>\
         <Event><![CDATA[change_contact]]></Event><ChangeType>update_user</ChangeType>\
         <UserID><![CDATA[{user}]]></UserID></xml>"
    )
}

async fn stored(w: &World) -> Vec<wechat_event::Model> {
    wechat_event::Entity::find().all(&w.s.db.read).await.unwrap()
}

#[tokio::test]
async fn the_address_check_is_answered_with_the_opened_echo() {
    on_each_with(configured, async |w| {
        let base = serve(&w);
        let answer = GOOD.verify(&base, "94966531020182955848408").await;
        assert_eq!((answer.status, answer.body.as_str()), (200, "94966531020182955848408"));
    })
    .await;
}

#[tokio::test]
async fn a_push_is_kept_once_however_often_it_comes_and_its_job_ends() {
    on_each_with(configured, async |w| {
        let base = serve(&w);
        let follows = changed("one").replace("change_contact", "subscribe");
        let began = Instant::now();
        for text in [&changed("one"), &changed("one"), &changed("two"), &follows] {
            let answer = GOOD.push(&base, text).await;
            assert_eq!((answer.status, answer.body.as_str()), (200, "success"));
        }
        assert!(began.elapsed() < Duration::from_secs(4), "each is answered within a second");
        let kept = stored(&w).await;
        assert_eq!(kept.len(), 3, "a replay is stored once, two changes in one second are two");
        for (event, text) in kept.iter().zip([changed("one"), changed("two"), follows]) {
            assert_eq!((event.app, event.handled_at), (WechatApp::Wecom, None));
            assert_eq!(w.s.vault.open("wechat_event.body", &event.body_sealed).unwrap(), text);
        }
        w.run_due().await;
        assert!(stored(&w).await.iter().all(|event| event.handled_at.is_some()));
        assert!(w.jobs().await.iter().all(|job| job.state == JobState::Done));
        let asked = w.stand.calls("/cgi-bin/user/info").await;
        assert_eq!(asked, 0, "a member of WeCom is no follower of the official account");
    })
    .await;
}

#[tokio::test]
async fn forged_stale_and_foreign_knocks_are_refused_and_store_nothing() {
    on_each_with(configured, async |w| {
        let base = serve(&w);
        for bad in [
            Knock { token: "another", ..GOOD },
            Knock { signature: Some(""), ..GOOD },
            Knock { signature: Some("0000"), ..GOOD },
            Knock { timestamp: NOW - 301, ..GOOD },
            Knock { timestamp: NOW + 301, ..GOOD },
            Knock { receiver: "ww0000000000000000", ..GOOD },
        ] {
            assert_eq!(bad.push(&base, &changed("one")).await.status, 403);
            let answer = bad.verify(&base, "secret echo").await;
            assert_eq!(answer.status, 403);
            assert!(!answer.body.contains("secret echo"));
        }
        let plain =
            client().post(format!("{base}/wecom")).query(&GOOD.query("")).body(changed("one"));
        assert_eq!(send(plain).await.status, 403, "there is no plain mode");
        // A good one that was overheard is worthless later.
        w.stand.advance(301);
        assert_eq!(GOOD.push(&base, &changed("one")).await.status, 403);
        assert!(stored(&w).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn without_configuration_there_is_no_such_address() {
    on_each(async |w| {
        let base = serve(&w);
        for answer in [GOOD.verify(&base, "1").await, GOOD.push(&base, &changed("one")).await] {
            assert_eq!((answer.status, answer.kind.as_str()), (404, "application/problem+json"));
            assert!(answer.body.contains("route_not_found"), "{}", answer.body);
        }
        assert!(stored(&w).await.is_empty());
    })
    .await;
}
