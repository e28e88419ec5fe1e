//! The hours of a profile: on which days, and from when to when with which breaks.
//!
//! Data with a version: a street that opens earlier adds a version, and a case keeps the one it
//! was promised under. Invariant: shifts are ascending, apart and not empty.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::{DAY, MINUTE, Profile};

/// On which days the shifts are worked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Days {
    Every,
    Workday,
}

/// Why hours were refused.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum HoursError {
    #[error("“{0}”不是“09:00-12:00”这样的时段")]
    Malformed(String),
    #[error("时段应依次排列、互不重叠，且至少一段")]
    Order,
}

/// A profile in one version: half-open shifts `[from, to)` of the local day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Words", into = "Words")]
pub struct Hours {
    profile: Profile,
    version: u32,
    days: Days,
    /// Microseconds from local midnight.
    shifts: Vec<(i64, i64)>,
}

/// How hours are written: `{"profile":"office","version":1,"shifts":["09:00-12:00"]}`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    profile: Profile,
    #[serde(default = "first")]
    version: u32,
    shifts: Vec<String>,
}

const fn first() -> u32 {
    1
}

static OFFICE: LazyLock<Hours> = LazyLock::new(|| {
    let minute = |hour: i64, minute: i64| (hour * 60 + minute) * MINUTE;
    let shifts = vec![(minute(9, 0), minute(12, 0)), (minute(14, 0), minute(17, 30))];
    Hours { profile: Profile::Office, version: 1, days: Days::Workday, shifts }
});
static DUTY: LazyLock<Hours> = LazyLock::new(|| {
    let shifts = vec![(0, DAY)];
    Hours { profile: Profile::Duty, version: 1, days: Days::Every, shifts }
});

impl Hours {
    /// Returns the hours a profile begins with: 09:00–12:00 and 14:00–17:30 of workdays, or always.
    pub fn standard(profile: Profile) -> &'static Self {
        match profile {
            Profile::Office => &OFFICE,
            Profile::Duty => &DUTY,
        }
    }

    /// Reads shifts such as `09:00-12:00`; office hours are those of workdays, duty hours of every
    /// day. Fails when one is malformed or they are not in order.
    pub fn parse(profile: Profile, version: u32, shifts: &[String]) -> Result<Self, HoursError> {
        let shift = |raw: &String| shift(raw).ok_or_else(|| HoursError::Malformed(raw.clone()));
        let shifts: Vec<(i64, i64)> = shifts.iter().map(shift).collect::<Result<_, _>>()?;
        let mut end = -1;
        for (open, close) in &shifts {
            if *open <= end || close <= open {
                return Err(HoursError::Order);
            }
            end = *close;
        }
        let days = if profile == Profile::Office { Days::Workday } else { Days::Every };
        if shifts.is_empty() {
            Err(HoursError::Order)
        } else {
            Ok(Self { profile, version, days, shifts })
        }
    }

    /// Returns the profile.
    pub const fn profile(&self) -> Profile {
        self.profile
    }

    /// Returns the version.
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// Returns the same hours under another number.
    #[must_use]
    pub fn numbered(self, version: u32) -> Self {
        Self { version, ..self }
    }

    /// Says what counted days are, behind their number: `3个工作日`, `3天` where every day counts.
    pub const fn days_zh(&self) -> &'static str {
        match self.days {
            Days::Workday => "个工作日",
            Days::Every => "天",
        }
    }

    pub(super) const fn days(&self) -> Days {
        self.days
    }

    /// Returns whether every minute of every day counts.
    pub fn is_wall(&self) -> bool {
        self.days == Days::Every && self.shifts == [(0, DAY)]
    }

    /// Returns how much one counted day has.
    pub(super) fn day(&self) -> i64 {
        self.shifts.iter().map(|(open, close)| close - open).sum()
    }

    /// Returns when the last shift ends.
    pub(super) fn closing(&self) -> i64 {
        self.shifts.last().map_or(DAY, |(_, close)| *close)
    }

    /// Returns how much of a counted day has passed when the clock shows `clock`.
    pub(super) fn worked_by(&self, clock: i64) -> i64 {
        self.shifts.iter().map(|(open, close)| clock.clamp(*open, *close) - open).sum()
    }

    /// Returns the earliest clock at which `worked` of a counted day is done.
    pub(super) fn clock_after(&self, worked: i64) -> i64 {
        let mut left = worked;
        for (open, close) in &self.shifts {
            if left <= close - open {
                return open + left.max(0);
            }
            left -= close - open;
        }
        self.closing()
    }
}

impl AsRef<Self> for Hours {
    fn as_ref(&self) -> &Self {
        self
    }
}

impl AsRef<Hours> for Profile {
    fn as_ref(&self) -> &Hours {
        Hours::standard(*self)
    }
}

impl TryFrom<Words> for Hours {
    type Error = HoursError;

    fn try_from(words: Words) -> Result<Self, HoursError> {
        Self::parse(words.profile, words.version, &words.shifts)
    }
}

impl From<Hours> for Words {
    fn from(hours: Hours) -> Self {
        let clock = |at: i64| format!("{:02}:{:02}", at / MINUTE / 60, at / MINUTE % 60);
        let shift = |(open, close): &(i64, i64)| format!("{}-{}", clock(*open), clock(*close));
        let shifts = hours.shifts.iter().map(shift).collect();
        Self { profile: hours.profile, version: hours.version, shifts }
    }
}

fn shift(raw: &str) -> Option<(i64, i64)> {
    let (open, close) = raw.split_once('-')?;
    Some((clock(open)?, clock(close)?))
}

fn clock(raw: &str) -> Option<i64> {
    let (hour, minute) = raw.split_once(':')?;
    let number = |two: &str| two.parse::<u8>().ok().filter(|_| two.len() == 2).map(i64::from);
    let (hour, minute) = (number(hour)?, number(minute)?);
    let at = (hour * 60 + minute) * MINUTE;
    (minute < 60 && at <= DAY).then_some(at)
}
