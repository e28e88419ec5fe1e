//! What the detectors listed: for somebody to look at, never a verdict.

use std::collections::HashMap;

use actix_web::web::{Data, Json, Query, ServiceConfig, get, resource, to};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::extract::Who;
use super::problem::{Problem, ProblemBody};
use crate::app::audit::hints;
use crate::app::audit::names::staff_names;
use crate::domain::audit::detect::{BLIND, DETECTORS, Hint};
use crate::domain::calendar::rfc3339;
use crate::services::Services;

/// Registers the routes of this file.
pub fn routes(cfg: &mut ServiceConfig) {
    let list = resource("/api/v1/audit/detectors").route(get().to(list_hints));
    cfg.service(list.default_service(to(super::openapi::no_route)));
}

/// Which night.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HintsQuery {
    /// `2026-11-25`; the last list when missing.
    day: Option<String>,
}

/// Every detector with what it listed.
#[derive(Debug, Serialize, ToSchema)]
pub struct HintsView {
    /// How to read it.
    pub note: &'static str,
    /// The night of the list; missing before the first one.
    pub day: Option<String>,
    /// Cases that were reported, due or moved since then.
    pub from: Option<String>,
    /// Later events were not looked at.
    pub as_of: Option<String>,
    pub detectors: Vec<DetectorView>,
    /// What nobody looks for, and why.
    pub blind: Vec<BlindView>,
}

/// One detector.
#[derive(Debug, Serialize, ToSchema)]
pub struct DetectorView {
    pub id: &'static str,
    pub name: &'static str,
    pub rule: &'static str,
    pub hints: Vec<HintView>,
}

/// One entry of its list.
#[derive(Debug, Serialize, ToSchema)]
pub struct HintView {
    /// Whose doing it is; missing where the record does not say.
    pub person: Option<String>,
    /// Cases that show it, and those it was looked for in.
    pub seen: u64,
    pub of: u64,
    /// Fifty at most.
    pub cases: Vec<EvidenceView>,
}

/// A case to look at.
#[derive(Debug, Serialize, ToSchema)]
pub struct EvidenceView {
    pub number: String,
    /// What was measured: seconds, or for `few_all_content` the mark.
    pub measured: u64,
}

/// What cannot be looked for yet.
#[derive(Debug, Serialize, ToSchema)]
pub struct BlindView {
    pub name: &'static str,
    pub why: &'static str,
}

/// Shows what the detectors listed in a night.
#[utoipa::path(get, path = "/api/v1/audit/detectors", tag = "audit", params(HintsQuery), security(("bearer" = [])),
    responses((status = 200, body = HintsView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub async fn list_hints(
    Who(who): Who,
    query: Query<HintsQuery>,
    s: Data<Services>,
) -> Result<Json<HintsView>, Problem> {
    let list = hints::read(&s, &who, query.day.as_deref()).await?;
    let (day, from, as_of, hints) = match list {
        Some(list) => {
            (Some(list.day), Some(rfc3339(list.from)), Some(rfc3339(list.as_of)), list.hints)
        }
        None => (None, None, None, Vec::new()),
    };
    let names = staff_names(&s, hints.iter().filter_map(|hint| hint.person)).await?;
    let detectors = DETECTORS.iter().map(|one| DetectorView {
        id: one.id,
        name: one.name,
        rule: one.rule,
        hints: hints
            .iter()
            .filter(|hint| hint.detector == one.id)
            .map(|h| view(&names, h))
            .collect(),
    });
    let blind = BLIND.iter().map(|&(name, why)| BlindView { name, why });
    Ok(Json(HintsView {
        note: "供核查，不是结论：每一条都可能有正当原因",
        day,
        from,
        as_of,
        detectors: detectors.collect(),
        blind: blind.collect(),
    }))
}

fn view(names: &HashMap<i64, String>, hint: &Hint) -> HintView {
    let evidence = |(number, measured): &(String, u64)| EvidenceView {
        number: number.clone(),
        measured: *measured,
    };
    HintView {
        person: hint.person.and_then(|person| names.get(&person).cloned()),
        seen: hint.seen,
        of: hint.of,
        cases: hint.cases.iter().map(evidence).collect(),
    }
}
