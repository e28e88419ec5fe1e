//! A message that ends whatever process sends it, among a hundred that do not.

use std::time::Duration;

use entity::kinds::{JobKind, JobState, NoticeState};
use entity::{job, notice};
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::kit::clock::until_within;
use crate::kit::connect;
use crate::kit::town::account;
use crate::kit::town::crowd::Crowd;
use crate::kit::town::{Town, scaled};

/// What a service manager would do for ever.
const STARTS: usize = 20;
const PATIENCE: Duration = Duration::from_secs(90);

/// Leaves the message the only one of its step, so that the step fails with it.
async fn leave_alone(town: &Town, poison: &notice::Model) {
    let db = connect(&town.database).await;
    let other = notice::Column::CaseId.eq(poison.case_id).and(notice::Column::Id.ne(poison.id));
    let found = notice::Entity::find().filter(other.clone()).one(&db).await.unwrap().unwrap();
    let removed = notice::Entity::delete_many().filter(other).exec(&db).await.unwrap();
    assert_eq!(removed.rows_affected, 1);
    let key = job::Column::DedupKey.eq(found.id.to_string());
    let key = key.and(job::Column::Kind.eq(JobKind::SendNotice));
    let removed = job::Entity::delete_many().filter(key).exec(&db).await.unwrap();
    assert_eq!(removed.rows_affected, 1);
    db.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_ends_the_process_ends_dead_and_costs_no_neighbour() {
    let reports = scaled(51, 400);
    let mut town = Town::new("");
    town.start("api", "api").await;
    let crowd = Crowd::of(&town, &["api"]).await;
    let posted = crowd.report(reports).await;
    let poison = account::look(&town).await.notices[reports].clone();
    leave_alone(&town, &poison).await;
    let plan = format!("notice.call#{}", poison.id);
    let vars = [
        ("ZHINAN__FAULTS__CRASH_AT", plan.as_str()),
        ("ZHINAN__ENGINE__LEASE_S", "8"),
        ("ZHINAN__ENGINE__JOB_LIMIT_S", "4"),
    ];
    let over = async |town: &Town| {
        let now = account::look(town).await;
        let of = now.notices.iter().find(|one| one.id == poison.id).unwrap();
        !matches!(of.state, NoticeState::Planned | NoticeState::Sending)
    };
    let mut deaths = 0_usize;
    while !over(&town).await {
        assert!(deaths < STARTS, "it ends process after process\n{}", town.log("engine"));
        town.launch("engine", "engine", &vars);
        let ended = async {
            until_within(PATIENCE, "a death or the end of the message", async || {
                (town.has_ended("engine") || over(&town).await).then_some(())
            })
            .await;
        };
        ended.await;
        deaths += usize::from(town.has_ended("engine"));
    }
    let account = account::settle(&town, &posted, Duration::from_mins(1)).await;
    let dead: Vec<_> = account.jobs.iter().filter(|job| job.state == JobState::Dead).collect();
    assert_eq!(dead.len(), 1, "{dead:#?}");
    assert_eq!(dead[0].dedup_key, poison.id.to_string());
    assert_eq!(dead[0].last_error.as_deref(), Some("its lease was lost 6 times"));
    // A machine so busy that eight seconds pass before the call loses a lease and no process.
    assert!((2..=6).contains(&deaths), "{deaths} processes ended");
    let done = account.jobs.iter().filter(|job| job.state == JobState::Done).count();
    assert_eq!(done + 1, account.jobs.len(), "everybody else is done");
    assert!(account.count(NoticeState::Accepted) >= 2 * (reports - 1));
    let of_case = account.notices.iter().filter(|one| one.case_id == poison.case_id);
    let next = of_case.clone().find(|one| one.step > 0 && one.state == NoticeState::Accepted);
    assert!(next.is_some(), "the next person is told: {:#?}", of_case.collect::<Vec<_>>());
    account.assert_kept(&town, &["engine"]);
}
