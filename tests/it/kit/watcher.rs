//! Somebody outside who waits for pings, and can be told to refuse them.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering};

use actix_web::http::StatusCode;
use actix_web::{App, HttpResponse, HttpServer, web};

#[derive(Default)]
struct Heard {
    pings: AtomicUsize,
    /// Status to answer with; 0 is 200.
    status: AtomicU16,
}

pub struct Watcher {
    pub address: SocketAddr,
    heard: Arc<Heard>,
    handle: actix_web::dev::ServerHandle,
}

impl Watcher {
    /// Listens on a free port, on the runtime that runs this.
    pub fn start() -> Self {
        let heard = Arc::new(Heard::default());
        let data = web::Data::from(Arc::clone(&heard));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let make =
            move || App::new().app_data(data.clone()).route("/ping/token", web::get().to(ping));
        let server = HttpServer::new(make).workers(1).disable_signals();
        let server = server.listen(listener).unwrap().run();
        let handle = server.handle();
        tokio::spawn(async { server.await.unwrap() });
        Self { address, heard, handle }
    }

    pub fn url(&self) -> String {
        format!("http://{}/ping/token", self.address)
    }

    /// Counts the pings so far.
    pub fn pings(&self) -> usize {
        self.heard.pings.load(Ordering::SeqCst)
    }

    pub fn answer(&self, status: u16) {
        self.heard.status.store(status, Ordering::SeqCst);
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}

async fn ping(heard: web::Data<Heard>) -> HttpResponse {
    heard.pings.fetch_add(1, Ordering::SeqCst);
    let status = StatusCode::from_u16(heard.status.load(Ordering::SeqCst));
    HttpResponse::build(status.unwrap_or(StatusCode::OK)).finish()
}
