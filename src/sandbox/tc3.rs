//! Checks a `TC3-HMAC-SHA256` signature from the request as it arrived: nothing here is shared
//! with whoever signed it.

use std::collections::HashMap;

use actix_web::HttpRequest;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::TextAccount;

/// A clock may differ by so much.
const SKEW_SECONDS: i64 = 300;

/// Says with which code the provider refuses the call, if it does.
pub(super) fn refusal(
    request: &HttpRequest,
    body: &[u8],
    account: Option<&TextAccount>,
    now: i64,
) -> Option<&'static str> {
    let header = |name: &str| request.headers().get(name)?.to_str().ok();
    let Some(parts) = header("authorization").and_then(parts) else {
        return Some("AuthFailure.InvalidAuthorization");
    };
    let stamp = header("x-tc-timestamp").unwrap_or_default();
    let Ok(at) = stamp.parse::<i64>() else { return Some("MissingParameter") };
    if (now - at).abs() > SKEW_SECONDS {
        return Some("AuthFailure.SignatureExpire");
    }
    let [who, day, product, end] = parts.scope.as_slice() else {
        return Some("AuthFailure.InvalidAuthorization");
    };
    let Some(account) = account.filter(|account| account.secret_id == *who) else {
        return Some("AuthFailure.SecretIdNotFound");
    };
    let covered = ["content-type", "host"].iter().all(|name| parts.headers.contains(name));
    let utc = jiff::Timestamp::from_second(at).map(|at| at.strftime("%Y-%m-%d").to_string());
    if !covered || *product != "sms" || *end != "tc3_request" || utc.ok().as_deref() != Some(*day) {
        return Some("AuthFailure.SignatureFailure");
    }
    let mut lines = vec![
        request.method().to_string(),
        request.path().to_owned(),
        request.query_string().to_owned(),
    ];
    for name in &parts.headers {
        let value = header(name).unwrap_or_default().trim().to_lowercase();
        lines.push(format!("{name}:{value}"));
    }
    lines.extend([String::new(), parts.headers.join(";"), sha256(body)]);
    let mut key = format!("TC3{}", account.secret_key).into_bytes();
    for step in [*day, *product, *end] {
        key = hmac(&key, step);
    }
    let hashed = sha256(lines.join("\n").as_bytes());
    let text = format!("TC3-HMAC-SHA256\n{stamp}\n{day}/{product}/{end}\n{hashed}");
    let wanted = hex::encode(hmac(&key, &text));
    (wanted != parts.signature).then_some("AuthFailure.SignatureFailure")
}

struct Parts<'a> {
    scope: Vec<&'a str>,
    headers: Vec<&'a str>,
    signature: &'a str,
}

fn parts(header: &str) -> Option<Parts<'_>> {
    let fields = header.strip_prefix("TC3-HMAC-SHA256 ")?.split(',');
    let fields: HashMap<&str, &str> =
        fields.filter_map(|field| field.trim().split_once('=')).collect();
    Some(Parts {
        scope: fields.get("Credential")?.split('/').collect(),
        headers: fields.get("SignedHeaders")?.split(';').collect(),
        signature: fields.get("Signature")?,
    })
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let Ok(mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    mac.chain_update(text).finalize().into_bytes().to_vec()
}
