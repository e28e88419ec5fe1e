//! The optional `Idempotency-Key` of a change: a repeated request is answered as the first one was.
//!
//! Stands before the handlers of verbs. It only looks up and hands the key on; the answer is kept by
//! the use case, in the unit of its change (`src/app/once.rs`).

use std::future::ready;
use std::sync::Arc;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse};
use futures::stream;

use super::extract::{IdempotencyKey, Sent, Who};
use super::problem::Problem;
use crate::app::actor::Actor;
use crate::app::case::report::Idempotency;
use crate::app::once::{self, Kept};
use crate::services::Services;

/// Reporting has a key of its own, which is not optional.
const REPORT: &str = "/api/v1/cases";

/// A change that carries a key.
struct Keyed {
    services: Data<Services>,
    who: Actor,
    once: Arc<Idempotency>,
    body: Bytes,
}

/// Answers a repeated change as before; everything else passes.
pub async fn once(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let named = request.headers().contains_key("idempotency-key");
    let passes = request.method().is_safe() || request.path() == REPORT;
    if !named || passes || request.match_pattern().is_none() {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    let (keyed, before) = match read(&mut request).await {
        Ok(read) => read,
        // Answered here and not further out, where the request's trace is over.
        Err(refused) => return Ok(request.error_response(refused)),
    };
    if let Some(kept) = before {
        return Ok(again(request.into_parts().0, kept));
    }
    let Keyed { services, who, once, body } = keyed;
    let account = who.account;
    request.set_payload(payload(body));
    request.extensions_mut().insert(Who(Actor { once: Some(Arc::clone(&once)), ..who }));
    let answer = next.call(request).await?;
    if answer.status().is_success() {
        return Ok(answer.map_into_boxed_body());
    }
    // Two with one key raced, and the other one was first.
    match once::before(&services, account, &once).await {
        Ok(Some(kept)) => Ok(again(answer.into_parts().0, kept)),
        Ok(None) | Err(_) => Ok(answer.map_into_boxed_body()),
    }
}

/// Reads who asks for what under which key, and what that was answered before. The bearer first:
/// nobody learns from a key that he needs none.
async fn read(request: &mut ServiceRequest) -> Result<(Keyed, Option<Kept>), Error> {
    let Who(who) = request.extract::<Who>().await?;
    let IdempotencyKey(key) = request.extract::<IdempotencyKey>().await?;
    let Sent(body) = request.extract::<Sent>().await?;
    let services = request.extract::<Data<Services>>().await?;
    let change = (request.method().as_str(), request.path());
    let once = Arc::new(Idempotency::of(key, change, &body));
    let before = once::before(&services, who.account, &once).await.map_err(Problem)?;
    Ok((Keyed { services, who, once, body }, before))
}

fn again(request: HttpRequest, kept: Kept) -> ServiceResponse<BoxBody> {
    let status = StatusCode::from_u16(kept.status).unwrap_or(StatusCode::OK);
    if status == StatusCode::NO_CONTENT {
        return ServiceResponse::new(request, HttpResponse::NoContent().finish());
    }
    let kind = (header::CONTENT_TYPE, "application/json");
    let answer = HttpResponse::build(status).insert_header(kind).body(kept.body);
    ServiceResponse::new(request, answer)
}

/// A body that is read once more.
fn payload(body: Bytes) -> Payload {
    Payload::Stream { payload: Box::pin(stream::once(ready(Ok(body)))) }
}
