//! What a notice would lack that was cut on its way. It would make people late, or early, without anybody
//! noticing; the law says how many days a year has beside its weekends, and a notice only moves
//! weekends about.
//!
//! What no rule sees: a day of rest on a weekend that was lost changes no count of days, and of several
//! make-up days behind the October holiday the last one may be missing. So whoever confirms a notice
//! is shown how many days of rest and make-up days it has.

use jiff::civil::Date;

use super::{CalendarError, Table, day_number, is_weekday};

/// From this year on the law gives 13 days, 11 before (Order 795 and Order 513 of the State Council).
const THIRTEEN_SINCE: i16 = 2025;
/// October begins with seven days of rest in a year whose weekends are moved, with eight where the
/// Mid-Autumn Festival is among them.
const GOLDEN_WEEK: usize = 7;

impl Table {
    /// Counts the days of rest and the make-up days.
    pub fn counts(&self) -> (usize, usize) {
        let rests = self.rests().count();
        (rests, self.days.len().saturating_sub(rests))
    }

    /// Says what a notice that was cut would lack, for whoever confirms it: a year may be an exception,
    /// so that nobody is kept from bringing it.
    pub fn doubt(&self) -> Option<CalendarError> {
        let whole = self.has_fixed_days().and_then(|()| self.is_balanced());
        whole.and_then(|()| self.has_golden_week()).err()
    }

    fn rests(&self) -> impl Iterator<Item = Date> {
        self.days.iter().filter(|one| !one.works).map(|one| one.date)
    }

    /// The days that are days of rest in whatever year.
    fn has_fixed_days(&self) -> Result<(), CalendarError> {
        let may = if self.year < THIRTEEN_SINCE { &[1][..] } else { &[1, 2] };
        let fixed = [(1, &[1][..]), (5, may), (10, &[1, 2, 3])];
        for (month, days) in fixed {
            for day in days {
                if !self.rests().any(|one| (one.month(), one.day()) == (month, *day)) {
                    let date = format!("{}-{month:02}-{day:02}", self.year);
                    return Err(CalendarError::Lacks { year: self.year, date });
                }
            }
        }
        Ok(())
    }

    /// The weekdays that are free, less the make-up days, are the days that the law gives: one that falls
    /// on a weekend is made good. More may be given once (2020, 2015), then no make-up day went with
    /// the end of the file.
    fn is_balanced(&self) -> Result<(), CalendarError> {
        let legal = if self.year < THIRTEEN_SINCE { 11 } else { 13 };
        let free = self.rests().filter(|one| is_weekday(day_number(*one))).count();
        let found = free.saturating_sub(self.counts().1);
        let last = self.days.iter().max_by_key(|one| one.date);
        if found < legal || found > legal && last.is_some_and(|one| !one.works) {
            return Err(CalendarError::Unbalanced { year: self.year, found, legal });
        }
        Ok(())
    }

    /// A cut that takes a day of rest and the make-up day for it keeps the balance.
    fn has_golden_week(&self) -> Result<(), CalendarError> {
        let autumn = |one: &Date| one.year() == self.year && matches!(one.month(), 9 | 10);
        let moved = self.days.iter().any(|one| one.works);
        let rests: Vec<i64> = self.rests().filter(autumn).map(day_number).collect();
        let first = day_number(Date::constant(self.year, 10, 1));
        let rest = |day: &i64| rests.contains(day);
        let after = (first..first.saturating_add(31)).take_while(rest).count();
        let before = (first.saturating_sub(30)..first).rev().take_while(rest).count();
        let found = before.saturating_add(after);
        let apart = rests.len() > found;
        let wanted = GOLDEN_WEEK.saturating_add(usize::from(!apart));
        if moved && found < wanted {
            return Err(CalendarError::ShortOctober { year: self.year, found, wanted });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::Calendar;
    use super::*;

    /// The published notices, each as its lines in the order of their days.
    fn published() -> Vec<Table> {
        let all: Vec<Table> = Calendar::builtin().tables().cloned().collect();
        assert_eq!(all.iter().map(|one| one.year).collect::<Vec<_>>(), [2023, 2024, 2025, 2026]);
        all
    }

    fn part(whole: &Table, days: std::ops::Range<usize>) -> Table {
        Table { year: whole.year, days: whole.days[days].to_vec() }
    }

    /// Which days work otherwise by a part than by the whole.
    fn otherwise(part: &Table, whole: &Table) -> Vec<(Date, bool)> {
        let calendar = Calendar::of(0, [part.clone()]).unwrap();
        let other = |one: &&super::super::table::Listed| calendar.is_workday(one.date) != one.works;
        whole.days.iter().filter(other).map(|one| (one.date, one.works)).collect()
    }

    #[test]
    fn every_published_notice_is_whole_and_none_that_was_cut_at_any_line() {
        for whole in published() {
            assert_eq!(whole.doubt(), None, "{}", whole.year);
            let all = whole.days.len();
            let ends = (0..all).map(|to| part(&whole, 0..to));
            let late = (1..all).map(|from| part(&whole, from..all));
            for cut in ends.chain(late) {
                if cut.doubt().is_some() {
                    continue;
                }
                // What the head of this file says: a weekend, or the last make-up day.
                let missed = otherwise(&cut, &whole);
                let final_one = whole.days.last().map(|one| (one.date, true));
                let unseen =
                    missed.is_empty() || missed.len() == 1 && missed.first().copied() == final_one;
                assert!(unseen, "{} passes without {missed:?}", whole.year);
                assert!(cut.days.len() + 1 == all, "{}: {} lines", whole.year, cut.days.len());
            }
        }
    }

    #[test]
    fn what_is_missing_is_said_in_a_sentence() {
        let of = |year: i16, lines: usize| {
            let whole = published().into_iter().find(|one| one.year == year).unwrap();
            part(&whole, 0..whole.days.len() - lines).doubt().unwrap().zh()
        };
        let cut = "2026-04-06";
        let table = published().pop().unwrap();
        let at = table.days.iter().position(|one| one.date.to_string() == cut).unwrap();
        let said = part(&table, 0..at + 1).doubt().unwrap().zh();
        assert_eq!(said, "2026 年缺少法定假日 2026-05-01，文件可能不完整");
        let week = "2025 年国庆前后连休只有 7 天，应不少于 8 天，文件可能不完整";
        assert_eq!(of(2025, 2), week, "a day of rest and the make-up day for it");
        let more = "2023 年的放假日与调休上班日不相抵：多休 13 天，法定为 11 天，文件可能不完整";
        assert_eq!(of(2023, 2), more, "both make-up days");
        let mut less = table.clone();
        less.days.retain(|one| one.date.to_string() != "2026-06-19");
        let said = less.doubt().unwrap().zh();
        assert_eq!(
            said,
            "2026 年的放假日与调休上班日不相抵：多休 12 天，法定为 13 天，文件可能不完整"
        );
    }

    #[test]
    fn days_that_were_given_beyond_the_law_are_taken_in() {
        // As in February 2020: a day more, and a make-up day taken back.
        let mut more = published().pop().unwrap();
        more.days.retain(|one| one.date.to_string() != "2026-02-28");
        let day = Date::constant(2026, 2, 24);
        let festival = "春节".to_owned();
        more.days.push(super::super::table::Listed { date: day, works: false, festival });
        assert_eq!(more.doubt(), None);
    }
}
