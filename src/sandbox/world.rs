//! Everything the sandbox remembers, behind one lock that is never held across an await.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use entity::kinds::Timestamp;
use serde::{Deserialize, Serialize};

use super::Settings;
use super::faults::Faults;
use super::mailbox::Mailbox;
use super::pushed::Outbound;
use super::session::Codes;
use super::tokens::Tokens;
use super::wecom::Cards;

pub(super) struct Sandbox {
    pub(super) settings: Settings,
    pub(super) outbound: Outbound,
    world: Mutex<World>,
}

#[derive(Default)]
pub(super) struct World {
    pub(super) tokens: Tokens,
    pub(super) logins: Codes<Login>,
    pub(super) phones: Codes<Phone>,
    pub(super) mailbox: Mailbox,
    pub(super) faults: Faults,
    /// Consents left, by openid and template.
    pub(super) credits: HashMap<(String, String), u64>,
    pub(super) people: BTreeMap<String, Person>,
    pub(super) templates: BTreeMap<String, Template>,
    pub(super) cards: Cards,
    /// Reports about text messages that nobody took yet.
    pub(super) text_reports: VecDeque<serde_json::Value>,
    /// Who declared that he works for the operator, by openid.
    pub(super) employees: BTreeSet<String>,
    /// Who follows the official account, in WeChat's order.
    pub(super) followers: Vec<String>,
    /// What it was asked to look at, by the name of the question.
    pub(super) media: BTreeMap<String, String>,
    /// Scenes of the codes that were made, the newest last.
    pub(super) scenes: Vec<String>,
    /// Until when the last subscribe message to somebody is under way, by openid.
    pub(super) under_way: HashMap<String, std::time::Instant>,
    /// Calls received since the start, by path.
    pub(super) calls: BTreeMap<String, u64>,
}

/// Who will log in with a code.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Login {
    pub(super) openid: String,
    pub(super) unionid: Option<String>,
}

/// Whose number a code stands for.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Phone {
    pub(super) number: String,
    pub(super) openid: Option<String>,
}

/// Somebody whose phone the page shows by name.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    pub(super) openid: String,
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) role: String,
    pub(super) unionid: Option<String>,
}

/// A template's words, for the page.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Template {
    #[serde(rename = "template_id")]
    pub(super) id: String,
    pub(super) title: String,
    /// `mini` or `oa`; listed for both when absent.
    pub(super) account: Option<String>,
    /// Field key to what the card prints before its value.
    #[serde(default)]
    pub(super) labels: BTreeMap<String, String>,
    /// At the mini-program: consents stand and are not used up.
    #[serde(default)]
    pub(super) long_term: bool,
}

impl Sandbox {
    pub(super) fn new(settings: Settings) -> io::Result<Self> {
        Ok(Self { settings, outbound: Outbound::new()?, world: Mutex::default() })
    }

    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn now(&self) -> Timestamp {
        self.settings.clock.now()
    }
}

/// Makes a text nobody can guess, for tokens and codes.
pub(super) fn random_text(prefix: &str) -> String {
    use rand::RngExt as _;
    let bytes: [u8; 24] = rand::rng().random();
    format!("{prefix}{}", hex::encode(bytes))
}

impl World {
    /// Tells whether a subscribe message to this person is still being answered; if not, this one
    /// is from now on.
    pub(super) fn is_under_way(&mut self, openid: &str) -> bool {
        let (now, slow) = (std::time::Instant::now(), self.faults.slow_ms);
        self.under_way.retain(|_, until| *until > now);
        if self.under_way.contains_key(openid) {
            return true;
        }
        if slow > 0 {
            let until = now + std::time::Duration::from_millis(slow);
            self.under_way.insert(openid.to_owned(), until);
        }
        false
    }
}
