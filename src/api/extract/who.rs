//! Authorises and loads: a handler that takes [`Who`] has a person with his present duties.

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use futures::future::LocalBoxFuture;

use crate::api::problem::Problem;
use crate::app::actor::{self, Actor};
use crate::error::{Code, Error};
use crate::services::Services;

/// The person who speaks.
#[derive(Clone, Debug)]
pub struct Who(pub Actor);

impl FromRequest for Who {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        // Found out before, to answer a repeated request.
        let known = request.extensions().get::<Self>().cloned();
        let services = request.app_data::<web::Data<Services>>().cloned();
        let token = request
            .headers()
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "))
            .map(str::to_owned);
        Box::pin(async move {
            if let Some(known) = known {
                return Ok(known);
            }
            let services = services
                .ok_or_else(|| Error::internal("the server was built without its services"))?;
            let token = token.ok_or_else(|| {
                Error::new(Code::Unauthenticated, "请先登录，再带上 Authorization: Bearer 令牌")
            })?;
            Ok(Self(actor::authenticate(&services, &token).await?))
        })
    }
}
