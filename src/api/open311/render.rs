//! The two forms of every answer: JSON and XML say the same, from one list of fields.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use quick_xml::escape::escape;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::services::Public;

/// How an answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    Json,
    Xml,
}

/// A thing with fields, in the order of the specification; null is an empty element in XML.
#[derive(Clone, Debug)]
pub struct Thing {
    /// What it is called in XML.
    name: &'static str,
    fields: Vec<(&'static str, Value)>,
}

/// When the shape of the endpoint changed last.
const CHANGESET: &str = "2026-11-27T00:00:00+08:00";
const SPECIFICATION: &str = "http://wiki.open311.org/GeoReport_v2";
const FORMATS: [&str; 2] = ["application/json", "text/xml"];

impl Thing {
    /// Puts a thing together.
    pub const fn new(name: &'static str, fields: Vec<(&'static str, Value)>) -> Self {
        Self { name, fields }
    }

    fn json(&self) -> Value {
        let fields = self.fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        Value::Object(fields.collect::<Map<_, _>>())
    }

    fn xml(&self) -> String {
        let fields = self.fields.iter().map(|(name, value)| match value {
            Value::Null => tag(name, ""),
            Value::String(text) => tag(name, &escape(text.as_str())),
            other => tag(name, &other.to_string()),
        });
        tag(self.name, &fields.collect::<String>())
    }
}

fn tag(name: &str, inner: &str) -> String {
    if inner.is_empty() { format!("<{name}/>") } else { format!("<{name}>{inner}</{name}>") }
}

fn send(status: StatusCode, format: Format, (json, xml): (&Value, &str)) -> HttpResponse {
    let mut answer = HttpResponse::build(status);
    answer.insert_header((header::CACHE_CONTROL, "no-cache"));
    match format {
        Format::Json => answer.content_type("application/json; charset=utf-8").json(json),
        Format::Xml => answer
            .content_type("text/xml; charset=utf-8")
            .body(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{xml}")),
    }
}

/// Answers with a list of things; `root` is what it is called in XML.
pub fn answer(format: Format, root: &str, things: &[Thing]) -> HttpResponse {
    let json = Value::Array(things.iter().map(Thing::json).collect());
    let xml = tag(root, &things.iter().map(Thing::xml).collect::<String>());
    send(StatusCode::OK, format, (&json, &xml))
}

/// Refuses in the form of the specification.
pub fn refuse(
    format: Format,
    (status, said): (u16, &str),
    again: Option<Duration>,
) -> HttpResponse {
    let fields = vec![("code", json!(status)), ("description", json!(said))];
    let error = Thing::new("error", fields);
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    let (json, xml) = (json!([error.json()]), tag("errors", &error.xml()));
    let mut answer = send(status, format, (&json, &xml));
    if let Some(wait) = again {
        let seconds = header::HeaderValue::from(wait.as_secs().saturating_add(1));
        answer.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    answer
}

/// Answers with the definition of a service that has no attributes.
pub fn definition(format: Format, code: &str) -> HttpResponse {
    let json = json!({ "service_code": code, "attributes": [] });
    let code = tag("service_code", &escape(code));
    let xml = tag("service_definition", &format!("{code}{}", tag("attributes", "")));
    send(StatusCode::OK, format, (&json, &xml))
}

/// Answers with the discovery document.
pub fn discovery(format: Format, public: &Public) -> HttpResponse {
    let url = format!("{}/open311/v2", public.url);
    let contact = public.contact.as_str();
    let json = json!({
        "changeset": CHANGESET,
        "contact": contact,
        "key_service": "",
        "endpoints": [{
            "specification": SPECIFICATION,
            "url": url,
            "changeset": CHANGESET,
            "type": "production",
            "formats": FORMATS,
        }],
    });
    let formats = FORMATS.map(|one| tag("format", one)).concat();
    let endpoint = [
        tag("specification", SPECIFICATION),
        tag("url", &escape(url.as_str())),
        tag("changeset", CHANGESET),
        tag("type", "production"),
        tag("formats", &formats),
    ];
    let endpoints = tag("endpoints", &tag("endpoint", &endpoint.concat()));
    let head =
        [tag("changeset", CHANGESET), tag("contact", &escape(contact)), tag("key_service", "")];
    let xml = tag("discovery", &format!("{}{endpoints}", head.concat()));
    send(StatusCode::OK, format, (&json, &xml))
}
