//! Puts a program together from its configuration and runs it until it is asked to stop.

pub mod keys;
mod settings;

pub use keys::{generate_missing, jwt_path, vault_path};
pub use settings::costs;

use std::net::TcpListener;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::{App, HttpServer, web};
use tokio::time::{Instant, timeout};

use crate::api::extract::TrustedProxies;
use crate::api::routes;
use crate::app::audit::opened::Kept;
use crate::app::board::Notes;
use crate::app::case::enter;
use crate::app::chain::{self, InForce};
use crate::app::inbox::hub::{self, Hub};
use crate::app::notice::quota::Quotas;
use crate::app::places::Places;
use crate::app::templates::{self, Gate};
use crate::app::trouble::Troubles;
use crate::app::{actor, calendar, target};
use crate::auth::limits::Limiter;
use crate::clock::Clock;
use crate::config::{Config, Profile};
use crate::engine::{self, wake::Wake};
use crate::gateway::heartbeat::Heartbeat;
use crate::gateway::redis::Redis;
use crate::gateway::sms::Sms;
use crate::gateway::storage::{Remote, Storage};
use crate::gateway::wechat::{TokenShare, Wechat};
use crate::gateway::wecom::Wecom;
use crate::lifecycle::Lifecycle;
use crate::metrics::Metrics;
use crate::services::{Parts, Services};
use crate::store::db::{Db, Limits};
use crate::store::writer::Writer;

