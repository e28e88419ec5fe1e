//! Console passwords: argon2id with written parameters, and the policy for new ones.
//!
//! Hashing takes tens of milliseconds of one core and 19 MiB: call it from the blocking pool.
//! An unknown account costs the same work as a wrong password, so that time tells nothing.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{Error as HashError, PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use rand::CryptoRng;
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const SHORTEST: usize = 12;
const LONGEST: usize = 128;
const DISTINCT: usize = 5;

/// Why a new password is too weak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum WeakPassword {
    #[error("shorter than 12 characters")]
    TooShort,
    #[error("longer than 128 characters")]
    TooLong,
    #[error("contains the account name")]
    ContainsName,
    #[error("made of too few different characters")]
    Monotonous,
}

impl WeakPassword {
    /// Returns what a person reads.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::TooShort => "密码至少需要12个字符",
            Self::TooLong => "密码不能超过128个字符",
            Self::ContainsName => "密码不能包含账号名",
            Self::Monotonous => "密码过于简单，请使用更多不同的字符",
        }
    }
}

/// What went wrong while hashing; never that a password was wrong.
#[derive(Debug, Error)]
pub enum PasswordError {
    #[error("hashing a password")]
    Hash(#[source] HashError),
    #[error("reading a stored password hash")]
    Stored(#[source] HashError),
}

/// Checks a new password of an account. Refuses with the reason to show.
pub fn check_policy(password: &SecretString, account_name: &str) -> Result<(), WeakPassword> {
    let text = password.expose_secret();
    let length = text.chars().count();
    let name = account_name.trim().to_lowercase();
    if length < SHORTEST {
        Err(WeakPassword::TooShort)
    } else if length > LONGEST {
        Err(WeakPassword::TooLong)
    } else if !name.is_empty() && text.to_lowercase().contains(&name) {
        Err(WeakPassword::ContainsName)
    } else if text.chars().collect::<std::collections::BTreeSet<_>>().len() < DISTINCT {
        Err(WeakPassword::Monotonous)
    } else {
        Ok(())
    }
}

/// Hashes a password with a fresh salt into a PHC string. Fails only inside the library.
pub fn hash(password: &SecretString, rng: &mut impl CryptoRng) -> Result<String, PasswordError> {
    let mut salt = [0_u8; 16];
    rng.fill_bytes(&mut salt);
    hash_with(password, &salt).map(|hash| hash.to_string())
}

/// Tells whether a password is the stored one. `None` (no such account) does the same work and
/// answers no. Fails when the stored text is no hash.
pub fn verify(password: &SecretString, stored: Option<&str>) -> Result<bool, PasswordError> {
    let Some(stored) = stored else {
        return hash_with(password, &[0; 16]).map(|_| false);
    };
    let stored =
        PasswordHash::new(stored).map_err(HashError::from).map_err(PasswordError::Stored)?;
    match hasher()?.verify_password(password.expose_secret().as_bytes(), &stored) {
        Ok(()) => Ok(true),
        Err(HashError::PasswordInvalid) => Ok(false),
        Err(why) => Err(PasswordError::Stored(why)),
    }
}

fn hash_with(password: &SecretString, salt: &[u8]) -> Result<PasswordHash, PasswordError> {
    hasher()?
        .hash_password_with_salt(password.expose_secret().as_bytes(), salt)
        .map_err(PasswordError::Hash)
}

fn hasher() -> Result<Argon2<'static>, PasswordError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)
        .map_err(|why| PasswordError::Hash(why.into()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    fn secret(text: &str) -> SecretString {
        SecretString::from(text)
    }

    #[test]
    fn only_the_password_itself_opens_its_hash() {
        let mut rng = StdRng::seed_from_u64(1);
        let stored = hash(&secret("春眠不觉晓处处闻啼鸟!"), &mut rng).unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(verify(&secret("春眠不觉晓处处闻啼鸟!"), Some(&stored)).unwrap());
        assert!(!verify(&secret("春眠不觉晓处处闻啼鸟"), Some(&stored)).unwrap());
        assert!(!verify(&secret("春眠不觉晓处处闻啼鸟!"), None).unwrap());
        assert_ne!(stored, hash(&secret("春眠不觉晓处处闻啼鸟!"), &mut rng).unwrap());
    }

    #[test]
    fn a_damaged_hash_is_an_error_and_not_a_wrong_password() {
        for stored in ["", "plain", "$argon2id$v=19$m=19456,t=2,p=1$AAAA"] {
            let answer = verify(&secret("whatever it is"), Some(stored));
            assert!(!matches!(answer, Ok(true)), "{stored}");
        }
        assert!(matches!(verify(&secret("x"), Some("plain")), Err(PasswordError::Stored(_))));
    }

    #[test]
    fn a_weak_password_is_refused_with_its_reason() {
        for (password, verdict) in [
            ("short-pass1", Err(WeakPassword::TooShort)),
            ("long-enough1", Ok(())),
            ("一二三四五六七八九十甲乙", Ok(())),
            ("my-ZhangSan-1", Err(WeakPassword::ContainsName)),
            ("aaaabbbbccccdddd", Err(WeakPassword::Monotonous)),
        ] {
            assert_eq!(check_policy(&secret(password), "zhangsan"), verdict, "{password}");
        }
        assert_eq!(check_policy(&secret(&"a".repeat(129)), "x"), Err(WeakPassword::TooLong));
        assert_eq!(check_policy(&secret("long-enough1"), " "), Ok(()));
        assert!(WeakPassword::TooShort.zh().contains("12"));
    }
}
