//! A small street: one grid, its people, a resident, and services that send to the stand-in.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use entity::kinds::*;
use entity::{
    account, cases, consent, grid, notice, responsibility, staff, staff_role, wechat_identity,
};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ConnectionTrait, DatabaseConnection, EntityTrait};
use serde_json::json;
use zhinan::app::case::change::Change;
use zhinan::app::case::{blank, freeze};
use zhinan::app::notice::ways::Ways;
use zhinan::app::work::priority;
use zhinan::boot;
use zhinan::config::Config;
use zhinan::domain::case::targets::Targets;
use zhinan::engine;
use zhinan::error::Error;
use zhinan::services::Services;
use zhinan::store::job::{Claim, NewJob, Which};
use zhinan::store::{self, batch::Batch, channel::Known};

use crate::gateway::kit::{AES_KEY, Stand, TOKEN};
use crate::kit::TestDb;
use crate::kit::{connect, parts};

pub const TEMPLATE: &str = "T-staff";
const PEOPLE: [(&str, Option<DutyRole>, Option<StreetRole>); 6] = [
    ("primary", Some(DutyRole::Primary), None),
    ("backup", Some(DutyRole::Backup), None),
    ("cadre", Some(DutyRole::Cadre), None),
    ("secretary", Some(DutyRole::Secretary), None),
    ("command", None, Some(StreetRole::Command)),
    ("desk", None, Some(StreetRole::TriageDesk)),
];

pub struct World {
    pub s: Services,
    pub stand: Stand,
    grids: (GridId, GridId),
    resident: AccountId,
    config: Config,
    _db: Option<TestDb>,
    _dir: tempfile::TempDir,
}

/// Runs a test on SQLite, and on a PostgreSQL database of its own where one is named.
pub async fn on_each(test: impl AsyncFn(World)) {
    on_each_with(|_| {}, test).await;
}

/// The same with another configuration.
pub async fn on_each_with(change: impl Fn(&mut Config), test: impl AsyncFn(World)) {
    // On the heap: the futures of whole tests are large.
    Box::pin(test(World::new(None, &change).await)).await;
    match TestDb::empty_postgres() {
        Some(db) => Box::pin(test(World::new(Some(db), &change).await)).await,
        None => eprintln!("TEST_DATABASE_URL is not set: PostgreSQL is not tested"),
    }
}

/// The kit's program on the demo chain, with callbacks that the stand-in signs and seals.
fn config(stand: &Stand, url: &str, dir: &std::path::Path) -> Config {
    let mut config = parts::config(url, dir, stand.address);
    for app in [&mut config.wechat.mini, &mut config.wechat.oa] {
        app.token = TOKEN.into();
        app.aes_key = AES_KEY.into();
    }
    config.cases.chain = "demo".into();
    // A run through all followers would be one more job in every sweep.
    config.wechat.join_followers = false;
    // These tests are about the database; Redis has its own.
    config.redis = zhinan::config::Redis::default();
    config
}

impl World {
    async fn new(db: Option<TestDb>, change: &impl Fn(&mut Config)) -> Self {
        let stand = Stand::start();
        let dir = tempfile::tempdir().unwrap();
        let url = db.as_ref().map_or("", |db| db.url.as_str());
        let mut config = config(&stand, url, dir.path());
        change(&mut config);
        let s = boot::services(&config, stand.clock.clone()).await.unwrap();
        let now = s.clock.now();
        let (grids, resident) = s
            .writer
            .commit(move |tx| Box::pin(async move { Ok::<_, Error>(people(tx, now).await) }))
            .await
            .unwrap();
        Self { s, stand, grids, resident, config, _db: db, _dir: dir }
    }

    /// Reads what leads to a member of staff.
    pub async fn known(&self, id: StaffId) -> Known {
        store::channel::known(&self.s.db.read, &[id], TEMPLATE).await.unwrap().remove(0)
    }

