//! The sealed days of the record, for whoever keeps them elsewhere.

use actix_web::web::{Data, Json, Query, ServiceConfig, get, resource, to};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::extract::Who;
use super::problem::{Problem, ProblemBody};
use crate::app::proof::list;
use crate::domain::calendar::{parse_instant, rfc3339};
use crate::error::{Error, Fault};
use crate::services::Services;

/// Days of one answer.
const MOST: u64 = 400;

/// Registers the routes of this file.
pub fn routes(cfg: &mut ServiceConfig) {
    let list = resource("/api/v1/audit/checkpoints").route(get().to(list_checkpoints));
    cfg.service(list.default_service(to(super::openapi::no_route)));
}

/// Which days, both included.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CheckpointsQuery {
    /// `2026-11-01`; from the first one when missing.
    from: Option<String>,
    /// `2026-11-30`; to the last one when missing.
    to: Option<String>,
}

/// Checkpoints, the first day first; at most 400.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckpointsView {
    /// The public key that verifies the signatures: Ed25519, PEM.
    pub public_key: String,
    pub checkpoints: Vec<CheckpointView>,
}

/// One sealed day. What is signed is described in docs/LEDGER.md.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckpointView {
    pub day: String,
    /// Entries that it seals.
    pub count: i64,
    /// Hex of the root over all cases.
    pub root: String,
    /// Hex of the checkpoint before it.
    pub prev: String,
    /// Hex of the signature.
    pub signature: String,
    pub sealed_at: String,
}

/// Lists the sealed days of the record.
#[utoipa::path(get, path = "/api/v1/audit/checkpoints", tag = "audit", params(CheckpointsQuery), security(("bearer" = [])),
    responses((status = 200, body = CheckpointsView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn list_checkpoints(
    Who(who): Who,
    query: Query<CheckpointsQuery>,
    s: Data<Services>,
) -> Result<Json<CheckpointsView>, Problem> {
    let from = day("/from", query.from.as_deref(), "")?;
    let to = day("/to", query.to.as_deref(), "9999-12-31")?;
    let rows = list::run(&s, &who, (from, to), MOST).await?;
    let checkpoints = rows.into_iter().map(|row| CheckpointView {
        day: row.day,
        count: row.count,
        root: row.root,
        prev: row.prev,
        signature: row.signature,
        sealed_at: rfc3339(row.created_at),
    });
    let public_key = s.signer.public();
    Ok(Json(CheckpointsView { public_key, checkpoints: checkpoints.collect() }))
}

fn day<'a>(place: &str, asked: Option<&'a str>, without: &'a str) -> Result<&'a str, Error> {
    let Some(day) = asked else { return Ok(without) };
    if day.len() == "2026-11-24".len() && parse_instant(day).is_some() {
        return Ok(day);
    }
    let message = "请写日期，如 2026-11-24";
    Err(Error::fields(vec![Fault::new(place, "invalid_date", message)]))
}
