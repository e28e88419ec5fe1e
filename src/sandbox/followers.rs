//! Who follows the official account: one by one, by the hundred, all of them, and the codes by which
//! somebody begins to.

use actix_web::web::{Bytes, Data, Json, Query};
use actix_web::{HttpResponse, Responder};
use serde::Deserialize;
use serde_json::{Value, json};

use super::refusal::{Answer, Refusal};
use super::sends::read;
use super::world::{Sandbox, World, random_text};

const PAGE: usize = 10_000;
const BATCH: usize = 100;
const THIRTY_DAYS: u64 = 2_592_000;

#[derive(Deserialize)]
pub(super) struct Who {
    #[serde(default)]
    openid: String,
}

pub(super) async fn user_info(
    sandbox: Data<Sandbox>,
    who: Query<Who>,
) -> Result<HttpResponse, Refusal> {
    let world = sandbox.world();
    if who.openid.is_empty() || world.faults.unknown.contains(&who.openid) {
        return Err(Refusal::of(40003));
    }
    Ok(written(&world, &info(&world, &who.openid), std::slice::from_ref(&who.0)))
}

/// Writes what is said of people as WeChat does: control characters in names as they are.
fn written(world: &World, told: &Value, of: &[Who]) -> HttpResponse {
    let mut text = told.to_string().replace("\\u0014", "\u{14}");
    if of.iter().any(|who| world.faults.garbled.contains(&who.openid)) {
        // The end is missing.
        text.pop();
    }
    HttpResponse::Ok().content_type("application/json").body(text)
}

/// Tells what WeChat tells of a person; of whoever does not follow, nothing.
fn info(world: &World, openid: &str) -> Value {
    if world.faults.blocks.contains(openid) {
        return json!({ "subscribe": 0, "openid": openid });
    }
    let person = world.people.get(openid);
    let unionid = person.and_then(|person| person.unionid.clone());
    let name = person.map_or("", |person| person.name.as_str());
    let mut info = json!({ "subscribe": 1, "openid": openid, "nickname": name, "headimgurl": "" });
    if let (Some(unionid), Some(fields)) = (unionid, info.as_object_mut()) {
        fields.insert("unionid".to_owned(), Value::String(unionid));
    }
    info
}

#[derive(Deserialize)]
struct Batch {
    user_list: Vec<Who>,
}

pub(super) async fn batch(sandbox: Data<Sandbox>, body: Bytes) -> Result<HttpResponse, Refusal> {
    let asked: Batch = read(&body)?;
    if asked.user_list.is_empty() || asked.user_list.len() > BATCH {
        return Err(Refusal::of(40097));
    }
    let world = sandbox.world();
    let told: Vec<Value> = asked.user_list.iter().map(|who| info(&world, &who.openid)).collect();
    Ok(written(&world, &json!({ "user_info_list": told }), &asked.user_list))
}

#[derive(Deserialize)]
pub(super) struct After {
    #[serde(default)]
    next_openid: String,
}

pub(super) async fn list(sandbox: Data<Sandbox>, after: Query<After>) -> Answer {
    let world = sandbox.world();
    let all = &world.followers;
    let from = match after.next_openid.as_str() {
        "" => 0,
        last => {
            let place = all.iter().position(|openid| openid == last);
            place.ok_or_else(|| Refusal::of(40003))? + 1
        }
    };
    let page: Vec<&String> = all.iter().skip(from).take(PAGE).collect();
    let mut told = json!({ "total": all.len(), "count": page.len(), "next_openid": page.last() });
    if let (false, Some(fields)) = (page.is_empty(), told.as_object_mut()) {
        fields.insert("data".to_owned(), json!({ "openid": page }));
    }
    Ok(Json(told))
}

#[derive(Deserialize)]
struct Code {
    expire_seconds: u64,
    action_name: String,
    action_info: Action,
}

#[derive(Deserialize)]
struct Action {
    scene: Scene,
}

#[derive(Deserialize)]
struct Scene {
    scene_str: String,
}

pub(super) async fn code(sandbox: Data<Sandbox>, body: Bytes) -> Answer {
    let code: Code = read(&body)?;
    let scene = code.action_info.scene.scene_str;
    let fits = (1..=64).contains(&scene.len()) && (1..=THIRTY_DAYS).contains(&code.expire_seconds);
    if code.action_name != "QR_STR_SCENE" || !fits {
        return Err(Refusal::of(40097));
    }
    sandbox.world().scenes.push(scene);
    let ticket = random_text("gQ+/");
    let url = format!("http://weixin.qq.com/q/{}", random_text(""));
    Ok(Json(json!({ "ticket": ticket, "expire_seconds": code.expire_seconds, "url": url })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Follow {
    openids: Vec<String>,
}

pub(super) async fn follow(sandbox: Data<Sandbox>, who: Json<Follow>) -> impl Responder {
    sandbox.world().followers = who.0.openids;
    HttpResponse::NoContent()
}

pub(super) async fn scenes(sandbox: Data<Sandbox>) -> impl Responder {
    Json(sandbox.world().scenes.clone())
}
