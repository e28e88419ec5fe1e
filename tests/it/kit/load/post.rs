//! Residents who post messages side by side and do not give up when the server is gone.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::processes::Processes;

const PATIENCE: Duration = Duration::from_secs(90);
const PAUSE: Duration = Duration::from_millis(20);

/// What one resident says.
#[derive(Clone, Debug)]
pub struct Message {
    pub text: String,
    /// Longitude, latitude, accuracy in metres; GCJ-02.
    pub gps: Option<(f64, f64, f64)>,
}

/// What came back for one message, in the order of the messages.
#[derive(Clone, Debug)]
pub struct Posted {
    pub view: Value,
    /// Milliseconds of the try that was answered.
    pub ms: f64,
    /// Tries that got no answer at all.
    pub unanswered: usize,
    /// Tries that were answered by a 5xx.
    pub server_errors: usize,
}

/// A crowd that signed in.
pub struct Crowd {
    http: reqwest::Client,
    url: String,
    tokens: Vec<String>,
}

impl Crowd {
    /// Signs `count` residents in.
    pub async fn sign_in(processes: &Processes, count: usize) -> Self {
        let http = reqwest::Client::new();
        let mut tokens = Vec::with_capacity(count);
        for n in 0..count {
            let login = json!({ "openid": format!("load-resident-{n}") });
            let code =
                send(&http, &format!("{}/_sandbox/login", processes.sandbox_url), &login).await;
            let body = json!({ "code": code["code"] });
            let session =
                send(&http, &format!("{}/api/v1/auth/wechat", processes.url), &body).await;
            tokens.push(session["access_token"].as_str().expect("a token").to_owned());
        }
        Self { http, url: processes.url.clone(), tokens }
    }

    /// Posts all messages over `connections` side by side. Each message has one key for all its
    /// tries. `answered` counts along, so that somebody else can act in the middle.
    pub async fn post_all(
        self: &Arc<Self>,
        messages: &Arc<Vec<Message>>,
        connections: usize,
        answered: &Arc<AtomicUsize>,
    ) -> Vec<Posted> {
        let next = Arc::new(AtomicUsize::new(0));
        let workers: Vec<_> = (0..connections)
            .map(|_| {
                let (crowd, messages) = (Arc::clone(self), Arc::clone(messages));
                let (next, answered) = (Arc::clone(&next), Arc::clone(answered));
                tokio::spawn(async move {
                    let mut mine = Vec::new();
                    loop {
                        let n = next.fetch_add(1, Ordering::SeqCst);
                        let Some(message) = messages.get(n) else { return mine };
                        mine.push((n, crowd.post(n, message).await));
                        answered.fetch_add(1, Ordering::SeqCst);
                    }
                })
            })
            .collect();
        let mut all = Vec::with_capacity(messages.len());
        for worker in workers {
            all.extend(worker.await.unwrap());
        }
        all.sort_by_key(|(n, _)| *n);
        all.into_iter().map(|(_, posted)| posted).collect()
    }

    async fn post(&self, n: usize, message: &Message) -> Posted {
        let mut body = json!({ "text": message.text });
        if let Some((lon, lat, accuracy_m)) = message.gps {
            body["location"] =
                json!({ "lon": lon, "lat": lat, "accuracy_m": accuracy_m, "datum": "gcj02" });
        }
        let token = self.tokens.get(n % self.tokens.len()).expect("somebody signed in");
        let (mut unanswered, mut server_errors, began) = (0, 0, Instant::now());
        loop {
            let tried = Instant::now();
            let request = self
                .http
                .post(format!("{}/api/v1/cases", self.url))
                .bearer_auth(token)
                .header("idempotency-key", format!("load-message-{n:06}"))
                .json(&body);
            match answer(request).await {
                Some((201, view)) => {
                    let ms = tried.elapsed().as_secs_f64() * 1e3;
                    return Posted { view, ms, unanswered, server_errors };
                }
                Some((status, view)) if status < 500 => panic!("{status} for message {n}: {view}"),
                Some((status, view)) => {
                    println!("{status} for message {n}: {view}");
                    server_errors += 1;
                }
                None => unanswered += 1,
            }
            assert!(began.elapsed() < PATIENCE, "message {n} was not taken in {PATIENCE:?}");
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// `None`: the answer did not come whole, so the client knows nothing.
async fn answer(request: reqwest::RequestBuilder) -> Option<(u16, Value)> {
    let response = request.send().await.ok()?;
    let status = response.status().as_u16();
    Some((status, response.json().await.ok()?))
}

async fn send(http: &reqwest::Client, url: &str, body: &Value) -> Value {
    let response = http.post(url).json(body).send().await.unwrap();
    assert!(response.status().is_success(), "{url}: {}", response.status());
    response.json().await.unwrap()
}

/// Says in one line how the posts went.
pub fn summary(posted: &[Posted], seconds: f64) -> String {
    let mut ms: Vec<f64> = posted.iter().map(|one| one.ms).collect();
    ms.sort_by(f64::total_cmp);
    let at = |percent: usize| ms.get((ms.len() * percent).div_ceil(100).max(1) - 1).unwrap();
    let unanswered: usize = posted.iter().map(|one| one.unanswered).sum();
    let errors: usize = posted.iter().map(|one| one.server_errors).sum();
    let count = u32::try_from(posted.len()).unwrap();
    format!(
        "{count} x 201 in {seconds:.1} s: {:.0}/s, p50 {:.1} ms, p99 {:.1} ms, max {:.1} ms; \
         {unanswered} tries without an answer, {errors} with 5xx",
        f64::from(count) / seconds,
        at(50),
        at(99),
        at(100)
    )
}