    /// Enters a leave of a day from now on for some of the staff (`'primary', 'backup'`), all with this
    /// substitute, if there is one of that name.
    pub async fn leave(&self, away: &str, substitute: &str) {
        let now = self.s.clock.now().0;
        self.sql(&format!(
            "INSERT INTO leave (staff_id, from_at, to_at, substitute_id, created_at)
             SELECT a.id, {now}, {now} + 86400000000, b.id, 0 FROM staff a
               LEFT JOIN staff b ON b.staff_no = '{substitute}' AND b.id <> a.id
              WHERE a.staff_no IN ({away})"
        ))
        .await;
    }

    /// Starts another process of the same installation: all it shares is outside of it.
    pub async fn another(&self) -> Services {
        self.try_another().await.unwrap()
    }

    /// Tries to.
    pub async fn try_another(&self) -> Result<Services, boot::BootError> {
        boot::services(&self.config, self.stand.clock.clone()).await
    }

    /// Starts another process that an operator configured otherwise.
    pub async fn another_with(&self, change: impl Fn(&mut Config)) -> Services {
        let mut config = self.config.clone();
        change(&mut config);
        boot::services(&config, self.stand.clock.clone()).await.unwrap()
    }

    /// Reports an urgent case, which waits for no content check.
    pub async fn case(&self, text: &str) -> CaseId {
        self.report(text, Urgency::Urgent).await
    }

    pub async fn report(&self, text: &str, urgency: Urgency) -> CaseId {
        self.report_with(text, urgency, |_change| ()).await
    }

    /// The same, with more that is said or planned of the case.
    pub async fn report_with(
        &self,
        text: &str,
        urgency: Urgency,
        more: impl FnOnce(&mut Change) + Send + 'static,
    ) -> CaseId {
        let (s, now) = (self.s.clone(), self.s.clock.now());
        let (small, large) = self.grids;
        let (grids, calendar) = (BTreeSet::from([small, large]), s.calendar.now());
        let roll = store::duty::at_all(&s.db.read, &grids, s.carriers(), (now, &calendar)).await;
        let on_duty = roll.unwrap().of(Some(small), Some(large));
        let snapshot = freeze::assigned(&s.chains.now(), urgency, &on_duty, NoticeKind::NewCase);
        let mut case = self.row(text, urgency);
        case.snapshot = serde_json::to_string(&snapshot).unwrap();
        let writer = s.writer.clone();
        let stored = writer.commit(move |tx| {
            Box::pin(async move {
                let mut change = Change::new(&s, case, now);
                change.observed(EventType::Reported, json!({})).unwrap();
                more(&mut change);
                let mut batch = Batch::of(tx);
                let put = Change::put_all_new(vec![change], Ways::default(), (tx, &mut batch));
                let (stored, mut jobs) = put.await?;
                let case = &stored.first().unwrap().case;
                let check = NewJob {
                    kind: JobKind::ContentCheck,
                    dedup_key: case.id.to_string(),
                    payload: json!({ "case": case.id }).to_string(),
                    priority: priority::CHECK,
                    run_at: now,
                    max_attempt: 12,
                    trace_id: None,
                };
                jobs.push(check);
                store::job::put_all(&mut batch, jobs, now)?;
                Change::write_all_new(&stored, batch, tx).await?;
                Ok::<_, Error>(case.id)
            })
        });
        stored.await.unwrap()
    }

    fn row(&self, text: &str, urgency: Urgency) -> cases::Model {
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        let (s, now) = (&self.s, self.s.clock.now());
        let due = now + Duration::from_mins(10);
        cases::Model {
            number: format!("NC-20231115-{:05}", NUMBER.fetch_add(1, Ordering::SeqCst)),
            state: CaseState::Assigned,
            urgency,
            category: Category::Utilities,
            reporter_id: self.resident,
            text_sealed: s.vault.seal("cases.text", text).unwrap(),
            large_grid_id: Some(self.grids.1),
            small_grid_id: Some(self.grids.0),
            confidence: 1.0,
            targets: serde_json::to_string(&Targets::default()).unwrap(),
            acknowledge_due_at: due,
            contact_due_at: due,
            resolve_due_at: due,
            located_at: Some(now),
            assigned_at: Some(now),
            content_until: (urgency != Urgency::Urgent).then(|| now + s.settings.content_wait),
            ..blank::case(now)
        }
    }

