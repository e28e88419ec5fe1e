//! What a list is asked for: several states at once, page by page.

use entity::kinds::CaseState;

use crate::kit::App;
use crate::kit::builders::case_in;

#[tokio::test]
async fn several_states_are_one_list_newest_first_page_by_page() {
    let mut app = App::start().await;
    app.leave_jobs();
    let mut made = Vec::new();
    for state in [
        CaseState::Assigned,
        CaseState::Acknowledged,
        CaseState::InProgress,
        CaseState::Assigned,
        CaseState::Acknowledged,
    ] {
        made.push((case_in(&app, state).await.id.0, state.word()));
    }
    let cadre = app.as_person("cadre-1").await;
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/api/v1/cases?state=acknowledged,assigned&limit=2{cursor}");
        let (status, page) = cadre.get(&path).await;
        assert_eq!(status, 200, "{page}");
        let rows = page["cases"].as_array().unwrap().iter();
        seen.extend(rows.map(|row| (row["id"].as_i64().unwrap(), row["state"].clone())));
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    let wanted: Vec<_> = made.iter().rev().filter(|(_, state)| *state != "in_progress").collect();
    assert_eq!(seen.len(), wanted.len(), "{seen:?}");
    for (seen, wanted) in seen.iter().zip(wanted) {
        assert_eq!((seen.0, seen.1.as_str()), (wanted.0, Some(wanted.1)));
    }
    let (status, refused) = cadre.get("/api/v1/cases?state=assigned,happy").await;
    assert_eq!((status, &refused["errors"][0]["pointer"]), (422, &"/state".into()), "{refused}");
}
