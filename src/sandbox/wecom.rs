//! WeCom's side of cards: a token, sending with its partial failures, one change of a card, and
//! the press of a button, which knocks at the program's callback.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use actix_web::web::{Bytes, Data, Json, Query, ServiceConfig, get, post};
use actix_web::{HttpResponse, Responder};
use entity::kinds::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::callbacks::{self, Ear, Push};
use super::gate::Caller;
use super::mailbox::{FIRST_MSGID, Instant, Message};
use super::refusal::{Answer, Refusal};
use super::sends::read;
use super::world::{Sandbox, World, random_text};

const TOKEN: &str = "/cgi-bin/gettoken";
const SEND: &str = "/cgi-bin/message/send";
const ROBOT: &str = "/cgi-bin/webhook/send";
const UPDATE: &str = "/cgi-bin/message/update_template_card";
/// What stands before the owner of a token of WeCom.
pub(super) const OWNER: &str = "wecom:";
const CODE_LIFE: Duration = Duration::from_hours(24);
const MOST_BYTES: usize = 2_048;
const PER_MINUTE: usize = 20;
const MOST_LINES: usize = 6;
const TITLE: usize = 26;
const KEYNAME: usize = 5;
const VALUE: usize = 26;

/// What lies on phones as cards with buttons.
#[derive(Default)]
pub(super) struct Cards {
    ear: Option<Ear>,
    all: Vec<OnPhone>,
    /// Living codes: the card they change and until when.
    codes: HashMap<String, (usize, Timestamp)>,
    /// Requests by which a repeat is recognised, until when, and their answer.
    known: HashMap<String, (Timestamp, u64, Value)>,
    /// When each robot spoke in the past minute, by its key.
    spoken: HashMap<String, Vec<Timestamp>>,
}

/// One card with a button.
#[derive(Clone, Serialize)]
pub(super) struct OnPhone {
    seq: u64,
    to: String,
    task_id: String,
    /// What the button says; `None` once it was replaced.
    button: Option<String>,
    key: String,
    /// What stands in its place.
    closed: Option<String>,
}

pub(super) fn routes(app: &mut ServiceConfig) {
    app.route(TOKEN, get().to(gettoken))
        .route(SEND, post().to(send))
        .route(UPDATE, post().to(update))
        .route(ROBOT, post().to(robot));
}

pub(super) fn control(app: &mut ServiceConfig) {
    app.route("/_sandbox/wecom/ear", post().to(listen))
        .route("/_sandbox/wecom/press", post().to(press))
        .route("/_sandbox/wecom/cards", get().to(cards));
}

/// Says whether a path is WeCom's and carries a token of WeCom.
pub(super) fn is_path(path: &str) -> bool {
    matches!(path, SEND | UPDATE)
}

/// Says whether a path of WeCom carries no token.
pub(super) fn is_open(path: &str) -> bool {
    matches!(path, TOKEN | ROBOT)
}

/// Checks the token: WeCom calls an unknown one by another number than WeChat.
pub(super) fn caller(sandbox: &Sandbox, owner: Result<&str, Refusal>) -> Result<Caller, Refusal> {
    let wanted = sandbox.settings.wecom.as_ref().map(|agent| agent.agentid);
    match owner {
        Ok(owner) if owner.starts_with(OWNER) => {
            let appid = owner.trim_start_matches(OWNER).to_owned();
            if wanted.map(|id| id.to_string()) == Some(appid.clone()) {
                Ok(Caller { appid })
            } else {
                Err(Refusal::new(301_002, "the application does not match the token"))
            }
        }
        Ok(_) => Err(Refusal::of(40014)),
        Err(refusal) if refusal.code == 40001 => Err(Refusal::of(40014)),
        Err(refusal) => Err(refusal),
    }
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    corpid: String,
    #[serde(default)]
    corpsecret: String,
}

async fn gettoken(sandbox: Data<Sandbox>, asked: Query<Asked>) -> Answer {
    let agent = sandbox.settings.wecom.as_ref();
    let Some(agent) = agent.filter(|agent| agent.corpid == asked.corpid) else {
        return Err(Refusal::new(40013, "invalid corpid"));
    };
    if agent.secret != asked.corpsecret {
        return Err(Refusal::new(40001, "invalid credential"));
    }
    let (now, owner) = (sandbox.now(), format!("{OWNER}{}", agent.agentid));
    let (token, left) = sandbox.world().tokens.stable(&owner, false, now)?;
    Ok(Json(json!({ "errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": left })))
}

#[derive(Deserialize)]
struct Send {
    #[serde(default)]
    touser: String,
    #[serde(default)]
    msgtype: String,
    #[serde(default)]
    agentid: i64,
    #[serde(default)]
    enable_duplicate_check: u8,
    #[serde(default)]
    duplicate_check_interval: u64,
    template_card: Option<Card>,
}

#[derive(Deserialize)]
struct Card {
    #[serde(default, rename = "card_type")]
    kind: String,
    #[serde(default)]
    main_title: Title,
    #[serde(default)]
    horizontal_content_list: Vec<Line>,
    #[serde(rename = "card_action")]
    action: Option<Value>,
    #[serde(default)]
    task_id: String,
    #[serde(default)]
    button_list: Vec<ButtonOf>,
}

