//! What the database itself can do: one row, one statement, one commit per caller's request; the same
//! as the answer to an HTTP request; and the same row through the program's writer.

use std::net::SocketAddr;
use std::sync::Arc;

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpResponse, HttpServer, web};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement, TransactionTrait};
use serde_json::Value;
use zhinan::error::Error;
use zhinan::store::db::Db;

use super::Args;
use super::figures::{Report, Round, paced, side_by_side};
use super::scene::Scene;

const WORDS: &str = "阳光花园1号楼2单元101 家里没水了";

fn insert(conn: &impl ConnectionTrait) -> Statement {
    let text = "INSERT INTO bench_floor (words) VALUES ($1)";
    Statement::from_sql_and_values(conn.get_database_backend(), text, [WORDS.into()])
}

async fn one_row(conn: Arc<DatabaseConnection>) {
    conn.execute_raw(insert(&*conn)).await.unwrap();
}

pub async fn measure(args: &Args, server: Option<String>, report: &mut Report) {
    let scene = Scene::open(args, server).await;
    let id = if scene.s.db.is_sqlite() { "INTEGER" } else { "BIGSERIAL" };
    scene.tell_durability().await;
    scene
        .run(&format!("CREATE TABLE bench_floor (id {id} PRIMARY KEY, words TEXT NOT NULL)"))
        .await;
    let bare = bare(&scene).await;
    let (mut alone, mut fewer, mut half) = (Vec::new(), Vec::new(), Vec::new());
    let (mut asked, server) = (Vec::new(), bare_server(Arc::clone(&bare)));
    let (mut opened, mut written) = (Vec::new(), Vec::new());
    for _ in 0..args.rounds {
        for (callers, rounds) in [(args.callers, &mut alone), (args.callers / 2, &mut fewer)] {
            let conn = Arc::clone(&bare);
            rounds.push(
                side_by_side(callers, args.writes, move |_| one_row(Arc::clone(&conn))).await,
            );
        }
        let (conn, speed) = (Arc::clone(&bare), alone.last().map_or(1.0, |one| one.per_s));
        let half_load = paced(speed / 2.0, args.writes, move |_| one_row(Arc::clone(&conn)));
        half.push(half_load.await);
        opened.push(in_transactions(args, &bare).await);
        let client = scene.client.at(&format!("http://{}/", server.0));
        let ask = side_by_side(args.callers, args.writes, move |_| {
            let client = client.clone();
            async move { drop(client.report("bench-key-of-the-floor", false).await) }
        });
        asked.push(ask.await);
        let s = scene.s.clone();
        let write = side_by_side(args.callers, args.writes, move |_| {
            let writer = s.writer.clone();
            async move {
                let unit = writer.commit(|tx| {
                    Box::pin(async move {
                        tx.execute_raw(insert(tx)).await?;
                        Ok::<_, Error>(())
                    })
                });
                unit.await.unwrap();
            }
        });
        written.push(write.await);
    }
    report.rounds("write: floor, one row and commit each", &alone);
    report.rounds("write: floor, half the callers", &fewer);
    report.rounds("write: floor at half of its speed", &half);
    report.rounds("write: floor in a transaction of its own", &opened);
    report.rounds("write: floor as an answer to a request", &asked);
    report.rounds("write: one row through the writer", &written);
    server.1.stop(true).await;
    scene.close().await;
}

/// The one row as programs write: a transaction is opened, written in and committed.
async fn in_transactions(args: &Args, conn: &Arc<DatabaseConnection>) -> Round {
    let conn = Arc::clone(conn);
    let open = side_by_side(args.callers, args.writes, move |_| {
        let conn = Arc::clone(&conn);
        async move {
            let tx = conn.begin().await.unwrap();
            tx.execute_raw(insert(&tx)).await.unwrap();
            tx.commit().await.unwrap();
        }
    });
    open.await
}

/// A server that writes the one bare row for each request, and nothing else.
fn bare_server(conn: Arc<DatabaseConnection>) -> (SocketAddr, ServerHandle) {
    async fn write(conn: web::Data<DatabaseConnection>, body: web::Json<Value>) -> HttpResponse {
        conn.execute_raw(insert(&**conn)).await.unwrap();
        HttpResponse::Created().json(body.into_inner())
    }
    let conn = web::Data::from(conn);
    let server = HttpServer::new(move || {
        App::new().app_data(conn.clone()).route("/", web::post().to(write))
    });
    let server = server.workers(2).disable_signals().bind("127.0.0.1:0").unwrap();
    let address = server.addrs()[0];
    let server = server.run();
    let handle = server.handle();
    tokio::spawn(async { server.await.unwrap() });
    (address, handle)
}

/// The program's own pool; on SQLite, where the program has one writing connection, one like it.
async fn bare(scene: &Scene) -> Arc<DatabaseConnection> {
    if !scene.s.db.is_sqlite() {
        return Arc::new(scene.s.db.read.bare().clone());
    }
    let file = scene.database_url();
    Arc::new(Db::connect(&file, 1).await.unwrap().read.bare().clone())
}
