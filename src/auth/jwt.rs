//! Access tokens: HS256, at most 30 minutes, under a ring of keys so that a key can be replaced
//! without logging everybody out.
//!
//! The library would read the system clock; expiry is checked here against the given `now`.
//! A token carries no name, role or grid: what an account may do is read from the database.

use std::collections::BTreeMap;
use std::time::Duration;

use entity::kinds::{AccountId, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Who;

/// The longest life of an access token.
pub const LONGEST: Duration = Duration::from_mins(30);
const SHORTEST_KEY: usize = 32;
const NAME: &str = "zhinan";
const MICROS: i64 = 1_000_000;

/// For whom a token is issued. `ver` is the account's token version: raising it in the database
/// makes every token issued before useless.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bearer {
    pub sub: AccountId,
    pub who: Who,
    pub ver: i64,
    /// The refresh token issued with it, by which its session is found; what stays open for long
    /// ends with the session.
    pub session: Option<i64>,
}

/// What a verified token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claims {
    pub sub: AccountId,
    pub who: Who,
    pub ver: i64,
    pub session: Option<i64>,
    pub iat: Timestamp,
    pub exp: Timestamp,
}

/// Why a token was refused; the client refreshes an expired one and logs in again otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TokenRefused {
    #[error("the token has expired")]
    Expired,
    #[error("the token is not one of ours")]
    Invalid,
}

/// Why a ring of keys was refused at start.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum KeyRingRefused {
    #[error("the active key {0} is not in the ring")]
    NoActiveKey(String),
    #[error("the key {0} is shorter than 32 bytes")]
    KeyTooShort(String),
    #[error("an access token must live between a second and 30 minutes")]
    Lifetime,
}

/// Why a token could not be issued.
#[derive(Debug, Error)]
#[error("signing an access token")]
pub struct NotIssued(#[source] jsonwebtoken::errors::Error);

/// The signing keys by id, the active one, and the life of a token.
pub struct KeyRing {
    active: (String, EncodingKey),
    keys: BTreeMap<String, DecodingKey>,
    life: Duration,
}

#[derive(Serialize, Deserialize)]
struct Wire {
    iss: String,
    aud: String,
    sub: String,
    who: Who,
    ver: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sid: Option<i64>,
    iat: i64,
    exp: i64,
}

impl KeyRing {
    /// Builds a ring. Refuses a missing active key, a short key, and a life above 30 minutes.
    pub fn new(
        active: &str,
        keys: &BTreeMap<String, SecretString>,
        life: Duration,
    ) -> Result<Self, KeyRingRefused> {
        if let Some((id, _)) = keys.iter().find(|(_, k)| k.expose_secret().len() < SHORTEST_KEY) {
            return Err(KeyRingRefused::KeyTooShort(id.clone()));
        }
        if life < Duration::from_secs(1) || life > LONGEST {
            return Err(KeyRingRefused::Lifetime);
        }
        let secret =
            keys.get(active).ok_or_else(|| KeyRingRefused::NoActiveKey(active.to_owned()))?;
        let bytes = |key: &SecretString| DecodingKey::from_secret(key.expose_secret().as_bytes());
        Ok(Self {
            active: (
                active.to_owned(),
                EncodingKey::from_secret(secret.expose_secret().as_bytes()),
            ),
            keys: keys.iter().map(|(id, key)| (id.clone(), bytes(key))).collect(),
            life,
        })
    }

    /// Returns how long a token lives.
    pub const fn life(&self) -> Duration {
        self.life
    }

    /// Signs a token under the active key. Fails only inside the cryptographic library.
    pub fn issue(&self, bearer: Bearer, now: Timestamp) -> Result<String, NotIssued> {
        let iat = now.0.div_euclid(MICROS);
        let wire = Wire {
            iss: NAME.to_owned(),
            aud: NAME.to_owned(),
            sub: bearer.sub.to_string(),
            who: bearer.who,
            ver: bearer.ver,
            sid: bearer.session,
            iat,
            exp: (now + self.life).0.div_euclid(MICROS),
        };
        let header = Header { kid: Some(self.active.0.clone()), ..Header::new(Algorithm::HS256) };
        jsonwebtoken::encode(&header, &wire, &self.active.1).map_err(NotIssued)
    }

    /// Returns what a token says. Refuses another algorithm, an unknown or missing key id, a
    /// foreign issuer or audience, a wrong signature, and an expired token.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Claims, TokenRefused> {
        let wire = self.signed(token).ok_or(TokenRefused::Invalid)?;
        let claims = claims(&wire).ok_or(TokenRefused::Invalid)?;
        if now < claims.exp { Ok(claims) } else { Err(TokenRefused::Expired) }
    }

    /// Why a signature is bad is of no use to its bearer, so every reason becomes `None`.
    fn signed(&self, token: &str) -> Option<Wire> {
        let kid = jsonwebtoken::decode_header(token).ok()?.kid?;
        let mut rules = Validation::new(Algorithm::HS256);
        rules.validate_exp = false;
        rules.set_audience(&[NAME]);
        rules.set_issuer(&[NAME]);
        rules.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
        jsonwebtoken::decode::<Wire>(token, self.keys.get(&kid)?, &rules)
            .ok()
            .map(|data| data.claims)
    }
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyRing").field("active", &self.active.0).finish_non_exhaustive()
    }
}

