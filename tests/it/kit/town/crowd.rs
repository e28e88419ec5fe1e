//! Residents of a town who report side by side, ask another server when one is gone, and do not
//! give up.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::Town;
use crate::kit::builders::ADDRESS;

const PATIENCE: Duration = Duration::from_mins(2);
const PAUSE: Duration = Duration::from_millis(50);
const RESIDENTS: usize = 10;
const CONNECTIONS: usize = 4;

/// What came back for one report.
#[derive(Clone, Debug)]
pub struct Posted {
    pub id: i64,
    pub number: String,
    /// Tries that got no answer at all.
    pub unanswered: usize,
    /// What the tries that were refused with 503 said.
    pub refused: Vec<Value>,
}

/// Residents who are signed in; cheap to clone.
#[derive(Clone)]
pub struct Crowd {
    http: reqwest::Client,
    urls: Arc<Vec<String>>,
    tokens: Arc<Vec<String>>,
    /// Reports that were answered so far.
    pub answered: Arc<AtomicUsize>,
    /// Tries that were refused with 503 so far.
    pub refused: Arc<AtomicUsize>,
    sent: Arc<AtomicUsize>,
}

impl Crowd {
    /// Signs residents in at the first of these servers.
    pub async fn of(town: &Town, names: &[&str]) -> Self {
        let urls: Vec<String> = names.iter().map(|name| town.url(name)).collect();
        let http = reqwest::Client::builder().timeout(Duration::from_secs(30)).build().unwrap();
        let mut tokens = Vec::new();
        for n in 0..RESIDENTS {
            let code = town.wechat.login_code(&format!("crowd-{n}")).await;
            let signed = http.post(format!("{}/api/v1/auth/wechat", urls[0]));
            let session = signed.json(&json!({ "code": code })).send().await.unwrap();
            let session: Value = session.json().await.unwrap();
            let token = session["access_token"].as_str();
            tokens.push(token.unwrap_or_else(|| panic!("no token: {session}")).to_owned());
        }
        Self {
            http,
            urls: Arc::new(urls),
            tokens: Arc::new(tokens),
            answered: Arc::default(),
            refused: Arc::default(),
            sent: Arc::default(),
        }
    }

    /// Goes on behind so many reports of another crowd: each report has a key of its own.
    #[must_use]
    pub fn behind(self, sent: usize) -> Self {
        self.sent.store(sent, Ordering::SeqCst);
        self
    }

    /// Sends so many reports, every third of them urgent, and waits for their answers.
    pub async fn report(&self, count: usize) -> Vec<Posted> {
        let first = self.sent.fetch_add(count, Ordering::SeqCst);
        let next = Arc::new(AtomicUsize::new(0));
        let posting = (0..CONNECTIONS).map(|_| {
            let (crowd, next) = (self.clone(), Arc::clone(&next));
            tokio::spawn(async move {
                let mut mine = Vec::new();
                loop {
                    let n = next.fetch_add(1, Ordering::SeqCst);
                    if n >= count {
                        return mine;
                    }
                    mine.push(crowd.one(first + n).await);
                }
            })
        });
        let mut all = Vec::with_capacity(count);
        for mine in posting.collect::<Vec<_>>() {
            all.extend(mine.await.unwrap());
        }
        all
    }

    /// Sends reports in the background.
    pub fn reporting(&self, count: usize) -> tokio::task::JoinHandle<Vec<Posted>> {
        let crowd = self.clone();
        tokio::spawn(async move { crowd.report(count).await })
    }

    async fn one(&self, n: usize) -> Posted {
        let (mut unanswered, mut refused, began) = (0, Vec::new(), Instant::now());
        loop {
            match self.attempt(n, n + unanswered + refused.len()).await {
                Some((201, view)) => {
                    self.answered.fetch_add(1, Ordering::SeqCst);
                    let id = view["id"].as_i64().unwrap();
                    let number = view["number"].as_str().unwrap().to_owned();
                    return Posted { id, number, unanswered, refused };
                }
                Some((503, problem)) => {
                    self.refused.fetch_add(1, Ordering::SeqCst);
                    refused.push(problem);
                }
                Some((status, problem)) => panic!("{status} for report {n}: {problem}"),
                None => unanswered += 1,
            }
            assert!(began.elapsed() < PATIENCE, "report {n} was not taken: {refused:?}");
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Uploads a photo; returns the answer.
    pub async fn photo(&self, jpeg: Vec<u8>) -> (u16, Value) {
        let request = self.http.post(format!("{}/api/v1/photos", self.urls[0]));
        let request = request.bearer_auth(&self.tokens[0]).header("content-type", "image/jpeg");
        let response = request.body(jpeg).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    /// Tries once; `None` when the answer did not come whole.
    pub async fn attempt(&self, n: usize, turn: usize) -> Option<(u16, Value)> {
        let urgent = n.is_multiple_of(3);
        let body = json!({ "text": "家里没水了", "address": ADDRESS, "category": "utilities",
            "urgency": { "danger": urgent, "stuck": false } });
        let url = format!("{}/api/v1/cases", self.urls[turn % self.urls.len()]);
        let request = self.http.post(url).bearer_auth(&self.tokens[n % self.tokens.len()]);
        let request = request.header("idempotency-key", format!("crowd-report-{n:06}")).json(&body);
        let response = request.send().await.ok()?;
        let status = response.status().as_u16();
        Some((status, response.json().await.ok()?))
    }
}