#[derive(Default, Deserialize)]
struct Title {
    #[serde(default)]
    title: String,
}

#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    keyname: String,
    #[serde(default)]
    value: String,
}

#[derive(Clone, Deserialize)]
struct ButtonOf {
    #[serde(default)]
    text: String,
    #[serde(default)]
    key: String,
}

async fn send(sandbox: Data<Sandbox>, body: Bytes) -> Answer {
    let send: Send = read(&body)?;
    let now = sandbox.now();
    let known = sandbox.settings.wecom.as_ref().map(|agent| agent.agentid);
    if known != Some(send.agentid) {
        return Err(Refusal::of(40056));
    }
    if send.msgtype != "template_card" {
        return Err(Refusal::new(40008, "invalid message type"));
    }
    let card = send.template_card.as_ref().ok_or_else(|| Refusal::of(40063))?;
    let mut world = sandbox.world();
    world.cards.known.retain(|_, (until, ..)| *until > now);
    let request = String::from_utf8_lossy(&body).into_owned();
    if let Some((_, seq, answer)) = world.cards.known.get(&request).cloned() {
        world.mailbox.count_repeat(seq);
        return Ok(Json(answer));
    }
    check(&world, card)?;
    if send.touser.is_empty() || world.faults.unknown.contains(&send.touser) {
        return Err(Refusal::of(81013));
    }
    // A partial failure still says yes; userids come back in lower case.
    if world.faults.blocks.contains(&send.touser) {
        let named = send.touser.to_lowercase();
        return Ok(Json(json!({ "errcode": 0, "errmsg": "ok", "unlicenseduser": named })));
    }
    let (seq, answer) = show(&mut world, &send.touser, card, now);
    if send.enable_duplicate_check == 1 {
        let until = now + Duration::from_secs(send.duplicate_check_interval);
        world.cards.known.insert(request, (until, seq, answer.clone()));
    }
    Ok(Json(answer))
}

/// Refuses what WeCom refuses or would cut.
fn check(world: &World, card: &Card) -> Result<(), Refusal> {
    let length = |text: &str| text.chars().count();
    let buttons = card.button_list.len();
    let shaped = match card.kind.as_str() {
        "button_interaction" => (1..=6).contains(&buttons) && !card.task_id.is_empty(),
        "text_notice" => buttons == 0 && card.action.is_some(),
        _ => false,
    };
    if !shaped || card.main_title.title.is_empty() {
        return Err(Refusal::of(40063));
    }
    let lines = &card.horizontal_content_list;
    let fits = |line: &Line| length(&line.keyname) <= KEYNAME && length(&line.value) <= VALUE;
    let named = card.task_id.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-@".contains(&b));
    let fresh = world.cards.all.iter().all(|one| one.task_id != card.task_id);
    let titled = length(&card.main_title.title) <= TITLE;
    if titled && lines.len() <= MOST_LINES && lines.iter().all(fits) && named && fresh {
        Ok(())
    } else {
        Err(Refusal::of(40058))
    }
}

fn show(world: &mut World, to: &str, card: &Card, now: Timestamp) -> (u64, Value) {
    // Numbered, so that the page prints the lines in the order of the card.
    let lines = card.horizontal_content_list.iter().enumerate();
    let data: BTreeMap<String, String> = lines
        .map(|(at, line)| (format!("{}{}", line.keyname, at + 1), line.value.clone()))
        .collect();
    let page = card.action.as_ref().and_then(|action| action["pagepath"].as_str());
    let message = Message {
        seq: 0,
        to: to.to_owned(),
        channel: "wecom",
        template: card.main_title.title.clone(),
        data,
        page: page.map(str::to_owned),
        client_msg_id: None,
        received_at: Instant(now),
        repeats: 0,
    };
    let msgid = world.mailbox.deliver(message);
    let seq = msgid.saturating_sub(FIRST_MSGID);
    let mut answer = json!({ "errcode": 0, "errmsg": "ok", "invaliduser": "", "invalidparty": "",
        "invalidtag": "", "unlicenseduser": "", "msgid": random_text("") });
    if let (Some(button), Some(fields)) = (card.button_list.first(), answer.as_object_mut()) {
        world.cards.all.push(OnPhone {
            seq,
            to: to.to_owned(),
            task_id: card.task_id.clone(),
            button: Some(button.text.clone()),
            key: button.key.clone(),
            closed: None,
        });
        let at = world.cards.all.len() - 1;
        fields.insert("response_code".to_owned(), world.cards.code(at, now).into());
    }
    (seq, answer)
}

impl Cards {
    fn code(&mut self, at: usize, now: Timestamp) -> String {
        let code = random_text("rc_");
        self.codes.insert(code.clone(), (at, now + CODE_LIFE));
        code
    }
}