    pub async fn run_due(&self) -> usize {
        // On the heap: it holds what any of the jobs holds.
        Box::pin(engine::run_due(&self.s)).await.unwrap()
    }

    /// Moves the clock and runs what became due.
    pub async fn after(&self, seconds: u64) {
        self.stand.advance(seconds);
        self.run_due().await;
    }

    /// Whom the stand-in delivered to, in order, since the last call.
    pub async fn told(&self) -> Vec<String> {
        let messages = self.stand.messages().await;
        let told = messages.iter().map(|one| one["to"].as_str().unwrap().to_owned()).collect();
        self.clear().await;
        told
    }

    async fn clear(&self) {
        let url = format!("http://{}/_sandbox/messages", self.stand.address);
        #[expect(clippy::disallowed_methods, reason = "a test drives the stand-in")]
        reqwest::Client::new().delete(url).send().await.unwrap();
    }

    pub async fn find(&self, id: CaseId) -> cases::Model {
        cases::Entity::find_by_id(id).one(&self.s.db.read).await.unwrap().unwrap()
    }

    pub async fn notices(&self, id: CaseId) -> Vec<notice::Model> {
        store::notice::of_case(&self.s.db.read, id).await.unwrap()
    }

    pub async fn events(&self, id: CaseId) -> Vec<EventType> {
        let all = store::event::list(&self.s.db.read, id).await.unwrap();
        all.into_iter().map(|(event, _)| event.kind).collect()
    }

    pub async fn jobs(&self) -> Vec<entity::job::Model> {
        use sea_orm::QueryOrder;
        let all = entity::job::Entity::find().order_by_asc(entity::job::Column::Id);
        all.all(&self.s.db.read).await.unwrap()
    }

    /// Claims all due jobs, as a worker of this name does, for as long as a lease.
    pub async fn claim(&self, owner: &'static str) -> Vec<entity::job::Model> {
        self.claim_of(owner, Which::Fresh((i32::MIN, i32::MAX), 100)).await
    }

    /// The same of some of them.
    pub async fn claim_of(&self, owner: &'static str, which: Which) -> Vec<entity::job::Model> {
        let now = self.s.clock.now();
        let claim = Claim { owner, now, until: now + self.s.settings.lease, which };
        let unit = self.s.writer.commit(move |tx| {
            Box::pin(async move { Ok::<_, Error>(store::job::claim(tx, &claim).await?) })
        });
        unit.await.unwrap()
    }

    /// Opens a connection of its own, as another program would.
    pub async fn connect(&self) -> DatabaseConnection {
        connect(&self.config.database_url()).await
    }

    /// Runs one statement in a unit.
    pub async fn sql(&self, text: &str) {
        let text = text.to_owned();
        self.s
            .writer
            .commit(move |tx| {
                Box::pin(async move {
                    tx.execute_unprepared(&text).await?;
                    Ok::<_, Error>(())
                })
            })
            .await
            .unwrap();
    }

    /// Gives a member of staff the mini-program with one consent, here and at the stand-in.
    pub async fn give_mini(&self, who: &str, count: u64) {
        self.sql(&format!(
            "INSERT INTO wechat_identity (account_id, app, openid, created_at)
             SELECT account_id, 'mini', 'mini-{who}', 0 FROM wechat_identity WHERE openid = '{who}'"
        ))
        .await;
        self.sql(&format!(
            "INSERT INTO consent (account_id, template, credits, updated_at)
             SELECT account_id, '{TEMPLATE}', {count}, 0 FROM wechat_identity WHERE openid = '{who}'"
        ))
        .await;
        let grant =
            json!({ "openid": format!("mini-{who}"), "template_id": TEMPLATE, "count": count });
        self.stand.post("/_sandbox/credits", grant).await;
    }

