//! The `App` of a test: start, verbs, and the check at its end.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use entity::job;
use entity::kinds::JobState;
use sea_orm::{
    ColumnTrait, ConnectOptions, Database, DatabaseConnection, EntityTrait, PaginatorTrait,
    QueryFilter,
};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use zhinan::auth::Who;
use zhinan::auth::jwt::Bearer;
use zhinan::clock::Clock;
use zhinan::config::Config;
use zhinan::services::Services;

use super::client::Client;
use super::clock::{START, until};
use super::db::TestDb;
use super::logs::Logs;
use super::parts::{self, Served};
use super::street::{self, Person, Roster};
use super::wechat::{Message, StandIn};

const STOPS_WITHIN: Duration = Duration::from_secs(10);

pub struct App {
    pub clock: Clock,
    pub roster: Roster,
    pub logs: Logs,
    pub wechat: Arc<StandIn>,
    running: Option<Running>,
    /// Everything the program does happens here, so that the test's thread may wait for its end.
    runtime: Option<Runtime>,
    jobs_may_stay: bool,
    tune: fn(&mut Config),
    dir: TempDir,
    db: TestDb,
    _log: tracing::subscriber::DefaultGuard,
}

struct Running {
    services: Services,
    served: Served,
}

impl App {
    /// Starts a program with a database of its own; the street is there, no case is.
    pub async fn start() -> Self {
        Self::start_with(|_as_it_is| ()).await
    }

    /// Starts a program whose configuration the test has a word in.
    pub async fn start_with(tune: fn(&mut Config)) -> Self {
        let logs = Logs::default();
        let log = logs.listen();
        let runtime = runtime();
        let dir = tempfile::tempdir().unwrap();
        let db = TestDb::fresh(dir.path());
        let clock = Clock::manual(START);
        let (stand_clock, url, path) = (clock.clone(), db.url.clone(), dir.path().to_owned());
        let build = async move {
            let wechat = Arc::new(StandIn::start(stand_clock.clone()));
            let running = start((&url, &path), &wechat, stand_clock, tune).await;
            let roster = Roster::load(&running.services.db).await;
            (wechat, running, roster)
        };
        let (wechat, running, roster) = runtime.spawn(build).await.unwrap();
        Self {
            clock,
            roster,
            logs,
            wechat,
            running: Some(running),
            runtime: Some(runtime),
            jobs_may_stay: false,
            tune,
            dir,
            db,
            _log: log,
        }
    }

    pub fn services(&self) -> &Services {
        &self.running.as_ref().unwrap().services
    }

    /// Opens one more connection to the database, for what only SQL can arrange or ask.
    pub async fn connect(&self) -> DatabaseConnection {
        connect(&self.db.url).await
    }

    /// Returns somebody of the roster by name, e.g. `primary-1`.
    pub fn person(&self, name: &str) -> &Person {
        self.roster.people.get(name).unwrap_or_else(|| panic!("nobody is called {name}"))
    }

    /// Returns a client without a bearer.
    pub fn anonymous(&self) -> Client {
        Client::new(self.base(), None)
    }

    /// Returns a client that speaks as somebody of the roster, without the way through sign-in.
    pub async fn as_person(&self, name: &str) -> Client {
        let (s, person) = (self.services(), self.person(name));
        let who = match (person.staff, person.street) {
            (None, _) => Who::Resident,
            (_, Some(_)) => Who::Console,
            _ => Who::Staff,
        };
        let ver = street::token_version(&s.db, person.account).await;
        let bearer = Bearer { sub: person.account, who, ver, session: None };
        let token = s.tokens.issue(bearer, self.clock.now()).unwrap();
        Client::new(self.base(), Some(token))
    }

    /// Signs an openid in as the mini-program does.
    pub async fn sign_in(&self, openid: &str) -> Client {
        let code = self.wechat.login_code(openid).await;
        let body = serde_json::json!({ "code": code });
        let (status, reply) = self.anonymous().post("/api/v1/auth/wechat", body).await;
        assert_eq!(status, 200, "{reply}");
        let token = reply["access_token"].as_str().expect("an access token").to_owned();
        Client::new(self.base(), Some(token))
    }

    /// Moves the clock; nothing happens by itself.
    pub fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// Lets the program do everything that is due now, however it would find it.
    pub async fn run_due(&self) {
        let s = self.services().clone();
        let due = async move { zhinan::engine::worker::run_due(&s).await.unwrap() };
        self.runtime.as_ref().unwrap().spawn(due).await.unwrap();
    }

    /// Lists every message that reached a phone.
    pub async fn messages(&self) -> Vec<Message> {
        self.wechat.messages().await
    }

    /// Waits for one message to a person that says these words, and accounts for it.
    pub async fn expect_notice(&self, name: &str, words: &str) -> Message {
        let person = self.person(name);
        let (oa, what) = (person.oa(), format!("a notice to {name} that says {words:?}"));
        let fits = |one: &Message| (one.to == oa || one.to == person.mini) && one.says(words);
        until(&what, async || self.wechat.take(fits).await).await
    }

    /// Accounts for every message that arrived so far.
    pub async fn ignore_messages(&self) {
        self.wechat.ignore().await;
    }

    /// Says that a warning or error with these words belongs to the test.
    pub fn declare_log(&self, words: &str) {
        self.logs.declare(words);
    }

    /// Says that the test ends with work undone, and means it.
    pub fn leave_jobs(&mut self) {
        self.jobs_may_stay = true;
    }

