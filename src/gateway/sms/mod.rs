//! Text messages through Tencent Cloud (`SendSms` of 2021-01-11): the way to whom nothing else
//! leads.
//!
//! There is no key by which the provider recognises a repeat, so a message that may have left is
//! never sent again. The number is taken at the call and kept nowhere.

pub mod failure;
mod reports;
mod sign;

pub use failure::Failure;
pub use reports::{PAGE, Report};

use std::sync::Arc;

use entity::kinds::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;

use crate::gateway::http::{Http, HttpError, Reply, Timeouts};
use crate::gateway::wechat::{Sent, tolerant};
use sign::Call;

const SERVICE: &str = "sms";
const ACTION: &str = "SendSms";
const VERSION: &str = "2021-01-11";
const JSON: &str = "application/json; charset=utf-8";

/// The account at the provider; all of it, or the channel is off.
#[derive(Clone, Debug)]
pub struct Settings {
    pub base_url: String,
    pub region: String,
    pub secret_id: String,
    pub secret_key: SecretString,
    pub app_id: String,
    /// The signature that stands in front of every message.
    pub sign: String,
    /// Template with five places: kind, number, category, grid, due time.
    pub template_staff: String,
    pub timeouts: Timeouts,
}

/// The provider of text messages, if there is one. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Sms(Option<Arc<Account>>);

#[derive(Debug)]
struct Account {
    settings: Settings,
    host: String,
    http: Http,
}

#[derive(Deserialize)]
struct Envelope {
    #[serde(rename = "Response")]
    response: Response,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Response {
    error: Option<Refusal>,
    #[serde(default)]
    send_status_set: Option<Vec<Refusal>>,
    request_id: Option<String>,
}

/// The fate of one message, or the refusal of the whole call.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Refusal {
    code: String,
}

impl Sms {
    /// Builds the client, or none where nothing is configured. Fails when the TLS backend cannot
    /// be set up.
    pub fn new(settings: Settings) -> Result<Self, HttpError> {
        if settings.secret_id.is_empty() {
            return Ok(Self(None));
        }
        let http = Http::new(settings.timeouts)?;
        let base = settings.base_url.trim_end_matches('/');
        let host = base.split_once("://").map_or(base, |(_, host)| host).to_lowercase();
        Ok(Self(Some(Arc::new(Account { settings, host, http }))))
    }

    /// Tells whether messages can be sent.
    pub const fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// Sends one message with the words of the staff template to a number such as `13800138000`.
    /// `context` comes back in the provider's records. A failure says whether the message may have
    /// left; its detail never holds the number.
    pub async fn send(
        &self,
        to: &SecretString,
        words: &[String],
        context: &str,
        now: Timestamp,
    ) -> Result<Sent, Failure> {
        let Some(account) = self.0.as_deref() else {
            return Err(failure::of_code("UnauthorizedOperation.NotConfigured", None));
        };
        let body = json!({
            "PhoneNumberSet": [format!("+86{}", to.expose_secret())],
            "SmsSdkAppId": account.settings.app_id,
            "SignName": account.settings.sign,
            "TemplateId": account.settings.template_staff,
            "TemplateParamSet": words,
            "SessionContext": context,
        });
        let reply = account.call(ACTION, body.to_string().into_bytes(), now).await;
        read(&reply.map_err(|error| failure::of_http(&error))?)
    }
}

impl Account {
    async fn call(
        &self,
        action: &str,
        payload: Vec<u8>,
        now: Timestamp,
    ) -> Result<Reply, HttpError> {
        let at = now.0.div_euclid(1_000_000);
        let lower = action.to_lowercase();
        let headers =
            [("content-type", JSON), ("host", self.host.as_str()), ("x-tc-action", lower.as_str())];
        let call = Call { service: SERVICE, headers: &headers, payload: &payload, at };
        let Settings { secret_id, secret_key, region, base_url, .. } = &self.settings;
        let authorization = call.authorization(secret_id, secret_key);
        let at = at.to_string();
        let headers = [
            ("Authorization", authorization.as_str()),
            ("Content-Type", JSON),
            ("X-TC-Action", action),
            ("X-TC-Version", VERSION),
            ("X-TC-Timestamp", at.as_str()),
            ("X-TC-Region", region.as_str()),
        ];
        self.http
            .post_bytes(&format!("{}/", base_url.trim_end_matches('/')), &headers, payload)
            .await
    }
}

fn read(reply: &Reply) -> Result<Sent, Failure> {
    let Ok(Envelope { response }) = tolerant::read(&reply.body) else {
        return Err(failure::unreadable(reply));
    };
    let request = response.request_id.as_deref();
    if let Some(refusal) = response.error {
        return Err(failure::of_code(&refusal.code, request));
    }
    match response.send_status_set.iter().flatten().next() {
        Some(fate) if fate.code == "Ok" => Ok(Sent { msgid: None }),
        Some(fate) => Err(failure::of_code(&fate.code, request)),
        None => Err(failure::unreadable(reply)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_beside_a_refusal_leaves_the_refusal_what_it_is() {
        let answered = |body: &[u8]| {
            let (content_type, body) = (String::new(), body.to_vec());
            let read = read(&Reply { status: 200, content_type, retry_after: None, body });
            read.map(drop).map_err(|why| (why.errcode, why.doubtful))
        };
        for (words, want) in [
            (&b"\x14"[..], Err((Some(1015), false))),
            (b"\xe7\x8e", Err((Some(1015), false))),
            (b"\"", Err((None, true))),
        ] {
            let mut body = br#"{"Response":{"SendStatusSet":[{"Code":"#.to_vec();
            body.extend(br#""FailedOperation.PhoneNumberInBlacklist","Message":""#);
            body.extend(words);
            body.extend(br#""}],"RequestId":"r"}}"#);
            assert_eq!(answered(&body), want, "{words:?}");
        }
    }
}
