//! Decides whether a push really comes from WeChat, is fresh, and is meant for this account.
//!
//! With an `EncodingAESKey` only the encrypted part of a body is believed, on `msg_signature`
//! alone: the plain `signature` of the same address does not cover the body, so whoever saw one
//! address could otherwise attach any body to it.

use entity::kinds::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;

use super::crypto::{self, AesKey, EnvelopeError};
use super::{App, SetupError, tolerant, xml};

/// Largest body that is looked at.
const MAX_BODY: usize = 64 * 1024;
/// How far WeChat's clock and ours may be apart, a repeated push included.
pub const MAX_DRIFT_SECONDS: i64 = 300;

/// The query of a push or of the address check, percent-decoded.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct CallbackQuery {
    /// Covers token, timestamp and nonce.
    #[serde(default)]
    pub signature: String,
    /// Seconds since the epoch.
    #[serde(default)]
    pub timestamp: String,
    /// Any text.
    #[serde(default)]
    pub nonce: String,
    /// Covers the encrypted body as well; present in secure mode.
    #[serde(default)]
    pub msg_signature: String,
    /// To be echoed by the address check.
    #[serde(default)]
    pub echostr: String,
}

/// Why a push was not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallbackError {
    /// The signature does not fit.
    #[error("the signature is not WeChat's")]
    Forged,
    /// The timestamp is missing or too far from now.
    #[error("the push is too old or comes from the future")]
    Stale,
    /// Larger than 64 KB.
    #[error("the body is too large")]
    TooLarge,
    /// Neither the JSON nor the XML that WeChat sends.
    #[error("the body is not understood")]
    Malformed,
    /// The account is in secure mode and the body has no encrypted part.
    #[error("the body is not encrypted although a key is configured")]
    NotEncrypted,
    /// The same, and it is signed as in plain mode: the console was never set to encrypt.
    #[error("the push is signed and not encrypted although a key is configured")]
    PlainMode,
    /// The body is encrypted and nobody gave us the key.
    #[error("the body is encrypted and no key is configured to open it")]
    NoKey,
    /// The callback is not configured: there is nothing to knock at.
    #[error("no callback is configured here")]
    NoDoor,
    /// The encrypted part cannot be opened.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
}

impl CallbackError {
    /// Names the reason for counters.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Forged => "forged",
            Self::Stale => "stale",
            Self::TooLarge => "too_large",
            Self::Malformed => "malformed",
            Self::NotEncrypted | Self::PlainMode => "not_encrypted",
            Self::NoKey => "no_key",
            Self::NoDoor => "no_door",
            Self::Envelope(_) => "envelope",
        }
    }
}

/// One account's entrance for pushes.
pub(in crate::gateway) struct Door {
    appid: String,
    token: SecretString,
    key: Option<AesKey>,
}

impl Door {
    pub(in crate::gateway) fn new(app: &App) -> Result<Self, SetupError> {
        let text = app.aes_key.expose_secret();
        let key = match AesKey::parse(text) {
            Some(key) => Some(key),
            None if text.is_empty() => None,
            None => return Err(SetupError::AesKey { appid: app.appid.clone() }),
        };
        Ok(Self { appid: app.appid.clone(), token: app.token.clone(), key })
    }

    pub(super) fn verify(
        &self,
        query: &CallbackQuery,
        now: Timestamp,
    ) -> Result<(), CallbackError> {
        self.check(&query.signature, query, &[])?;
        fresh(query, now)
    }

    /// Opens the sealed echo of WeCom's address check.
    pub(in crate::gateway) fn open_echo(
        &self,
        query: &CallbackQuery,
        now: Timestamp,
    ) -> Result<String, CallbackError> {
        let key = self.key.as_ref().ok_or(CallbackError::NoDoor)?;
        // A plus that was not escaped arrives as a blank, and base64 has no blanks.
        let sealed = query.echostr.replace(' ', "+");
        self.check(&query.msg_signature, query, &[&sealed])?;
        fresh(query, now)?;
        Ok(crypto::decrypt(key, &sealed, &self.appid)?)
    }

