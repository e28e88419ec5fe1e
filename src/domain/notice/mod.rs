//! What a notice says, under which key it is planned, and what becomes of it when sending fails.
//!
//! Pure words and tables; who is told is `escalation`, how it leaves the house is the gateway.
//! Invariants: every field obeys its type's limit whatever a resident wrote, and no personal data
//! enters a [`NoticeView`] — WeChat sees nothing else.

mod key;
mod probe;
pub mod quiet;
pub mod throttle;
mod sending;
mod ways;
mod words;

pub use key::{Part, Recipient, dedup_key, page};
pub use probe::{probe_fields, probe_text};
pub use sending::{
    BACKOFF_CAP, Class, Doubt, OA_KEY_VALID, Outcome, QUICK_TRIES, Trial, after_doubt, backoff,
    outcome,
};
pub use ways::{DEFAULT_ORDER, Said, order};
pub use words::{BadField, FieldType, Layout, NoticeView, Slot, fields, set_note};

#[cfg(test)]
mod tests;
