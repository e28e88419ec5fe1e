//! The stand-in checks what a signature covers, by its own computation.

use std::time::Duration;

use entity::kinds::Timestamp;
use secrecy::SecretString;
use serde_json::json;
use zhinan::gateway::http::{Http, Timeouts};
use zhinan::gateway::sms::{Failure, Settings, Sms};
use zhinan::gateway::wechat::Class;

use super::kit::Stand;
use crate::kit::wechat::text_account;

fn settings(stand: &Stand) -> Settings {
    let account = text_account();
    Settings {
        base_url: format!("http://{}", stand.address),
        region: "ap-guangzhou".into(),
        secret_id: account.secret_id,
        secret_key: account.secret_key.as_str().into(),
        app_id: account.app_id,
        sign: "南城街道".into(),
        template_staff: "2000001".into(),
        timeouts: Timeouts::default(),
    }
}

async fn send(settings: Settings, now: Timestamp) -> Result<(), Failure> {
    let words: Vec<String> =
        ["新工单", "NC-1", "水电气暖", "第一网格", "2026-11-24 10:00"].map(str::to_owned).to_vec();
    let to = SecretString::from("13800138000");
    Sms::new(settings).unwrap().send(&to, &words, "zn-1", now).await.map(drop)
}

#[tokio::test]
async fn a_call_signed_with_our_key_is_taken_and_any_other_refused() {
    let stand = Stand::start();
    let now = stand.clock.now();
    send(settings(&stand), now).await.unwrap();
    let refused = async |settings: Settings, now: Timestamp| {
        let failure = send(settings, now).await.unwrap_err();
        assert!(failure.class == Class::ConfigError && !failure.doubtful, "{failure:?}");
        failure.detail
    };
    let key = Settings { secret_key: "another".into(), ..settings(&stand) };
    assert_eq!(refused(key, now).await, "AuthFailure.SignatureFailure");
    let id = Settings { secret_id: "AKIDother".into(), ..settings(&stand) };
    assert_eq!(refused(id, now).await, "AuthFailure.SecretIdNotFound");
    let app = Settings { app_id: "1".into(), ..settings(&stand) };
    assert_eq!(refused(app, now).await, "UnauthorizedOperation.SmsSdkAppIdVerifyFail");
    let late = now + Duration::from_secs(301);
    assert_eq!(refused(settings(&stand), late).await, "AuthFailure.SignatureExpire");
    let messages = stand.messages().await;
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert_eq!(messages[0]["data"]["4"], "第一网格");
}

#[tokio::test]
async fn a_signature_over_something_else_is_refused() {
    let stand = Stand::start();
    let http = Http::new(Timeouts::default()).unwrap();
    let now = (stand.clock.now().0 / 1_000_000).to_string();
    // A signature over something else, in good form.
    let authorization = format!(
        "TC3-HMAC-SHA256 Credential={}/2023-11-14/sms/tc3_request, SignedHeaders=content-type;host, Signature={}",
        text_account().secret_id,
        "0".repeat(64)
    );
    for (authorization, code) in [
        (authorization.as_str(), "AuthFailure.SignatureFailure"),
        ("Bearer x", "AuthFailure.InvalidAuthorization"),
    ] {
        let headers = [
            ("Authorization", authorization),
            ("Content-Type", "application/json; charset=utf-8"),
            ("X-TC-Action", "SendSms"),
            ("X-TC-Version", "2021-01-11"),
            ("X-TC-Timestamp", now.as_str()),
            ("X-TC-Region", "ap-guangzhou"),
        ];
        let url = format!("http://{}/", stand.address);
        let reply = http.post_bytes(&url, &headers, b"{}".to_vec()).await.unwrap();
        let answer: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!(answer["Response"]["Error"]["Code"], code, "{answer}");
    }
}

#[tokio::test]
async fn a_call_that_nobody_took_may_be_repeated_and_a_lost_answer_may_not() {
    let stand = Stand::start();
    let now = stand.clock.now();
    let nobody = Settings { base_url: "http://127.0.0.1:9".into(), ..settings(&stand) };
    let failure = send(nobody, now).await.unwrap_err();
    assert!(failure.class == Class::Retry && !failure.doubtful, "{failure:?}");
    stand.faults(json!({ "lose_answers": 1 })).await;
    assert!(send(settings(&stand), now).await.unwrap_err().doubtful);
    stand.faults(json!({ "fail_http": 1 })).await;
    assert!(send(settings(&stand), now).await.unwrap_err().doubtful);
    let off = Settings { secret_id: String::new(), ..settings(&stand) };
    assert!(!Sms::new(off).unwrap().is_on());
}
