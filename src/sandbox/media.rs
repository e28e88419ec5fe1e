//! The question about a picture or a recording. The stand-in fetches nothing by itself: whoever drives it
//! reads what was asked, fetches, and pushes the answer.

use actix_web::Responder;
use actix_web::web::{Bytes, Data, Json};
use serde::Deserialize;
use serde_json::json;

use super::refusal::{Answer, Refusal};
use super::sends::read;
use super::world::{Sandbox, random_text};

#[derive(Deserialize)]
struct Check {
    #[serde(default)]
    openid: String,
    #[serde(default)]
    scene: u8,
    #[serde(default)]
    version: u8,
    #[serde(default)]
    media_url: String,
    #[serde(default)]
    media_type: u8,
}

pub(super) async fn check(sandbox: Data<Sandbox>, body: Bytes) -> Answer {
    let check: Check = read(&body)?;
    if check.openid.is_empty() {
        return Err(Refusal::of(40003));
    }
    if !(1..=2).contains(&check.media_type) {
        return Err(Refusal::new(40004, "invalid media type"));
    }
    let fetchable = ["http://", "https://"].iter().any(|start| check.media_url.starts_with(start));
    if !(1..=4).contains(&check.scene) || check.version != 2 || !fetchable {
        return Err(Refusal::of(40097));
    }
    let trace_id = random_text("");
    sandbox.world().media.insert(trace_id.clone(), check.media_url);
    Ok(Json(json!({ "errcode": 0, "errmsg": "ok", "trace_id": trace_id })))
}

pub(super) async fn asked(sandbox: Data<Sandbox>) -> impl Responder {
    Json(sandbox.world().media.clone())
}
