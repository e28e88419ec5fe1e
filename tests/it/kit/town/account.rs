//! Afterwards: has everything that was answered 201 reached somebody, or is it visibly dead and
//! the next person told; and has no phone rung twice?

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use entity::kinds::{EventType, JobState, NoticeState, WechatApp};
use entity::{case_event, cases, job, notice, wechat_identity};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, Statement,
};
use serde_json::Value;
use zhinan::store::db::Db;

use super::Town;
use super::crowd::Posted;

const PAUSE: Duration = Duration::from_millis(100);

/// What is there after everything came to rest.
#[derive(Debug, Default)]
pub struct Account {
    pub cases: Vec<cases::Model>,
    pub notices: Vec<notice::Model>,
    pub jobs: Vec<job::Model>,
    /// Cards by openid and key; and how often the stand-in dropped a repeat of each.
    pub phones: BTreeMap<(String, String), (usize, u64)>,
    /// Repeats that were dropped because their key was known.
    pub repeats: u64,
    /// What should not be; empty when the rules were kept.
    pub losses: Vec<String>,
}

impl Account {
    pub fn count(&self, state: NoticeState) -> usize {
        self.notices.iter().filter(|one| one.state == state).count()
    }

    /// Who was told, in short: case, round and step, person, channel, state and why.
    pub fn told(&self) -> Vec<String> {
        let one = |one: &notice::Model| {
            let (step, staff) = ((one.round, one.step), one.staff_id.map_or(0, |id| id.0));
            let why = one.reason.clone().unwrap_or_default();
            let (channel, state) = (one.channel.word(), one.state.word());
            format!("#{} {step:?} staff {staff} {channel} {state} {why}", one.case_id)
        };
        self.notices.iter().map(one).collect()
    }

    pub fn assert_kept(&self, town: &Town, names: &[&str]) {
        let logs = names.iter().map(|name| town.log(name)).collect::<Vec<_>>().join("\n---\n");
        assert!(self.losses.is_empty(), "{:#?}\n{logs}", self.losses);
        let proved = town.command(&["verify"]);
        assert!(proved.is_ok(), "{proved:?}");
    }
}

/// Waits until nothing is under way any more, then compares answers, database and phones.
pub async fn settle(town: &Town, posted: &[Posted], within: Duration) -> Account {
    let db = Db::connect(&town.database, 2).await.unwrap();
    rest(&db.read, within).await;
    let account = take(&db.read, town, posted).await;
    db.close().await.unwrap();
    account
}

/// Everything now, at rest or not.
pub async fn look(town: &Town) -> Account {
    let db = Db::connect(&town.database, 2).await.unwrap();
    let account = take(&db.read, town, &[]).await;
    db.close().await.unwrap();
    account
}

