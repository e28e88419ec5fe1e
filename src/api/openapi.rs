//! The document of the API, written from the code, and a page to read it.

use std::sync::LazyLock;

use actix_web::web::Json;
use actix_web::{HttpRequest, HttpResponse, web};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::problem::Problem;
use super::{
    address, aliases, audit, auth, buildings, bulletins, calendar, case_verbs, cases, chains,
    channels, checkpoints, drills, dues, exclusions, exports, figure_cases, figures, grids, health,
    hints, inbox, leaves, live, my, my_duty, my_grid, open311, pauses, photos, reach, reports,
    roster, snapshots, staff, street, swaps, voices, week,
};
use crate::error::{Code, Error};

/// Collects every handler's description.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Zhinan 智南",
        description = "居民诉求：上报、派单、签收、处置、确认，以及谁在何时被通知。错误一律为 application/problem+json，请按 code 判断。"
    ),
    paths(
        cases::report, cases::list_cases, cases::list_triage, cases::show_case, cases::forget_case_phone,
        case_verbs::acknowledge, case_verbs::contact, case_verbs::update, case_verbs::resolve,
        case_verbs::confirm, case_verbs::verify, case_verbs::rate, case_verbs::reopen, case_verbs::return_case,
        case_verbs::transfer, case_verbs::remind, case_verbs::supervise, case_verbs::cancel, case_verbs::hold,
        case_verbs::resume, case_verbs::assign, case_verbs::reject, case_verbs::appeal,
        case_verbs::merge, case_verbs::answer,
        case_verbs::agree, case_verbs::divert, case_verbs::ask_pause, case_verbs::decide_pause, pauses::list_pauses, case_verbs::extend, case_verbs::decide_extension, dues::list_dues, dues::hold_all,
        calendar::show_calendar, calendar::import_calendar, calendar::confirm_calendar,
        calendar::list_targets, calendar::add_targets, calendar::confirm_targets,
        auth::sign_in_wechat, auth::sign_in_console, auth::enrol_console, auth::refresh_session,
        auth::end_session, auth::verify_phone, auth::account,
        staff::add_staff, staff::list_staff, staff::issue_code, staff::bind_wechat,
        staff::unbind_wechat,
        channels::my_channels, channels::my_consents, channels::order_channels, channels::test_channel, channels::follow_code,
        channels::staff_channels, reach::readiness,
        roster::roster, roster::list_shifts, roster::set_shift, roster::enter_leave, leaves::list_leaves, roster::cancel_leave,
        roster::duty_gaps, drills::start_drill, drills::show_drill,
        photos::upload, photos::read, voices::upload_voice, voices::play_voice,
        audit::response_times, figures::list_figures, figure_cases::figure_cases, figures::definitions,
        snapshots::list_snapshots, snapshots::revise_snapshot,
        exports::order_export, exports::show_export, exports::take_export, reports::print_report, hints::list_hints, checkpoints::list_checkpoints, exclusions::exclude_case, exclusions::include_case, grids::coverage, grids::list_grids, address::resolve,
        aliases::aliases, aliases::name, aliases::approve, aliases::refuse,
        chains::list_chains, chains::add_chains, chains::confirm_chains,
        buildings::make_code, buildings::read_code, buildings::code_sheet,
        inbox::list_inbox, inbox::read_entry, live::live,
        my::my_data, my::correct_my_data, my::erase_my_data, my::export_my_data, my::my_looks,
        my::forget_phone, my::my_privacy, my::agree_privacy, my::withdraw_privacy, street::street,
        bulletins::list_bulletins, bulletins::write_bulletin, bulletins::read_bulletin,
        bulletins::approve_bulletin, bulletins::withdraw_bulletin, week::week_of_roster, swaps::list_swaps, swaps::ask_swap, swaps::accept_swap, swaps::refuse_swap,
        swaps::approve_swap, swaps::withdraw_swap, my_duty::my_duty, my_duty::sign_duty, my_grid::my_grid, my_grid::grid_of_address,
        open311::discovery, open311::services, open311::service, open311::requests, open311::request,
        health::healthz, health::readyz, health::metrics,
    ),
    modifiers(&Bearer)
)]
struct Document;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        let components = document.components.get_or_insert_with(Default::default);
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

/// Builds the document.
pub fn document() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

/// Answers a request that no route took: another method, when the document knows the path, else no
/// such address.
pub async fn no_route(request: HttpRequest) -> Result<HttpResponse, Problem> {
    static PATHS: LazyLock<Vec<String>> =
        LazyLock::new(|| document().paths.paths.into_keys().collect());
    let known = PATHS.iter().any(|template| matches(template, request.path()));
    Err(Problem(if known {
        Error::new(Code::MethodNotAllowed, "这个地址不支持这种请求方式")
    } else {
        Error::new(Code::RouteNotFound, "没有这个地址，请检查路径")
    }))
}

/// Compares a path with a template such as `/cases/{id}`, segment by segment.
fn matches(template: &str, path: &str) -> bool {
    let (template, path) = (template.split('/'), path.split('/'));
    let same = |(want, got): (&str, &str)| want.starts_with('{') || want == got;
    template.clone().count() == path.clone().count() && template.zip(path).all(same)
}

async fn json() -> Json<utoipa::openapi::OpenApi> {
    Json(document())
}

async fn page() -> HttpResponse {
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(include_str!("openapi.html"))
}

/// Registers the document and its page; whoever opens the bare address is led there.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::redirect("/", "/api/v1/docs"))
        .route("/api/v1/openapi.json", web::get().to(json))
        .route("/api/v1/docs", web::get().to(page));
}
