//! One-time codes: eight characters that bind a staff member's WeChat, and the link tokens that
//! enrol the first administrator and every later console account.
//!
//! Eight characters can be tried out offline against a plain hash, so what is stored is keyed by
//! the vault's index key: a stolen database alone opens nothing. Online, the rate limit guards.

use entity::kinds::Timestamp;
use rand::CryptoRng;
use rand::seq::IndexedRandom;
use secrecy::SecretString;
use subtle::ConstantTimeEq;
use thiserror::Error;

use crate::vault::Vault;

/// Without 0/O, 1/I/L: a code is read out over the telephone.
const ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const LENGTH: usize = 8;

/// What a code is for; a code of one purpose is worthless for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    BindStaff,
    FirstAdmin,
    Console,
}

/// What the stored row of a code says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeFacts {
    pub fingerprint: String,
    pub expires_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

/// Why a code was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CodeRefused {
    #[error("the code is wrong")]
    Wrong,
    #[error("the code has expired")]
    Expired,
    #[error("the code was used before")]
    Used,
}

impl CodeRefused {
    /// Returns what a person reads.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Wrong => "这个码不对",
            Self::Expired => "这个码已过期",
            Self::Used => "这个码已经用过",
        }
    }
}

impl Purpose {
    const fn context(self) -> &'static str {
        match self {
            Self::BindStaff => "code.bind_staff",
            Self::FirstAdmin => "code.first_admin",
            Self::Console => "code.console",
        }
    }

    /// Returns the word under which the row is stored.
    pub const fn word(self) -> &'static str {
        match self {
            Self::BindStaff => "staff",
            Self::FirstAdmin => "first_admin",
            Self::Console => "console",
        }
    }

    /// Makes a new code or link token, to be shown once.
    pub fn generate(self, rng: &mut impl CryptoRng) -> SecretString {
        SecretString::from(match self {
            Self::BindStaff => short_code(rng),
            Self::FirstAdmin | Self::Console => super::random_token(rng),
        })
    }

    /// Returns what is stored of a code, and what a presented one is looked up by.
    pub fn fingerprint(self, vault: &Vault, presented: &str) -> String {
        vault.blind_index(self.context(), &self.normalised(presented))
    }

    /// Judges a presented code against its row. Refuses a wrong one before saying anything about
    /// the row; the caller marks the row used with a compare-and-set.
    pub fn judge(
        self,
        vault: &Vault,
        facts: &CodeFacts,
        presented: &str,
        now: Timestamp,
    ) -> Result<(), CodeRefused> {
        let presented = self.fingerprint(vault, presented);
        if !bool::from(presented.as_bytes().ct_eq(facts.fingerprint.as_bytes())) {
            Err(CodeRefused::Wrong)
        } else if facts.used_at.is_some() {
            Err(CodeRefused::Used)
        } else if now >= facts.expires_at {
            Err(CodeRefused::Expired)
        } else {
            Ok(())
        }
    }

    /// A person may type a short code in groups and in small letters; a link is exact.
    fn normalised(self, presented: &str) -> String {
        match self {
            Self::BindStaff => presented
                .chars()
                .filter(char::is_ascii_alphanumeric)
                .map(|c| c.to_ascii_uppercase())
                .collect(),
            Self::FirstAdmin | Self::Console => presented.trim().to_owned(),
        }
    }
}

fn short_code(rng: &mut impl CryptoRng) -> String {
    (0..LENGTH).filter_map(|_| ALPHABET.choose(rng)).map(|b| char::from(*b)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand::rngs::StdRng;
    use secrecy::ExposeSecret;

    fn vault() -> Vault {
        let folder = tempfile::tempdir().unwrap();
        Vault::generate(&folder.path().join("k"), &mut StdRng::seed_from_u64(1)).unwrap()
    }

    #[test]
    fn a_code_is_eight_unambiguous_characters() {
        let mut rng = StdRng::seed_from_u64(2);
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..500 {
            let code = Purpose::BindStaff.generate(&mut rng);
            assert_eq!(code.expose_secret().len(), 8);
            seen.extend(code.expose_secret().bytes());
        }
        assert_eq!(seen, ALPHABET.iter().copied().collect());
        assert_eq!(Purpose::FirstAdmin.generate(&mut rng).expose_secret().len(), 43);
    }

    #[test]
    fn a_code_is_good_once_in_time_and_for_its_purpose() {
        let vault = vault();
        let facts = |used_at| CodeFacts {
            fingerprint: Purpose::BindStaff.fingerprint(&vault, "ABCD2345"),
            expires_at: Timestamp(100),
            used_at,
        };
        let judge = |facts: CodeFacts, code, now| {
            Purpose::BindStaff.judge(&vault, &facts, code, Timestamp(now))
        };
        assert_eq!(judge(facts(None), "ABCD2345", 99), Ok(()));
        assert_eq!(judge(facts(None), " abcd-2345 ", 99), Ok(()));
        assert_eq!(judge(facts(None), "ABCD2345", 100), Err(CodeRefused::Expired));
        assert_eq!(judge(facts(Some(Timestamp(5))), "ABCD2345", 99), Err(CodeRefused::Used));
        assert_eq!(judge(facts(Some(Timestamp(5))), "ABCD2346", 200), Err(CodeRefused::Wrong));
        assert_eq!(judge(facts(None), "", 99), Err(CodeRefused::Wrong));
        let other = Purpose::FirstAdmin.judge(&vault, &facts(None), "ABCD2345", Timestamp(1));
        assert_eq!(other, Err(CodeRefused::Wrong));
    }
}
