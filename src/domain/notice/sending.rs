//! What becomes of a send: the outcome of each class of answer, doubtful sends, and waiting.
//!
//! Exactly-once does not exist here; for every channel this module chooses which error to make
//! (architecture §7), in one table.

use std::time::Duration;

use entity::kinds::{Channel, Urgency};

use super::quiet;

/// The longest wait between two tries.
pub const BACKOFF_CAP: Duration = Duration::from_mins(30);
/// WeChat drops a repeated `client_msg_id` for ten minutes; one is kept as a margin for clocks.
pub const OA_KEY_VALID: Duration = Duration::from_mins(9);
/// WeCom is asked to drop a repeated request for half an hour; a minute of it is kept as a margin.
pub const WECOM_KEY_VALID: Duration = Duration::from_mins(29);
/// Tries on one channel before an urgent notice takes the next channel.
pub const QUICK_TRIES: u32 = 3;
/// So long an urgent notice in doubt is repeated under its key before it takes another channel, where
/// one leads to its reader: two or three calls that nobody answers.
pub const DOUBT_ENDURED: Duration = Duration::from_secs(20);

const BACKOFF_BASE: Duration = Duration::from_secs(1);

/// What a provider's answer means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    Ok,
    /// Transient: busy, 5xx, no connection.
    Retry,
    /// Still refused with a fresh token: somebody configured the wrong account.
    RefreshToken,
    RateLimited,
    /// This person cannot be reached through this channel until he binds or subscribes again.
    DropRecipient,
    ConfigError,
    ContentRejected,
    ClientError,
    /// The request was written and no answer came.
    Ambiguous,
}

/// The circumstances of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trial {
    pub channel: Channel,
    pub urgency: Urgency,
    /// This try's number, from 1.
    pub attempt: u32,
    pub max_attempt: u32,
    /// Time since the first try of this notice.
    pub since_first: Duration,
}

/// What to do after a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// Wait [`backoff`] and try again; `counted` tells whether this try used up an attempt.
    Retry {
        counted: bool,
    },
    /// Another channel where one leads to the reader; else again under its key, which counts as a try.
    OtherWay,
    NextChannel,
    Dead,
    /// Not repeated; `next_channel` asks for another one at once.
    Unknown {
        next_channel: bool,
    },
}

/// What to do with a send of which nobody knows whether it arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// Repeat under the same key, not longer than `within` from now.
    RepeatSameKey { within: Duration },
    /// Leave it unknown; `next_channel` asks for another one at once, otherwise the next reminder
    /// round serves.
    GiveUpUnknown { next_channel: bool },
}

/// Decides about a doubtful send, `since_first` after its first try.
pub fn after_doubt(channel: Channel, urgency: Urgency, since_first: Duration) -> Doubt {
    let give_up = Doubt::GiveUpUnknown { next_channel: urgency == Urgency::Urgent };
    let while_known = |valid: Duration| match valid.checked_sub(since_first) {
        Some(within) if !within.is_zero() => Doubt::RepeatSameKey { within },
        _ => give_up,
    };
    match channel {
        Channel::OaTemplate => while_known(OA_KEY_VALID),
        // The same request is the key: a card's body holds nothing that differs between tries.
        Channel::WecomCard => while_known(WECOM_KEY_VALID),
        // No key at the provider, and a repeat burns a second one-time credit.
        // A second text message would ring a second time: there is no key either.
        // An employee message has no key either, and would stand there twice.
        Channel::MiniSubscribe | Channel::Employee | Channel::Sms => give_up,
        // Our own table with a unique key: a repeat is harmless for ever.
        Channel::Inbox => Doubt::RepeatSameKey { within: Duration::MAX },
    }
}

/// Maps the class of an answer to what happens to the notice.
pub fn outcome(class: Class, trial: &Trial) -> Outcome {
    let urgent = trial.urgency == Urgency::Urgent;
    let spent = trial.attempt >= trial.max_attempt;
    // Whoever is in danger is better told twice than when the key is over.
    let endured = urgent && trial.since_first >= DOUBT_ENDURED;
    match class {
        Class::Ok => Outcome::Done,
        // A token that was refused a second time was revoked a moment ago: nothing was done.
        Class::Retry | Class::RefreshToken if spent || (urgent && trial.attempt >= QUICK_TRIES) => {
            Outcome::NextChannel
        }
        Class::Retry | Class::RefreshToken => Outcome::Retry { counted: true },
        // Until midnight it may be: too long for whoever is in danger or stuck.
        Class::RateLimited if !quiet::may_wait(trial.urgency) => Outcome::NextChannel,
        Class::RateLimited => Outcome::Retry { counted: false },
        Class::DropRecipient | Class::ConfigError | Class::ContentRejected => Outcome::NextChannel,
        Class::ClientError => Outcome::Dead,
        Class::Ambiguous => match after_doubt(trial.channel, trial.urgency, trial.since_first) {
            Doubt::RepeatSameKey { .. } if !spent && !endured => Outcome::Retry { counted: true },
            Doubt::RepeatSameKey { .. } if !spent => Outcome::OtherWay,
            Doubt::RepeatSameKey { .. } => Outcome::Unknown { next_channel: urgent },
            Doubt::GiveUpUnknown { next_channel } => Outcome::Unknown { next_channel },
        },
    }
}

/// Returns how long to wait after try number `attempt` (from 1): full jitter over 1, 2, 4 … s,
/// never above the cap, never below what the provider asked for within the cap. `jitter` is a
/// chance in 0..1; anything else counts as the nearest end, not-a-number as 1.
pub fn backoff(attempt: u32, jitter: f64, retry_after: Option<Duration>) -> Duration {
    let doubled = 2u32.saturating_pow(attempt.saturating_sub(1));
    let ceiling = BACKOFF_BASE.saturating_mul(doubled).min(BACKOFF_CAP);
    let jitter = if jitter.is_nan() { 1.0 } else { jitter.clamp(0.0, 1.0) };
    let asked = retry_after.unwrap_or_default().min(BACKOFF_CAP);
    ceiling.mul_f64(jitter).max(asked)
}
