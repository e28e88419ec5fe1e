//! What everybody may know of the street before he signs in: its name, its telephones, its policy.

use actix_web::web::{self, Data, Json};
use serde::Serialize;
use utoipa::ToSchema;

use crate::services::Services;

/// Registers the route.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/api/v1/street")
            .route(web::get().to(street))
            .default_service(web::to(super::openapi::no_route)),
    );
}

/// A telephone and what to call it for.
#[derive(Debug, Serialize, ToSchema)]
pub struct PhoneLine {
    number: String,
    /// In Chinese.
    purpose: String,
}

/// The policy in force.
#[derive(Debug, Serialize, ToSchema)]
pub struct Policy {
    /// Agree to it by `PUT /api/v1/my/privacy`.
    version: String,
    /// Where its text stands; missing when the program itself carries it.
    url: Option<String>,
}

/// The street.
#[derive(Debug, Serialize, ToSchema)]
pub struct StreetOut {
    name: String,
    /// Who helps when life is in danger: to be called before anything is written here.
    emergency: Vec<PhoneLine>,
    /// The street's own telephones.
    phones: Vec<PhoneLine>,
    privacy: Policy,
}

/// The national numbers; no street has others.
const EMERGENCY: [(&str, &str); 4] = [
    ("110", "报警：人身危险、盗抢、打架"),
    ("119", "火警：着火、被困、燃气泄漏"),
    ("120", "急救：突发疾病、受伤"),
    ("122", "交通事故"),
];

/// Shows the street's name, telephones and privacy policy.
#[utoipa::path(get, path = "/api/v1/street", tag = "street",
    responses((status = 200, body = StreetOut)))]
async fn street(s: Data<Services>) -> Json<StreetOut> {
    let street = &s.settings.street;
    let line = |(number, purpose): (&str, &str)| PhoneLine {
        number: number.to_owned(),
        purpose: purpose.to_owned(),
    };
    Json(StreetOut {
        name: street.name.clone(),
        emergency: EMERGENCY.map(line).into(),
        phones: street.phones.iter().map(|(n, p)| line((n, p))).collect(),
        privacy: Policy {
            version: street.privacy_version.clone(),
            url: Some(street.privacy_url.clone()).filter(|url| !url.is_empty()),
        },
    })
}
