//! What became of text messages (`PullSmsSendStatus`): handed out once, the oldest first.
//!
//! The provider enables this call for an account on request. What it handed out is gone there.

use entity::kinds::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Failure, Sms, failure};
use crate::gateway::wechat::tolerant;

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
    pull_sms_send_status_set: Option<Vec<Value>>,
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
    #[serde(default, deserialize_with = "tolerant::text")]
    report_status: String,
    #[serde(default, deserialize_with = "tolerant::text")]
    description: String,
    #[serde(default, deserialize_with = "tolerant::text")]
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
        let Ok(Envelope { response }) = tolerant::read(&reply.body) else {
            return Err(failure::unreadable(&reply));
        };
        if let Some(refusal) = response.error {
            return Err(failure::of_code(&refusal.code, response.request_id.as_deref()));
        }
        Ok(told(response))
    }
}

/// Reads each row by itself: a page is handed out once.
fn told(response: Response) -> Vec<Report> {
    let rows = tolerant::each::<Row>(response.pull_sms_send_status_set.unwrap_or_default());
    let report = |row: Row| Report {
        context: row.session_context,
        delivered: row.report_status == "SUCCESS",
        description: row.description,
    };
    rows.into_iter().map(report).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_odd_row_takes_no_other_report_with_it() {
        let page = r#"{"Response":{"PullSmsSendStatusSet":[
            {"SessionContext":"zn-1","ReportStatus":"SUCCESS","Description":"DELIVRD"},
            {"SessionContext":null,"ReportStatus":"FAIL","Description":null},
            "?", null,
            {"SessionContext":3,"ReportStatus":"FAIL","Description":7},
            {"SessionContext":"zn-4","ReportStatus":"FAIL"}],"RequestId":"r"}}"#;
        let Envelope { response } = serde_json::from_str(page).unwrap();
        let told: Vec<_> =
            told(response).into_iter().map(|one| (one.context, one.delivered)).collect();
        let told: Vec<_> = told.iter().map(|(context, arrived)| (&**context, *arrived)).collect();
        assert_eq!(told, [("zn-1", true), ("", false), ("3", false), ("zn-4", false)]);
        let none = r#"{"Response":{"PullSmsSendStatusSet":null,"RequestId":"r"}}"#;
        let Envelope { response } = serde_json::from_str(none).unwrap();
        assert_eq!(super::told(response), []);
    }
}
