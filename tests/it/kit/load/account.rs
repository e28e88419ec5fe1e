//! Afterwards: has everything that was answered 201 its case, its events and its notices, and did
//! each notice reach a phone?

use std::collections::HashMap;
use std::time::{Duration, Instant};

use entity::kinds::{ContentCheck, NoticeState, WechatApp};
use entity::{case_event, cases, job, notice, wechat_identity};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::Value;
use zhinan::store::db::Db;

use super::post::Posted;
use super::processes::Processes;

const PAUSE: Duration = Duration::from_millis(100);

/// The answer to both questions.
#[derive(Debug, Default)]
pub struct Account {
    pub cases: usize,
    pub events: usize,
    pub notices: usize,
    /// Messages on the phones of staff.
    pub delivered: usize,
    /// Repeats that the stand-in recognised by their key and did not show.
    pub repeats: u64,
    /// Seconds from the call of this function until nothing waited any more.
    pub drained_s: f64,
    /// What should not be; empty when nothing was lost.
    pub losses: Vec<String>,
}

impl std::fmt::Display for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "all notices ended after {:.1} s: {} cases, {} events, {} notices, {} on phones, \
             {} repeats recognised by their key, {} losses",
            self.drained_s,
            self.cases,
            self.events,
            self.notices,
            self.delivered,
            self.repeats,
            self.losses.len()
        )
    }
}

/// Waits until every first notice has ended, then compares answers, database and phones.
pub async fn settle(processes: &Processes, posted: &[Posted], within: Duration) -> Account {
    let db = Db::connect(&processes.database, 2).await.unwrap();
    let mut account = Account { drained_s: drain(&db.read, within).await, ..Account::default() };
    compare(&db.read, processes, posted, &mut account).await;
    db.close().await.unwrap();
    account
}

/// Returns the kinds of the jobs that somebody still holds.
pub async fn leased(processes: &Processes) -> Vec<String> {
    let db = Db::connect(&processes.database, 2).await.unwrap();
    let held = job::Entity::find()
        .filter(job::Column::LeaseOwner.is_not_null())
        .all(&db.read)
        .await
        .unwrap();
    db.close().await.unwrap();
    held.into_iter().map(|job| format!("{} {:?}", job.id, job.kind)).collect()
}

async fn drain(db: &impl ConnectionTrait, within: Duration) -> f64 {
    let began = Instant::now();
    loop {
        let waiting = notice::Entity::find()
            .filter(notice::Column::State.is_in([NoticeState::Planned, NoticeState::Sending]))
            .count(db)
            .await
            .unwrap();
        let unchecked = cases::Entity::find()
            .filter(cases::Column::ContentCheck.eq(ContentCheck::Pending))
            .count(db)
            .await
            .unwrap();
        if waiting == 0 && unchecked == 0 {
            return began.elapsed().as_secs_f64();
        }
        assert!(
            began.elapsed() < within,
            "{waiting} notices and {unchecked} content checks still wait after {within:?}"
        );
        tokio::time::sleep(PAUSE).await;
    }
}

async fn compare(
    db: &impl ConnectionTrait,
    processes: &Processes,
    posted: &[Posted],
    account: &mut Account,
) {
    let phones = phones(processes, account).await;
    let mut events: HashMap<i64, usize> = HashMap::new();
    for event in case_event::Entity::find().all(db).await.unwrap() {
        *events.entry(event.case_id.0).or_default() += 1;
        account.events += 1;
    }
    let openids: HashMap<_, _> = wechat_identity::Entity::find()
        .filter(wechat_identity::Column::App.eq(WechatApp::Oa))
        .all(db)
        .await
        .unwrap()
        .into_iter()
        .map(|row| (row.account_id, row.openid))
        .collect();
    let mut notices: HashMap<i64, Vec<notice::Model>> = HashMap::new();
    for row in notice::Entity::find().all(db).await.unwrap() {
        notices.entry(row.case_id.0).or_default().push(row);
        account.notices += 1;
    }
    let cases: HashMap<i64, String> = cases::Entity::find()
        .all(db)
        .await
        .unwrap()
        .into_iter()
        .map(|case| (case.id.0, case.number))
        .collect();
    account.cases = cases.len();
    for one in posted {
        let id = one.view["id"].as_i64().expect("an id");
        let number = one.view["number"].as_str().expect("a number");
        let mut lost = |what: &str| account.losses.push(format!("{number}: {what}"));
        if cases.get(&id).map(String::as_str) != Some(number) {
            lost("no case");
        }
        if events.get(&id).is_none_or(|count| *count < 2) {
            lost("no events");
        }
        let told = notices.remove(&id).unwrap_or_default();
        if told.is_empty() {
            lost("no notices");
        }
        for notice in told {
            let openid = notice.account_id.and_then(|id| openids.get(&id)).cloned();
            let key = (openid.unwrap_or_default(), zhinan::app::notice::stamp::of_notice(&notice));
            let arrived = phones.get(&key).copied().unwrap_or(0);
            if !matches!(notice.state, NoticeState::Accepted | NoticeState::Delivered) {
                lost(&format!("notice {} is {}", notice.id, notice.state.word()));
            } else if arrived != 1 {
                lost(&format!("notice {} reached the phone {arrived} times", notice.id));
            }
        }
    }
    if account.cases != posted.len() {
        account.losses.push(format!("{} cases for {} messages", account.cases, posted.len()));
    }
}

/// Counts what arrived, by openid and message.
async fn phones(processes: &Processes, account: &mut Account) -> HashMap<(String, String), usize> {
    let url = format!("{}/_sandbox/messages", processes.sandbox_url);
    let all: Vec<Value> = reqwest::get(url).await.unwrap().json().await.unwrap();
    let mut phones = HashMap::new();
    for card in &all {
        let field = |name: &str| card[name].as_str().unwrap_or_default().to_owned();
        // Behind the message's number stands how often it was told anew.
        let key = field("client_msg_id");
        let message = key.rsplit_once('-').map_or("", |(message, _first)| message).to_owned();
        *phones.entry((field("to"), message)).or_default() += 1;
        account.repeats += card["repeats"].as_u64().unwrap_or(0);
    }
    account.delivered = all.len();
    phones
}
