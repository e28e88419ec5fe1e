//! The program under test: its configuration, its parts, its server.

use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::time::Duration;

use secrecy::SecretString;
use zhinan::app::places::Places;
use zhinan::auth::jwt::KeyRing;
use zhinan::auth::limits::{Limiter, Rule};
use zhinan::clock::Clock;
use zhinan::domain::calendar::Calendar;
use zhinan::engine::wake::Wake;
use zhinan::gateway::http::Timeouts;
use zhinan::gateway::storage::Storage;
use zhinan::gateway::wechat::{App, Settings as WechatSettings, TokenShare, Wechat};
use zhinan::lifecycle::Lifecycle;
use zhinan::metrics::Metrics;
use zhinan::services::{Limits, Parts, Services, Settings, Templates};
use zhinan::store::db::Db;
use zhinan::store::writer::Writer;
use zhinan::vault::Vault;

use super::db::vault_file;
use super::wechat::{MINI, OA, SECRET};

/// Where the program finds its surroundings.
pub struct Surroundings<'a> {
    pub url: &'a str,
    pub dir: &'a Path,
    pub wechat: SocketAddr,
    pub clock: Clock,
}

pub async fn services(around: &Surroundings<'_>) -> Services {
    let db = Db::connect(around.url, 4).await.unwrap();
    let (writer, lane) = Writer::new(&db);
    if let Some(lane) = lane {
        tokio::spawn(lane);
    }
    let keys = BTreeMap::from([("k1".to_owned(), SecretString::from("0".repeat(32)))]);
    Services::new(Parts {
        places: Places::load(&db).await.unwrap(),
        db,
        writer,
        clock: around.clock.clone(),
        vault: Vault::load(&vault_file(around.dir)).unwrap(),
        tokens: KeyRing::new("k1", &keys, Duration::from_mins(30)).unwrap(),
        limiter: Limiter::local(),
        wechat: wechat(around),
        storage: Storage::folder(&around.dir.join("photos")).unwrap(),
        calendar: Calendar::builtin(),
        wake: Wake::local(),
        metrics: Metrics::new().unwrap(),
        lifecycle: Lifecycle::default(),
        settings: settings(),
    })
}

fn wechat(around: &Surroundings<'_>) -> Wechat {
    let app = |appid: &str| App {
        appid: appid.into(),
        secret: SecretString::from(SECRET),
        token: SecretString::from("token"),
        aes_key: SecretString::from(""),
    };
    let settings = WechatSettings {
        base_url: format!("http://{}", around.wechat),
        mini: app(MINI),
        oa: app(OA),
        miniprogram_state: "formal".into(),
        timeouts: Timeouts::default(),
    };
    Wechat::new(settings, around.clock.clone(), &TokenShare::Local).unwrap()
}

fn settings() -> Settings {
    let rule = |name, burst| Rule { name, burst, per: Duration::from_mins(1) };
    Settings {
        templates: Templates {
            mini_appid: MINI.into(),
            staff_case: "T-staff".into(),
            resident_acknowledged: "T-acknowledged".into(),
            resident_resolved: "T-resolved".into(),
            resident_question: "T-question".into(),
        },
        chains: zhinan::domain::escalation::Chains::default(),
        targets: zhinan::domain::case::targets::Targets::default(),
        number_prefix: "NC".into(),
        content_wait: Duration::from_secs(2),
        max_attempt: 12,
        lease: Duration::from_mins(1),
        job_limit: Duration::from_secs(25),
        poll: Duration::from_secs(1),
        permits: 8,
        oldest_due: Duration::from_mins(2),
        photo_max_bytes: 10 * 1024 * 1024,
        limits: Limits {
            sign_in: rule("sign_in", 6_000),
            console_sign_in: rule("console_sign_in", 20),
            post: rule("post", 30),
            post_by_address: rule("post_by_address", 20_000),
            act: rule("act", 100_000),
            resolve: rule("resolve", 20),
            upload: rule("upload", 60),
        },
        demo_accounts: false,
    }
}

/// A server that listens.
pub struct Served {
    pub address: SocketAddr,
    pub handle: actix_web::dev::ServerHandle,
}

/// Serves the program's routes on a free port; its workers adopt the test's log.
pub fn serve(services: &Services) -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let log = zhinan::telemetry::Log::here();
    let data = actix_web::web::Data::new(services.clone());
    let server = actix_web::HttpServer::new(move || {
        log.adopt();
        actix_web::App::new().app_data(data.clone())
    });
    let server = server.workers(1).disable_signals().shutdown_timeout(5);
    let server = server.listen(listener).unwrap().run();
    let handle = server.handle();
    tokio::spawn(async { server.await.unwrap() });
    Served { address, handle }
}
