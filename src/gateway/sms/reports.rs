//! What became of text messages (`PullSmsSendStatus`): handed out once, the oldest first.
//!
//! The provider enables this call for an account on request. What it handed out is gone there.

use entity::kinds::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::{Failure, Sms, failure};

const ACTION: &str = "PullSmsSendStatus";
/// The most that one call hands out.
pub const PAGE: usize = 100;

/// The fate of one message; the number it went to is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What sending gave along.
    pub context: String,
    /// Whether the phone has it.
    pub delivered: bool,
    /// The carrier's word, for the operator's eyes.
    pub description: String,
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
    pull_sms_send_status_set: Vec<Row>,
    request_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Refusal {
    code: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Row {
    #[serde(default)]
    report_status: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    session_context: String,
}

impl Sms {
    /// Takes the next reports, at most [`PAGE`]; fewer mean that there are no more now.
    pub async fn reports(&self, now: Timestamp) -> Result<Vec<Report>, Failure> {
        let Some(account) = self.0.as_deref() else {
            return Err(failure::of_code("UnauthorizedOperation.NotConfigured", None));
        };
        let body = json!({ "Limit": PAGE, "SmsSdkAppId": account.settings.app_id });
        let reply = account.call(ACTION, body.to_string().into_bytes(), now).await;
        let reply = reply.map_err(|error| failure::of_http(&error))?;
        let Ok(Envelope { response }) = serde_json::from_slice(&reply.body) else {
            return Err(failure::unreadable(&reply));
        };
        if let Some(refusal) = response.error {
            return Err(failure::of_code(&refusal.code, response.request_id.as_deref()));
        }
        let told = |row: Row| Report {
            context: row.session_context,
            delivered: row.report_status == "SUCCESS",
            description: row.description,
        };
        Ok(response.pull_sms_send_status_set.into_iter().map(told).collect())
    }
}
