//! What is left of the day's quotas, asked for once an hour and counted down in between, so that the
//! last of it is kept for urgent messages.
//!
//! Each process counts its own calls: a hundred thousand messages leave within a minute.
//!
//! In memory only: whoever starts asks at once, and who does not know sends.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use entity::kinds::{Channel, Timestamp};

use super::send::DAILY_QUOTA;
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

    /// Tells whether the platform is known to have something left of a channel's quota today.
    pub fn has_left(&self, channel: Channel, now: Timestamp) -> bool {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let today = all.get(&channel).filter(|kept| kept.day == compact_date(now));
        today.is_some_and(|kept| kept.quota.remain > 0)
    }

    /// Takes one call from what is left of a channel's quota.
    pub fn spend(&self, s: &Services, channel: Channel) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(kept) = all.get_mut(&channel) else { return };
        let reserve = s.settings.notices.quota_reserve_percent;
        let before = kept.quota;
        kept.quota.remain = before.remain.saturating_sub(1);
        measure(s, channel, kept.quota);
        if kept.quota.is_reserved(reserve) && !before.is_reserved(reserve) {
            warn(channel, kept.quota);
        }
    }

    /// Notes that a platform refused a call because the day's quota is used up, whatever it said of
    /// it when it was asked.
    pub fn refused(&self, (channel, errcode): (Channel, Option<i64>), now: Timestamp) {
        let guarded = matches!(channel, Channel::OaTemplate | Channel::MiniSubscribe);
        if !guarded || errcode != Some(DAILY_QUOTA) {
            return;
        }
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let limit = all.get(&channel).map_or(1, |kept| kept.quota.daily_limit.max(1));
        let quota = Quota { daily_limit: limit, remain: 0 };
        all.insert(channel, Kept { quota, day: compact_date(now) });
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
            Ok(Some(quota)) => {
                s.quotas.keep(channel, quota, s.clock.now());
                measure(s, channel, quota);
                if quota.is_reserved(s.settings.notices.quota_reserve_percent) {
                    warn(channel, quota);
                }
            }
            unknown => {
                s.quotas.forget(channel);
                let why = unknown.err().map(|why| why.to_string()).unwrap_or_default();
                tracing::info!(channel = channel.word(), why, "the day's quota is not known");
            }
        }
    }
}

fn measure(s: &Services, channel: Channel, quota: Quota) {
    let left = i64::try_from(quota.remain).unwrap_or(i64::MAX);
    s.metrics.quota_remain.with_label_values(&[channel.word()]).set(left);
}

fn warn(channel: Channel, quota: Quota) {
    tracing::error!(
        channel = channel.word(),
        left = quota.remain,
        limit = quota.daily_limit,
        "the day's quota is nearly used up; what is left is kept for urgent messages"
    );
}