/// Waits until no job may run, no notice is under way and no failure waits for its next step. One
/// statement sees one instant: what moves between two of them would be seen by neither.
async fn rest(db: &impl ConnectionTrait, within: Duration) {
    let began = Instant::now();
    loop {
        let text = format!(
            "SELECT (SELECT COUNT(*) FROM job WHERE state IN ('ready', 'running')) AS jobs,
                (SELECT COUNT(*) FROM notice WHERE state IN ('planned', 'sending')) AS notices,
                (SELECT COUNT(*) FROM cases WHERE next_check_at <= {}) AS due,
                (SELECT COUNT(*) FROM cases WHERE content_check = 'pending') AS unchecked",
            zhinan::clock::Clock::System.now().0
        );
        let waiting = Statement::from_string(db.get_database_backend(), text);
        let waiting = Waiting::find_by_statement(waiting).one(db).await.unwrap().unwrap();
        if waiting == Waiting::default() {
            return;
        }
        if began.elapsed() > within {
            let ended = [JobState::Done, JobState::Dead];
            let jobs = job::Entity::find().filter(job::Column::State.is_not_in(ended));
            let jobs = jobs.all(db).await.unwrap();
            panic!("after {within:?}: {waiting:?}, {jobs:#?}");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// How much is not at rest.
#[derive(Debug, Default, PartialEq, Eq, FromQueryResult)]
struct Waiting {
    jobs: i64,
    notices: i64,
    due: i64,
    unchecked: i64,
}

async fn take(db: &impl ConnectionTrait, town: &Town, posted: &[Posted]) -> Account {
    let mut account = Account {
        cases: cases::Entity::find().order_by_asc(cases::Column::Id).all(db).await.unwrap(),
        notices: notice::Entity::find().order_by_asc(notice::Column::Id).all(db).await.unwrap(),
        jobs: job::Entity::find().order_by_asc(job::Column::Id).all(db).await.unwrap(),
        ..Account::default()
    };
    phones(town, &mut account).await;
    let order = case_event::Column::Seq;
    let events = case_event::Entity::find().order_by_asc(order).all(db).await.unwrap();
    let mut of_case: HashMap<i64, Vec<case_event::Model>> = HashMap::new();
    for event in events {
        of_case.entry(event.case_id.0).or_default().push(event);
    }
    let oa = wechat_identity::Column::App.eq(WechatApp::Oa);
    let openids = wechat_identity::Entity::find().filter(oa).all(db).await.unwrap();
    let openids: HashMap<i64, String> =
        openids.into_iter().map(|row| (row.account_id.0, row.openid)).collect();
    let mut losses = answers(&account, posted);
    for case in &account.cases {
        let events = of_case.remove(&case.id.0).unwrap_or_default();
        losses.extend(of_one(&account, case, &events, &openids));
    }
    account.losses = losses;
    account
}

/// Cards of the service account by message; a phone that shows one twice rang twice.
async fn phones(town: &Town, account: &mut Account) {
    let url = format!("http://{}/_sandbox/messages", town.wechat.address);
    let all: Vec<Value> = reqwest::get(url).await.unwrap().json().await.unwrap();
    for card in &all {
        let field = |name: &str| card[name].as_str().unwrap_or_default().to_owned();
        // Behind the message's number stands how often it was told anew.
        let key = field("client_msg_id");
        let message = key.rsplit_once('-').map_or("", |(message, _first)| message).to_owned();
        let seen = account.phones.entry((field("to"), message)).or_default();
        seen.0 += 1;
        seen.1 += card["repeats"].as_u64().unwrap_or(0);
        account.repeats += card["repeats"].as_u64().unwrap_or(0);
    }
}

fn answers(account: &Account, posted: &[Posted]) -> Vec<String> {
    let mut losses = Vec::new();
    let mut known: HashMap<i64, &str> = HashMap::new();
    for case in &account.cases {
        known.insert(case.id.0, &case.number);
    }
    for one in posted {
        if known.remove(&one.id) != Some(&one.number) {
            losses.push(format!("{} was answered and is not there, or twice", one.number));
        }
    }
    if !posted.is_empty() && !known.is_empty() {
        losses.push(format!("cases nobody was told of: {known:?}"));
    }
    losses
}

fn of_one(
    account: &Account,
    case: &cases::Model,
    events: &[case_event::Model],
    openids: &HashMap<i64, String>,
) -> Vec<String> {
    let mut losses = Vec::new();
    let mut lost = |what: String| losses.push(format!("{}: {what}", case.number));
    let notices: Vec<_> = account.notices.iter().filter(|one| one.case_id == case.id).collect();
    if !notices.iter().any(|one| one.staff_id.is_some()) {
        lost("nobody was to be told".to_owned());
    }
    if !events.is_sorted_by(|a, b| a.seq + 1 == b.seq && a.server_time < b.server_time) {
        lost("the ledger has a gap or a time that does not increase".to_owned());
    }
    if case.next_check_at.is_none() && case.closed_at.is_none() {
        lost("an open case without a future".to_owned());
    }
    let failed = events.iter().filter(|one| one.kind == EventType::PushFailed).count();
    let unarrived =
        |one: &&&notice::Model| matches!(one.state, NoticeState::Dead | NoticeState::Unknown);
    if notices.iter().filter(unarrived).count() > failed {
        lost(format!("{failed} failures in the ledger are too few"));
    }
    for notice in &notices {
        let openid = notice.account_id.and_then(|id| openids.get(&id.0)).cloned();
        let key = (openid.unwrap_or_default(), zhinan::app::notice::stamp::of_notice(notice));
        let (rang, _dropped) = account.phones.get(&key).copied().unwrap_or_default();
        let stepped = notices.iter().any(|next| {
            next.id > notice.id && (next.round, next.step) >= (notice.round, notice.step)
        });
        match notice.state {
            NoticeState::Accepted | NoticeState::Delivered if rang != 1 => {
                lost(format!("notice {} is accepted and rang {rang} times", notice.id));
            }
            NoticeState::Dead if rang != 0 => {
                lost(format!("notice {} is dead and rang {rang} times", notice.id));
            }
            // Of an ordinary message that perhaps arrived the next round takes care.
            NoticeState::Unknown if rang <= 1 && !notice.urgent && case.next_check_at.is_some() => {
            }
            NoticeState::Dead | NoticeState::Unknown if !stepped && !others(&notices, notice) => {
                lost(format!("notice {} failed and nobody was told instead", notice.id));
            }
            NoticeState::Unknown if rang > 1 => {
                lost(format!("notice {} rang {rang} times", notice.id));
            }
            _ => {}
        }
    }
    losses
}

/// Whether somebody else of the same step was reached: then the step has not failed.
fn others(notices: &[&notice::Model], of: &notice::Model) -> bool {
    notices.iter().any(|one| {
        (one.round, one.step) == (of.round, of.step)
            && matches!(one.state, NoticeState::Accepted | NoticeState::Delivered)
    })
}