    pub async fn credits(&self) -> Vec<(String, i32)> {
        let all = consent::Entity::find().all(&self.s.db.read).await.unwrap();
        all.into_iter().map(|row| (row.template, row.credits)).collect()
    }
}

async fn people(tx: &store::writer::Tx, now: Timestamp) -> ((GridId, GridId), AccountId) {
    let street = insert_grid(tx, "s1", GridKind::Street, None, now).await;
    let large = insert_grid(tx, "c1", GridKind::Large, Some(street), now).await;
    let small = insert_grid(tx, "g1", GridKind::Small, Some(large), now).await;
    for (name, duty, street) in PEOPLE {
        let account = insert_account(tx, WechatApp::Oa, name, now).await;
        let row = staff::ActiveModel {
            id: NotSet,
            staff_no: Set(name.into()),
            name_sealed: Set(String::new()),
            office_phone: Set(String::new()),
            phone_sealed: Set(None),
            phone_dead_at: Set(None),
            wecom_userid: Set(None),
            wecom_end: Set(None),
            wecom_told_at: Set(None),
            wecom_told_by: Set(None),
            wecom_left_at: Set(None),
            wecom_left_by: Set(None),
            employee_dead_at: Set(None),
            wecom_account_id: Set(None),
            account_id: Set(Some(account)),
            created_at: Set(now),
            ended_at: Set(None),
        };
        let staff = staff::Entity::insert(row).exec_with_returning(tx).await.unwrap().id;
        if let Some(role) = duty {
            let of_large = matches!(role, DutyRole::Cadre | DutyRole::Secretary);
            let row = responsibility::ActiveModel {
                id: NotSet,
                grid_id: Set(if of_large { large } else { small }),
                role: Set(role),
                staff_id: Set(staff),
                shift: Set("all".into()),
                valid_from: Set(now),
                valid_to: Set(None),
            };
            responsibility::Entity::insert(row).exec(tx).await.unwrap();
        }
        if let Some(role) = street {
            let row = staff_role::ActiveModel {
                id: NotSet,
                staff_id: Set(staff),
                role: Set(role),
                valid_from: Set(now),
                valid_to: Set(None),
            };
            staff_role::Entity::insert(row).exec(tx).await.unwrap();
        }
    }
    ((small, large), insert_account(tx, WechatApp::Mini, "resident", now).await)
}

async fn insert_grid(
    tx: &store::writer::Tx,
    external_id: &str,
    kind: GridKind,
    parent_id: Option<GridId>,
    now: Timestamp,
) -> GridId {
    let row = grid::ActiveModel {
        id: NotSet,
        external_id: Set(external_id.into()),
        kind: Set(kind),
        code: Set(None),
        parent_id: Set(parent_id),
        name: Set("甲".into()),
        polygon: Set(None),
        valid_from: Set(now),
        valid_to: Set(None),
    };
    grid::Entity::insert(row).exec_with_returning(tx).await.unwrap().id
}

async fn insert_account(
    tx: &store::writer::Tx,
    app: WechatApp,
    openid: &str,
    now: Timestamp,
) -> AccountId {
    let row = account::ActiveModel {
        id: NotSet,
        token_version: Set(0),
        phone_sealed: Set(Some("sealed".into())),
        phone_index: Set(Some("index".into())),
        phone_at: Set(None),
        created_at: Set(now),
        blocked_at: Set(None),
    };
    let account = account::Entity::insert(row).exec_with_returning(tx).await.unwrap().id;
    let row = wechat_identity::ActiveModel {
        id: NotSet,
        account_id: Set(account),
        app: Set(app),
        openid: Set(openid.into()),
        unionid: Set(None),
        dead_at: Set(None),
        created_at: Set(now),
        told_at: Set(None),
    };
    wechat_identity::Entity::insert(row).exec(tx).await.unwrap();
    account
}