fn claims(wire: &Wire) -> Option<Claims> {
    Some(Claims {
        sub: wire.sub.parse().ok()?,
        who: wire.who,
        ver: wire.ver,
        session: wire.sid,
        iat: Timestamp(wire.iat.checked_mul(MICROS)?),
        exp: Timestamp(wire.exp.checked_mul(MICROS)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_580_000_000_500_000);
    const BEARER: Bearer = Bearer { sub: AccountId(42), who: Who::Staff, ver: 3, session: Some(7) };

    fn secrets(ids: &[&str]) -> BTreeMap<String, SecretString> {
        ids.iter().map(|id| ((*id).to_owned(), SecretString::from(format!("{id:0>40}")))).collect()
    }

    fn ring(active: &str, ids: &[&str]) -> KeyRing {
        KeyRing::new(active, &secrets(ids), LONGEST).unwrap()
    }

    fn forged(header: &Header, body: &serde_json::Value, secret: &str) -> String {
        jsonwebtoken::encode(header, body, &EncodingKey::from_secret(secret.as_bytes())).unwrap()
    }

    #[test]
    fn a_token_says_who_it_was_issued_for_until_it_expires() {
        let ring = ring("a", &["a"]);
        let token = ring.issue(BEARER, NOW).unwrap();
        let claims = ring.verify(&token, NOW).unwrap();
        assert_eq!((claims.sub, claims.who, claims.ver), (AccountId(42), Who::Staff, 3));
        assert_eq!(claims.session, Some(7));
        let before = Timestamp(claims.exp.0 - 1);
        assert_eq!(ring.verify(&token, before), Ok(claims));
        assert_eq!(ring.verify(&token, claims.exp), Err(TokenRefused::Expired));
        assert!(claims.exp.since(NOW) <= LONGEST);
    }

    #[test]
    fn a_token_of_the_previous_key_is_good_until_the_key_is_removed() {
        let token = ring("a", &["a"]).issue(BEARER, NOW).unwrap();
        assert!(ring("b", &["a", "b"]).verify(&token, NOW).is_ok());
        assert_eq!(ring("b", &["b"]).verify(&token, NOW), Err(TokenRefused::Invalid));
    }

    #[test]
    fn a_token_that_is_not_exactly_ours_is_refused() {
        let ring = ring("a", &["a"]);
        let secret = format!("{:0>40}", "a");
        let body = |aud: &str, iss: &str| {
            serde_json::json!({"iss": iss, "aud": aud, "sub": "1", "who": "console", "ver": 1,
                               "iat": 1_580_000_000, "exp": 1_580_000_900})
        };
        let header =
            |alg, kid: Option<&str>| Header { kid: kid.map(str::to_owned), ..Header::new(alg) };
        let good = header(Algorithm::HS256, Some("a"));
        assert!(ring.verify(&forged(&good, &body("zhinan", "zhinan"), &secret), NOW).is_ok());
        let without_exp = serde_json::json!({"iss": "zhinan", "aud": "zhinan", "sub": "1", "who": "console", "ver": 1, "iat": 0});
        let without_aud = serde_json::json!({"iss": "zhinan", "sub": "1", "who": "console", "ver": 1, "iat": 0, "exp": 1_580_000_900});
        for (why, token) in [
            ("audience", forged(&good, &body("other", "zhinan"), &secret)),
            ("issuer", forged(&good, &body("zhinan", "other"), &secret)),
            ("no audience", forged(&good, &without_aud, &secret)),
            ("no expiry", forged(&good, &without_exp, &secret)),
            ("signature", forged(&good, &body("zhinan", "zhinan"), &"x".repeat(40))),
            ("no kid", forged(&header(Algorithm::HS256, None), &body("zhinan", "zhinan"), &secret)),
            (
                "kid",
                forged(&header(Algorithm::HS256, Some("z")), &body("zhinan", "zhinan"), &secret),
            ),
            (
                "algorithm",
                forged(&header(Algorithm::HS512, Some("a")), &body("zhinan", "zhinan"), &secret),
            ),
            ("garbage", "a.b.c".to_owned()),
            ("empty", String::new()),
        ] {
            assert_eq!(ring.verify(&token, NOW), Err(TokenRefused::Invalid), "{why}");
        }
    }

    #[test]
    fn a_token_without_signature_is_refused() {
        let token = ring("a", &["a"]).issue(BEARER, NOW).unwrap();
        let body = token.split('.').nth(1).unwrap();
        // {"alg":"none","kid":"a"}
        let none = format!("eyJhbGciOiJub25lIiwia2lkIjoiYSJ9.{body}.");
        assert_eq!(ring("a", &["a"]).verify(&none, NOW), Err(TokenRefused::Invalid));
    }

    #[test]
    fn an_unsafe_ring_does_not_start() {
        let refused =
            |active, keys: &BTreeMap<_, _>, life| KeyRing::new(active, keys, life).unwrap_err();
        let keys = secrets(&["a"]);
        assert_eq!(refused("b", &keys, LONGEST), KeyRingRefused::NoActiveKey("b".into()));
        assert_eq!(
            refused("a", &keys, LONGEST + Duration::from_micros(1)),
            KeyRingRefused::Lifetime
        );
        assert_eq!(refused("a", &keys, Duration::ZERO), KeyRingRefused::Lifetime);
        let short = BTreeMap::from([("a".to_owned(), SecretString::from("x".repeat(31)))]);
        assert_eq!(refused("a", &short, LONGEST), KeyRingRefused::KeyTooShort("a".into()));
    }
}
