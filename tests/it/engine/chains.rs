//! Chains as stored data: recorded, added, in force; running cases keep theirs.

use std::time::Duration;

use entity::kinds::{ChainSource, Urgency};
use sea_orm::ConnectionTrait;
use tokio_util::sync::CancellationToken;
use zhinan::app::chain::{self, add};
use zhinan::config::Config;
use zhinan::domain::calendar::{Hours, Profile};
use zhinan::domain::case::targets::Targets;
use zhinan::domain::escalation::{After, Chains};

use super::kit::{World, on_each, on_each_with};
use crate::kit::clock::until;

/// The chains of the demo with a backup who is told so late.
fn backup_after(seconds: u32) -> Chains {
    let mut chains = Chains::demo();
    for (at, step) in (0_u32..).zip(&mut chains.urgent.steps).skip(1) {
        step.after = After::Seconds(seconds + 5 * (at - 1));
    }
    chains
}

async fn stored(w: &World) -> Vec<(i64, ChainSource)> {
    let rows = zhinan::store::version::list::<entity::chain_version::Entity>(&w.s.db.read, 9)
        .await
        .unwrap();
    rows.into_iter().map(|row| (row.version, row.source)).collect()
}

#[tokio::test]
async fn a_new_version_is_for_new_cases_and_a_running_one_keeps_the_chain_it_carries() {
    on_each(async |w| {
        let old = w.case("停水").await;
        let added = add::unattended(&w.s, backup_after(40), None).await.unwrap();
        assert_eq!((added.version, w.s.chains.version()), (2, Some(2)));
        let new = w.case("停电").await;
        w.run_due().await;
        w.told().await;
        w.after(5).await;
        assert_eq!(w.told().await, ["backup"], "only the old case has come so far");
        let version = async |id| zhinan::app::case::reconcile::snapshot_of(&w.find(id).await);
        assert_eq!(version(old).await.unwrap().chain.version, 1);
        let frozen = version(new).await.unwrap().chain;
        assert_eq!((frozen.version, frozen.steps[1].after), (2, After::Seconds(40)));
        assert_eq!(w.find(new).await.escalation_step, Some(0));
        w.after(35).await;
        assert_eq!(w.find(new).await.escalation_step, Some(1), "its own backup after 40 s");
    })
    .await;
}

#[tokio::test]
async fn a_running_case_rests_outside_the_office_hours_that_it_carries() {
    let standard = |config: &mut Config| config.cases.chain = "standard".into();
    on_each_with(standard, async |w| {
        let case = w.report("路灯坏了", Urgency::Normal).await;
        // 06:13 on a Wednesday; by now the offices open at nine.
        let office = Hours::parse(Profile::Office, 2, &["06:00-22:00".to_owned()]).unwrap();
        let carried = serde_json::to_string(&Targets { office, ..Targets::default() }).unwrap();
        let now = w.s.clock.now().0;
        w.sql(&format!(
            "UPDATE cases SET targets = '{carried}', next_check_at = {now}, content_until = NULL,
                content_check = 'passed' WHERE id = {case}"
        ))
        .await;
        w.after(29 * 60).await;
        let backup = "backup".to_owned();
        assert!(!w.told().await.contains(&backup));
        w.after(2 * 60).await;
        assert!(w.told().await.contains(&backup), "after half an hour of its own hours");
    })
    .await;
}

#[tokio::test]
async fn what_the_configuration_names_is_recorded_once_and_again_only_when_it_names_another() {
    on_each(async |w| {
        for _start in 0..2 {
            chain::record_configured(&w.s).await.unwrap();
            assert_eq!(stored(&w).await, [(1, ChainSource::Configuration)]);
        }
        add::unattended(&w.s, backup_after(40), None).await.unwrap();
        let again = w.another().await;
        chain::record_configured(&again).await.unwrap();
        assert_eq!(again.chains.version(), Some(2), "a restart undoes nobody's version");
        let other = w.another_with(|config| config.cases.chain = "standard".into()).await;
        w.stand.advance(1);
        chain::record_configured(&other).await.unwrap();
        assert_eq!(other.chains.version(), Some(3), "the operator named another chain");
        assert_eq!(*other.chains.now(), Chains::default().numbered(3));
        assert_eq!(stored(&w).await[0], (3, ChainSource::Configuration));
    })
    .await;
}

#[tokio::test]
async fn every_process_sees_a_new_version_within_two_seconds_and_a_later_one_when_its_time_comes() {
    on_each(async |w| {
        let other = w.another().await;
        let stop = CancellationToken::new();
        let watch = chain::watch(other.clone(), stop.clone());
        let test = async {
            add::unattended(&w.s, backup_after(40), None).await.unwrap();
            let tomorrow = w.s.clock.now() + Duration::from_hours(24);
            add::unattended(&w.s, backup_after(60), Some(tomorrow)).await.unwrap();
            let begun = std::time::Instant::now();
            let comes = async |version| {
                let what = format!("version {version}");
                until(&what, async || (other.chains.version() == Some(version)).then_some(()))
                    .await;
            };
            comes(2).await;
            assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
            w.stand.advance(24 * 3_600);
            comes(3).await;
            stop.cancel();
        };
        tokio::join!(watch, test);
    })
    .await;
}

#[tokio::test]
async fn the_database_itself_refuses_to_change_or_remove_a_version() {
    on_each(async |w| {
        add::unattended(&w.s, backup_after(40), None).await.unwrap();
        for text in [
            "UPDATE chain_version SET body = '{}'",
            "UPDATE chain_version SET valid_from = 0",
            "UPDATE chain_version SET confirmed_at = NULL",
            "DELETE FROM chain_version",
        ] {
            let refused = w.s.writer.commit(move |tx| {
                Box::pin(async move {
                    tx.execute_unprepared(text).await?;
                    Ok::<_, zhinan::error::Error>(())
                })
            });
            assert!(refused.await.is_err(), "{text}");
        }
        assert_eq!(stored(&w).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_version_that_cannot_be_read_is_passed_over_for_the_one_before_it() {
    on_each(async |w| {
        add::unattended(&w.s, backup_after(40), None).await.unwrap();
        w.sql(
            "INSERT INTO chain_version (version, source, body, valid_from, created_at, confirmed_at)
             VALUES (9, 'command_line', '{\"of\": \"the future\"}', 0, 0, 0)",
        )
        .await;
        w.sql(&format!(
            "INSERT INTO chain_version (version, source, body, valid_from, created_at, confirmed_at)
             SELECT 10, 'command_line', '{{}}', valid_from, 0, 0 FROM chain_version WHERE version = {}",
            2
        ))
        .await;
        let other = w.another().await;
        assert_eq!(other.chains.version(), Some(2));
        assert_eq!(w.report("停水", Urgency::Urgent).await.0, 1);
    })
    .await;
}
