//! WeCom drops what exceeds thirty cards a minute for one member without a word: so nobody gets
//! more, and what is urgent gets the places first.

use std::collections::BTreeMap;

use entity::kinds::{CaseId, Channel, NoticeState, Urgency};
use entity::notice;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseBackend, EntityTrait, QueryFilter, TransactionTrait,
};
use zhinan::engine;
use zhinan::store;

use super::kit::{World, on_each_with};
use super::wecom_cards::{join, on};

async fn reports(w: &World, count: usize, urgency: Urgency) -> Vec<CaseId> {
    let mut cases = Vec::new();
    for _ in 0..count {
        cases.push(w.report("停水", urgency).await);
    }
    w.sql("UPDATE cases SET content_until = NULL, content_check = 'passed', next_check_at = 9000000000000000")
        .await;
    w.sql("UPDATE job SET run_at = 1700000000000000 WHERE state = 'ready'").await;
    cases
}

/// Everything planned for the grid worker.
async fn mine(w: &World) -> Vec<notice::Model> {
    let staff = entity::staff::Entity::find()
        .filter(entity::staff::Column::StaffNo.eq("primary"))
        .one(&w.s.db.read)
        .await
        .unwrap()
        .unwrap();
    let of = notice::Entity::find().filter(notice::Column::StaffId.eq(staff.id));
    of.all(&w.s.db.read).await.unwrap()
}

fn count(all: &[notice::Model], channel: Channel, urgent: bool, state: NoticeState) -> usize {
    let like =
        |one: &&notice::Model| one.channel == channel && one.urgent == urgent && one.state == state;
    all.iter().filter(like).count()
}

/// The most cards that reached the member within any minute.
async fn busiest_minute(w: &World) -> usize {
    let messages = w.stand.messages().await;
    let mut at: BTreeMap<String, usize> = BTreeMap::new();
    for card in messages.iter().filter(|one| one["to"] == "wc-primary") {
        *at.entry(card["received_at"].to_string()).or_default() += 1;
    }
    // The clock moves by whole minutes.
    at.into_values().max().unwrap_or(0)
}

#[tokio::test]
async fn urgent_cards_get_the_places_of_the_minute_and_ordinary_ones_wait_and_come_together() {
    on_each_with(on, async |w| {
        join(&w, "primary").await;
        reports(&w, 60, Urgency::Normal).await;
        reports(&w, 20, Urgency::Urgent).await;
        // The ordinary ones are asked first, as lanes of their own may do.
        w.sql(
            "UPDATE job SET run_at = 1700000000500000 WHERE dedup_key IN
            (SELECT CAST(id AS TEXT) FROM notice WHERE urgent)",
        )
        .await;
        w.run_due().await;
        let all = mine(&w).await;
        let card = |urgent, state| count(&all, Channel::WecomCard, urgent, state);
        assert_eq!(card(false, NoticeState::Accepted), 10, "twenty places are kept");
        w.stand.advance(1);
        w.run_due().await;
        let all = mine(&w).await;
        let card = |urgent, state| count(&all, Channel::WecomCard, urgent, state);
        assert_eq!(card(true, NoticeState::Accepted), 20, "urgent first");
        assert_eq!(card(false, NoticeState::Planned), 50);
        for _ in 0..3 {
            w.after(60).await;
            w.after(6).await;
        }
        let all = mine(&w).await;
        assert_eq!(
            count(&all, Channel::WecomCard, false, NoticeState::Accepted),
            60,
            "nothing is lost"
        );
    })
    .await;
}

#[tokio::test]
async fn urgent_cards_beyond_the_minute_go_another_way_at_once() {
    on_each_with(on, async |w| {
        join(&w, "primary").await;
        reports(&w, 100, Urgency::Urgent).await;
        w.run_due().await;
        let all = mine(&w).await;
        assert_eq!(count(&all, Channel::WecomCard, true, NoticeState::Accepted), 30);
        assert_eq!(count(&all, Channel::OaTemplate, true, NoticeState::Accepted), 70);
        assert_eq!(busiest_minute(&w).await, 30);
    })
    .await;
}

#[tokio::test]
async fn urgent_cards_without_another_way_wait_for_the_next_minute_and_none_is_lost() {
    on_each_with(on, async |w| {
        join(&w, "primary").await;
        w.sql("UPDATE wechat_identity SET dead_at = 1 WHERE openid = 'primary'").await;
        reports(&w, 100, Urgency::Urgent).await;
        for minute in 1..=4 {
            w.run_due().await;
            let accepted = count(&mine(&w).await, Channel::WecomCard, true, NoticeState::Accepted);
            assert_eq!(accepted, (30 * minute).min(100));
            w.stand.advance(60);
        }
        assert_eq!(busiest_minute(&w).await, 30);
    })
    .await;
}

#[tokio::test]
async fn two_engines_together_send_no_more_than_one() {
    on_each_with(on, async |w| {
        join(&w, "primary").await;
        w.sql("UPDATE wechat_identity SET dead_at = 1 WHERE openid = 'primary'").await;
        let other = w.another().await;
        reports(&w, 60, Urgency::Urgent).await;
        let (here, there) = tokio::join!(engine::run_due(&w.s), engine::run_due(&other));
        here.unwrap();
        there.unwrap();
        w.after(1).await;
        assert_eq!(count(&mine(&w).await, Channel::WecomCard, true, NoticeState::Accepted), 30);
        for _ in 0..2 {
            w.after(60).await;
        }
        assert_eq!(count(&mine(&w).await, Channel::WecomCard, true, NoticeState::Accepted), 60);
    })
    .await;
}

#[tokio::test]
async fn who_decides_about_a_member_waits_for_another_process_that_does() {
    on_each_with(on, async |w| {
        if w.s.db.read.get_database_backend() != DatabaseBackend::Postgres {
            // The one writer decides about one after the other.
            return;
        }
        join(&w, "primary").await;
        w.sql("UPDATE wechat_identity SET dead_at = 1 WHERE openid = 'primary'").await;
        reports(&w, 29, Urgency::Urgent).await;
        w.run_due().await;
        reports(&w, 10, Urgency::Urgent).await;
        let all = mine(&w).await;
        let planned: Vec<_> = all.iter().filter(|n| n.state == NoticeState::Planned).collect();
        assert_eq!(planned.len(), 10);
        let (taken, staff) = (planned[0].id, planned[0].staff_id.unwrap());
        w.sql(&format!("DELETE FROM job WHERE dedup_key = '{taken}'")).await;
        w.sql(&format!("UPDATE notice SET state = 'accepted', accepted_at = 1, finished_at = 1 WHERE id = {taken}")).await;
        // The other process found the thirtieth place and has not committed it.
        let other = w.connect().await;
        let tx = other.begin().await.unwrap();
        assert_eq!(store::people::lock_staff(&tx, &[staff], false).await.unwrap(), [staff]);
        let now = w.s.clock.now();
        tx.execute_unprepared(&format!(
            "UPDATE notice SET sending_at = {} WHERE id = {taken}",
            now.0
        ))
        .await
        .unwrap();
        w.run_due().await;
        assert_eq!(busiest_minute(&w).await, 29, "nobody takes it as well");
        tx.commit().await.unwrap();
        w.after(1).await;
        assert_eq!(busiest_minute(&w).await, 29);
        w.after(60).await;
        let sent = count(&mine(&w).await, Channel::WecomCard, true, NoticeState::Accepted);
        assert_eq!(sent, 39, "and none is lost");
    })
    .await;
}
