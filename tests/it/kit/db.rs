//! A database of its own for every `App`: a copy of one template with schema, street and roster,
//! made once per run. SQLite files by default; PostgreSQL with `ZHINAN_TEST_BACKEND=postgres`
//! and `TEST_DATABASE_URL`.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use sea_orm::{ConnectionTrait, Database, FromQueryResult, Statement};
use zhinan::store::db::Db;
use zhinan::store::writer::Writer;
use zhinan::vault::Vault;

use super::street;

/// Everything an `App` copies.
struct Template {
    /// The bytes of the SQLite file; empty on PostgreSQL.
    file: Vec<u8>,
    /// The template database's name on PostgreSQL.
    name: String,
    /// How PostgreSQL copies it: files as they are take 46 ms, pages through its log 63 and more.
    copied: &'static str,
    keys: Vec<u8>,
}

static TEMPLATE: OnceLock<Template> = OnceLock::new();
static COUNT: AtomicU32 = AtomicU32::new(0);

/// One database; dropped with the value.
pub struct TestDb {
    pub url: String,
    postgres: Option<(String, String)>,
}

fn server() -> Option<String> {
    let chosen = std::env::var("ZHINAN_TEST_BACKEND").is_ok_and(|backend| backend == "postgres");
    chosen.then(|| std::env::var("TEST_DATABASE_URL").expect("TEST_DATABASE_URL is not set"))
}

impl TestDb {
    /// Copies the template into `dir`, with the keys that its sealed columns need.
    pub fn fresh(dir: &Path) -> Self {
        let template = TEMPLATE.get_or_init(|| apart(make()));
        std::fs::create_dir_all(dir.join("keys")).unwrap();
        write_private(&vault_file(dir), &template.keys);
        if let Some(server) = server() {
            let name = format!("{}_{}", template.name, COUNT.fetch_add(1, Ordering::SeqCst));
            let create =
                format!("CREATE DATABASE {name} TEMPLATE {} {}", template.name, template.copied);
            apart(administer(server.clone(), vec![create]));
            return Self { url: at(&server, &name), postgres: Some((server, name)) };
        }
        let file = dir.join("zhinan.db");
        std::fs::write(&file, &template.file).unwrap();
        Self { url: sqlite(&file), postgres: None }
    }

    /// Makes a database without anything in it, for programs that run as processes of their own.
    pub fn empty(dir: &Path) -> Self {
        match server() {
            Some(server) => Self::empty_on(server),
            None => Self::empty_file(dir),
        }
    }

    /// Makes an empty SQLite database in `dir`, whatever the run's backend is.
    pub fn empty_file(dir: &Path) -> Self {
        Self { url: sqlite(&dir.join("zhinan.db")), postgres: None }
    }

    /// Makes an empty PostgreSQL database where a server is named, whatever the run's backend is.
    pub fn empty_postgres() -> Option<Self> {
        std::env::var("TEST_DATABASE_URL").ok().map(Self::empty_on)
    }

    /// Makes an empty database on this PostgreSQL server.
    pub fn empty_on(server: String) -> Self {
        let count = COUNT.fetch_add(1, Ordering::SeqCst);
        let name = format!("zhinan_t{}_e{count}", std::process::id());
        let create = format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'");
        apart(administer(server.clone(), vec![create]));
        Self { url: at(&server, &name), postgres: Some((server, name)) }
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        if let Some((server, name)) = self.postgres.take() {
            let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            apart(administer(server, vec![drop]));
        }
    }
}

/// Where the configuration looks for the keys when it names no file.
pub fn vault_file(dir: &Path) -> PathBuf {
    dir.join("keys").join("vault.json")
}

fn sqlite(file: &Path) -> String {
    format!("sqlite://{}", file.display())
}

/// Replaces the database's name in a URL.
fn at(server: &str, name: &str) -> String {
    let (base, query) = server.split_once('?').map_or((server, ""), |(base, rest)| (base, rest));
    let (base, _) = base.rsplit_once('/').expect("a URL with a database");
    if query.is_empty() { format!("{base}/{name}") } else { format!("{base}/{name}?{query}") }
}

fn write_private(file: &Path, bytes: &[u8]) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::write(file, bytes).unwrap();
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)).unwrap();
}

/// Runs on a thread and runtime of its own: the caller may be inside one that must not block.
fn apart<T: Send>(task: impl Future<Output = T> + Send) -> T {
    std::thread::scope(|scope| {
        let run = || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(task)
        };
        scope.spawn(run).join().unwrap()
    })
}

async fn make() -> Template {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("template.db");
    let name = format!("zhinan_t{}", std::process::id());
    let mut copied = "";
    let url = match server() {
        Some(server) => {
            copied = strategy(&server).await;
            let mut todo = stale(&server).await;
            todo.push(format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"));
            administer(server.clone(), todo).await;
            at(&server, &name)
        }
        None => sqlite(&file),
    };
    let keys = dir.path().join("vault.json");
    fill(&url, &keys).await;
    let file = std::fs::read(&file).unwrap_or_default();
    Template { file, name, copied, keys: std::fs::read(&keys).unwrap() }
}

/// Before version 15 files were copied without saying so.
async fn strategy(server: &str) -> &'static str {
    let db = Database::connect(server).await.unwrap();
    let text = "SELECT current_setting('server_version_num')::int >= 150000 AS chosen";
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), text)).await;
    let chosen = row.unwrap().unwrap().try_get("", "chosen").unwrap();
    db.close().await.unwrap();
    if chosen { "STRATEGY FILE_COPY" } else { "" }
}

/// Brings an empty database to the newest schema and writes the street and its people; the keys of
/// its sealed columns go to a new file.
pub async fn fill(url: &str, keys: &Path) {
    let vault = Vault::generate(keys, &mut rand::rng()).unwrap();
    let db = Db::connect(url, 2).await.unwrap();
    db.migrate().await.unwrap();
    let (writer, lane) = Writer::new(&db);
    let lane = tokio::spawn(lane);
    street::build(&writer, vault).await;
    drop(writer);
    lane.await.unwrap();
    db.close().await.unwrap();
}

/// Counts who waits for a lock of a PostgreSQL database.
pub async fn waiting(conn: &impl ConnectionTrait) -> i64 {
    let text = "SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let asked = Statement::from_string(conn.get_database_backend(), text);
    conn.query_one_raw(asked).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

#[derive(FromQueryResult)]
struct Named {
    datname: String,
}

/// Databases of runs whose process is gone: a killed run could not drop them itself.
async fn stale(server: &str) -> Vec<String> {
    let db = Database::connect(server).await.unwrap();
    let text = "SELECT datname FROM pg_database WHERE datname LIKE 'zhinan\\_t%'";
    let all = Statement::from_string(db.get_database_backend(), text);
    let found = Named::find_by_statement(all).all(&db).await.unwrap();
    db.close().await.unwrap();
    let gone = |name: &str| {
        let run = name.trim_start_matches("zhinan_t").split('_').next().unwrap_or_default();
        run.parse::<u32>().is_ok_and(|run| !Path::new(&format!("/proc/{run}")).exists())
    };
    let names = found.into_iter().map(|row| row.datname).filter(|name| gone(name));
    names.map(|name| format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).collect()
}

async fn administer(server: String, statements: Vec<String>) {
    let db = Database::connect(&server).await.unwrap();
    for statement in statements {
        db.execute_unprepared(&statement).await.unwrap();
    }
    db.close().await.unwrap();
}
