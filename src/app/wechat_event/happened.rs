//! When what a push tells of happened.

use entity::kinds::Timestamp;

/// Returns when a push happened: by the platform's clock (`CreateTime`), where it says so.
pub(super) fn happened(created_at: i64, received: Timestamp) -> Timestamp {
    match created_at {
        1.. => Timestamp(created_at.saturating_mul(1_000_000)),
        _ => received,
    }
}
