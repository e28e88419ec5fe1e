//! The kit keeps its promises: what it must notice, it notices.

use entity::kinds::CaseState;
use serde_json::json;

use super::App;
use super::builders::{self, case_in};
use super::clock::{START, hours, minutes, seconds};
use super::street::GRIDS;

/// Runs a test's end and returns what the check said.
fn complaint(app: App) -> String {
    let end = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(app)));
    let said = end.expect_err("the check must object");
    said.downcast_ref::<String>().cloned().unwrap_or_default()
}

async fn card(app: &App, to: &str) {
    let message = zhinan::gateway::wechat::TemplateMessage {
        to: to.into(),
        template_id: "T-staff".into(),
        page: None,
        client_msg_id: "1".into(),
        data: vec![("thing2".into(), "3号楼漏水".into())],
    };
    app.services().wechat.send_template(&message).await.unwrap();
}

#[tokio::test]
async fn a_started_app_has_a_street_people_and_a_server() {
    let app = App::start().await;
    assert_eq!(app.services().clock.now(), START);
    assert!(GRIDS.iter().all(|grid| app.services().places.now().find(grid).is_some()));
    assert_eq!(app.person("primary-1").oa(), "oa-primary-1");
    let (status, _) = app.anonymous().get("/api/v1/audit/response-times").await;
    assert_eq!(status, 401);
}

#[tokio::test]
async fn an_expected_notice_is_accounted_for() {
    let app = App::start().await;
    card(&app, "oa-primary-1").await;
    let message = app.expect_notice("primary-1", "漏水").await;
    assert_eq!((message.channel.as_str(), app.messages().await.len()), ("template", 1));
}

#[tokio::test]
async fn an_unexpected_message_fails_the_test() {
    let app = App::start().await;
    card(&app, "oa-cadre-1").await;
    assert!(complaint(app).contains("unexpected message"));
}

#[tokio::test]
async fn ignored_messages_are_accounted_for() {
    let app = App::start().await;
    card(&app, "oa-cadre-1").await;
    app.ignore_messages().await;
}

#[tokio::test]
async fn an_undeclared_warning_of_any_of_its_threads_fails_the_test() {
    let app = App::start().await;
    app.services().lifecycle.spawn(async {});
    let spawned = tokio::task::spawn_blocking(|| ());
    spawned.await.unwrap();
    tracing::warn!(attempt = 3, "the provider is slow");
    let said = complaint(app);
    assert!(said.contains("WARN the provider is slow attempt=3"), "{said}");
}

#[tokio::test]
async fn a_declared_warning_belongs_to_the_test() {
    let app = App::start().await;
    app.declare_log("provider is slow");
    tracing::warn!("the provider is slow");
    assert!(app.logs.lines().iter().any(|line| line.text.contains("the provider is slow")));
}

#[tokio::test]
async fn a_job_left_over_fails_the_test() {
    let app = App::start().await;
    builders::report(&app).await;
    app.advance(minutes(1));
    assert!(complaint(app).contains("due jobs not done"));
}

#[tokio::test]
async fn every_state_can_be_built_and_survives_a_restart() {
    let mut app = App::start().await;
    app.leave_jobs();
    for &state in CaseState::ALL.iter().filter(|&&state| state != CaseState::Submitted) {
        let case = case_in(&app, state).await;
        app.restart().await;
        assert_eq!(builders::find(&app, case.id).await.state, state);
    }
    app.advance(hours(1) + seconds(1));
    app.run_due().await;
    app.ignore_messages().await;
}

#[tokio::test]
async fn somebody_signs_in_as_the_mini_program_does() {
    let app = App::start().await;
    let worker = app.sign_in("mini-primary-1").await;
    let (status, account) = worker.get("/api/v1/account").await;
    assert_eq!(status, 200, "{account}");
    assert_eq!(app.roster.grids.len(), 7, "four small grids, two communities, the street");
}

#[tokio::test]
async fn a_person_of_the_roster_speaks_over_http() {
    let app = App::start().await;
    let worker = app.as_person("primary-1").await;
    let path = "/api/v1/audit/response-times?from=2026-11-24&to=2026-11-25&group_by=grid";
    assert_eq!(worker.get(path).await.0, 403);
    assert_eq!(worker.anonymous().get(path).await.0, 401);
    assert_eq!(worker.send("PUT", path, Some(json!({}))).await.0, 405);
}
