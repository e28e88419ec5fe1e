//! Names are learned by a job: once for each state of the corrections and once a day.

use std::time::Duration;

use entity::kinds::{AccountId, GridId, JobKind, JobState, Urgency};
use entity::{address_alias, address_correction, compound};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::EntityTrait;
use zhinan::app::alias::learn;
use zhinan::app::work::priority;
use zhinan::engine::sweep;
use zhinan::error::Error;
use zhinan::services::Services;
use zhinan::store;

use super::kit::{World, on_each};

/// Adds the compound that the corrections are about.
async fn compound(w: &World) {
    let now = w.s.clock.now();
    let row = compound::ActiveModel {
        id: NotSet,
        external_id: Set("C1".into()),
        name: Set("阳光花园".into()),
        aliases: Set(String::new()),
        sections: Set(String::new()),
        kind: Set("big".into()),
        grids: Set("g1".into()),
        address: Set(String::new()),
        valid_from: Set(now),
        valid_to: Set(None),
    };
    w.s.writer
        .commit(move |tx| {
            Box::pin(async move {
                compound::Entity::insert(row).exec(tx).await?;
                store::alias::places_changed(tx).await?;
                Ok::<_, Error>(())
            })
        })
        .await
        .unwrap();
    w.s.places.reload(&w.s.db, now).await.unwrap();
}

/// Keeps a correction as an assignment does, in one unit with its job.
async fn correct(w: &World, resident: i64, text: &str) {
    let (s, now) = (w.s.clone(), w.s.clock.now());
    let case = w.report(text, Urgency::Normal).await;
    let row = address_correction::ActiveModel {
        id: NotSet,
        case_id: Set(case),
        resident_id: Set(AccountId(resident)),
        text_sealed: Set(s.vault.seal(learn::WORDS, text).unwrap()),
        grid_id: Set(GridId(w.find(case).await.small_grid_id.unwrap().0)),
        target_kind: Set(Some("compound".into())),
        target: Set(Some("C1".into())),
        created_by: Set(AccountId(1)),
        created_at: Set(now),
    };
    let writer = s.writer.clone();
    writer
        .commit(move |tx| {
            Box::pin(async move {
                store::alias::correct(tx, row).await?;
                learn::ask(tx, &s.settings, now).await
            })
        })
        .await
        .unwrap();
}

/// Lets two residents teach the name 老机床厂院.
pub async fn teach(w: &World) {
    compound(w).await;
    correct(w, 1, "老机床厂院3号楼停水了").await;
    correct(w, 2, "老机床厂院4号楼漏水").await;
}

async fn words(s: &Services) -> Vec<String> {
    let rows = address_alias::Entity::find().all(&s.db.read).await.unwrap();
    rows.into_iter().map(|row| row.word).collect()
}

async fn asked(w: &World) -> Vec<JobState> {
    let jobs = w.jobs().await.into_iter();
    jobs.filter(|job| job.kind == JobKind::LearnNames).map(|job| job.state).collect()
}

#[tokio::test]
async fn a_job_that_is_older_than_the_newest_correction_leaves_it_to_the_newer() {
    on_each(async |w| {
        teach(&w).await;
        assert_eq!(asked(&w).await, [JobState::Ready; 2]);
        let jobs = w.jobs().await;
        let mut learns = jobs.iter().filter(|job| job.kind == JobKind::LearnNames);
        assert!(learns.all(|job| job.priority > priority::ORDINARY), "behind every message");
        learn::run(&w.s, 1).await.unwrap();
        assert_eq!(words(&w.s).await, Vec::<String>::new());
        learn::run(&w.s, 2).await.unwrap();
        assert_eq!(words(&w.s).await, ["老机床厂院"]);
    })
    .await;
}

#[tokio::test]
async fn names_are_learned_anew_every_day_once_whoever_asks() {
    on_each(async |w| {
        sweep::run(&w.s).await.unwrap();
        assert_eq!(asked(&w).await, [], "there is nothing to learn from");
        teach(&w).await;
        w.run_due().await;
        sweep::run(&w.s).await.unwrap();
        assert_eq!(asked(&w).await, [JobState::Done; 2], "today's is done");
        let other = w.another().await;
        w.stand.advance(24 * 3_600);
        let (one, two) = tokio::join!(sweep::run(&w.s), sweep::run(&other));
        one.and(two).unwrap();
        assert_eq!(asked(&w).await, [JobState::Done, JobState::Done, JobState::Ready]);
        other.lifecycle.finish(Duration::from_secs(5)).await;
    })
    .await;
}

#[tokio::test]
async fn what_was_confirmed_more_than_a_year_ago_or_of_a_place_that_is_gone_is_withdrawn() {
    on_each(async |w| {
        teach(&w).await;
        w.run_due().await;
        assert_eq!(words(&w.s).await, ["老机床厂院"]);
        w.sql("UPDATE compound SET valid_to = valid_from").await;
        w.s.places.reload(&w.s.db, w.s.clock.now()).await.unwrap();
        learn::run(&w.s, 2).await.unwrap();
        assert_eq!(words(&w.s).await, Vec::<String>::new(), "the compound is gone");
        w.sql("UPDATE compound SET valid_to = NULL").await;
        w.s.places.reload(&w.s.db, w.s.clock.now()).await.unwrap();
        learn::run(&w.s, 2).await.unwrap();
        assert_eq!(words(&w.s).await, ["老机床厂院"]);
        w.stand.advance(366 * 24 * 3_600);
        learn::run(&w.s, 2).await.unwrap();
        assert_eq!(words(&w.s).await, Vec::<String>::new(), "people move, and so do names");
    })
    .await;
}
