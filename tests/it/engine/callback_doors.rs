//! Whatever a platform seals is opened, kept once and answered; whatever is not quite that is
//! refused and counted. Through the handlers that production serves.

use actix_web::{App, test as served, web};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use entity::kinds::{JobKind, WechatApp};
use entity::wechat_event;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config as Runs, RngAlgorithm, TestRng, TestRunner};
use sea_orm::{EntityTrait, PaginatorTrait, QueryOrder};
use serde_json::json;
use zhinan::api::callbacks;
use zhinan::config::Config;
use zhinan::gateway::wechat::crypto::{AesKey, encrypt, signature};
use zhinan::gateway::wechat::{AppKind, CallbackQuery, Notification};

use super::callback_bodies::{Body, body};
use super::kit::{World, on_each_with};
use super::wecom_cards;
use crate::gateway::kit::{MINI, OA, Stand, TOKEN};
use crate::kit::town::scaled;
use crate::kit::wechat::agent;

const NOW: i64 = 1_700_000_000;
const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// Each ends in bits that a strict reader of base64 refuses.
const KEYS: [&str; 3] = [
    "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    "4Ma3YBrSBbX2aez8MJpXGBne5LSDwgGqHbhM9WPYIwt",
    "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR",
];
const DOORS: [(&str, WechatApp); 3] =
    [("/wechat/mp", WechatApp::Mini), ("/wechat/oa", WechatApp::Oa), ("/wecom", WechatApp::Wecom)];

fn doors(config: &mut Config) {
    wecom_cards::on(config);
    config.wechat.mini.aes_key = KEYS[0].into();
    config.wechat.oa.aes_key = KEYS[1].into();
    config.wecom.aes_key = KEYS[2].into();
}

/// What a sender, honest or not, seals.
#[derive(Clone, Debug)]
struct Letter {
    key: String,
    token: String,
    appid: String,
    random: [u8; 16],
    time: i64,
    nonce: String,
    xml: bool,
    inner: String,
}

/// What is on the wire.
#[derive(Clone, Debug)]
struct Knock {
    query: CallbackQuery,
    body: Vec<u8>,
}

impl Letter {
    fn sealed(&self) -> String {
        encrypt(&AesKey::parse(&self.key).unwrap(), self.random, &self.inner, &self.appid)
    }

    fn knock(&self) -> Knock {
        self.signed(&self.sealed())
    }

    fn signed(&self, sealed: &str) -> Knock {
        let time = self.time.to_string();
        let query = CallbackQuery {
            signature: signature(&[&self.token, &time, &self.nonce]),
            msg_signature: signature(&[&self.token, &time, &self.nonce, sealed]),
            timestamp: time,
            nonce: self.nonce.clone(),
            echostr: String::new(),
        };
        Knock { query, body: self.wrapped(sealed).into_bytes() }
    }

    fn wrapped(&self, sealed: &str) -> String {
        if self.xml {
            return format!(
                "<xml>\n<ToUserName><![CDATA[gh_1]]></ToUserName>\
                 <Encrypt><![CDATA[{sealed}]]></Encrypt><AgentID>1</AgentID></xml>"
            );
        }
        json!({ "ToUserName": "gh_1", "Encrypt": sealed, "Later": { "x": [1] } }).to_string()
    }

    /// Everything that somebody without the secrets can make of this letter, and what an honest
    /// sender of another time, account or key would send.
    fn spoiled(&self, chance: &Chance) -> Vec<(&'static str, Knock)> {
        let good = self.knock();
        let query = |change: &dyn Fn(&mut CallbackQuery)| {
            let mut bad = good.clone();
            change(&mut bad.query);
            bad
        };
        let other = |change: &dyn Fn(&mut Self)| {
            let mut bad = self.clone();
            change(&mut bad);
            bad.knock()
        };
        let mut swapped = good.clone();
        swapped.body = self.wrapped(&other_at(&self.sealed(), chance)).into_bytes();
        let mut cut = good.clone();
        cut.body.truncate(chance.at.index(good.body.len() - 3));
        let mut open = good.clone();
        open.body = self.inner.as_bytes().to_vec();
        vec![
            ("another character in the sealed part", swapped),
            ("cut short", cut),
            ("not sealed", open),
            ("another signature", query(&|q| q.msg_signature = other_at(&q.msg_signature, chance))),
            ("the signature in capitals", query(&|q| q.msg_signature.make_ascii_uppercase())),
            ("only the plain signature", query(&|q| q.msg_signature.clone_from(&q.signature))),
            ("no signature", query(&|q| q.msg_signature.clear())),
            ("another nonce", query(&|q| q.nonce.push('0'))),
            ("no nonce", query(&|q| q.nonce.clear())),
            ("another time", query(&|q| q.timestamp = (self.time + 1).to_string())),
            ("a time that is none", query(&|q| "soon".clone_into(&mut q.timestamp))),
            ("too old", other(&|l| l.time = NOW - 301 - i64::from(chance.by))),
            ("from the future", other(&|l| l.time = NOW + 301 + i64::from(chance.by))),
            ("for another account", other(&|l| l.appid.push('0'))),
            ("for nobody", other(&|l| l.appid.clear())),
            ("by another token", other(&|l| l.token.push('0'))),
            ("by another key", other(&|l| l.key = "A".repeat(43))),
        ]
    }
}

