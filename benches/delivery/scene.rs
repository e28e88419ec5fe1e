//! A program on a new database with a small street, its server on a real socket, and WeChat's
//! stand-in.

use std::sync::Arc;
use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use zhinan::auth::Who;
use zhinan::auth::jwt::Bearer;
use zhinan::clock::Clock;
use zhinan::services::Services;

use super::Args;
use super::kit::db::{TestDb, fill, vault_file};
use super::kit::parts::{self, Served};
use super::kit::street::Roster;
use super::kit::wechat::StandIn;

const PATIENCE: Duration = Duration::from_mins(10);
const PAUSE: Duration = Duration::from_millis(2);

pub struct Scene {
    pub s: Services,
    pub stand: StandIn,
    pub client: Client,
    served: Served,
    roster: Roster,
    db: TestDb,
    _dir: tempfile::TempDir,
}

/// A resident who is signed in; cheap to clone.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    url: Arc<str>,
    token: Arc<str>,
}

impl Scene {
    pub async fn open(args: &Args, server: Option<String>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let db = server.map_or_else(|| TestDb::empty_file(dir.path()), TestDb::empty_on);
        std::fs::create_dir_all(dir.path().join("keys")).unwrap();
        fill(&db.url, &vault_file(dir.path())).await;
        let stand = StandIn::start(Clock::System);
        let mut config = parts::config(&db.url, dir.path(), stand.address);
        config.server.workers = 2;
        // What the program takes unless somebody says otherwise.
        config.database.pool = zhinan::config::Database::default().pool;
        config.redis = zhinan::config::Redis::default();
        config.limits.post_per_address = 1_000_000_000;
        config.limits.post_per_account = 1_000_000_000;
        let s = zhinan::boot::services(&config, Clock::System).await.unwrap();
        let serving = parts::serve(&s, &config);
        let roster = Roster::load(&s.db).await;
        let token = issue(&s, &roster, "resident-1");
        let http = reqwest::Client::builder().pool_max_idle_per_host(args.callers).build().unwrap();
        let url = format!("http://{}/api/v1/cases", serving.address);
        let client = Client { http, url: url.into(), token: token.into() };
        Self { s, stand, client, served: serving, roster, db, _dir: dir }
    }

    pub fn start_engine(&self) {
        zhinan::boot::start_engine(&self.s);
    }

    pub async fn close(self) {
        self.served.handle.stop(true).await;
        assert!(self.s.lifecycle.finish(Duration::from_secs(20)).await, "a task did not stop");
        self.stand.stop().await;
        self.s.db.close().await.unwrap();
    }

    /// Where the server listens.
    pub fn base(&self) -> String {
        format!("http://{}", self.served.address)
    }

    /// A token of somebody of the street.
    pub fn token(&self, name: &str) -> String {
        issue(&self.s, &self.roster, name)
    }

    pub fn database_url(&self) -> String {
        self.db.url.clone()
    }

    /// Lists the newest messages that reached a phone.
    pub async fn newest(&self) -> Vec<Value> {
        let url = format!("http://{}/_sandbox/messages?limit=300", self.stand.address);
        self.client.http.get(url).send().await.unwrap().json().await.unwrap()
    }

    pub async fn run(&self, text: &str) {
        let done = self.s.db.read.execute_unprepared(text).await;
        assert!(done.is_ok(), "{text}: {:?}", done.err());
    }

    /// Says whether PostgreSQL keeps what it committed when the power fails: a floor without is twice
    /// as high.
    pub async fn tell_durability(&self) {
        if self.s.db.is_sqlite() {
            return;
        }
        let text = "SELECT string_agg(name || ' ' || setting, ', ' ORDER BY name) AS n
            FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')";
        let query = Statement::from_string(self.s.db.read.get_database_backend(), text);
        let row = self.s.db.read.query_one_raw(query).await.unwrap().unwrap();
        println!("{}", row.try_get::<String>("", "n").unwrap());
    }

    /// Asks for one number called `n`.
    pub async fn number(&self, text: &str) -> i64 {
        let query = Statement::from_string(self.s.db.read.get_database_backend(), text);
        let row = self.s.db.read.query_one_raw(query).await.unwrap().unwrap();
        row.try_get("", "n").unwrap()
    }
}

fn issue(s: &Services, roster: &Roster, name: &str) -> String {
    let person = roster.people.get(name).unwrap();
    let who = if person.staff.is_some() { Who::Staff } else { Who::Resident };
    let bearer = Bearer { sub: person.account, who, ver: 0, session: None };
    s.tokens.issue(bearer, s.clock.now()).unwrap()
}

impl Client {
    /// The same caller, who asks elsewhere.
    pub fn at(&self, url: &str) -> Self {
        Self { url: url.into(), ..self.clone() }
    }

    /// Reports one case; returns what the program answered with its 201.
    pub async fn report(&self, key: &str, danger: bool) -> Value {
        let body = json!({ "text": "家里没水了", "address": "阳光花园1号楼2单元101",
            "urgency": { "danger": danger, "stuck": false } });
        let request = self.http.post(&*self.url).bearer_auth(&self.token);
        let answer = request.header("idempotency-key", key).json(&body).send().await.unwrap();
        let status = answer.status().as_u16();
        let view: Value = answer.json().await.unwrap();
        assert_eq!(status, 201, "{view}");
        view
    }
}

/// Waits for something that must come.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "waited {PATIENCE:?} in vain for {what}");
        tokio::time::sleep(PAUSE).await;
    }
}