    /// Puts a second process together on the same database and clock, as `serve` does; the caller
    /// finishes its lifecycle.
    pub async fn second_process(&self) -> zhinan::services::Services {
        let mut config = parts::config(&self.db.url, self.dir.path(), self.wechat.address);
        (self.tune)(&mut config);
        let services = zhinan::boot::services(&config, self.clock.clone()).await.unwrap();
        let watch = zhinan::app::places::watch(services.clone(), services.lifecycle.winding_down());
        services.lifecycle.spawn(watch);
        services
    }

    /// Serves a second process on the same database and clock; the caller ends it with
    /// [`Other::end`].
    pub async fn second_server(&self) -> Other {
        let services = self.second_process().await;
        let mut config = parts::config(&self.db.url, self.dir.path(), self.wechat.address);
        (self.tune)(&mut config);
        let served = parts::serve(&services, &config);
        Other(Running { services, served })
    }

    /// Stops the program and starts it again on the same database and clock.
    pub async fn restart(&mut self) {
        let before = self.running.take().unwrap();
        let (url, path) = (self.db.url.clone(), self.dir.path().to_owned());
        let (wechat, clock, tune) = (Arc::clone(&self.wechat), self.clock.clone(), self.tune);
        let again = async move {
            let db = before.services.db.clone();
            let problems = stop(before).await;
            assert!(problems.is_empty(), "{}", problems.join("\n"));
            // Not at the end of a test: a connection that the test's thread used goes back to its
            // pool through a task of that thread, which waits for the end by then.
            db.close().await.unwrap();
            start((&url, &path), &wechat, clock, tune).await
        };
        self.running = Some(self.runtime.as_ref().unwrap().spawn(again).await.unwrap());
    }

    fn base(&self) -> String {
        format!("http://{}", self.running.as_ref().unwrap().served.address)
    }
}

/// A second process.
pub struct Other(Running);

impl Other {
    pub fn base(&self) -> String {
        format!("http://{}", self.0.served.address)
    }

    pub async fn end(self) {
        let problems = stop(self.0).await;
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }
}

impl Drop for App {
    fn drop(&mut self) {
        // A connection of the test's own thread may find the runtime gone on its way to the pool.
        self.logs.declare("testing the connection on-release");
        // A machine that others keep busy for half a second; Redis itself is not what is tested here.
        self.logs.declare("Redis is away; this process works without it error=timed out");
        let (runtime, running) = (self.runtime.take().unwrap(), self.running.take());
        let wechat = Arc::clone(&self.wechat);
        let jobs = (!self.jobs_may_stay).then(|| self.db.url.clone());
        // The test's thread drives its own runtime and must not block in another one.
        let end = std::thread::spawn(move || {
            let problems = runtime.block_on(async {
                let mut problems = left_over(running.as_ref(), &wechat, jobs.as_deref()).await;
                if let Some(running) = running {
                    problems.extend(stop(running).await);
                }
                wechat.stop().await;
                problems
            });
            runtime.shutdown_timeout(Duration::from_secs(1));
            problems
        });
        let ended = end.join();
        if std::thread::panicking() {
            return;
        }
        let mut problems = ended.unwrap();
        let lines = self.logs.undeclared();
        problems.extend(lines.iter().map(|line| format!("logged: {} {}", line.level, line.text)));
        assert!(problems.is_empty(), "the test left behind:\n{}", problems.join("\n"));
    }
}

fn runtime() -> Runtime {
    let log = zhinan::telemetry::Log::here();
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .on_thread_start(move || log.adopt())
        .enable_all()
        .build()
        .unwrap()
}

async fn start(
    (url, dir): (&str, &Path),
    wechat: &StandIn,
    clock: Clock,
    tune: fn(&mut Config),
) -> Running {
    let mut config = parts::config(url, dir, wechat.address);
    tune(&mut config);
    let services = zhinan::boot::services(&config, clock).await.unwrap();
    let served = parts::serve(&services, &config);
    Running { services, served }
}

/// Opens one connection of its own.
pub async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.unwrap()
}

/// Lists what nobody looked at: messages and, with the database's address, due jobs. A connection
/// of the pool will not do: one that the test's own thread opened hears nothing while that waits.
async fn left_over(running: Option<&Running>, wechat: &StandIn, jobs: Option<&str>) -> Vec<String> {
    let messages = wechat.unaccounted().await;
    let mut found: Vec<String> =
        messages.iter().map(|one| format!("unexpected message: {one:?}")).collect();
    let Some((running, url)) = running.zip(jobs) else { return found };
    let s = &running.services;
    let db = connect(url).await;
    let due = job::Entity::find()
        .filter(job::Column::State.is_in([JobState::Ready, JobState::Running]))
        .filter(job::Column::RunAt.lte(s.clock.now()))
        .count(&db)
        .await;
    db.close().await.unwrap();
    match due {
        Ok(0) => {}
        other => found.push(format!("due jobs not done: {other:?}")),
    }
    found
}

async fn stop(running: Running) -> Vec<String> {
    let mut problems = Vec::new();
    let Running { services, served } = running;
    services.lifecycle.hang_up();
    if tokio::time::timeout(STOPS_WITHIN, served.handle.stop(true)).await.is_err() {
        problems.push(format!("the server did not stop within {STOPS_WITHIN:?}"));
    }
    if !services.lifecycle.finish(STOPS_WITHIN).await {
        problems.push(format!("a task did not stop within {STOPS_WITHIN:?}"));
    }
    problems
}
