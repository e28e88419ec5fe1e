//! What everybody may read of cases, as Open311 `GeoReport` v2 (<https://wiki.open311.org/GeoReport_v2>):
//! no sign-in, nobody's words, nobody's room; off unless the configuration switches it on.

mod render;

use actix_web::HttpResponse;
use actix_web::web::{Data, Path, Query, ServiceConfig, get, resource, to};
use entity::kinds::Category;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::IntoParams;

use self::render::{Format, Thing, answer, refuse};
use super::extract::ClientIp;
use super::problem::Problem;
use crate::app::{limit, open311};
use crate::domain::calendar::local_rfc3339;
use crate::domain::open311::Asked;
use crate::error::{Code, Error};
use crate::services::{Public, Services};

type Answer = Result<HttpResponse, Problem>;

/// Registers the routes of this file.
pub fn routes(cfg: &mut ServiceConfig) {
    let kinds = resource("/open311/v2/services.{format}").route(get().to(services));
    let kind = resource("/open311/v2/services/{code}.{format}").route(get().to(service));
    let list = resource("/open311/v2/requests.{format}").route(get().to(requests));
    let one = resource("/open311/v2/requests/{id}.{format}").route(get().to(request));
    let found = resource("/open311/v2/discovery.{format}").route(get().to(discovery));
    for one in [kinds, kind, list, one, found] {
        cfg.service(one.default_service(to(super::openapi::no_route)));
    }
}

/// Which requests; parameters that are not known are ignored, as the specification wants.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RequestsQuery {
    /// Numbers separated by commas; then nothing else is looked at.
    service_request_id: Option<String>,
    /// Codes separated by commas.
    service_code: Option<String>,
    /// Earliest `requested_datetime`: RFC 3339 or a date at +08:00.
    start_date: Option<String>,
    /// Latest `requested_datetime`; at most 90 days after `start_date`.
    end_date: Option<String>,
    /// `open`, `closed` or both separated by a comma.
    status: Option<String>,
}

/// Refuses everybody while it is off, and whoever asks too often.
async fn admit(s: &Services, ip: ClientIp, format: Format) -> Result<&Public, Refused> {
    let public = open311::admit(s).map_err(Refused::Closed)?;
    let admitted = limit::admit(s, &s.settings.limits.open311, &ip.key()).await;
    admitted.map_err(|why| Refused::of(why, format))?;
    Ok(public)
}

/// Why there is no answer: in the form of the specification where it is the caller's doing.
enum Refused {
    Said(HttpResponse),
    Closed(Error),
}

impl Refused {
    fn of(why: Error, format: Format) -> Self {
        let said = match why.code {
            Code::MalformedQuery => why.detail.clone(),
            Code::NotFound => "service_request_id was not found".to_owned(),
            Code::TooManyRequests => "too many requests from this address".to_owned(),
            _ => return Self::Closed(why),
        };
        Self::Said(refuse(format, (why.code.status(), &said), why.retry_after))
    }

    fn answer(self) -> Answer {
        match self {
            Self::Said(answer) => Ok(answer),
            Self::Closed(why) => Err(Problem(why)),
        }
    }
}

/// Ends a handler early with what was refused.
macro_rules! or_refuse {
    ($asked:expr) => {
        match $asked {
            Ok(found) => found,
            Err(refused) => return refused.answer(),
        }
    };
}

fn about(category: Category) -> Thing {
    Thing::new(
        "service",
        vec![
            ("service_code", json!(category.word())),
            ("service_name", json!(category.zh())),
            ("description", json!(category.zh())),
            ("metadata", json!(false)),
            ("type", json!("realtime")),
            ("keywords", json!(category.zh().replace('、', ","))),
            ("group", Value::Null),
        ],
    )
}

fn shown(one: &open311::Shown) -> Thing {
    Thing::new(
        "request",
        vec![
            ("service_request_id", json!(one.number)),
            ("status", json!(one.status.word())),
            ("status_notes", json!(one.state)),
            ("service_name", json!(one.category.zh())),
            ("service_code", json!(one.category.word())),
            ("description", json!(one.category.zh())),
            ("agency_responsible", json!(one.unit)),
            ("service_notice", Value::Null),
            ("requested_datetime", json!(local_rfc3339(one.reported))),
            ("updated_datetime", json!(local_rfc3339(one.updated))),
            ("expected_datetime", json!(one.expected.map(local_rfc3339))),
            ("address", json!(one.address)),
            ("address_id", Value::Null),
            ("zipcode", Value::Null),
            ("lat", Value::Null),
            ("long", Value::Null),
            ("media_url", Value::Null),
        ],
    )
}

