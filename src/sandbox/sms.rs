//! Tencent Cloud's side of `SendSms`: signature first, then the account, then each number.

use std::collections::BTreeMap;

use actix_web::web::{Bytes, Data, Json};
use actix_web::{HttpRequest, Responder};
use serde::Deserialize;
use serde_json::{Value, json};

use super::mailbox::{Instant, Message};
use super::tc3;
use super::world::{Sandbox, World, random_text};

const PULL: &str = "PullSmsSendStatus";
const VERSION: &str = "2021-01-11";
/// One call may carry so many numbers.
const MOST_NUMBERS: usize = 200;
/// Codes of these families refuse a whole call, all others one message of it.
const WHOLE_CALL: [&str; 3] = ["AuthFailure", "InternalError", "RequestLimitExceeded"];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SendSms {
    #[serde(default)]
    phone_number_set: Vec<String>,
    #[serde(default)]
    sms_sdk_app_id: String,
    #[serde(default)]
    template_id: String,
    #[serde(default)]
    sign_name: String,
    #[serde(default)]
    template_param_set: Vec<String>,
    #[serde(default)]
    session_context: String,
}

pub(super) async fn call(
    sandbox: Data<Sandbox>,
    request: HttpRequest,
    body: Bytes,
) -> impl Responder {
    let id = random_text("");
    let response = match answer(&sandbox, &request, &body) {
        Ok((set, rows)) => json!({ (set): rows, "RequestId": id }),
        Err(code) => {
            json!({ "Error": { "Code": code, "Message": "refused by the stand-in" }, "RequestId": id })
        }
    };
    Json(json!({ "Response": response }))
}

/// Answers a call with the name of its set and what is in it.
fn answer(
    sandbox: &Sandbox,
    request: &HttpRequest,
    body: &[u8],
) -> Result<(&'static str, Vec<Value>), String> {
    let account = sandbox.settings.sms.as_ref();
    let now = sandbox.now().0.div_euclid(1_000_000);
    if let Some(code) = tc3::refusal(request, body, account, now) {
        return Err(code.to_owned());
    }
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    check(header("x-tc-version") == Some(VERSION), "NoSuchVersion")?;
    let action = header("x-tc-action");
    check(matches!(action, Some("SendSms" | PULL)), "InvalidAction")?;
    check(header("x-tc-region").is_some_and(|region| !region.is_empty()), "MissingParameter")?;
    if action == Some(PULL) {
        return Ok(("PullSmsSendStatusSet", pull(sandbox, body)?));
    }
    let send: SendSms = serde_json::from_slice(body)
        .map_err(|why| format!("FailedOperation.FailResolvePacket ({why})"))?;
    check(!send.phone_number_set.is_empty(), "MissingParameter.EmptyPhoneNumberSet")?;
    check(send.phone_number_set.len() <= MOST_NUMBERS, "LimitExceeded.PhoneNumberCountLimit")?;
    let known = account.is_some_and(|account| account.app_id == send.sms_sdk_app_id);
    check(known, "UnauthorizedOperation.SmsSdkAppIdVerifyFail")?;
    let mut world = sandbox.world();
    let mut fates = Vec::new();
    for number in &send.phone_number_set {
        let code = match refusal(&mut world, &send, number) {
            Some(code) if WHOLE_CALL.iter().any(|family| code.starts_with(family)) => {
                return Err(code);
            }
            refused => refused.unwrap_or_else(|| "Ok".to_owned()),
        };
        let mut serial = String::new();
        if code == "Ok" {
            let report = report(&world, &send, number);
            world.text_reports.push_back(report);
            serial = format!("2640:{}", world.mailbox.deliver(message(sandbox, &send, number)));
        }
        let said = if code == "Ok" { "send success" } else { code.as_str() };
        fates.push(json!({
            "SerialNo": serial, "PhoneNumber": number, "Fee": u8::from(code == "Ok"),
            "SessionContext": send.session_context, "Code": code, "Message": said, "IsoCode": "CN",
        }));
    }
    Ok(("SendStatusSet", fates))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Pull {
    #[serde(default)]
    limit: usize,
    #[serde(default)]
    sms_sdk_app_id: String,
}

/// Hands reports out, each once.
fn pull(sandbox: &Sandbox, body: &[u8]) -> Result<Vec<Value>, String> {
    let pull: Pull = serde_json::from_slice(body).map_err(|_why| "InvalidParameter".to_owned())?;
    let account = sandbox.settings.sms.as_ref();
    let known = account.is_some_and(|account| account.app_id == pull.sms_sdk_app_id);
    check(known, "UnauthorizedOperation.SmsSdkAppIdVerifyFail")?;
    check((1..=100).contains(&pull.limit), "InvalidParameterValue.InvalidLimit")?;
    let mut world = sandbox.world();
    let count = pull.limit.min(world.text_reports.len());
    Ok(world.text_reports.drain(..count).collect())
}

fn report(world: &World, send: &SendSms, number: &str) -> Value {
    let lost = world.faults.sms_undelivered.contains(number);
    let (status, words) = if lost { ("FAIL", "MK:0001") } else { ("SUCCESS", "DELIVRD") };
    json!({ "UserReceiveTime": 0, "CountryCode": "86", "SubscriberNumber": number.trim_start_matches("+86"),
        "PhoneNumber": number, "SerialNo": "", "ReportStatus": status, "Description": words,
        "SessionContext": send.session_context })
}

fn check(good: bool, code: &str) -> Result<(), String> {
    if good { Ok(()) } else { Err(code.to_owned()) }
}

/// Says why one message is not sent.
fn refusal(world: &mut World, send: &SendSms, number: &str) -> Option<String> {
    if let Some(code) = world.faults.sms_refusal() {
        return Some(code);
    }
    let digits = number.strip_prefix("+86").unwrap_or_default();
    let mobile = digits.len() == 11
        && digits.starts_with('1')
        && digits.chars().all(|digit| digit.is_ascii_digit());
    let refused = if !mobile {
        "InvalidParameterValue.IncorrectPhoneNumber"
    } else if world.faults.sms_blocks.contains(number) {
        "FailedOperation.PhoneNumberInBlacklist"
    } else if send.sign_name.is_empty() {
        "FailedOperation.SignatureIncorrectOrUnapproved"
    } else if send.template_id.is_empty() || send.template_param_set.iter().any(String::is_empty) {
        "FailedOperation.TemplateIncorrectOrUnapproved"
    } else {
        return None;
    };
    Some(refused.to_owned())
}

fn message(sandbox: &Sandbox, send: &SendSms, number: &str) -> Message {
    let words = send.template_param_set.iter().enumerate();
    let data: BTreeMap<String, String> =
        words.map(|(at, word)| (format!("{}", at + 1), word.clone())).collect();
    Message {
        seq: 0,
        to: number.to_owned(),
        channel: "sms",
        template: send.template_id.clone(),
        data,
        page: None,
        client_msg_id: None,
        received_at: Instant(sandbox.now()),
        repeats: 0,
    }
}
