//! Who comes on duty with few consents is asked for more, once.

use entity::inbox;
use sea_orm::EntityTrait;
use zhinan::app::inbox::Entry;
use zhinan::app::renewal;
use zhinan::config::Config;

use super::kit::{TEMPLATE, World, on_each, on_each_with};

/// From the clock of the kit (06:13:20 in China) to eight, when people around the clock begin.
const TO_EIGHT: u64 = 6_400;
const DAY: u64 = 24 * 3_600;

/// The entries of the inbox: whose, and what they say.
async fn entries(w: &World) -> Vec<(String, String)> {
    let rows = inbox::Entity::find().all(&w.s.db.read).await.unwrap();
    let note = |row: &inbox::Model| Entry::open(&w.s, row).unwrap().words.note;
    let staff = entity::staff::Entity::find().all(&w.s.db.read).await.unwrap();
    let name = |of: &str| {
        let found = staff.iter().find(|one| format!("s{}", one.id) == of);
        found.unwrap().staff_no.clone()
    };
    rows.iter().map(|row| (name(&row.recipient), note(row))).collect()
}

async fn run(w: &World) -> usize {
    renewal::run(&w.s).await.unwrap()
}

#[tokio::test]
async fn who_comes_on_duty_with_few_consents_is_reminded_once_and_who_has_plenty_is_not() {
    on_each(async |w| {
        w.give_mini("primary", 4).await;
        w.give_mini("backup", 5).await;
        w.stand.advance(TO_EIGHT - 1);
        assert_eq!(run(&w).await, 0, "nobody has begun");
        w.stand.advance(1);
        assert_eq!(run(&w).await, 1);
        w.stand.advance(600);
        assert_eq!(run(&w).await, 0, "once for a shift");
        let all = entries(&w).await;
        assert_eq!(all.len(), 1, "{all:?}");
        assert_eq!(all[0].0, "primary");
        assert!(all[0].1.contains("还可接收4次") && all[0].1.contains("点一下"), "{all:?}");
        w.run_due().await;
        let messages = w.stand.messages().await;
        assert_eq!(messages.len(), 1, "{messages:?}");
        assert_eq!(messages[0]["to"], "primary", "through what costs no consent");
        assert!(messages[0]["data"]["thing5"].as_str().unwrap().contains("点一下“允许”"));
        assert!(messages[0]["page"].as_str().unwrap().starts_with("worker/channels/index"));
        assert_eq!(w.credits().await[0].1, 4);
        w.stand.advance(DAY - 600);
        assert_eq!(run(&w).await, 1, "the next shift");
    })
    .await;
}

#[tokio::test]
async fn two_engines_write_one_reminder_also_at_the_same_moment() {
    on_each(async |w| {
        w.give_mini("primary", 0).await;
        w.stand.advance(TO_EIGHT);
        let other = w.another().await;
        let mut all = Vec::new();
        for _ in 0..4 {
            all.push(renewal::run(&w.s));
            all.push(renewal::run(&other));
        }
        let told: usize =
            futures::future::join_all(all).await.into_iter().map(Result::unwrap).sum();
        assert!(told >= 1);
        assert_eq!(entries(&w).await.len(), 1);
        w.run_due().await;
        assert_eq!(w.told().await, ["primary"]);
    })
    .await;
}

#[tokio::test]
async fn whose_only_channel_is_the_mini_program_finds_it_in_the_inbox() {
    on_each(async |w| {
        w.give_mini("primary", 2).await;
        w.sql("UPDATE wechat_identity SET dead_at = 1 WHERE openid = 'primary'").await;
        w.stand.advance(TO_EIGHT);
        assert_eq!(run(&w).await, 1);
        w.run_due().await;
        assert!(w.told().await.is_empty(), "a reminder uses up nothing");
        assert_eq!(w.credits().await[0].1, 2);
        assert_eq!(entries(&w).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn who_is_on_leave_is_left_alone_and_his_substitute_is_reminded() {
    on_each(async |w| {
        w.give_mini("primary", 0).await;
        w.give_mini("desk", 0).await;
        w.leave("'primary'", "desk").await;
        w.stand.advance(TO_EIGHT);
        assert_eq!(run(&w).await, 1);
        assert_eq!(entries(&w).await[0].0, "desk");
    })
    .await;
}

#[tokio::test]
async fn a_start_that_is_long_past_and_a_street_that_wants_none_remind_nobody() {
    on_each(async |w| {
        w.give_mini("primary", 0).await;
        w.stand.advance(TO_EIGHT + 30 * 60);
        assert_eq!(run(&w).await, 0);
    })
    .await;
    let never = |config: &mut Config| config.notices.renew_below = 0;
    on_each_with(never, async |w| {
        w.give_mini("primary", 0).await;
        w.stand.advance(TO_EIGHT);
        assert_eq!(run(&w).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_standing_yes_is_plenty_until_it_is_withdrawn() {
    let long_term = |config: &mut Config| {
        config.wechat.templates.long_term = vec![TEMPLATE.into()];
    };
    on_each_with(long_term, async |w| {
        w.give_mini("primary", 1).await;
        w.stand.advance(TO_EIGHT);
        assert_eq!(run(&w).await, 0);
        w.sql("UPDATE consent SET credits = 0").await;
        assert_eq!(run(&w).await, 1);
        assert!(entries(&w).await[0].1.contains("没有允许"));
    })
    .await;
}