/// Why a program could not be put together.
#[derive(Debug, thiserror::Error)]
pub enum BootError {
    #[error("preparing the data folder {path}\n  cure: create it and let this user write to it")]
    DataFolder {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("connecting to the database\n  cure: check database.url, and that the server runs")]
    Database(#[source] sea_orm::DbErr),
    #[error("bringing the schema up to date")]
    Migrate(#[source] sea_orm::DbErr),
    #[error("reading the keys: {0}")]
    Keys(String),
    #[error("redis.url is not an address of a Redis server\n  cure: write redis://HOST:PORT")]
    Redis(#[source] redis::RedisError),
    #[error("preparing calls to WeChat")]
    Wechat(#[source] crate::gateway::wechat::SetupError),
    #[error("preparing calls to the provider of text messages")]
    Sms(#[source] crate::gateway::http::HttpError),
    #[error("preparing the heartbeat")]
    Heartbeat(#[source] crate::gateway::http::HttpError),
    #[error("opening the photo store\n  cure: check the section [photos]")]
    Photos(#[source] crate::gateway::storage::StorageError),
    #[error(
        "reading the chains of cases.chain: {0}\n  cure: correct the file, or use \"standard\""
    )]
    Chains(String),
    #[error("loading the chains")]
    StoredChains(#[source] crate::error::Error),
    #[error("loading the calendar and the targets")]
    StoredTerms(#[source] crate::error::Error),
    #[error("loading the places")]
    Places(#[source] crate::error::Error),
    #[error("registering metrics")]
    Metrics(#[source] prometheus::Error),
    #[error(
        "listening on {address}\n  cure: another program may use the port; choose server.listen"
    )]
    Listen {
        address: std::net::SocketAddr,
        #[source]
        source: std::io::Error,
    },
    #[cfg(debug_assertions)]
    #[error("faults.crash_at makes no sense at {0:?}")]
    Faults(String),
    #[error("serving")]
    Serve(#[source] std::io::Error),
}

/// Which part of the program a process plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    All,
    Api,
    Engine,
}

/// Connects, migrates, loads. The caller owns what is returned and finishes its lifecycle.
pub async fn services(config: &Config, clock: Clock) -> Result<Services, BootError> {
    #[cfg(debug_assertions)]
    crate::crash::arm(&config.faults.crash_at).map_err(BootError::Faults)?;
    let db = database(config).await?;
    let lifecycle = Lifecycle::default();
    let (writer, lane) = Writer::new(&db);
    lifecycle.spawn_last(lane);
    let (entrance, entering) = enter::entrance();
    lifecycle.spawn_last(entering);
    let (sign_ins, finding) = actor::sign_ins(&db);
    lifecycle.spawn_last(finding);
    let redis = redis(config, &lifecycle).await?;
    let notes = Arc::new(Notes {
        db: db.clone(),
        writer: writer.clone(),
        vault: keys::vault(config)?,
        clock: clock.clone(),
    });
    let share = match redis.clone() {
        Some(redis) => TokenShare::Redis(redis, notes),
        None => TokenShare::Board(notes),
    };
    let wecom =
        Wecom::new(settings::wecom(config), clock.clone(), &share).map_err(BootError::Wechat)?;
    let wechat =
        Wechat::new(settings::wechat(config), clock.clone(), &share).map_err(BootError::Wechat)?;
    Ok(Services::new(Parts {
        vault: keys::vault(config)?,
        signer: keys::signer(config)?,
        tokens: keys::tokens(config)?,
        limiter: redis.clone().map_or_else(Limiter::local, Limiter::shared),
        wechat,
        wecom,
        sms: Sms::new(settings::sms(config)).map_err(BootError::Sms)?,
        heartbeat: Heartbeat::new(config.engine.heartbeat_url.expose().into())
            .map_err(BootError::Heartbeat)?,
        quotas: Quotas::default(),
        storage: storage(config)?,
        chains: chains(config, &db, &clock).await?,
        places: Places::load(&db, costs(config), clock.now()).await.map_err(BootError::Places)?,
        calendar: calendar::InForce::load(&db).await.map_err(BootError::StoredTerms)?,
        targets: target::InForce::load(&db, clock.now()).await.map_err(BootError::StoredTerms)?,
        gate: Gate::default(),
        troubles: Troubles::default(),
        wake: redis.map_or_else(Wake::local, Wake::shared),
        hub: Hub::default(),
        metrics: Metrics::new().map_err(BootError::Metrics)?,
        lifecycle,
        settings: settings::of(config),
        db,
        writer,
        entrance,
        opened: Kept::default(),
        sign_ins,
        clock,
    }))
}

/// Loads the chains in force, at least those that the configuration names.
async fn chains(config: &Config, db: &Db, clock: &Clock) -> Result<InForce, BootError> {
    let named = settings::chains(config).map_err(BootError::Chains)?;
    InForce::load(db, named, clock.now()).await.map_err(BootError::StoredChains)
}

/// Opens the database, in the data folder unless it is elsewhere, and brings it up to date.
async fn database(config: &Config) -> Result<Db, BootError> {
    let path = config.data.dir.clone();
    std::fs::create_dir_all(&path).map_err(|source| BootError::DataFolder { path, source })?;
    let limits = Limits {
        most_pages: most_pages(config),
        answer_within: Duration::from_secs(config.database.answer_within_s),
    };
    let db = Db::open(&config.database_url(), config.database.pool, limits)
        .await
        .map_err(BootError::Database)?;
    db.migrate().await.map_err(BootError::Migrate)?;
    Ok(db)
}

/// Gives Redis its keeper. One that is away now is used as soon as it comes; its first attempt is
/// waited for, so that a start with Redis begins by sharing.
async fn redis(config: &Config, lifecycle: &Lifecycle) -> Result<Option<Redis>, BootError> {
    if config.redis.url.is_empty() {
        return Ok(None);
    }
    let redis = Redis::open(&config.redis.url, &config.redis.prefix).map_err(BootError::Redis)?;
    lifecycle.spawn(redis.clone().keep(lifecycle.winding_down()));
    redis.settled().await;
    Ok(Some(redis))
}

fn storage(config: &Config) -> Result<Storage, BootError> {
    let storage = match &config.photos.s3 {
        None => Storage::folder(&config.data_path("photos")),
        Some(s3) => Storage::remote(&Remote {
            endpoint: s3.endpoint.clone(),
            region: s3.region.clone(),
            bucket: s3.bucket.clone(),
            access_key: s3.access_key.clone(),
            secret_key: s3.secret_key.expose().into(),
        }),
    };
    storage.map_err(BootError::Photos)
}

/// Builds the HTTP server on a listener; it serves while it is awaited. Hang up the live
/// connections before it is stopped: it waits for every connection to end.
pub fn http(s: &Services, config: &Config, listener: TcpListener) -> Result<Server, BootError> {
    s.lifecycle.spawn(hub::watch(s.clone(), s.lifecycle.winding_down()));
    let services = web::Data::new(s.clone());
    let networks = config.server.trusted_proxies.iter();
    let proxies = networks.filter_map(|proxy| crate::config::parse_network(proxy)).collect();
    let proxies = web::Data::new(TrustedProxies(proxies));
    let limit = config.server.body_limit;
    let log = crate::telemetry::Log::here();
    let mut server = HttpServer::new(move || {
        // The server makes its own threads; they log where the thread that started it logs.
        log.adopt();
        App::new()
            .app_data(services.clone())
            .app_data(proxies.clone())
            .wrap(from_fn(routes::observe))
            .configure(|cfg| routes::all(cfg, limit))
    });
    if config.server.workers > 0 {
        server = server.workers(config.server.workers);
    }
    let server = server
        .disable_signals()
        .shutdown_timeout(config.server.stop_within_s)
        .listen(listener)
        .map_err(BootError::Serve)?;
    Ok(server.run())
}

#[cfg(debug_assertions)]
fn most_pages(config: &Config) -> Option<u32> {
    Some(config.faults.sqlite_pages).filter(|most| *most > 0)
}

#[cfg(not(debug_assertions))]
const fn most_pages(_config: &Config) -> Option<u32> {
    None
}

#[cfg(debug_assertions)]
fn clock(config: &Config) -> Clock {
    let file = &config.faults.clock;
    if file.as_os_str().is_empty() {
        return Clock::System;
    }
    Clock::Stepped(std::sync::Arc::new(file.clone()))
}

#[cfg(not(debug_assertions))]
const fn clock(_config: &Config) -> Clock {
    Clock::System
}

/// Serves until the operator asks for the end.
pub async fn serve(config: &Config, role: Role) -> Result<(), BootError> {
    let json = config.profile == Profile::Production;
    crate::telemetry::start(json, "info,sqlx=warn,zhinan::api=info");
    let s = services(config, clock(config)).await?;
    run(s, config, role).await
}

/// Runs services until the operator asks for the end: first requests end, then the engine, then the
/// writer, because each of them still needs the next; all of it within `server.stop_within_s`.
pub async fn run(s: Services, config: &Config, role: Role) -> Result<(), BootError> {
    let address = config.server.listen;
    let listener =
        TcpListener::bind(address).map_err(|source| BootError::Listen { address, source })?;
    // The engine process answers health and metrics on the same routes.
    let server = http(&s, config, listener)?;
    let handle = server.handle();
    chain::record_configured(&s).await.map_err(BootError::StoredChains)?;
    s.lifecycle.spawn(chain::watch(s.clone(), s.lifecycle.winding_down()));
    s.lifecycle.spawn(calendar::watch(s.clone(), s.lifecycle.winding_down()));
    s.lifecycle.spawn(crate::app::places::watch(s.clone(), s.lifecycle.winding_down()));
    s.lifecycle.spawn(crate::app::outage::watch(s.clone(), s.lifecycle.winding_down()));
    s.lifecycle.spawn(templates::watch(s.clone(), s.lifecycle.winding_down()));
    if role == Role::Api {
        s.lifecycle.spawn(engine::subscribe::run(s.clone(), s.lifecycle.winding_down()));
    } else {
        start_engine(&s);
    }
    tracing::info!(%address, "ready");
    let within = Duration::from_secs(config.server.stop_within_s);
    let stopping = async {
        crate::lifecycle::asked_to_stop().await;
        let until = Instant::now() + within;
        s.lifecycle.hang_up();
        let mut requests = pin!(handle.stop(true));
        // Requests that take longer leave the other half to the engine, which ends beside them.
        if timeout(within / 2, requests.as_mut()).await.is_err() {
            s.lifecycle.wind_down();
            requests.await;
        }
        until
    };
    let (ended, until) = tokio::join!(server, stopping);
    if !s.lifecycle.finish(until.saturating_duration_since(Instant::now())).await {
        tracing::warn!("some work did not end in time; its leases run out by themselves");
    }
    ended.map_err(BootError::Serve)
}

/// Starts the engine and, where Redis is configured, the ear for other processes' wakes.
pub fn start_engine(s: &Services) {
    s.lifecycle.spawn(engine::worker::run(s.clone(), s.lifecycle.winding_down()));
    s.lifecycle.spawn(engine::subscribe::run(s.clone(), s.lifecycle.winding_down()));
}