/// Replaces one character by another of the same alphabet.
fn other_at(text: &str, chance: &Chance) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let at = chance.at.index(bytes.len());
    let alphabet: &[u8] = if text.len() == 40 { b"0123456789abcdef" } else { BASE64 };
    let from = usize::from(chance.by) % alphabet.len();
    let next = alphabet[from..].iter().chain(alphabet).find(|c| **c != bytes[at]);
    bytes[at] = *next.unwrap();
    String::from_utf8(bytes).unwrap()
}

/// What one case varies.
#[derive(Clone, Debug)]
struct Chance {
    body: Body,
    /// Sent instead of the body when it is there: signed, and understood by nobody.
    noise: Option<String>,
    random: [u8; 16],
    nonce: String,
    drift: i64,
    xml: (bool, bool),
    at: Index,
    by: u8,
}

fn chance() -> impl Strategy<Value = Chance> {
    let noise = prop_oneof![6 => Just(None), 1 => "(?s).{0,300}".prop_map(Some)];
    let nonce = prop_oneof!["[0-9]{1,10}", "[ -~]{1,16}"];
    let drift = prop_oneof![Just(-300), Just(300), -300_i64..=300];
    let written = (body(), noise, any::<(bool, bool)>());
    let sealed = (any::<[u8; 16]>(), nonce, drift);
    (written, sealed, any::<Index>(), any::<u8>()).prop_map(
        |((body, noise, xml), (random, nonce, drift), at, by)| Chance {
            body,
            noise,
            random,
            nonce,
            drift,
            xml,
            at,
            by,
        },
    )
}

impl Chance {
    fn letter(&self, n: usize) -> Letter {
        let (from, time) = (format!("who-{n}"), NOW + i64::try_from(n).unwrap());
        let inner = match &self.noise {
            Some(noise) => format!("{noise}{n}"),
            None if self.xml.1 => self.body.xml(&from, time),
            None => self.body.json(&from, time),
        };
        let appid = [MINI, OA, &agent().corpid][n % 3].to_owned();
        Letter {
            key: KEYS[n % 3].to_owned(),
            token: TOKEN.to_owned(),
            appid,
            random: self.random,
            time: NOW + self.drift,
            nonce: self.nonce.clone(),
            xml: self.xml.0,
            inner,
        }
    }
}

