//! One call to WeChat, from token to understood answer.
//!
//! HTTP 200 says nothing: success is an absent or zero `errcode`, and of a message only a zero one
//! or the number that it was given. The token is renewed and the
//! call replayed exactly once when WeChat refused the token, which is safe because a refused
//! token means that nothing was done.

use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::failure::{Endpoint, Failure};
use super::token::{Fetched, TokenRequest};
use super::tolerant;
use super::{AppKind, Wechat};
use crate::gateway::http::{HttpError, Reply};

#[derive(Deserialize)]
struct Outcome {
    #[serde(default, deserialize_with = "tolerant::raw")]
    errcode: Option<Value>,
    #[serde(default, deserialize_with = "tolerant::text")]
    errmsg: String,
    #[serde(default, deserialize_with = "tolerant::maybe_integer")]
    msgid: Option<i64>,
}

impl Wechat {
    /// Posts `body` with a token of `kind` and reads the JSON answer.
    pub(super) async fn post<B: Serialize + Sync, R: DeserializeOwned>(
        &self,
        kind: AppKind,
        endpoint: Endpoint,
        body: &B,
    ) -> Result<R, Failure> {
        let answer = self.post_raw(kind, endpoint, body).await?;
        read(endpoint, &answer)
    }

    /// Posts `body` with a token of `kind`; the answer is not an error, but may be an image.
    pub(super) async fn post_raw<'a, B: Serialize + Sync>(
        &'a self,
        kind: AppKind,
        endpoint: Endpoint,
        body: &'a B,
    ) -> Result<Reply, Failure> {
        let call = move |token: Arc<str>| {
            let posting = async move {
                let (url, query) = (self.url(endpoint), [("access_token", &*token)]);
                accepted(endpoint, self.inner.http.post_json(&url, &query, body).await)
            };
            posting.boxed()
        };
        self.with_token(kind, call).await
    }

    /// Gets with a token of `kind` and reads the JSON answer.
    pub(super) async fn get<'a, R: DeserializeOwned>(
        &'a self,
        kind: AppKind,
        endpoint: Endpoint,
        query: &'a [(&'a str, &'a str)],
    ) -> Result<R, Failure> {
        let call = move |token: Arc<str>| {
            let getting = async move {
                let mut full = vec![("access_token", &*token)];
                full.extend_from_slice(query);
                accepted(endpoint, self.inner.http.get(&self.url(endpoint), &full).await)
            };
            getting.boxed()
        };
        let answer = self.with_token(kind, call).await?;
        read(endpoint, &answer)
    }

    /// Gets without a token and reads the JSON answer.
    pub(super) async fn get_open<R: DeserializeOwned>(
        &self,
        endpoint: Endpoint,
        query: &[(&str, &str)],
    ) -> Result<R, Failure> {
        let answer = accepted(endpoint, self.inner.http.get(&self.url(endpoint), query).await)?;
        read(endpoint, &answer)
    }

    /// Obtains a token without using it: proves that address, appid and secret are right.
    pub async fn prove(&self, kind: AppKind) -> Result<(), Failure> {
        let fetch = move |force: bool| self.fetch_token(kind, force).boxed();
        self.account(kind).tokens.current(&fetch).await?;
        Ok(())
    }

    /// The futures are boxed because a job must be able to move between threads, which the
    /// compiler does not see through an `AsyncFn`.
    async fn with_token<'a>(
        &'a self,
        kind: AppKind,
        call: impl Fn(Arc<str>) -> BoxFuture<'a, Result<Reply, Failure>> + Send + Sync,
    ) -> Result<Reply, Failure> {
        let tokens = &self.account(kind).tokens;
        let fetch = move |force: bool| self.fetch_token(kind, force).boxed();
        let token = tokens.current(&fetch).await?;
        match call(Arc::clone(&token)).await {
            Err(failure) if failure.refuses_token() => {
                let renewed = tokens.renew(Some(&token), &fetch).await?;
                call(renewed).await
            }
            other => other,
        }
    }

    async fn fetch_token(&self, kind: AppKind, force: bool) -> Result<Fetched, Failure> {
        let account = self.account(kind);
        let body = TokenRequest::new(&account.appid, account.secret(), force);
        let url = self.url(Endpoint::Token);
        let reply = self.inner.http.post_json(&url, &[], &body).await;
        let fetched =
            accepted(Endpoint::Token, reply).and_then(|answer| read(Endpoint::Token, &answer));
        fetched.map_err(Failure::before_the_call)
    }
}

