//! The messages that reached somebody's phone, newest last, the oldest forgotten beyond `KEPT`.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Duration;

use entity::kinds::Timestamp;
use serde::{Serialize, Serializer};

const KEPT: usize = 200_000;
const DEDUP: Duration = Duration::from_mins(10);
/// WeChat's numbers are far above 2^53, which JavaScript cannot hold.
pub(super) const FIRST_MSGID: u64 = 2_918_131_553_548_107_776;

/// One card on a phone.
#[derive(Clone, Serialize)]
pub(super) struct Message {
    pub(super) seq: u64,
    pub(super) to: String,
    pub(super) channel: &'static str,
    pub(super) template: String,
    pub(super) data: BTreeMap<String, String>,
    pub(super) page: Option<String>,
    pub(super) client_msg_id: Option<String>,
    pub(super) received_at: Instant,
    /// How many repeats of the same `client_msg_id` were recognised and not shown.
    pub(super) repeats: u64,
}

#[derive(Default)]
pub(super) struct Mailbox {
    messages: VecDeque<Message>,
    next: u64,
    /// By openid and `client_msg_id`: the message's seq.
    known: HashMap<(String, String), u64>,
    known_order: VecDeque<(Timestamp, (String, String))>,
    repeats: u64,
}

/// How much there is.
#[derive(Serialize)]
pub(super) struct Counts {
    kept: usize,
    repeats: u64,
}

impl Mailbox {
    /// Delivers a message, or recognises it as a repeat; returns WeChat's number for it.
    pub(super) fn deliver(&mut self, mut message: Message) -> u64 {
        let now = message.received_at.0;
        self.forget(now);
        let key = message.client_msg_id.clone().map(|id| (message.to.clone(), id));
        if let Some(seq) = key.as_ref().and_then(|key| self.known.get(key).copied()) {
            self.count_repeat(seq);
            return FIRST_MSGID + seq;
        }
        self.next += 1;
        message.seq = self.next;
        if let Some(key) = key {
            self.known_order.push_back((now, key.clone()));
            self.known.insert(key, self.next);
        }
        self.messages.push_back(message);
        if self.messages.len() > KEPT {
            self.messages.pop_front();
        }
        FIRST_MSGID + self.next
    }

    /// Lists the messages after a number, for one person or for all, the newest `limit` of them.
    pub(super) fn list(&self, to: Option<&str>, after: u64, limit: usize) -> Vec<Message> {
        let newest_first = self.messages.iter().rev().take_while(|one| one.seq > after);
        let wanted = newest_first.filter(|one| to.is_none_or(|to| one.to == to)).take(limit);
        let mut found: Vec<Message> = wanted.cloned().collect();
        found.reverse();
        found
    }

    /// Counts the messages kept and the repeats recognised since the last clearing.
    pub(super) fn counts(&self) -> Counts {
        Counts { kept: self.messages.len(), repeats: self.repeats }
    }

    /// Forgets the messages; numbering and recognition of repeats go on.
    pub(super) fn clear(&mut self) {
        self.messages.clear();
        self.repeats = 0;
    }

    /// Notes that a message came again and was not shown.
    pub(super) fn count_repeat(&mut self, seq: u64) {
        self.repeats += 1;
        let at = self.messages.partition_point(|one| one.seq < seq);
        if let Some(found) = self.messages.get_mut(at).filter(|one| one.seq == seq) {
            found.repeats += 1;
        }
    }

    fn forget(&mut self, now: Timestamp) {
        while let Some((at, _)) = self.known_order.front() {
            if now.since(*at) < DEDUP {
                return;
            }
            if let Some((_, key)) = self.known_order.pop_front() {
                self.known.remove(&key);
            }
        }
    }
}

/// An instant that is written as RFC 3339 with milliseconds.
#[derive(Clone, Copy)]
pub(super) struct Instant(pub(super) Timestamp);

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let instant =
            jiff::Timestamp::from_microsecond(self.0.0).map_err(serde::ser::Error::custom)?;
        to.collect_str(&format_args!("{instant:.3}"))
    }
}
