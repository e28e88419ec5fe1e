//! One person's HTTP client: bearer, idempotency keys, status and JSON.

use std::sync::atomic::{AtomicU32, Ordering};

use reqwest::Method;
use serde_json::Value;

/// A key is used once in the whole run, whoever sends it.
static KEYS: AtomicU32 = AtomicU32::new(0);

pub fn next_key() -> String {
    format!("test-key-{:08}", KEYS.fetch_add(1, Ordering::SeqCst))
}

#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    token: Option<String>,
}

/// An answer with everything a test may want to look at.
#[derive(Debug)]
pub struct Raw {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub bytes: Vec<u8>,
}

impl Raw {
    /// Reads the body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }
}

impl Client {
    pub fn new(base: String, token: Option<String>) -> Self {
        // A server ends what was idle for five seconds, and whoever writes in that moment gets no answer:
        // a test that computes for so long cannot see it coming.
        let http = reqwest::Client::builder().pool_max_idle_per_host(0).build().unwrap();
        Self { http, base, token }
    }

    /// The server's address.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The bearer.
    pub fn token(&self) -> &str {
        self.token.as_deref().unwrap()
    }

    /// The same connection without a bearer.
    pub fn anonymous(&self) -> Self {
        Self { token: None, ..self.clone() }
    }

    /// The same connection with another bearer.
    pub fn bearing(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        self.json(Method::GET, path, None, None).await
    }

    /// Posts with a fresh `Idempotency-Key`.
    pub async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        self.post_with_key(path, &next_key(), body).await
    }

    /// Posts with a chosen `Idempotency-Key`.
    pub async fn post_with_key(&self, path: &str, key: &str, body: Value) -> (u16, Value) {
        self.json(Method::POST, path, Some(key), Some(body)).await
    }

    /// Sends with a chosen `Idempotency-Key`.
    pub async fn send_with_key(
        &self,
        method: &str,
        path: &str,
        key: &str,
        body: Option<Value>,
    ) -> (u16, Value) {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        self.json(method, path, Some(key), body).await
    }

    pub async fn send(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        if method == Method::POST {
            return self.post(path, body.unwrap_or(Value::Null)).await;
        }
        self.json(method, path, None, body).await
    }

    /// Gets anything, for bodies that are not JSON.
    pub async fn raw(&self, path: &str, accept: &str) -> Raw {
        let request = self.request(Method::GET, path).header("accept", accept);
        raw(request).await
    }

    /// Gets a part of something.
    pub async fn part(&self, path: &str, range: &str) -> Raw {
        raw(self.request(Method::GET, path).header("range", range)).await
    }

    /// Sends bytes as they are, for bodies that no serialiser would write.
    pub async fn bytes(&self, method: &str, path: &str, kind: &str, body: Vec<u8>) -> Raw {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let request = self.request(method, path).header("content-type", kind);
        raw(request.header("idempotency-key", next_key()).body(body)).await
    }

    /// Posts as if a proxy (or a liar) had written `X-Forwarded-For`; shows the whole answer.
    pub async fn post_from(&self, forwarded: &str, path: &str, body: &Value) -> Raw {
        let request = self.request(Method::POST, path).header("x-forwarded-for", forwarded);
        raw(request.header("idempotency-key", next_key()).json(body)).await
    }

    async fn json(
        &self,
        method: Method,
        path: &str,
        key: Option<&str>,
        body: Option<Value>,
    ) -> (u16, Value) {
        let mut request = self.request(method, path);
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let raw = raw(request).await;
        (raw.status, raw.json())
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }
}

async fn raw(request: reqwest::RequestBuilder) -> Raw {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Raw { status, headers, bytes: response.bytes().await.unwrap().to_vec() }
}
