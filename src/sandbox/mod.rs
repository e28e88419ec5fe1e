//! Stands in for WeChat's HTTP API: the same paths, the same answers, the same refusals.
//!
//! The rest of the program reaches it over HTTP only, exactly as it reaches WeChat. Nothing is
//! kept on disk. What WeChat has no API for (making a login code, breaking things, reading what
//! arrived, showing it as phones) lies under `/_sandbox/` and at `/`.

mod callbacks;
mod control;
mod faults;
mod fields;
mod followers;
mod gate;
mod lookups;
mod mailbox;
mod media;
mod pushed;
mod refusal;
mod sends;
mod session;
mod sms;
mod tc3;
mod templates;
mod tokens;
mod wecom;
mod world;

use std::io;
use std::net::{SocketAddr, TcpListener};

use actix_web::dev::{Server, ServerHandle};
use actix_web::middleware::from_fn;
use actix_web::{App, HttpServer, web};

use crate::clock::Clock;
use world::Sandbox;

/// One account the sandbox insists on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// The public id.
    pub appid: String,
    /// `AppSecret`.
    pub secret: String,
}

/// The account for text messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextAccount {
    /// `SecretId`.
    pub secret_id: String,
    /// `SecretKey`.
    pub secret_key: String,
    /// `SdkAppId`.
    pub app_id: String,
}

/// The application at WeCom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    /// `CorpID`.
    pub corpid: String,
    /// Its number.
    pub agentid: i64,
    /// Its secret.
    pub secret: String,
}

/// What a sandbox has to be told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Ages tokens, codes and de-duplication; share a manual clock with the program under test.
    pub clock: Clock,
    /// With a value, only this mini-program may log people in and send subscribe messages.
    pub mini: Option<Credentials>,
    /// With a value, only this official account may send template messages.
    pub oa: Option<Credentials>,
    /// With a value, its key signs for text messages; without, every signature is refused.
    pub sms: Option<TextAccount>,
    /// With a value, this application may send cards; without, WeCom refuses every secret.
    pub wecom: Option<Agent>,
    /// Threads that serve requests.
    pub workers: usize,
}

/// A sandbox that listens. It serves while `server` is awaited; `handle` stops it.
pub struct Running {
    /// Await this.
    pub server: Server,
    /// Stops the server from elsewhere.
    pub handle: ServerHandle,
    /// Where it listens, the real port when port 0 was asked for.
    pub address: SocketAddr,
}

/// Serves a sandbox on `listener`; fails when the listener is unusable. Starts no task: the
/// caller awaits `Running::server`.
pub fn serve(listener: TcpListener, settings: Settings) -> io::Result<Running> {
    let address = listener.local_addr()?;
    let workers = settings.workers.max(1);
    let sandbox = web::Data::new(Sandbox::new(settings)?);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(sandbox.clone())
            .app_data(web::JsonConfig::default().content_type_required(false))
            .configure(control::routes)
            .configure(wecom::control)
            .service(web::scope("").wrap(from_fn(gate::pass)).configure(wechat_routes))
    })
    .workers(workers)
    .shutdown_timeout(1)
    .disable_signals()
    .listen(listener)?
    .run();
    Ok(Running { handle: server.handle(), server, address })
}

fn wechat_routes(app: &mut web::ServiceConfig) {
    app.route("/", web::post().to(sms::call))
        .route("/cgi-bin/stable_token", web::post().to(session::stable_token))
        .route("/cgi-bin/token", web::get().to(session::token))
        .route("/sns/jscode2session", web::get().to(session::jscode2session))
        .route("/cgi-bin/message/template/send", web::post().to(sends::template))
        .route("/cgi-bin/message/subscribe/send", web::post().to(sends::subscribe))
        .route("/wxa/msg_sec_check", web::post().to(lookups::msg_sec_check))
        .route("/wxa/media_check_async", web::post().to(media::check))
        .route("/wxa/business/getuserphonenumber", web::post().to(lookups::phone_number))
        .route("/wxa/getwxacodeunlimit", web::post().to(lookups::wxacode))
        .route("/cgi-bin/user/info", web::get().to(followers::user_info))
        .route("/cgi-bin/user/info/batchget", web::post().to(followers::batch))
        .route("/cgi-bin/user/get", web::get().to(followers::list))
        .route("/cgi-bin/qrcode/create", web::post().to(followers::code))
        .configure(wecom::routes)
        .route("/cgi-bin/template/get_all_private_template", web::get().to(templates::oa))
        .route("/wxaapi/newtmpl/gettemplate", web::get().to(templates::mini))
        .route("/cgi-bin/message/wxopen/employeerelationmsg/send", web::post().to(sends::employee))
        .route("/cgi-bin/openapi/quota/get", web::post().to(lookups::quota));
}
