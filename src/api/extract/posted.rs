//! A verb posted to a case: who posts it, which case and version he saw, and what he says.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use entity::kinds::CaseId;
use futures::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use validator::Validate;

use super::{Valid, Who};
use crate::api::case_bodies::Versioned;
use crate::api::problem::Problem;
use crate::app::actor::Actor;
use crate::app::case::act::Target;
use crate::app::limit;
use crate::services::Services;

/// An admitted post: its sender is known and within his limit, its body obeys its rules. Whether
/// he may do it to this case is the use case's to decide.
#[derive(Debug)]
pub struct Posted<B> {
    pub s: web::Data<Services>,
    pub who: Actor,
    pub target: Target,
    pub body: B,
}

impl<B: Versioned + DeserializeOwned + Validate + 'static> FromRequest for Posted<B> {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let who = Who::from_request(request, payload);
        let case = web::Path::<CaseId>::from_request(request, payload);
        let services = web::Data::<Services>::from_request(request, payload);
        let body = Valid::<B>::from_request(request, payload);
        Box::pin(async move {
            // The bearer first: nobody learns from a body's errors that he needs none.
            let Who(who) = who.await?;
            let (case, s, Valid(body)) = (*case.await?, services.await?, body.await?);
            let counted = limit::admit(&s, &s.settings.limits.act, &who.account.to_string()).await;
            counted.map_err(Problem)?;
            let target = Target { case, expected_version: body.expected_version() };
            Ok(Self { s, who, target, body })
        })
    }
}
