//! Cases, brought to where a test needs them through the same units of writes as the program's.

use entity::cases;
use entity::kinds::{
    CaseId, CaseState, Category, EventType, HoldReason, RejectionCode, ResultType, TriageReason,
};
use serde_json::json;
use zhinan::app::actor::Actor;
use zhinan::app::case::change::Change;
use zhinan::app::case::report::{self, Idempotency, Report};
use zhinan::error::{Error, Result};
use zhinan::store;
use zhinan::store::scope::Scope;

use super::app::App;
use super::clock::hours;

use CaseState as S;
use EventType as E;

/// Lies in the first small grid.
pub const ADDRESS: &str = "阳光花园1号楼2单元101";

/// Reports as `resident-1` from [`ADDRESS`]; the case is assigned.
pub async fn report(app: &App) -> cases::Model {
    report_as(app, "resident-1", ADDRESS, Category::Utilities).await
}

pub async fn report_as(app: &App, who: &str, address: &str, category: Category) -> cases::Model {
    let (s, actor) = (app.services(), actor(app, who).await);
    let report = Report {
        text: "家里没水了".to_owned(),
        address: Some(address.to_owned()),
        position: None,
        category,
        danger: false,
        stuck: false,
        contact_phone: None,
        photos: Vec::new(),
        voices: Vec::new(),
        on_behalf: None,
        scene: None,
        tapped: None,
    };
    let id = super::client::next_key();
    let once = Idempotency::new(id, b"built by the kit");
    let seen = report::run(s, &actor, once, report).await.unwrap();
    find(app, CaseId(seen.id)).await
}

pub async fn actor(app: &App, name: &str) -> Actor {
    let (s, person) = (app.services(), app.person(name));
    let console = person.street.is_some();
    Actor::load(&s.db, person.account, console, s.clock.now()).await.unwrap()
}

pub async fn find(app: &App, id: CaseId) -> cases::Model {
    let found = zhinan::store::case::find(&app.services().db.read, &Scope::Street, id).await;
    found.unwrap().unwrap()
}

/// Makes one step by hand: an event by a person and whatever it changes in the row.
pub async fn step<F>(app: &App, id: CaseId, who: &str, event: E, edit: F) -> cases::Model
where
    F: FnOnce(&mut cases::Model) + Send + 'static,
{
    let (s, actor) = (app.services().clone(), actor(app, who).await);
    let services = s.clone();
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move {
            let case = zhinan::store::case::find_locked(tx, id).await?.unwrap();
            let now = services.clock.now();
            let mut change = Change::new(&services, case, now);
            edit(&mut change.case);
            let roles = actor.roles_for(&change.case);
            change.happened(&actor, roles[0], event, json!({}))?;
            change.store(tx).await
        })
    });
    let done: Result<cases::Model> = unit.await;
    done.unwrap()
}

/// Returns a case of `resident-1` in this state, assigned to the first small grid on its way.
pub async fn case_in(app: &App, state: CaseState) -> cases::Model {
    let case = report(app).await;
    assert_eq!(case.state, S::Assigned, "the kit's address is placed at once");
    let path: &[S] = match state {
        S::Submitted => panic!("submitted exists only inside the unit that reports"),
        S::Assigned => &[],
        S::Acknowledged => &[S::Acknowledged],
        S::InProgress => &[S::Acknowledged, S::InProgress],
        S::OnHold => &[S::Acknowledged, S::InProgress, S::OnHold],
        S::Resolved => &[S::Acknowledged, S::InProgress, S::Resolved],
        S::Closed => &[S::Acknowledged, S::InProgress, S::Resolved, S::Closed],
        S::Triage => &[S::Triage],
        S::Rejected => &[S::Triage, S::Rejected],
        S::Merged => &[S::Triage, S::Merged],
        S::Cancelled => &[S::Cancelled],
    };
    let mut case = case;
    for &next in path {
        case = advance(app, &case, next).await;
    }
    assert_eq!(case.state, state);
    case
}

async fn advance(app: &App, case: &cases::Model, to: CaseState) -> cases::Model {
    let now = app.clock.now();
    let handler = app.person("primary-1").staff;
    let (who, event) = match to {
        S::Acknowledged => ("primary-1", E::Acknowledged),
        S::InProgress => ("primary-1", E::Contacted),
        S::OnHold => ("primary-1", E::Held),
        S::Resolved => ("primary-1", E::Resolved),
        S::Closed => ("resident-1", E::Confirmed),
        S::Triage => ("command", E::SentToTriage),
        S::Rejected => ("desk-1", E::Rejected),
        S::Merged => ("command", E::Merged),
        _ => ("resident-1", E::Cancelled),
    };
    let merged_into = if to == S::Merged { Some(report(app).await.id) } else { None };
    let edit = move |case: &mut cases::Model| {
        case.state = to;
        match to {
            S::Acknowledged => {
                case.acknowledged_at = Some(now);
                case.acknowledged_by = handler;
            }
            S::InProgress => {
                case.first_contact_at = Some(now);
                case.contacted_at = Some(now);
            }
            S::OnHold => {
                case.hold_reason = Some(HoldReason::AwaitingAppointment);
                case.hold_until = Some(now + hours(24));
            }
            S::Resolved => {
                case.resolved_at = Some(now);
                case.result_type = Some(ResultType::Solved);
            }
            S::Closed => case.closed_at = Some(now),
            S::Triage => {
                case.small_grid_id = None;
                case.triage_reason = Some(TriageReason::Ask);
                case.held_by = Some(entity::kinds::ActorRole::TriageDesk);
            }
            S::Rejected => case.rejection = Some(RejectionCode::OutsideDuty),
            S::Merged => case.merged_into = merged_into,
            _ => {}
        }
    };
    step(app, case.id, who, event, edit).await
}

/// Somebody allows messages of a template, as WeChat counts it and as we do.
pub async fn allow(app: &App, name: &str, template: &'static str, count: usize) {
    let (person, now) = (app.person(name), app.clock.now());
    let grant = json!({ "openid": person.mini, "template_id": template, "count": count });
    app.wechat.post("/_sandbox/credits", grant).await;
    let account = person.account;
    let unit = app.services().writer.commit(move |tx| {
        Box::pin(async move {
            for _ in 0..count {
                store::consent::add(tx, account, template, now).await?;
            }
            Ok::<_, Error>(())
        })
    });
    unit.await.unwrap();
}

/// The delivered notice of 2026 with more lines, as an import takes it.
pub fn notice_of_2026(more: &str) -> String {
    let delivered = zhinan::domain::calendar::Calendar::builtin();
    let table = delivered.tables().find(|one| one.year == 2026).expect("2026").write();
    format!("{table}{more}")
}

/// Brings the delivered notice of 2026 with more lines, and has it confirmed by a second person.
pub async fn confirm_days_of_2026(app: &App, more: &str) {
    let (maker, second) =
        (app.as_person("system-admin").await, app.as_person("security-admin").await);
    let table = json!({ "table": notice_of_2026(more) });
    let (status, made) = maker.post("/api/v1/calendar", table).await;
    assert_eq!(status, 201, "{made}");
    let yes = format!("/api/v1/calendar/{}/confirmation", made["version"]);
    assert_eq!(second.post(&yes, json!({})).await.0, 200);
}