    pub(in crate::gateway) fn open(
        &self,
        query: &CallbackQuery,
        body: &[u8],
        now: Timestamp,
    ) -> Result<String, CallbackError> {
        if body.len() > MAX_BODY {
            return Err(CallbackError::TooLarge);
        }
        let text = String::from_utf8_lossy(body);
        let Some(key) = &self.key else {
            self.verify(query, now)?;
            let open = !is_only_sealed(&text);
            return if open { Ok(text.into_owned()) } else { Err(CallbackError::NoKey) };
        };
        let sealed = match sealed_part(&text) {
            Err(CallbackError::NotEncrypted) if self.verify(query, now).is_ok() => {
                return Err(CallbackError::PlainMode);
            }
            sealed => sealed?,
        };
        self.check(&query.msg_signature, query, &[&sealed])?;
        fresh(query, now)?;
        Ok(crypto::decrypt(key, &sealed, &self.appid)?)
    }

    fn check(
        &self,
        claimed: &str,
        query: &CallbackQuery,
        more: &[&str],
    ) -> Result<(), CallbackError> {
        let token = self.token.expose_secret();
        let mut parts = vec![token, query.timestamp.as_str(), query.nonce.as_str()];
        parts.extend_from_slice(more);
        // Without a token anybody could compute the signature.
        if !token.is_empty() && crypto::is_signed(claimed, &parts) {
            Ok(())
        } else {
            Err(CallbackError::Forged)
        }
    }
}

fn fresh(query: &CallbackQuery, now: Timestamp) -> Result<(), CallbackError> {
    let sent: i64 = query.timestamp.parse().ok().ok_or(CallbackError::Stale)?;
    match (now.0 / 1_000_000).checked_sub(sent) {
        Some(age) if age.abs() <= MAX_DRIFT_SECONDS => Ok(()),
        _ => Err(CallbackError::Stale),
    }
}

/// Tells whether a push says nothing but in its encrypted part; in WeChat's compatible mode it says
/// everything twice.
fn is_only_sealed(text: &str) -> bool {
    document(text).is_some_and(|outer| {
        let has = |name| field(&outer, name).is_some();
        has("Encrypt") && !has("MsgType") && !has("Event")
    })
}

fn sealed_part(text: &str) -> Result<String, CallbackError> {
    let outer = document(text).ok_or(CallbackError::Malformed)?;
    let sealed = field(&outer, "Encrypt").and_then(Value::as_str);
    sealed.map(str::to_owned).ok_or(CallbackError::NotEncrypted)
}

/// Reads XML or JSON, told apart by the first non-blank character, a byte order mark being none;
/// `None` when it is neither.
pub(in crate::gateway) fn document(text: &str) -> Option<Value> {
    let text = text.trim_start_matches(|c: char| c == '\u{feff}' || c.is_whitespace());
    match text.chars().next()? {
        '<' => xml::parse(text),
        '{' => tolerant::read(text.as_bytes()).ok(),
        _ => None,
    }
}

/// Finds a field by its name, in whatever letters and between whatever blanks it was written: official
/// examples do not agree with the tables beside them.
pub(in crate::gateway) fn field<'a>(body: &'a Value, name: &str) -> Option<&'a Value> {
    let fields = body.as_object()?;
    let alike = || fields.iter().find(|(key, _)| key.trim().eq_ignore_ascii_case(name));
    fields.get(name).or_else(|| alike().map(|(_, value)| value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_push_where_nobody_gave_us_the_key_is_refused_and_a_compatible_one_is_read() {
        let app = App {
            appid: "wx1".into(),
            secret: "s".into(),
            token: "t".into(),
            aes_key: String::new().into(),
        };
        let door = Door::new(&app).unwrap();
        let query = CallbackQuery {
            signature: crypto::signature(&["t", "1700000000", "n"]),
            timestamp: "1700000000".into(),
            nonce: "n".into(),
            ..CallbackQuery::default()
        };
        let now = Timestamp(1_700_000_000_000_000);
        for (body, read) in [
            ("<xml><ToUserName>gh</ToUserName><Encrypt>x</Encrypt></xml>", false),
            (r#"{"ToUserName":"gh","Encrypt":"x"}"#, false),
            (r#"{"ToUserName":"gh","Encrypt":"x","MsgType":"event","Event":"subscribe"}"#, true),
            ("<xml><MsgType>event</MsgType><Event>subscribe</Event></xml>", true),
        ] {
            let opened = door.open(&query, body.as_bytes(), now);
            let want = if read { Ok(body.to_owned()) } else { Err(CallbackError::NoKey) };
            assert_eq!(opened, want, "{body}");
        }
    }
}
