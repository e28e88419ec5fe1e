//! WeCom (企业微信): the door by which it reaches us.
//!
//! Its envelope is WeChat's, sealed for the corporation instead of an account. What differs: there
//! is no plain mode, and the check of the address is sealed as well.

use std::sync::Arc;

use entity::kinds::Timestamp;
use secrecy::{ExposeSecret, SecretString};

use super::wechat::callback::Door;
use super::wechat::{App, CallbackError, CallbackQuery, SetupError};

/// The corporation and its callback's credentials; all three or none.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `CorpID`: whom envelopes are sealed for.
    pub corpid: String,
    /// Token of the callback configuration.
    pub token: SecretString,
    /// `EncodingAESKey` of the callback configuration.
    pub aes_key: SecretString,
}

/// WeCom as far as this program hears it. Cheap to clone.
#[derive(Clone)]
pub struct Wecom(Option<Arc<Door>>);

impl std::fmt::Debug for Wecom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Wecom").field(&self.0.is_some()).finish()
    }
}

impl Wecom {
    /// Builds the door, or a wall where the callback is not configured; fails on an invalid
    /// `EncodingAESKey`.
    pub fn new(settings: Settings) -> Result<Self, SetupError> {
        let Settings { corpid, token, aes_key } = settings;
        let missing = [corpid.as_str(), token.expose_secret(), aes_key.expose_secret()];
        if missing.iter().any(|part| part.is_empty()) {
            return Ok(Self(None));
        }
        let secret = SecretString::default();
        Ok(Self(Some(Arc::new(Door::new(&App { appid: corpid, secret, token, aes_key })?))))
    }

    /// Answers the check of the callback address with what its sealed `echostr` says.
    pub fn verify_callback(
        &self,
        query: &CallbackQuery,
        now: Timestamp,
    ) -> Result<String, CallbackError> {
        self.door()?.open_echo(query, now)
    }

    /// Authenticates one pushed body and returns its inner text. Fails on anything forged, stale,
    /// oversized or meant for another corporation.
    pub fn open_callback(
        &self,
        query: &CallbackQuery,
        body: &[u8],
        now: Timestamp,
    ) -> Result<String, CallbackError> {
        self.door()?.open(query, body, now)
    }

    fn door(&self) -> Result<&Door, CallbackError> {
        self.0.as_deref().ok_or(CallbackError::NoDoor)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::{Value, json};

    use super::*;

    fn door(vector: &Value) -> Wecom {
        let text = |name: &str| vector[name].as_str().unwrap();
        let settings = Settings {
            corpid: text("receive_id").into(),
            token: text("token").into(),
            aes_key: text("encoding_aes_key").into(),
        };
        Wecom::new(settings).unwrap()
    }

    fn query(vector: &Value) -> CallbackQuery {
        let text = |name: &str| vector[name].as_str().unwrap().to_owned();
        CallbackQuery {
            timestamp: text("timestamp"),
            nonce: text("nonce"),
            msg_signature: text("msg_signature"),
            echostr: text("encrypt"),
            ..CallbackQuery::default()
        }
    }

    fn then(vector: &Value) -> Timestamp {
        let seconds: i64 = vector["timestamp"].as_str().unwrap().parse().unwrap();
        Timestamp(seconds * 1_000_000)
    }

    fn published() -> Value {
        json!({
            "receive_id": "wx49f0ab532d5d035a",
            "token": "123456",
            "encoding_aes_key": "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR",
            "timestamp": "1411443780",
            "nonce": "437374425",
            "encrypt": "4ByGGj+sVCYcvGeQYhaKIk1o0pQRNbRjxybjTGblXrBaXlTXeOo1+bXFXDQQb1o6co6Yh9Bv41n7hOchLF6p+Q==",
            "msg_signature": "dd6b9c95b495b3f7e2901bfbc76c664930ffdb96",
            "plaintext": "5927782489442352469",
        })
    }

    #[test]
    fn the_published_echo_is_opened_and_nothing_that_differs_from_it() {
        let vector = published();
        let (good, now) = (query(&vector), then(&vector));
        let answer = door(&vector).verify_callback(&good, now);
        assert_eq!(answer.as_deref(), Ok("5927782489442352469"));
        let ask = |query: &CallbackQuery| door(&vector).verify_callback(query, now);
        let other = |nonce: &str| CallbackQuery { nonce: nonce.into(), ..good.clone() };
        assert_eq!(ask(&other("437374426")), Err(CallbackError::Forged));
        let late = Timestamp(now.0 + 301_000_000);
        assert_eq!(door(&vector).verify_callback(&good, late), Err(CallbackError::Stale));
        let mut foreign = vector.clone();
        foreign["receive_id"] = "ww1".into();
        let answer = door(&foreign).verify_callback(&good, now);
        assert!(matches!(answer, Err(CallbackError::Envelope(_))), "{answer:?}");
    }

    #[test]
    fn without_corporation_token_or_key_there_is_no_door() {
        for name in ["receive_id", "token", "encoding_aes_key"] {
            let mut vector = published();
            vector[name] = "".into();
            let answer = door(&vector).verify_callback(&query(&vector), then(&vector));
            assert_eq!(answer, Err(CallbackError::NoDoor), "{name}");
            let answer = door(&vector).open_callback(&query(&vector), b"", then(&vector));
            assert_eq!(answer, Err(CallbackError::NoDoor), "{name}");
        }
    }

    #[test]
    fn all_known_vectors_pass_the_door_as_echo_and_as_push() {
        let file = "../shared/wechat/crypto/callback_aes_vectors.json";
        let Ok(text) = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file))
        else {
            eprintln!("SKIPPED: {file} is not there");
            return;
        };
        let facts: Value = serde_json::from_str(&text).unwrap();
        let signed = |vector: &&Value| vector["msg_signature_verified"] == json!(true);
        let mut passed = 0;
        for vector in facts["vectors"].as_array().unwrap().iter().filter(signed) {
            let (query, now) = (query(vector), then(vector));
            // Some authors sealed for another receiver than the one they name.
            if vector["trailing_receive_id"] != vector["receive_id"] {
                continue;
            }
            let plain = vector["plaintext"].as_str().unwrap();
            let echo = door(vector).verify_callback(&query, now);
            assert_eq!(echo.as_deref(), Ok(plain), "{}", vector["id"]);
            let sealed = vector["encrypt"].as_str().unwrap();
            let body = format!("<xml><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>");
            let push = door(vector).open_callback(&query, body.as_bytes(), now);
            assert_eq!(push.as_deref(), Ok(plain), "{}", vector["id"]);
            passed += 1;
        }
        assert!(passed >= 5, "only {passed} vectors were usable");
    }
}