#[derive(Deserialize)]
struct Update {
    #[serde(default)]
    userids: Vec<String>,
    #[serde(default)]
    agentid: i64,
    #[serde(default)]
    response_code: String,
    button: Option<Replacement>,
}

#[derive(Deserialize)]
struct Replacement {
    #[serde(default)]
    replace_name: String,
}

async fn update(sandbox: Data<Sandbox>, body: Bytes) -> Answer {
    let update: Update = read(&body)?;
    if sandbox.settings.wecom.as_ref().map(|agent| agent.agentid) != Some(update.agentid) {
        return Err(Refusal::of(40056));
    }
    let words = update.button.map(|button| button.replace_name).unwrap_or_default();
    if update.userids.is_empty() || words.is_empty() {
        return Err(Refusal::of(40063));
    }
    let now = sandbox.now();
    let mut world = sandbox.world();
    let found = world.cards.codes.remove(&update.response_code);
    let at = found.filter(|(_, until)| *until > now).map(|(at, _)| at);
    let card = at.and_then(|at| world.cards.all.get_mut(at));
    let card = card.filter(|card| update.userids.contains(&card.to));
    let card = card.ok_or_else(|| Refusal::of(60140))?;
    card.button = None;
    card.closed = Some(words);
    Ok(Json(json!({ "errcode": 0, "errmsg": "ok", "invaliduser": [] })))
}

#[derive(Deserialize)]
struct Key {
    #[serde(default)]
    key: String,
}

#[derive(Deserialize)]
struct Say {
    #[serde(default)]
    msgtype: String,
    #[serde(default)]
    text: Words,
}

#[derive(Default, Deserialize)]
struct Words {
    #[serde(default)]
    content: String,
    /// Whom it rings for beside the others.
    #[serde(default)]
    mentioned_list: Vec<String>,
}

fn ringing(whom: &[String]) -> Option<(String, String)> {
    (!whom.is_empty()).then(|| ("rings".to_owned(), whom.join(" ")))
}

async fn robot(sandbox: Data<Sandbox>, of: Query<Key>, body: Bytes) -> Answer {
    let say: Say = read(&body)?;
    let to = format!("robot:{}", of.key);
    let now = sandbox.now();
    let mut world = sandbox.world();
    if of.key.is_empty() || world.faults.unknown.contains(&to) {
        return Err(Refusal::new(93_000, "invalid webhook url"));
    }
    let (content, rings) = (say.text.content, say.text.mentioned_list);
    if say.msgtype != "text" || content.is_empty() || content.len() > MOST_BYTES {
        return Err(Refusal::of(40058));
    }
    let spoken = world.cards.spoken.entry(of.0.key).or_default();
    spoken.retain(|at| now.since(*at) < Duration::from_mins(1));
    if spoken.len() >= PER_MINUTE {
        return Err(Refusal::of(45009));
    }
    spoken.push(now);
    let message = Message {
        seq: 0,
        to,
        channel: "robot",
        template: String::new(),
        data: [("1".to_owned(), content)].into_iter().chain(ringing(&rings)).collect(),
        page: None,
        client_msg_id: None,
        received_at: Instant(now),
        repeats: 0,
    };
    world.mailbox.deliver(message);
    Ok(Json(json!({ "errcode": 0, "errmsg": "ok" })))
}

async fn listen(sandbox: Data<Sandbox>, ear: Json<Ear>) -> impl Responder {
    sandbox.world().cards.ear = Some(ear.0);
    HttpResponse::NoContent()
}

async fn cards(sandbox: Data<Sandbox>) -> impl Responder {
    Json(sandbox.world().cards.all.clone())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Press {
    /// The number of the card's message.
    seq: u64,
    /// Who presses, when it is not the owner of the phone.
    by: Option<String>,
    /// Presses a button that is gone: the finger was faster than the change.
    #[serde(default)]
    late: bool,
}

async fn press(sandbox: Data<Sandbox>, press: Json<Press>) -> HttpResponse {
    let Some(push) = pressed(&sandbox, &press) else {
        let words = "no ear, no such card, or its button is gone";
        return HttpResponse::Conflict().json(json!({ "error": words }));
    };
    callbacks::send(&sandbox, &push).await
}

fn pressed(sandbox: &Sandbox, press: &Press) -> Option<Push> {
    let agent = sandbox.settings.wecom.as_ref()?;
    let now = sandbox.now();
    let mut world = sandbox.world();
    let ear = world.cards.ear.clone()?;
    let at = world.cards.all.iter().position(|card| card.seq == press.seq)?;
    let card = world.cards.all.get(at)?.clone();
    if card.button.is_none() && !press.late {
        return None;
    }
    let event = json!({
        "ToUserName": agent.corpid,
        "FromUserName": press.by.as_ref().unwrap_or(&card.to),
        "CreateTime": now.0 / 1_000_000,
        "MsgType": "event",
        "Event": "template_card_event",
        "EventKey": card.key,
        "TaskId": card.task_id,
        "CardType": "button_interaction",
        "ResponseCode": world.cards.code(at, now),
        "AgentID": agent.agentid,
    });
    Some(Push::of_wecom(ear, &agent.corpid, event))
}