/// Draws values that are the same in every run.
fn runner(cases: usize) -> TestRunner {
    let cases = u32::try_from(cases).unwrap();
    let runs = Runs { cases, failure_persistence: None, ..Runs::default() };
    TestRunner::new_with_rng(runs, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

fn uri(path: &str, query: &CallbackQuery) -> String {
    let params = [
        ("signature", &query.signature),
        ("timestamp", &query.timestamp),
        ("nonce", &query.nonce),
        ("openid", &"who".to_owned()),
        ("encrypt_type", &"aes".to_owned()),
        ("msg_signature", &query.msg_signature),
    ];
    let url = reqwest::Url::parse_with_params(&format!("http://here{path}"), params).unwrap();
    format!("{path}?{}", url.query().unwrap())
}

async fn stored(w: &World) -> u64 {
    wechat_event::Entity::find().count(&w.s.db.read).await.unwrap()
}

/// The newest push that is kept, opened.
async fn newest(w: &World) -> (WechatApp, String) {
    let last = wechat_event::Entity::find().order_by_desc(wechat_event::Column::Id);
    let row = last.one(&w.s.db.read).await.unwrap().unwrap();
    (row.app, w.s.vault.open("wechat_event.body", &row.body_sealed).unwrap())
}

/// How many pushes were counted with this outcome, or with any.
fn counted(w: &World, outcome: &str) -> u64 {
    let text = w.s.metrics.render().unwrap();
    let lines = text.lines().filter(|line| line.starts_with("zhinan_callbacks_total"));
    let mine = lines.filter(|line| line.contains(&format!("outcome=\"{outcome}")));
    mine.map(|line| line.rsplit(' ').next().unwrap().parse::<u64>().unwrap()).sum()
}

/// One case: the good push three times, then everything that can be made of it.
async fn knock_in_every_way(
    w: &World,
    send: &impl AsyncFn(&str, &Knock) -> u16,
    n: usize,
    chance: &Chance,
) {
    let (letter, (path, app)) = (chance.letter(n), DOORS[n % 3]);
    let before = stored(w).await;
    let good = letter.knock();
    assert_eq!(send(path, &good).await, 200, "{letter:?}");
    assert_eq!(newest(w).await, (app, letter.inner.clone()));
    // Overheard and sent again, and repeated by the platform in a new envelope.
    let again = Letter {
        random: [chance.by; 16],
        time: NOW,
        nonce: format!("{}1", letter.nonce),
        xml: !letter.xml,
        ..letter.clone()
    };
    for repeat in [&good, &again.knock()] {
        assert_eq!(send(path, repeat).await, 200, "{letter:?}");
    }
    for (what, bad) in letter.spoiled(chance) {
        assert_eq!(send(path, &bad).await, 403, "{what}: {bad:?} of {letter:?}");
    }
    // What is beside the sealed part is signed by nobody and says nothing.
    let mut bent = good.clone();
    let at = chance.at.index(bent.body.len());
    bent.body[at] ^= chance.by | 1;
    let status = send(path, &bent).await;
    assert!(status == 200 || status == 403, "{status}: {bent:?}");
    assert_eq!(stored(w).await, before + 1, "{letter:?}");
}

#[tokio::test]
async fn every_body_of_every_age_is_kept_once_and_everything_else_is_refused_and_counted() {
    on_each_with(doors, async |w| {
        let services = web::Data::new(w.s.clone());
        let app = App::new().app_data(services).configure(callbacks::routes);
        let service = served::init_service(app).await;
        let requests = std::cell::Cell::new(0);
        let send = async |path: &str, knock: &Knock| {
            requests.set(requests.get() + 1);
            let request = served::TestRequest::post().uri(&uri(path, &knock.query));
            let request = request.set_payload(knock.body.clone()).to_request();
            served::call_service(&service, request).await.status().as_u16()
        };
        let cases = scaled(120, 3_000);
        let mut runner = runner(cases);
        for n in 0..cases {
            let chance = chance().new_tree(&mut runner).unwrap().current();
            knock_in_every_way(&w, &send, n, &chance).await;
        }
        let cases = u64::try_from(cases).unwrap();
        assert_eq!((counted(&w, ""), counted(&w, "stored")), (requests.get(), cases));
        for (reason, each) in [("stale", 2), ("envelope", 3), ("forged", 8), ("repeat", 2)] {
            assert!(counted(&w, reason) >= each * cases, "{reason}: {}", counted(&w, reason));
        }
        w.run_due().await;
        let jobs = w.jobs().await;
        let mine = jobs.iter().filter(|job| job.kind == JobKind::WechatEvent);
        assert_eq!(u64::try_from(mine.count()).unwrap(), cases, "one job for each push");
        let panicked = |job: &&entity::job::Model| {
            job.last_error.as_ref().is_some_and(|why| why.contains("panicked"))
        };
        assert_eq!(jobs.iter().find(panicked), None);
    })
    .await;
}

#[tokio::test]
async fn a_query_that_cannot_be_read_and_a_body_that_is_too_large_are_counted() {
    on_each_with(doors, async |w| {
        let services = web::Data::new(w.s.clone());
        let app = App::new().app_data(services).configure(callbacks::routes);
        let service = served::init_service(app).await;
        for (path, large, status) in [
            ("/wechat/mp?nonce=1&nonce=2", false, 403),
            ("/wechat/oa?timestamp=%ff%fe", false, 403),
            ("/wecom", false, 403),
            ("/wecom?nonce=1", true, 413),
        ] {
            let body = if large { vec![b' '; 64 * 1024 + 1] } else { b"{}".to_vec() };
            let request = served::TestRequest::post().uri(path).set_payload(body).to_request();
            assert_eq!(served::call_service(&service, request).await.status(), status, "{path}");
        }
        assert_eq!((counted(&w, ""), counted(&w, "too_large")), (4, 1));
        assert_eq!(stored(&w).await, 0);
    })
    .await;
}

/// A key as the console shows it: 43 characters, the last with whatever bits are left over.
fn key() -> impl Strategy<Value = String> {
    (any::<[u8; 32]>(), 0_usize..4).prop_map(|(bytes, stray)| {
        let mut text = STANDARD_NO_PAD.encode(bytes).into_bytes();
        let last = BASE64.iter().position(|c| *c == text[42]).unwrap();
        text[42] = BASE64[last + stray];
        String::from_utf8(text).unwrap()
    })
}

#[tokio::test]
async fn every_key_opens_its_own_envelopes_of_every_length_and_survives_damage() {
    let stand = Stand::start();
    let mut runner = runner(scaled(400, 10_000));
    for n in 0..scaled(400, 10_000) {
        let chance = chance().new_tree(&mut runner).unwrap().current();
        let key = key().new_tree(&mut runner).unwrap().current();
        let mut settings = stand.settings();
        settings.mini.aes_key = key.as_str().into();
        let wechat = stand.wechat_with(settings);
        let inner = "水".repeat(n % 40) + &"x".repeat(n % 33);
        let letter = Letter { key, appid: MINI.to_owned(), inner, ..chance.letter(n) };
        let open = |knock: &Knock| wechat.open_callback(AppKind::Mini, &knock.query, &knock.body);
        assert_eq!(open(&letter.knock()).as_deref(), Ok(letter.inner.as_str()), "{letter:?}");
        // Damaged and signed all the same, as nobody can: a refusal or another text, no panic.
        let mut bytes = STANDARD.decode(letter.sealed()).unwrap();
        let at = chance.at.index(bytes.len());
        bytes[at] ^= chance.by | 1;
        let damaged = open(&letter.signed(&STANDARD.encode(&bytes)));
        assert!(at < 16 || damaged.as_deref() != Ok(letter.inner.as_str()), "{letter:?}");
        bytes.truncate(at);
        assert!(open(&letter.signed(&STANDARD.encode(&bytes))).is_err(), "{letter:?}");
    }
}

#[tokio::test]
async fn a_name_that_was_cut_within_a_character_loses_nothing_else() {
    let stand = Stand::start();
    let mut cut = "<xml><Name>王小明</Name><UserID>li</UserID></xml>".as_bytes().to_vec();
    cut.remove(18);
    let letter = Letter {
        key: KEYS[0].to_owned(),
        token: TOKEN.to_owned(),
        appid: MINI.to_owned(),
        random: [7; 16],
        time: NOW,
        nonce: "n".to_owned(),
        xml: true,
        inner: String::new(),
    };
    let mut settings = stand.settings();
    for key in [KEYS[0], ""] {
        settings.mini.aes_key = key.into();
        let wechat = stand.wechat_with(settings.clone());
        let sealed = encrypt(&AesKey::parse(KEYS[0]).unwrap(), letter.random, &cut, MINI);
        let Knock { query, body } = letter.signed(&sealed);
        let body = if key.is_empty() { cut.clone() } else { body };
        let text = wechat.open_callback(AppKind::Mini, &query, &body).unwrap();
        assert!(text.contains("<Name>王小\u{fffd}"), "{text}");
        assert!(text.contains("<UserID>li</UserID>"), "{text}");
    }
}

#[test]
fn xml_and_json_of_the_same_event_mean_the_same() {
    let mut runner = runner(scaled(3_000, 100_000));
    for n in 0..scaled(3_000, 100_000) {
        let body = body().new_tree(&mut runner).unwrap().current();
        let read = |text: &str| {
            Notification::parse(text).map(|told| (told.from, told.created_at, told.event))
        };
        let (xml, json) = (body.xml("who", NOW), body.json("who", NOW));
        assert_eq!(read(&xml), read(&json), "{n}:\n{xml}\n{json}");
    }
}
