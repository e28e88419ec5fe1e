//! The calls that look something up or draw something, and put nothing on a phone.

use actix_web::HttpResponse;
use actix_web::web::{Bytes, Data, Json, ReqData};
use image::{ImageBuffer, ImageFormat, Luma};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::gate::Caller;
use super::refusal::{Answer, Refusal};
use super::sends::read;
use super::world::{Sandbox, random_text};

const RISKY: &[&str] = &["风险测试"];
const DOUBTFUL: &[&str] = &["复核测试"];

#[derive(Deserialize)]
struct Check {
    #[serde(default)]
    openid: String,
    #[serde(default)]
    scene: u8,
    #[serde(default)]
    content: String,
}

pub(super) async fn msg_sec_check(body: Bytes) -> Answer {
    let check: Check = read(&body)?;
    if check.openid.is_empty() {
        return Err(Refusal::of(40003));
    }
    if !(1..=4).contains(&check.scene) {
        return Err(Refusal::of(40129));
    }
    if check.content.is_empty() || check.content.chars().count() > 2_500 {
        return Err(Refusal::of(40097));
    }
    let has = |words: &[&str]| words.iter().any(|word| check.content.contains(word));
    let (suggest, label) = match (has(RISKY), has(DOUBTFUL)) {
        (true, _) => ("risky", 20006),
        (_, true) => ("review", 20003),
        _ => ("pass", 100),
    };
    let detail = json!([{ "strategy": "content_model", "errcode": 0, "suggest": suggest, "label": label, "prob": 90 }]);
    Ok(Json(json!({
        "errcode": 0, "errmsg": "ok", "result": { "suggest": suggest, "label": label },
        "detail": detail, "trace_id": random_text(""),
    })))
}

#[derive(Deserialize)]
struct PhoneCode {
    #[serde(default)]
    code: String,
    openid: Option<String>,
}

pub(super) async fn phone_number(
    sandbox: Data<Sandbox>,
    caller: ReqData<Caller>,
    body: Bytes,
) -> Answer {
    let asked: PhoneCode = read(&body)?;
    let now = sandbox.now();
    let phone = sandbox.world().phones.take(&asked.code, 40029, now)?;
    if phone.openid.is_some() && asked.openid.is_some() && phone.openid != asked.openid {
        return Err(Refusal::of(40003));
    }
    Ok(Json(json!({ "errcode": 0, "errmsg": "ok", "phone_info": {
        "phoneNumber": phone.number, "purePhoneNumber": phone.number, "countryCode": "86",
        "watermark": { "timestamp": now.0 / 1_000_000, "appid": caller.appid },
    } })))
}

#[derive(Deserialize)]
struct QuotaOf {
    #[serde(default)]
    cgi_path: String,
}

pub(super) async fn quota(sandbox: Data<Sandbox>, body: Bytes) -> Answer {
    let asked: QuotaOf = read(&body)?;
    let limit: u64 = match asked.cgi_path.as_str() {
        "/cgi-bin/message/template/send" => 100_000,
        "/cgi-bin/message/subscribe/send" => 10_000_000,
        "/wxa/msg_sec_check" => 2_000_000,
        _ => return Err(Refusal::of(76021)),
    };
    let world = sandbox.world();
    let called = world.calls.get(&asked.cgi_path).copied().unwrap_or(0);
    let used = match world.faults.quota_left.get(&asked.cgi_path) {
        Some(left) => limit.saturating_sub(*left),
        None if world.faults.quota_used => limit,
        None => called.min(limit),
    };
    Ok(Json(json!({ "errcode": 0, "errmsg": "ok",
        "quota": { "daily_limit": limit, "used": used, "remain": limit - used },
        "rate_limit": { "call_count": 0, "refresh_second": 60 } })))
}

#[derive(Deserialize)]
struct Code {
    #[serde(default)]
    scene: String,
    #[serde(default)]
    page: String,
    width: Option<u32>,
}

pub(super) async fn wxacode(body: Bytes) -> Result<HttpResponse, Refusal> {
    let code: Code = read(&body)?;
    let width = code.width.unwrap_or(430);
    let legal = |c: char| c.is_ascii_alphanumeric() || "!#$&'()*+,/:;=?@-._~".contains(c);
    if !(1..=32).contains(&code.scene.len()) || !code.scene.chars().all(legal) {
        return Err(Refusal::of(40169));
    }
    if code.scene.contains("scancode_time") {
        return Err(Refusal::of(85096));
    }
    if code.page.starts_with('/') || code.page.contains('?') {
        return Err(Refusal::of(41030));
    }
    if !(280..=1280).contains(&width) {
        return Err(Refusal::of(40097));
    }
    let image = picture(&code.scene, width).ok_or_else(|| Refusal::of(-1))?;
    Ok(HttpResponse::Ok().content_type("image/png").body(image))
}

/// Draws a pattern that differs by scene and looks enough like a code for a poster's layout.
fn picture(scene: &str, width: u32) -> Option<Vec<u8>> {
    const CELLS: u32 = 21;
    let bits: Vec<u8> =
        (0_u8..2).flat_map(|part| Sha256::digest([scene.as_bytes(), &[part]].concat())).collect();
    let cell = (width / (CELLS + 4)).max(1);
    let dark = |x: u32, y: u32| -> bool {
        let place = usize::try_from(y * CELLS + x).unwrap_or_default();
        let byte = bits.get(place / 8 % bits.len()).copied().unwrap_or_default();
        finder(x, y, CELLS).unwrap_or_else(|| byte >> (place % 8) & 1 == 1)
    };
    let image = ImageBuffer::from_fn(width, width, |px, py| {
        let inside = |at: u32| (at / cell).checked_sub(2).filter(|cell| *cell < CELLS);
        let black = matches!((inside(px), inside(py)), (Some(x), Some(y)) if dark(x, y));
        Luma([if black { 0_u8 } else { 255 }])
    });
    let mut png = std::io::Cursor::new(Vec::new());
    image.write_to(&mut png, ImageFormat::Png).ok()?;
    Some(png.into_inner())
}

/// Draws the three square marks in the corners; `None` outside of them.
fn finder(x: u32, y: u32, cells: u32) -> Option<bool> {
    let near = |at: u32| if at < 7 { Some(at) } else { at.checked_sub(cells - 7) };
    let (dx, dy) = (near(x)?, near(y)?);
    if x >= 7 && y >= 7 {
        return None;
    }
    let ring = dx.abs_diff(3).max(dy.abs_diff(3));
    Some(ring != 2)
}
