//! The second factor of console accounts: six digits, 30 seconds, SHA-1 (what every
//! authenticator app speaks), one step of clock difference either way.
//!
//! A code is good once: the caller stores the step that was accepted, with a compare-and-set.

use entity::kinds::Timestamp;
use rand::CryptoRng;
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;
use totp_rs::{Algorithm, Builder, Secret, Totp, TotpError};

const ISSUER: &str = "智南";
const STEP: u64 = 30;

/// Why a code was not accepted.
#[derive(Debug, Error)]
pub enum TotpRefused {
    #[error("the code is wrong or too old")]
    Wrong,
    #[error("the code was used before")]
    Replayed,
    #[error("the stored secret is damaged")]
    Damaged,
    #[error("the second factor cannot be set up")]
    Setup(#[source] TotpError),
}

/// Makes a secret of 160 bits as base32, to be sealed before it is stored.
pub fn new_secret(rng: &mut impl CryptoRng) -> SecretString {
    let mut bytes = [0_u8; 20];
    rng.fill_bytes(&mut bytes);
    SecretString::from(Secret::new_stack(bytes).to_base32())
}

/// Returns the `otpauth://` address for the QR code. Refuses an empty name or one with a colon.
pub fn otpauth_url(secret: &SecretString, account_name: &str) -> Result<String, TotpRefused> {
    let builder = builder(secret)?.with_issuer(Some(ISSUER)).with_account_name(account_name);
    builder.build().and_then(|totp| totp.to_url()).map_err(TotpRefused::Setup)
}

/// Checks a code and returns its step, to be stored as the last used one. Refuses a wrong code,
/// and one whose step is not after `last_used_step`.
pub fn check(
    secret: &SecretString,
    code: &str,
    now: Timestamp,
    last_used_step: Option<i64>,
) -> Result<i64, TotpRefused> {
    let totp: Totp = builder(secret)?.build().map_err(TotpRefused::Setup)?;
    let seconds = u64::try_from(now.0.div_euclid(1_000_000)).unwrap_or(0);
    let step = totp.check(code.trim(), seconds).ok_or(TotpRefused::Wrong)?;
    let step = i64::try_from(step).unwrap_or(i64::MAX);
    if last_used_step.is_some_and(|last| step <= last) {
        Err(TotpRefused::Replayed)
    } else {
        Ok(step)
    }
}

fn builder(secret: &SecretString) -> Result<Builder, TotpRefused> {
    let secret =
        Secret::try_from_base32(secret.expose_secret()).ok().ok_or(TotpRefused::Damaged)?;
    Ok(Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(STEP)
        .with_secret(secret))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    /// Base32 of the RFC 6238 secret `12345678901234567890`.
    fn rfc() -> SecretString {
        SecretString::from("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    }

    const fn at(seconds: i64) -> Timestamp {
        Timestamp(seconds * 1_000_000)
    }

    #[test]
    fn the_vectors_of_rfc_6238_are_accepted() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            assert_eq!(check(&rfc(), code, at(seconds), None).unwrap(), seconds / 30);
        }
    }

    #[test]
    fn a_code_is_good_one_step_early_or_late_and_no_further() {
        for (seconds, good) in [(0, true), (30, true), (89, true), (90, false), (1_000, false)] {
            let answer = check(&rfc(), "287082", at(seconds), None);
            assert_eq!(answer.is_ok(), good, "{seconds}: {answer:?}");
        }
        assert!(matches!(check(&rfc(), "28708", at(59), None), Err(TotpRefused::Wrong)));
    }

    #[test]
    fn a_code_is_good_once() {
        assert!(matches!(check(&rfc(), "287082", at(59), Some(1)), Err(TotpRefused::Replayed)));
        assert!(matches!(check(&rfc(), "287082", at(59), Some(2)), Err(TotpRefused::Replayed)));
        assert_eq!(check(&rfc(), "287082", at(59), Some(0)).unwrap(), 1);
    }

    #[test]
    fn a_new_secret_can_be_carried_to_the_telephone() {
        let secret = new_secret(&mut StdRng::seed_from_u64(1));
        let url = otpauth_url(&secret, "admin").unwrap();
        assert!(url.starts_with("otpauth://totp/"), "{url}");
        assert!(url.contains(secret.expose_secret()), "{url}");
        assert!(matches!(otpauth_url(&secret, "a:b"), Err(TotpRefused::Setup(_))));
        assert!(matches!(otpauth_url(&SecretString::from("!"), "a"), Err(TotpRefused::Damaged)));
    }
}