/// Turns silence, bad statuses and refusals into failures. A refusal in WeChat's own words is one
/// whatever the status beside it is. Image bytes pass where a code is drawn, which answers either;
/// any other body that is no JSON comes from somebody in between.
pub(in crate::gateway) fn accepted(
    endpoint: Endpoint,
    reply: Result<Reply, HttpError>,
) -> Result<Reply, Failure> {
    let reply = reply.map_err(|cause| Failure::unanswered(endpoint, &cause))?;
    if reply.status != 200 {
        let failure = match said(endpoint, &reply) {
            // A yes beside the status of a failure is neither.
            Some((0, _)) => Failure::garbled(endpoint, "a yes beside another status"),
            Some((code, words)) => Failure::refused(endpoint, code, &words),
            None => Failure::status(endpoint, reply.status),
        };
        return Err(Failure { retry_after: reply.retry_after, ..failure });
    }
    if !is_json(&reply) {
        let drawn = endpoint == Endpoint::Wxacode && !reply.body.is_empty();
        return if drawn { Ok(reply) } else { Err(Failure::garbled(endpoint, "no JSON")) };
    }
    let outcome: Outcome = read(endpoint, &reply)?;
    let not_said = || Failure::garbled(endpoint, "neither a yes nor a refusal");
    match outcome.errcode {
        None if outcome.msgid.is_none() && endpoint.sends() => Err(not_said()),
        None => Ok(reply),
        Some(code) => match tolerant::as_integer(&code) {
            Some(0) => Ok(reply),
            Some(code) => Err(Failure::refused(endpoint, code, &outcome.errmsg)),
            None => Err(not_said()),
        },
    }
}

/// Reads the platform's number and words in a body that came with a status of its own.
fn said(endpoint: Endpoint, reply: &Reply) -> Option<(i64, String)> {
    let outcome: Outcome = is_json(reply).then(|| read(endpoint, reply).ok())??;
    Some((tolerant::as_integer(&outcome.errcode?)?, outcome.errmsg))
}

fn is_json(reply: &Reply) -> bool {
    let first = tolerant::plain(&reply.body).iter().find(|byte| !byte.is_ascii_whitespace());
    reply.content_type.starts_with("application/json") || first == Some(&b'{')
}

/// Reads an accepted answer; one that is not understood is doubtful.
pub(in crate::gateway) fn read<R: DeserializeOwned>(
    endpoint: Endpoint,
    reply: &Reply,
) -> Result<R, Failure> {
    tolerant::read(&reply.body).map_err(|why| {
        let failure = Failure::garbled(endpoint, &why.to_string());
        Failure { status: Some(reply.status), ..failure }
    })
}

#[cfg(test)]
mod tests {
    use super::super::Class;
    use super::*;

    fn answered(endpoint: Endpoint, body: &str) -> Result<(), (Option<i64>, bool)> {
        with_status(endpoint, 200, body)
    }

    fn with_status(endpoint: Endpoint, status: u16, body: &str) -> Result<(), (Option<i64>, bool)> {
        let content_type = "text/plain".to_owned();
        let reply = Reply { status, content_type, retry_after: None, body: body.into() };
        accepted(endpoint, Ok(reply)).map(drop).map_err(|why| (why.errcode, why.doubtful))
    }

