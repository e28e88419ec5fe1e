//! Whose press of a card's button counts: that of whoever may take the case himself, in his own
//! name, whosever card it was.

use entity::kinds::{CaseState, EventType};
use entity::staff;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::callbacks::serve;
use super::kit::{World, on_each_with};
use super::wecom_cards::{join, listen, on, press};
use crate::gateway::kit::{AES_KEY, TOKEN};
use crate::kit::wechat::agent;

async fn person(w: &World, who: &str) -> staff::Model {
    let found = staff::Entity::find().filter(staff::Column::StaffNo.eq(who));
    found.one(&w.s.db.read).await.unwrap().unwrap()
}

#[tokio::test]
async fn somebody_elses_card_is_taken_in_the_name_of_who_pressed_it_if_he_may() {
    on_each_with(on, async |w| {
        for who in ["primary", "cadre"] {
            join(&w, who).await;
        }
        listen(&w).await;
        let case = w.case("停水").await;
        w.run_due().await;
        press(&w, "primary", json!({ "by": "wc-cadre" })).await;
        let row = w.find(case).await;
        let cadre = person(&w, "cadre").await.id;
        assert_eq!((row.state, row.acknowledged_by), (CaseState::Acknowledged, Some(cadre)));
    })
    .await;
}

#[tokio::test]
async fn whoever_may_not_take_the_case_takes_it_by_nobodys_card() {
    // Nobody of them is told of the case; each of them gets the primary worker's phone in his hands.
    for (who, how) in [
        (
            "backup",
            "UPDATE responsibility SET grid_id = (SELECT id FROM grid WHERE external_id = 'g2')
             WHERE role = 'grid_worker_backup'",
        ),
        ("backup", "UPDATE staff SET ended_at = created_at WHERE staff_no = 'backup'"),
        (
            "backup",
            "UPDATE account SET blocked_at = 1 WHERE id =
             (SELECT account_id FROM staff WHERE staff_no = 'backup')",
        ),
    ] {
        on_each_with(on, async |w| {
            for known in ["primary", who] {
                join(&w, known).await;
            }
            listen(&w).await;
            w.sql(
                "INSERT INTO grid (external_id, kind, parent_id, name, valid_from)
                 SELECT 'g2', kind, parent_id, '乙', valid_from FROM grid WHERE external_id = 'g1'",
            )
            .await;
            let case = w.case("停水").await;
            w.run_due().await;
            w.sql(how).await;
            press(&w, "primary", json!({ "by": format!("wc-{who}") })).await;
            let row = w.find(case).await;
            assert_eq!((row.state, row.acknowledged_by), (CaseState::Assigned, None), "{how}");
            assert!(!w.events(case).await.contains(&EventType::Acknowledged), "{how}");
            // The card is still the primary worker's.
            press(&w, "primary", json!({ "late": true })).await;
            let primary = person(&w, "primary").await.id;
            assert_eq!(w.find(case).await.acknowledged_by, Some(primary), "{how}");
        })
        .await;
    }
}

#[tokio::test]
async fn a_name_that_was_handed_on_is_that_of_who_is_in_office() {
    on_each_with(on, async |w| {
        join(&w, "cadre").await;
        w.sql(
            "UPDATE staff SET ended_at = created_at, wecom_userid = 'wc-cadre'
             WHERE staff_no = 'primary'",
        )
        .await;
        listen(&w).await;
        let case = w.case("停水").await;
        w.run_due().await;
        press(&w, "cadre", json!({})).await;
        let cadre = person(&w, "cadre").await.id;
        assert_eq!(w.find(case).await.acknowledged_by, Some(cadre));
    })
    .await;
}

#[tokio::test]
async fn a_button_that_is_not_ours_and_a_card_that_is_not_ours_do_nothing() {
    on_each_with(on, async |w| {
        join(&w, "primary").await;
        let (case, url) = (w.case("停水").await, format!("{}/wecom", serve(&w)));
        w.run_due().await;
        let (notice, at) = {
            let first = &w.notices(case).await[0];
            (first.id, first.created_at.0)
        };
        let pressed = async |second: i64, key: &str, task: String| {
            let event = json!({ "ToUserName": agent().corpid, "FromUserName": "WC-primary",
                "CreateTime": second, "MsgType": "event", "Event": "template_card_event",
                "EventKey": key, "TaskId": task, "ResponseCode": format!("code-{second}") });
            let order = json!({ "url": url, "token": TOKEN, "aes_key": AES_KEY,
                "appid": agent().corpid, "format": "xml", "event": event });
            let answer = w.stand.post("/_sandbox/callbacks", order).await;
            assert_eq!(answer["status"], 200);
            w.run_due().await;
            w.find(case).await.state
        };
        let others = [
            ("close", format!("zn-{notice}")),
            ("acknowledge", "zn-999".to_owned()),
            ("acknowledge", format!("xx-{notice}")),
            ("acknowledge", String::new()),
            // The number was another message's before a restore.
            ("acknowledge", format!("zn-{notice}-{}", at - 1)),
            ("acknowledge", format!("zn-{notice}-")),
        ];
        for (second, (key, task)) in (1..).zip(others) {
            assert_eq!(
                pressed(second, key, task.clone()).await,
                CaseState::Assigned,
                "{key} {task}"
            );
        }
        w.sql(&format!("UPDATE notice SET channel = 'oa_template' WHERE id = {notice}")).await;
        let of_another = pressed(8, "acknowledge", format!("zn-{notice}-{at}")).await;
        assert_eq!(of_another, CaseState::Assigned, "it is no card");
        w.sql(&format!("UPDATE notice SET channel = 'wecom_card' WHERE id = {notice}")).await;
        let ours = pressed(9, "acknowledge", format!("zn-{notice}-{at}")).await;
        assert_eq!(ours, CaseState::Acknowledged);
    })
    .await;
}
