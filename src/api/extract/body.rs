//! A JSON body that obeys its rules, or every bad field at once with its pointer; and a body as it
//! was sent.

use std::borrow::Cow;

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::{FromRequest, HttpRequest, web};
use futures::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use validator::{Validate, ValidationErrors, ValidationErrorsKind};

use crate::api::problem::Problem;
use crate::error::{Code, Error, Fault};

/// A checked body.
#[derive(Debug)]
pub struct Valid<T>(pub T);

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Valid<T> {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let json = web::Json::<T>::from_request(request, payload);
        Box::pin(async move {
            let body = json.await?.into_inner();
            body.validate().map_err(|bad| Problem(Error::fields(faults(&bad))))?;
            Ok(Self(body))
        })
    }
}

/// A body as it was sent, up to the limit of the server.
#[derive(Debug)]
pub struct Sent(pub web::Bytes);

impl FromRequest for Sent {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = web::Bytes::from_request(request, payload);
        Box::pin(
            async move { bytes.await.map(Self).map_err(|refused| of_payload(&refused).into()) },
        )
    }
}

/// The framework's own refusal would be plain text.
fn of_payload(refused: &actix_web::Error) -> Problem {
    Problem(match refused.as_error::<PayloadError>() {
        Some(PayloadError::Overflow) => {
            Error::new(Code::BodyTooLarge, "请求内容过大，请删减后再提交")
        }
        _ => Error::new(Code::MalformedJson, "请求内容没有完整到达，请重试"),
    })
}

/// Flattens nested findings into JSON pointers, in a stable order.
pub fn faults(errors: &ValidationErrors) -> Vec<Fault> {
    let mut found = Vec::new();
    collect(errors, "", &mut found);
    found.sort_by(|a, b| a.pointer.cmp(&b.pointer));
    found
}

fn collect(errors: &ValidationErrors, prefix: &str, found: &mut Vec<Fault>) {
    for (field, kind) in errors.errors() {
        let pointer =
            if field == "__all__" { prefix.to_owned() } else { format!("{prefix}/{field}") };
        match kind {
            ValidationErrorsKind::Field(broken) => {
                found.extend(broken.iter().map(|rule| fault(&pointer, rule)));
            }
            ValidationErrorsKind::Struct(inner) => collect(inner, &pointer, found),
            ValidationErrorsKind::List(items) => {
                for (at, inner) in items {
                    collect(inner, &format!("{pointer}/{at}"), found);
                }
            }
        }
    }
}

fn fault(pointer: &str, rule: &validator::ValidationError) -> Fault {
    let message = rule.message.clone().unwrap_or(Cow::Borrowed("内容不符合要求"));
    Fault { pointer: pointer.to_owned(), code: rule.code.clone(), message: message.into_owned() }
}
