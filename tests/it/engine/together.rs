//! Notices that are made ready and recorded in one unit: what must not be among them, and what
//! becomes of one that fails there.

use entity::kinds::{EventType, JobKind, JobState, NoticeId, NoticeState, Urgency};
use zhinan::app::notice::letter::{Address, Letter};
use zhinan::app::notice::together::{self, Accepted};

use super::kit::{World, on_each};

async fn ids(w: &World) -> Vec<NoticeId> {
    let jobs = w.jobs().await.into_iter().filter(|job| job.kind == JobKind::SendNotice);
    jobs.map(|job| NoticeId(job.dedup_key.parse().unwrap())).collect()
}

fn openid(letter: &Letter) -> &str {
    match &letter.to {
        Address::Openid(openid) => openid,
        Address::Mobile(..) | Address::Member(_) => panic!("a notice of WeChat goes to an openid"),
    }
}

#[tokio::test]
async fn what_is_made_ready_together_is_marked_before_anybody_calls() {
    on_each(async |w| {
        let cases = [w.case("停水").await, w.case("停电").await, w.case("停气").await];
        let letters = together::prepare(&w.s, ids(&w).await).await.unwrap();
        assert_eq!(letters.len(), 6, "two people for each case");
        for case in cases {
            for notice in w.notices(case).await {
                assert_eq!(notice.state, NoticeState::Sending);
                let letter = &letters[&notice.id];
                let to = if notice.id == w.notices(case).await[0].id { "primary" } else { "cadre" };
                assert_eq!((openid(letter), letter.notice.id), (to, notice.id));
            }
        }
        assert!(w.told().await.is_empty(), "marking is not sending");
        let again = together::prepare(&w.s, ids(&w).await).await.unwrap();
        assert!(again.is_empty(), "what is being sent is in doubt and goes step by step");
    })
    .await;
}

#[tokio::test]
async fn what_waits_or_came_too_late_is_not_made_ready() {
    on_each(async |w| {
        let waits = w.report("停水", Urgency::Normal).await;
        let taken = w.case("停电").await;
        w.sql(&format!(
            "UPDATE cases SET state = 'acknowledged', acknowledged_at = 1700000000000000 WHERE id = {taken}"
        ))
        .await;
        let gone = w.case("停气").await;
        w.sql("UPDATE wechat_identity SET dead_at = 1 WHERE openid = 'cadre'").await;
        let letters = together::prepare(&w.s, ids(&w).await).await.unwrap();
        let left: Vec<_> = letters.values().map(|one| (one.notice.case_id, openid(one))).collect();
        assert_eq!(left, [(gone, "primary")]);
        for case in [waits, taken] {
            let notices = w.notices(case).await;
            assert!(notices.iter().all(|one| one.state == NoticeState::Planned), "{notices:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_notice_that_cannot_be_opened_holds_up_no_neighbour() {
    on_each(async |w| {
        let case = w.case("停水").await;
        w.sql("UPDATE notice SET fields_sealed = '?' WHERE id = (SELECT MIN(id) FROM notice)")
            .await;
        w.run_due().await;
        assert_eq!(w.told().await, ["cadre"]);
        let states: Vec<_> = w.notices(case).await.iter().map(|one| one.state).collect();
        assert_eq!(states, [NoticeState::Planned, NoticeState::Accepted]);
    })
    .await;
}

/// Step by step its neighbours would be sent all the same, so only the batch itself can show it.
#[tokio::test]
async fn the_batch_itself_leaves_an_unreadable_notice_untouched_and_makes_its_neighbours_ready() {
    on_each(async |w| {
        let cases = [w.case("停水").await, w.case("停电").await];
        w.sql("UPDATE notice SET fields_sealed = '?' WHERE id = (SELECT MIN(id) FROM notice)")
            .await;
        let letters = together::prepare(&w.s, ids(&w).await).await.unwrap();
        let mut ready: Vec<_> =
            letters.values().map(|one| (one.notice.case_id, openid(one))).collect();
        ready.sort_unstable();
        assert_eq!(ready, [(cases[0], "cadre"), (cases[1], "cadre"), (cases[1], "primary")]);
        let states: Vec<_> = w.notices(cases[0]).await.iter().map(|one| one.state).collect();
        assert_eq!(states, [NoticeState::Planned, NoticeState::Sending]);
    })
    .await;
}

#[tokio::test]
async fn notices_of_one_case_are_recorded_together_and_a_lost_lease_finishes_no_job() {
    on_each(async |w| {
        let case = w.case("停水").await;
        let jobs = w.claim("worker").await;
        let letters = together::prepare(&w.s, ids(&w).await).await.unwrap();
        let mut accepted: Vec<Accepted> = jobs
            .iter()
            .filter(|job| job.kind == JobKind::SendNotice)
            .map(|job| {
                let letter = letters[&NoticeId(job.dedup_key.parse().unwrap())].clone();
                Accepted { letter, msgid: Some(job.id.0), job: job.id, fence: job.fence }
            })
            .collect();
        let (kept, lost) = (accepted[0].job, accepted[1].job);
        accepted[1].fence -= 1;
        let recorded = together::record(&w.s, accepted).await.unwrap();
        assert_eq!((recorded.jobs.len(), recorded.done.into_iter().collect()), (2, vec![kept]));
        let jobs = w.jobs().await;
        let state = |id| jobs.iter().find(|job| job.id == id).unwrap().state;
        assert_eq!((state(kept), state(lost)), (JobState::Done, JobState::Running));
        let notices = w.notices(case).await;
        assert!(notices.iter().all(|one| one.state == NoticeState::Accepted));
        assert!(w.find(case).await.first_push_at.is_some());
        let pushed = w.events(case).await.into_iter().filter(|kind| *kind == EventType::Pushed);
        assert_eq!(pushed.count(), 2);
    })
    .await;
}
