//! Drives the sandbox from outside: what tests, the demo and the page at `/` use.

use actix_web::web::{Data, Json, Query, ServiceConfig, get, post, resource};
use actix_web::{HttpResponse, Responder, web};
use serde::Deserialize;
use serde_json::json;

use super::callbacks;
use super::faults::Change;
use super::followers;
use super::media;
use super::world::{Login, Person, Phone, Sandbox, Template};

const PAGE: &str = include_str!("page.html");

pub(super) fn routes(app: &mut ServiceConfig) {
    app.route("/", get().to(page))
        .route("/_sandbox/login", post().to(login))
        .route("/_sandbox/phone", post().to(phone))
        .route("/_sandbox/credits", post().to(grant))
        .route("/_sandbox/employees", post().to(employ))
        .route("/_sandbox/followers", post().to(followers::follow))
        .route("/_sandbox/media", get().to(media::asked))
        .route("/_sandbox/scenes", get().to(followers::scenes))
        .route("/_sandbox/callbacks", post().to(callbacks::deliver))
        .route("/_sandbox/counts", get().to(counts))
        .route("/_sandbox/calls", get().to(calls))
        .service(
            resource("/_sandbox/messages").route(get().to(messages)).route(web::delete().to(clear)),
        )
        .service(
            resource("/_sandbox/faults").route(get().to(faults)).route(post().to(change_faults)),
        )
        .service(resource("/_sandbox/people").route(get().to(people)).route(post().to(add_person)))
        .service(
            resource("/_sandbox/templates")
                .route(get().to(templates))
                .route(post().to(add_template)),
        );
}

async fn page() -> impl Responder {
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(PAGE)
}

async fn login(sandbox: Data<Sandbox>, who: Json<Login>) -> impl Responder {
    let now = sandbox.now();
    Json(json!({ "code": sandbox.world().logins.make(who.0, now) }))
}

async fn phone(sandbox: Data<Sandbox>, phone: Json<Phone>) -> impl Responder {
    let now = sandbox.now();
    Json(json!({ "code": sandbox.world().phones.make(phone.0, now) }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Grant {
    openid: String,
    template_id: String,
    count: u64,
}

async fn grant(sandbox: Data<Sandbox>, grant: Json<Grant>) -> impl Responder {
    let mut world = sandbox.world();
    let left = world.credits.entry((grant.0.openid, grant.0.template_id)).or_default();
    *left = left.saturating_add(grant.0.count);
    Json(json!({ "credits": *left }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Employ {
    openid: String,
}

async fn employ(sandbox: Data<Sandbox>, who: Json<Employ>) -> impl Responder {
    sandbox.world().employees.insert(who.0.openid);
    HttpResponse::NoContent()
}

async fn calls(sandbox: Data<Sandbox>) -> impl Responder {
    Json(sandbox.world().calls.clone())
}

#[derive(Deserialize)]
struct Filter {
    to: Option<String>,
    #[serde(default)]
    after: u64,
    limit: Option<usize>,
}

async fn messages(sandbox: Data<Sandbox>, filter: Query<Filter>) -> impl Responder {
    let limit = filter.limit.unwrap_or(usize::MAX);
    let found = sandbox.world().mailbox.list(filter.to.as_deref(), filter.after, limit);
    Json(found)
}

async fn counts(sandbox: Data<Sandbox>) -> impl Responder {
    Json(sandbox.world().mailbox.counts())
}

async fn clear(sandbox: Data<Sandbox>) -> impl Responder {
    sandbox.world().mailbox.clear();
    HttpResponse::NoContent()
}

async fn faults(sandbox: Data<Sandbox>) -> impl Responder {
    Json(sandbox.world().faults.clone())
}

async fn change_faults(sandbox: Data<Sandbox>, change: Json<Change>) -> impl Responder {
    let mut world = sandbox.world();
    if change.token_revoked || change.token_stuck {
        world.tokens.revoke(change.token_stuck);
    }
    world.faults.change(change.0);
    Json(world.faults.clone())
}

async fn people(sandbox: Data<Sandbox>) -> impl Responder {
    let people: Vec<Person> = sandbox.world().people.values().cloned().collect();
    Json(people)
}

async fn add_person(sandbox: Data<Sandbox>, person: Json<Person>) -> impl Responder {
    sandbox.world().people.insert(person.openid.clone(), person.0);
    HttpResponse::NoContent()
}

async fn templates(sandbox: Data<Sandbox>) -> impl Responder {
    let templates: Vec<Template> = sandbox.world().templates.values().cloned().collect();
    Json(templates)
}

async fn add_template(sandbox: Data<Sandbox>, template: Json<Template>) -> impl Responder {
    sandbox.world().templates.insert(template.id.clone(), template.0);
    HttpResponse::NoContent()
}