/// Says where what is, for programs that know nothing but this address.
#[utoipa::path(get, path = "/open311/v2/discovery.{format}", tag = "open311", operation_id = "open311_discovery",
    params(("format" = String, Path, description = "`json` or `xml`")),
    responses((status = 200, description = "Service discovery of Open311", content_type = "application/json"),
        (status = 404, description = "It is switched off"), (status = 429, description = "Errors of Open311")))]
pub async fn discovery(format: Path<Format>, ip: ClientIp, s: Data<Services>) -> Answer {
    let format = format.into_inner();
    let public = or_refuse!(admit(&s, ip, format).await);
    Ok(render::discovery(format, public))
}

/// Lists the kinds of requests that are shown.
#[utoipa::path(get, path = "/open311/v2/services.{format}", tag = "open311", operation_id = "open311_services",
    params(("format" = String, Path, description = "`json` or `xml`")),
    responses((status = 200, description = "Services of GeoReport v2", content_type = "application/json"),
        (status = 404, description = "It is switched off"), (status = 429, description = "Errors of Open311")))]
pub async fn services(format: Path<Format>, ip: ClientIp, s: Data<Services>) -> Answer {
    let format = format.into_inner();
    let public = or_refuse!(admit(&s, ip, format).await);
    let all: Vec<Thing> = public.categories.iter().copied().map(about).collect();
    Ok(answer(format, "services", &all))
}

/// Says what a kind of request asks beyond the usual: nothing, for none can be sent here.
#[utoipa::path(get, path = "/open311/v2/services/{code}.{format}", tag = "open311", operation_id = "open311_service",
    params(("code" = String, Path), ("format" = String, Path, description = "`json` or `xml`")),
    responses((status = 200, description = "A service definition of GeoReport v2", content_type = "application/json"),
        (status = 404, description = "Errors of Open311"), (status = 429, description = "Errors of Open311")))]
pub async fn service(path: Path<(String, Format)>, ip: ClientIp, s: Data<Services>) -> Answer {
    let (code, format) = path.into_inner();
    let public = or_refuse!(admit(&s, ip, format).await);
    if public.categories.iter().any(|one| one.word() == code) {
        return Ok(render::definition(format, &code));
    }
    Ok(refuse(format, (404, "service_code was not found"), None))
}

/// Lists requests, the latest first: the last 90 days unless a period is named, at most 1,000.
#[utoipa::path(get, path = "/open311/v2/requests.{format}", tag = "open311", operation_id = "open311_requests",
    params(("format" = String, Path, description = "`json` or `xml`"), RequestsQuery),
    responses((status = 200, description = "Service requests of GeoReport v2", content_type = "application/json"),
        (status = 400, description = "Errors of Open311"), (status = 404, description = "It is switched off"),
        (status = 429, description = "Errors of Open311")))]
pub async fn requests(
    format: Path<Format>,
    query: Query<RequestsQuery>,
    ip: ClientIp,
    s: Data<Services>,
) -> Answer {
    let format = format.into_inner();
    or_refuse!(admit(&s, ip, format).await);
    let asked = Asked {
        ids: query.service_request_id.as_deref(),
        codes: query.service_code.as_deref(),
        start: query.start_date.as_deref(),
        end: query.end_date.as_deref(),
        status: query.status.as_deref(),
    };
    let found = open311::list(&s, &asked).await.map_err(|why| Refused::of(why, format));
    let all: Vec<Thing> = or_refuse!(found).iter().map(shown).collect();
    Ok(answer(format, "service_requests", &all))
}

/// Shows one request by its number.
#[utoipa::path(get, path = "/open311/v2/requests/{id}.{format}", tag = "open311", operation_id = "open311_request",
    params(("id" = String, Path), ("format" = String, Path, description = "`json` or `xml`")),
    responses((status = 200, description = "A list of one service request", content_type = "application/json"),
        (status = 404, description = "Errors of Open311"), (status = 429, description = "Errors of Open311")))]
pub async fn request(path: Path<(String, Format)>, ip: ClientIp, s: Data<Services>) -> Answer {
    let (id, format) = path.into_inner();
    or_refuse!(admit(&s, ip, format).await);
    let found = open311::show(&s, &id).await.map_err(|why| Refused::of(why, format));
    Ok(answer(format, "service_requests", &[shown(&or_refuse!(found))]))
}
