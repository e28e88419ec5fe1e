//! What a notice says, under which key it is planned, and what becomes of it when sending fails.
//!
//! Pure words and tables; who is told is `escalation`, how it leaves the house is the gateway.
//! Invariants: every field obeys its type's limit whatever a resident wrote, and no personal data
//! enters a [`NoticeView`] — WeChat sees nothing else.

mod card;
pub mod consent;
mod fate;
mod key;
pub mod owed;
mod probe;
pub mod quiet;
mod robot;
mod sending;
mod template;
pub mod throttle;
mod ways;
mod words;

pub use card::{NOT_YOURS, closing, is_userid};
pub use fate::fate;
pub use key::{Part, Recipient, dedup_key, page};
pub use probe::{opens as probe_opens, probe_fields, probe_text, title as probe_title};
pub use robot::{
    PER_MINUTE, Turn as RobotTurn, line as robot_line, text as robot_text, turn as robot_turn,
};
pub use sending::{
    BACKOFF_CAP, Class, DOUBT_ENDURED, Doubt, OA_KEY_VALID, Outcome, QUICK_TRIES, Trial,
    WECOM_KEY_VALID, after_doubt, backoff, outcome,
};
pub use template::{Drift, drift, for_residents, keys_of, kinds_of};
pub use ways::{DEFAULT_ORDER, Said, order};
pub use words::{BadField, FieldType, Layout, NoticeView, Slot, fields, labels, set_note};

#[cfg(test)]
mod tests;