    #[test]
    fn only_a_yes_is_a_yes() {
        use Endpoint::{Employee, Subscribe, Template, UserInfo, WecomRobot, WecomSend};
        let (yes, unclear) = (Ok(()), Err((None, true)));
        let no = |code| Err((Some(code), false));
        for at in [Template, Subscribe, Employee, WecomSend, WecomRobot] {
            for (body, want) in [
                (r#"{"errcode":0,"errmsg":"ok"}"#, yes),
                (r#"{"errcode":"0"}"#, yes),
                (r#"{"errcode":0.0}"#, yes),
                (r#"{"msgid":2918131553548107776}"#, yes),
                ("\u{feff}{\"errcode\":0}", yes),
                (r#"{"errcode":45009}"#, no(45_009)),
                (r#"{"errcode":45009.0}"#, no(45_009)),
                (r#"{"errcode":" 45009 "}"#, no(45_009)),
                (r#"{"errcode":43101,"errmsg":null}"#, no(43_101)),
                (r#"{"errcode":43101,"errmsg":{"zh":"x"}}"#, no(43_101)),
                (r#"{"errcode":40037.0,"errmsg":7}"#, no(40_037)),
                ("{}", unclear),
                (r#"{"errcode":null}"#, unclear),
                (r#"{"errcode":{}}"#, unclear),
                (r#"{"errcode":0.5}"#, unclear),
                (r#"{"errcode":true}"#, unclear),
                (r#"{"errcode":""}"#, unclear),
                (r#"{"msgid":null}"#, unclear),
                (r#"{"message":"no route"}"#, unclear),
                (r#"{"errcode":0"#, unclear),
                ("<html><title>welcome</title></html>", unclear),
                ("", unclear),
                ("\u{1f}\u{8b}", unclear),
            ] {
                assert_eq!(answered(at, body), want, "{at:?} {body}");
            }
        }
        for (body, want) in [
            (r#"{"subscribe":1,"openid":"o"}"#, yes),
            (r#"{"errcode":null,"subscribe":1}"#, yes),
            (r#"{"errcode":{},"subscribe":1}"#, unclear),
            (r#"{"errcode":-1.0,"errmsg":7}"#, no(-1)),
        ] {
            assert_eq!(answered(UserInfo, body), want, "an answer without a number: {body}");
        }
    }

    #[test]
    fn what_wechat_says_counts_for_more_than_the_status_beside_it() {
        use Endpoint::{Subscribe, Template, WecomRobot, Wxacode};
        for (at, status, body, want) in [
            (Template, 401, r#"{"errcode":40001,"errmsg":"x"}"#, Err((Some(40_001), false))),
            (Subscribe, 412, r#"{"errcode":"43101"}"#, Err((Some(43_101), false))),
            (Subscribe, 500, r#"{"errcode":45009}"#, Err((Some(45_009), false))),
            (Subscribe, 500, r#"{"errcode":0,"msgid":1}"#, Err((None, true))),
            (Subscribe, 502, "<html>", Err((None, true))),
            (Template, 403, "<html>", Err((None, false))),
            // Something was done, and nobody says what.
            (Template, 204, "", Err((None, true))),
            (WecomRobot, 202, "queued", Err((None, true))),
            (Wxacode, 200, "picture", Ok(())),
            (Wxacode, 200, "", Err((None, true))),
        ] {
            assert_eq!(with_status(at, status, body), want, "{at:?} {status} {body}");
        }
    }

    #[test]
    fn a_refused_token_is_known_whatever_the_words_beside_it_are() {
        for body in [
            &br#"{"errcode":40001,"errmsg":null}"#[..],
            b"{\"errcode\":40001,\"errmsg\":\"\x14 \xe7\x8e\"}",
        ] {
            let (content_type, body) = ("application/json".to_owned(), body.to_vec());
            let reply = Reply { status: 200, content_type, retry_after: None, body };
            let failure = accepted(Endpoint::Template, Ok(reply)).unwrap_err();
            assert!(failure.refuses_token());
            assert_eq!((failure.class, failure.doubtful), (Class::RefreshToken, false));
        }
    }
}
