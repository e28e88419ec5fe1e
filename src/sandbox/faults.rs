//! What is broken at the moment, set from outside and consulted by `gate` before every call.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// The switches as they stand.
#[derive(Clone, Default, Serialize)]
pub(super) struct Faults {
    /// So many further business calls answer -1.
    pub(super) busy: u64,
    /// So many further calls answer HTTP 500.
    pub(super) fail_http: u64,
    /// These paths answer a status in somebody else's words, who stands in between.
    pub(super) in_between: BTreeMap<String, u16>,
    /// So many further calls are carried out, but their answer is lost.
    pub(super) lose_answers: u64,
    /// Calls are carried out at once and answered this much later.
    pub(super) slow_ms: u64,
    /// Connections are dropped before anything is carried out.
    pub(super) dead: bool,
    /// Sends answer 45009.
    pub(super) quota_used: bool,
    /// What quota/get says is left, by path.
    pub(super) quota_left: BTreeMap<String, u64>,
    /// These people refuse messages: 43004 and 43101.
    pub(super) blocks: BTreeSet<String>,
    /// WeChat does not know these people: 40003.
    pub(super) unknown: BTreeSet<String>,
    /// What is said of these followers cannot be read, nor what is said beside it.
    pub(super) garbled: BTreeSet<String>,
    /// Text messages answer this code, for a number of messages.
    pub(super) sms_code: Option<TextRefusal>,
    /// Numbers that do not want text messages.
    pub(super) sms_blocks: BTreeSet<String>,
    /// Numbers whose text messages are accepted and do not arrive.
    pub(super) sms_undelivered: BTreeSet<String>,
    /// Templates that the account has lost.
    pub(super) templates_gone: BTreeSet<String>,
    /// Templates whose first field has another key now.
    pub(super) templates_changed: BTreeSet<String>,
    /// Paths that answer a given code for a number of calls.
    pub(super) errcodes: Vec<Scripted>,
}

/// A refusal planned for one path.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scripted {
    path: String,
    code: i64,
    #[serde(default = "once")]
    times: u64,
}

/// A refusal planned for text messages.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TextRefusal {
    code: String,
    #[serde(default = "once")]
    times: u64,
}

fn once() -> u64 {
    1
}

/// A change of switches: what is absent stays as it is; nothing at all resets everything.
#[derive(Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Change {
    reset: bool,
    busy: Option<u64>,
    fail_http: Option<u64>,
    in_between: Option<BTreeMap<String, u16>>,
    lose_answers: Option<u64>,
    slow_ms: Option<u64>,
    dead: Option<bool>,
    quota_used: Option<bool>,
    quota_left: Option<BTreeMap<String, u64>>,
    blocks: Option<BTreeSet<String>>,
    unknown: Option<BTreeSet<String>>,
    garbled: Option<BTreeSet<String>>,
    sms_undelivered: Option<BTreeSet<String>>,
    templates_gone: Option<BTreeSet<String>>,
    templates_changed: Option<BTreeSet<String>>,
    errcode: Option<Scripted>,
    sms_code: Option<TextRefusal>,
    sms_blocks: Option<BTreeSet<String>>,
    /// All tokens die now; asking for one brings a new one.
    pub(super) token_revoked: bool,
    /// All tokens die now, and asking brings the dead one until a new one is forced.
    pub(super) token_stuck: bool,
}

impl Faults {
    pub(super) fn change(&mut self, change: Change) {
        if change.reset || change == Change::default() {
            *self = Self::default();
        }
        set(&mut self.busy, change.busy);
        set(&mut self.fail_http, change.fail_http);
        set(&mut self.in_between, change.in_between);
        set(&mut self.lose_answers, change.lose_answers);
        set(&mut self.slow_ms, change.slow_ms);
        set(&mut self.dead, change.dead);
        set(&mut self.quota_used, change.quota_used);
        set(&mut self.quota_left, change.quota_left);
        set(&mut self.blocks, change.blocks);
        set(&mut self.unknown, change.unknown);
        set(&mut self.garbled, change.garbled);
        set(&mut self.sms_undelivered, change.sms_undelivered);
        set(&mut self.templates_gone, change.templates_gone);
        set(&mut self.templates_changed, change.templates_changed);
        set(&mut self.sms_blocks, change.sms_blocks);
        if change.sms_code.is_some() {
            self.sms_code = change.sms_code;
        }
        if let Some(scripted) = change.errcode {
            self.errcodes.retain(|old| old.path != scripted.path);
            self.errcodes.push(scripted);
        }
    }

    /// Returns the code planned for this text message, counting it.
    pub(super) fn sms_refusal(&mut self) -> Option<String> {
        let planned = self.sms_code.as_mut().filter(|one| one.times > 0)?;
        planned.times -= 1;
        let code = planned.code.clone();
        self.sms_code = self.sms_code.take().filter(|one| one.times > 0);
        Some(code)
    }

    /// Returns the code planned for this call of `path`, counting it.
    pub(super) fn scripted(&mut self, path: &str) -> Option<i64> {
        let planned = self.errcodes.iter_mut().find(|one| one.path == path && one.times > 0)?;
        planned.times -= 1;
        let code = planned.code;
        self.errcodes.retain(|one| one.times > 0);
        Some(code)
    }
}

fn set<T>(switch: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *switch = value;
    }
}

/// Says whether the count still applies, counting down.
pub(super) fn spend(count: &mut u64) -> bool {
    let applies = *count > 0;
    *count = count.saturating_sub(1);
    applies
}
