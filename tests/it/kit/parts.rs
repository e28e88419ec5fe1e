//! The program under test: its configuration and its server, put together as in production.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;

use zhinan::boot;
use zhinan::config::{
    Config, Data, Database, Profile, Secret, Server, Templates, Wechat, WechatApp,
};
use zhinan::services::Services;

use super::wechat::{MINI, OA, SECRET};

/// Configures a program on this database and folder, with this WeChat.
pub fn config(url: &str, dir: &Path, wechat: SocketAddr) -> Config {
    let app = |appid: &str| WechatApp {
        appid: appid.into(),
        secret: Secret::from(SECRET),
        token: Secret::from("token"),
        aes_key: Secret::default(),
    };
    let mut config = Config {
        profile: Profile::Demo,
        server: Server { workers: 1, stop_within_s: 5, ..Server::default() },
        database: Database { url: url.into(), pool: 4, low_space_mb: 0, ..Database::default() },
        data: Data { dir: dir.to_owned(), ..Data::default() },
        wechat: Wechat {
            base_url: format!("http://{wechat}"),
            mini: app(MINI),
            oa: app(OA),
            templates: Templates {
                staff_case: "T-staff".into(),
                resident_acknowledged: "T-acknowledged".into(),
                resident_resolved: "T-resolved".into(),
                resident_question: "T-question".into(),
                ..Templates::default()
            },
            ..Wechat::default()
        },
        ..Config::default()
    };
    // Who tests the night says so.
    config.notices.quiet_from = String::new();
    config.notices.quiet_to = String::new();
    config.notices.throttles = Vec::new();
    // The clock stands still, so a limit would never let go.
    config.limits.act_per_account = 1_000_000;
    config.limits.post_per_account = 1_000_000;
    if let Ok(redis) = std::env::var("TEST_REDIS_URL") {
        config.redis.url = redis;
        config.redis.prefix = format!("test:{}", dir.display());
    }
    config
}

/// A server that listens.
pub struct Served {
    pub address: SocketAddr,
    pub handle: actix_web::dev::ServerHandle,
}

/// Serves the program on a free port.
pub fn serve(services: &Services, config: &Config) -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = boot::http(services, config, listener).unwrap();
    let handle = server.handle();
    tokio::spawn(async { server.await.unwrap() });
    Served { address, handle }
}
