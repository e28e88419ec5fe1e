//! What is left of the day's quotas, asked for once an hour, so that the last of it is kept for
//! urgent messages.
//!
//! In memory only: whoever starts asks at once, and who does not know sends.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use entity::kinds::{Channel, Timestamp};

use crate::domain::calendar::compact_date;
use crate::domain::notice::throttle::Quota;
use crate::gateway::wechat::{AppKind, Endpoint};
use crate::services::Services;

/// The numbers of the day; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Quotas(Arc<Mutex<HashMap<Channel, Kept>>>);

#[derive(Clone, Debug)]
struct Kept {
    quota: Quota,
    /// The day it is about; the next one begins with a full quota.
    day: String,
}

impl Quotas {
    /// Tells whether what is left of a channel's quota today is kept for urgent messages.
    pub fn is_reserved(&self, channel: Channel, reserve_percent: u64, now: Timestamp) -> bool {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let today = all.get(&channel).filter(|kept| kept.day == compact_date(now));
        today.is_some_and(|kept| kept.quota.is_reserved(reserve_percent))
    }

    fn keep(&self, channel: Channel, quota: Quota, now: Timestamp) {
        let kept = Kept { quota, day: compact_date(now) };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(channel, kept);
    }

    fn forget(&self, channel: Channel) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&channel);
    }
}

/// Asks WeChat for the quotas of both ways to send. What it does not say is not guarded.
pub async fn ask(s: &Services) {
    for (channel, kind, endpoint) in [
        (Channel::OaTemplate, AppKind::Oa, Endpoint::Template),
        (Channel::MiniSubscribe, AppKind::Mini, Endpoint::Subscribe),
    ] {
        match s.wechat.quota(kind, endpoint).await {
            Ok(quota) => {
                s.quotas.keep(channel, quota, s.clock.now());
                let left = i64::try_from(quota.remain).unwrap_or(i64::MAX);
                s.metrics.quota_remain.with_label_values(&[channel.word()]).set(left);
                if quota.is_reserved(s.settings.notices.quota_reserve_percent) {
                    tracing::error!(
                        channel = channel.word(),
                        left,
                        limit = quota.daily_limit,
                        "the day's quota is nearly used up; what is left is kept for urgent messages"
                    );
                }
            }
            Err(why) => {
                s.quotas.forget(channel);
                tracing::info!(channel = channel.word(), %why, "the day's quota is not known");
            }
        }
    }
}
