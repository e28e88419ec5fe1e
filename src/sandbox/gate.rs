//! Every WeChat call passes here: it is counted, the faults get their say, and the token is
//! checked before the call is looked at, in the order WeChat does it.

use std::collections::HashMap;
use std::io;
use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data, Query};
use actix_web::{Error, HttpMessage as _, HttpResponse};
use futures::stream;

use super::faults::spend;
use super::refusal::Refusal;
use super::wecom;
use super::world::{Sandbox, World};

/// The account whose token a call carries.
#[derive(Clone)]
pub(super) struct Caller {
    pub(super) appid: String,
}

/// What becomes of a call.
enum Fate {
    Drop,
    Status(StatusCode),
    Refuse(Refusal),
    Serve { caller: Option<Caller>, lose: bool },
}

pub(super) async fn pass(
    sandbox: Data<Sandbox>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let (fate, delay) = fate(&sandbox, &request);
    let answer = match fate {
        Fate::Drop => return Ok(request.into_response(broken())),
        Fate::Status(status) => {
            let page = HttpResponse::build(status).content_type("text/html").body("<html></html>");
            request.into_response(page)
        }
        Fate::Refuse(refusal) => request.error_response(refusal),
        Fate::Serve { caller, lose } => {
            if let Some(caller) = caller {
                request.extensions_mut().insert(caller);
            }
            let served = next.call(request).await?.map_into_boxed_body();
            if lose { served.into_response(broken()) } else { served }
        }
    };
    tokio::time::sleep(delay).await;
    Ok(answer)
}

fn fate(sandbox: &Sandbox, request: &ServiceRequest) -> (Fate, Duration) {
    let path = request.path();
    let mut world = sandbox.world();
    *world.calls.entry(path.to_owned()).or_default() += 1;
    let delay = Duration::from_millis(world.faults.slow_ms);
    let fate = broken_fate(&mut world, path).unwrap_or_else(|| {
        let caller = if takes_token(path) {
            match caller(sandbox, &world, request) {
                Ok(caller) => Some(caller),
                Err(refusal) => return Fate::Refuse(refusal),
            }
        } else {
            None
        };
        if caller.is_some() && spend(&mut world.faults.busy) {
            return Fate::Refuse(Refusal::of(-1));
        }
        if world.faults.quota_used && path.starts_with("/cgi-bin/message/") {
            return Fate::Refuse(Refusal::of(45009));
        }
        Fate::Serve { caller, lose: spend(&mut world.faults.lose_answers) }
    });
    (fate, delay)
}

fn broken_fate(world: &mut World, path: &str) -> Option<Fate> {
    let faults = &mut world.faults;
    if faults.dead {
        return Some(Fate::Drop);
    }
    if spend(&mut faults.fail_http) {
        return Some(Fate::Status(StatusCode::INTERNAL_SERVER_ERROR));
    }
    let status = faults.in_between.get(path).and_then(|code| StatusCode::from_u16(*code).ok());
    if let Some(status) = status {
        return Some(Fate::Status(status));
    }
    faults.scripted(path).map(|code| Fate::Refuse(Refusal::of(code)))
}

fn takes_token(path: &str) -> bool {
    !matches!(path, "/" | "/cgi-bin/stable_token" | "/cgi-bin/token" | "/sns/jscode2session")
        && !wecom::is_open(path)
}

fn caller(sandbox: &Sandbox, world: &World, request: &ServiceRequest) -> Result<Caller, Refusal> {
    let query = Query::<HashMap<String, String>>::from_query(request.query_string());
    let token = query.as_ref().ok().and_then(|query| query.get("access_token"));
    let owner = world.tokens.owner(token.map(String::as_str), sandbox.now());
    if wecom::is_path(request.path()) {
        return wecom::caller(sandbox, owner);
    }
    let appid = owner?.to_owned();
    let official = matches!(
        request.path(),
        "/cgi-bin/message/template/send"
            | "/cgi-bin/user/info"
            | "/cgi-bin/user/get"
            | "/cgi-bin/user/info/batchget"
            | "/cgi-bin/qrcode/create"
            | "/cgi-bin/template/get_all_private_template"
    );
    let wanted = if official { &sandbox.settings.oa } else { &sandbox.settings.mini };
    match wanted {
        _ if appid.starts_with(wecom::OWNER) => Err(Refusal::of(40001)),
        // A token of the other account is as good as none; quotas may be asked for with either.
        Some(wanted) if wanted.appid != appid && request.path() != "/cgi-bin/openapi/quota/get" => {
            Err(Refusal::of(40001))
        }
        _ => Ok(Caller { appid }),
    }
}

/// Breaks the connection: the body fails before its first byte.
fn broken() -> HttpResponse {
    let lost = io::Error::from(io::ErrorKind::ConnectionAborted);
    HttpResponse::Ok().streaming(stream::iter([Err::<Bytes, io::Error>(lost)]))
}
