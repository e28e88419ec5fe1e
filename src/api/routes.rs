//! The whole tree of addresses, and what every request passes through.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, web};

use super::problem::Problem;
use super::{
    address, aliases, audit, auth, buildings, bulletins, calendar, callbacks, cases, chains,
    channels, checkpoints, drills, dues, exports, figure_cases, figures, grids, health, hints,
    inbox, live, media, my, my_duty, my_grid, open311, openapi, pauses, photos, problem, reach,
    reports, roster, snapshots, staff, street, swaps, voices, week,
};
use crate::app::trouble;
use crate::services::Services;
use crate::telemetry;

/// Registers every route and the error shape of every extractor.
pub fn all(cfg: &mut web::ServiceConfig, body_limit: usize) {
    cfg.app_data(web::JsonConfig::default().limit(body_limit).error_handler(problem::of_json))
        .app_data(web::QueryConfig::default().error_handler(problem::of_query))
        .app_data(web::PathConfig::default().error_handler(problem::of_path))
        .app_data(web::PayloadConfig::new(body_limit))
        .configure(health::routes)
        .configure(openapi::routes)
        .configure(cases::routes)
        .configure(photos::routes)
        .configure(callbacks::routes)
        .configure(media::routes)
        .configure(auth::routes)
        .configure(staff::routes)
        .configure(channels::routes)
        .configure(reach::routes)
        .configure(drills::routes)
        .configure(roster::routes)
        .configure(audit::routes)
        .configure(figures::routes)
        .configure(figure_cases::routes)
        .configure(snapshots::routes)
        .configure(exports::routes)
        .configure(reports::routes)
        .configure(hints::routes)
        .configure(checkpoints::routes)
        .configure(grids::routes)
        .configure(address::routes)
        .configure(aliases::routes)
        .configure(chains::routes)
        .configure(calendar::routes)
        .configure(dues::routes)
        .configure(pauses::routes)
        .configure(buildings::routes)
        .configure(inbox::routes)
        .configure(live::routes)
        .configure(my::routes)
        .configure(street::routes)
        .configure(voices::routes)
        .configure(bulletins::routes)
        .configure(my_duty::routes)
        .configure(swaps::routes)
        .configure(week::routes)
        .configure(my_grid::routes)
        .configure(open311::routes)
        .default_service(web::to(openapi::no_route));
}

/// Methods that are counted by name. Anybody may invent others; each would be a series for ever.
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// Gives the request a trace id, counts it, and writes its one log line: never a body, an address,
/// a phone or a token.
pub async fn observe(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let services = request.app_data::<web::Data<Services>>().cloned();
    let id = hex::encode(services.as_ref().map_or([0; 32], |s| s.random()).split_at(8).0);
    let (method, writes) = (request.method().to_string(), !request.method().is_safe());
    let began = std::time::Instant::now();
    let answer = telemetry::traced(id.clone(), next.call(request)).await?;
    let route = answer.request().match_pattern().unwrap_or_else(|| "unmatched".to_owned());
    let status = answer.status().as_u16();
    let seconds = began.elapsed().as_secs_f64();
    if let Some(s) = services {
        let problem = answer.response().error().and_then(|error| error.as_error::<Problem>());
        if let Some(Problem(error)) = problem {
            trouble::met(&s, error);
        } else if answer.status().is_success() && writes {
            trouble::written(&s);
        }
        let label = status.to_string();
        let named = METHODS.into_iter().find(|one| *one == method).unwrap_or("other");
        s.metrics.requests.with_label_values(&[named, route.as_str(), label.as_str()]).inc();
        s.metrics.request_seconds.with_label_values(&[route.as_str()]).observe(seconds);
    }
    tracing::info!(trace_id = %id, %method, %route, status, ms = seconds * 1e3, "http.response");
    Ok(answer)
}
