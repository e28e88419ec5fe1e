//! Says in Chinese why a due time is when it is.

use std::time::Duration;

use entity::kinds::Timestamp;
use jiff::civil::{Date, Weekday};

use super::table::Listed;
use super::{CHINA, Calendar, Due, Hours, Profile, day_number, local_date, moment};

impl Calendar {
    /// Explains a due time to whoever is bound by it, with the days that made it come later or
    /// sooner than a plain count: `2月14日12:00前：周六为调休上班日`.
    pub fn explain(&self, hours: &Hours, from: Timestamp, due: Due) -> String {
        let reasons = match hours.profile() {
            Profile::Duty if hours.is_wall() => vec!["按自然时间连续计算".to_owned()],
            Profile::Duty => vec!["按值班时段计算".to_owned()],
            Profile::Office => self.reasons(local_date(from), local_date(due.at), due.provisional),
        };
        let until = before(from, due.at);
        if reasons.is_empty() { until } else { format!("{until}：{}", reasons.join("；")) }
    }

    fn reasons(&self, first: Date, last: Date, provisional: bool) -> Vec<String> {
        let mut reasons = Vec::new();
        let (from, to) = (day_number(first), day_number(last));
        let listed = |day| self.listed.get(&day);
        if listed(to).is_some_and(|one| one.works) {
            reasons.push(format!("{}为调休上班日", weekday(last)));
        }
        let inner = from.saturating_add(1).min(to)..to;
        for (_, one) in self.listed.range(inner).filter(|(_, one)| one.works) {
            reasons.push(format!("{}（{}）调休上班，计入", short(one.date), weekday(one.date)));
        }
        let rests: Vec<&Listed> =
            self.listed.range(from..to).map(|(_, one)| one).filter(|one| !one.works).collect();
        let plain = to.saturating_sub(from)
            - (self.workdays_before(to) - self.workdays_before(from))
            - i64::try_from(rests.len()).unwrap_or(0);
        reasons.extend(runs(&rests));
        if plain > 0 {
            reasons.push("周末不计".to_owned());
        }
        if provisional {
            reasons.push(self.open_year(first, last));
        }
        reasons
    }

    /// Names the notice that is missing.
    fn open_year(&self, first: Date, last: Date) -> String {
        let missing = (first.year()..=last.year()).find(|year| !self.knows(*year));
        let year = missing.unwrap_or_else(|| last.year().saturating_add(1));
        format!("{year}年放假安排尚未公布，时限暂定，公布后重新计算")
    }
}

/// Names stretches of days off, each once.
fn runs(rests: &[&Listed]) -> Vec<String> {
    let follows = |a: &&Listed, b: &&Listed| {
        a.festival == b.festival && day_number(b.date) == day_number(a.date).saturating_add(1)
    };
    let name = |run: &[&Listed]| {
        let (first, last) = (run.first()?, run.last()?);
        let festival =
            if first.festival.is_empty() { "节假日" } else { first.festival.as_str() };
        let days = match (first.date == last.date, first.date.month() == last.date.month()) {
            (true, _) => short(first.date),
            (false, true) => format!("{}至{}日", short(first.date), last.date.day()),
            (false, false) => format!("{}至{}", short(first.date), short(last.date)),
        };
        Some(format!("{days}{festival}放假，不计"))
    };
    rests.chunk_by(follows).filter_map(name).collect()
}

/// Half a second: a rest that began some microseconds after the full minute leaves a due time as
/// much before it, and 17:29 would be said of what is due at closing time.
const NEAREST_SECOND: Duration = Duration::from_millis(500);

fn before(from: Timestamp, at: Timestamp) -> String {
    let local = CHINA.to_datetime(moment(at + NEAREST_SECOND));
    let year = local_date(from).year() != local.year();
    let year = if year { format!("{}年", local.year()) } else { String::new() };
    format!("{year}{}{:02}:{:02}前", short(local.date()), local.hour(), local.minute())
}

fn short(date: Date) -> String {
    format!("{}月{}日", date.month(), date.day())
}

/// Names the day of the week.
pub fn weekday(date: Date) -> &'static str {
    match date.weekday() {
        Weekday::Monday => "周一",
        Weekday::Tuesday => "周二",
        Weekday::Wednesday => "周三",
        Weekday::Thursday => "周四",
        Weekday::Friday => "周五",
        Weekday::Saturday => "周六",
        Weekday::Sunday => "周日",
    }
}
