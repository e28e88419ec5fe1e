//! Holds what counts beside the entries against the checkpoints: printings by name and hash, and the
//! calendar line by line, for a line that nobody sealed could be one that nobody confirmed.

use std::collections::{BTreeMap, BTreeSet};

use entity::kinds::Timestamp;

use super::{Finding, Proof};
use crate::domain::audit::month::Month;
use crate::domain::calendar::{DELIVERED, iso_date};
use crate::domain::case::ledger::annex;
use crate::domain::case::ledger::exported::{CalendarVersion, Printing};

/// Behind every day.
const BEYOND: &str = "9999-12-31";

impl Proof {
    /// Holds what counts beside the entries against the checkpoints, by name and hash. What none of
    /// them seals came after the last one, or before such things were sealed.
    pub fn annexes(&mut self, hashes: &BTreeMap<String, String>) {
        for (name, hash) in hashes {
            let Some(seals) = self.cases.get_mut(name) else { continue };
            seals.seen = true;
            let Some((day, _)) = seals.heads.last().filter(|(_, head)| head.hash() != hash) else {
                continue;
            };
            let day = self.days.get(*day).map_or("", |day| day.name.as_str());
            let what = annex::zh(name).unwrap_or_default();
            self.say(format!("{what}被改动：与 {day} 日检查点不符"));
        }
    }

    /// Names the printings that cannot have counted their month: other bounds than it has, an instant
    /// before its end, or one before that of an earlier printing of it.
    pub fn printings(&mut self, printings: &[Printing]) {
        let mut frames: BTreeMap<(&str, i32), [i64; 3]> = BTreeMap::new();
        for one in printings {
            let frame = [one.from, one.to, one.as_of];
            frames.entry((one.period.as_str(), one.revision)).or_insert(frame);
        }
        let mut newest: BTreeMap<&str, i64> = BTreeMap::new();
        for ((period, revision), [from, to, as_of]) in frames {
            let month = Month::read(period).and_then(Month::bounds);
            let known = newest.entry(period).or_insert(as_of);
            let wrong = match () {
                () if month != Some((Timestamp(from), Timestamp(to))) => "起止不是这个月的",
                () if as_of < to => "统计时点早于月末",
                () if as_of < *known => "统计时点早于此前的印发",
                () => "",
            };
            *known = as_of.max(*known);
            if !wrong.is_empty() {
                let what = annex::zh(&annex::printing_name(period, revision)).unwrap_or_default();
                self.say(format!("{what}{wrong}：被改动"));
            }
        }
    }

    /// Names the lines of the calendar that nobody delivered or sealed, and returns the versions to
    /// count with, those without a seal behind the others; one that was altered is none of them.
    /// What was delivered is that of the program; of two lines of one version the sealed one
    /// counts.
    pub fn calendars(&mut self, lines: Vec<CalendarVersion>) -> Vec<CalendarVersion> {
        let mut versions: BTreeMap<u32, Vec<CalendarVersion>> = BTreeMap::new();
        for line in lines {
            versions.entry(line.version).or_default().push(line);
        }
        let (mut sealed, mut later) = (Vec::new(), Vec::new());
        for (version, lines) in versions {
            if lines.len() > 1 {
                self.say(format!("第 {version} 版日历重复出现"));
            }
            match self.sealed_as(version) {
                _ if version == 0 => self.delivered(&lines),
                Some((hash, day)) => match as_sealed(lines, &hash) {
                    Some(line) => sealed.extend(self.in_time(line, &day)),
                    None => self.altered(version, &day),
                },
                None => later.extend(self.confirmed_since(version, lines)),
            }
        }
        sealed.into_iter().chain(later).collect()
    }

    /// The versions that checkpoints hold and that are not among those to count with.
    pub fn lacking(&self, there: &[CalendarVersion]) -> BTreeSet<u32> {
        let mut sealed: BTreeSet<u32> =
            self.cases.keys().filter_map(|name| annex::calendar_version(name)).collect();
        for one in there {
            sealed.remove(&one.version);
        }
        sealed
    }

    /// A version of which no line is what was sealed: nothing is counted with it.
    fn altered(&mut self, version: u32, day: &str) {
        if let Some(seals) = self.cases.get_mut(&annex::calendar_name(version)) {
            seals.seen = true;
        }
        self.say(format!("第 {version} 版日历被改动：与 {day} 日检查点不符"));
    }

    fn say(&mut self, why: String) {
        self.verdict.findings.push(Finding::said(why));
    }

    /// The hash by which the checkpoints know a version, and the day of which one has it.
    fn sealed_as(&self, version: u32) -> Option<(String, String)> {
        let seals = self.cases.get(&annex::calendar_name(version))?;
        let (day, head) = seals.heads.last()?;
        let day = self.days.get(*day).map_or("", |day| day.name.as_str());
        Some((head.hash().to_owned(), day.to_owned()))
    }

    fn delivered(&mut self, lines: &[CalendarVersion]) {
        if lines.iter().any(|one| one.confirmed_at != 0 || one.body != DELIVERED) {
            let why = "第 0 版日历被改动：与随程序交付的不符；重算按随程序交付的";
            self.say(why.to_owned());
        }
    }

    /// Leaves out, and names, a version that one checkpoint after another did not hold although it says
    /// that it was confirmed. A clock that was put back is one late, and the first checkpoint with such
    /// things has whatever was confirmed before they were sealed: then it is only remarked.
    fn in_time(&mut self, line: CalendarVersion, day: &str) -> Option<CalendarVersion> {
        let (version, without) = (line.version, self.without(&line, day));
        if without > 1 && self.first_with_annexes() != Some(day) {
            let why = format!("第 {version} 版日历自称早已确认，{day} 日的检查点才有它");
            self.say(format!("{why}：事后添加；重算不计入"));
            return None;
        }
        if without > 0 {
            let why = format!("第 {version} 版日历确认后，{day} 日的检查点才有它");
            self.verdict.remarks.push(format!("{why}：系统时钟被拨回，或此前不封存日历；重算计入"));
        }
        Some(line)
    }

    /// Leaves out, and names, what had been sealed if anybody had confirmed it when the line says.
    fn confirmed_since(
        &mut self,
        version: u32,
        mut lines: Vec<CalendarVersion>,
    ) -> Option<CalendarVersion> {
        let all = lines.len();
        lines.retain(|one| self.without(one, BEYOND) == 0);
        if lines.len() < all {
            self.say(format!("第 {version} 版日历不在任何检查点里：事后添加；重算不计入"));
        }
        lines.into_iter().next()
    }

    /// Counts the checkpoints before a day that do not hold it, since it was confirmed. One that is
    /// missing or not to be believed may have held it.
    fn without(&self, one: &CalendarVersion, before: &str) -> usize {
        if self.days.iter().any(|day| day.broken || !day.vouched) {
            return 0;
        }
        let since = iso_date(Timestamp(one.confirmed_at));
        let passed = self.days.iter().map(|day| day.name.as_str());
        passed.filter(|day| since.as_str() <= *day && *day < before).count()
    }

    /// The first day whose checkpoint holds anything beside the entries.
    fn first_with_annexes(&self) -> Option<&str> {
        let annexes = self.cases.iter().filter(|(name, _)| annex::zh(name).is_some());
        let first = annexes.filter_map(|(_, seals)| seals.heads.first()).map(|(day, _)| *day).min();
        self.days.get(first?).map(|day| day.name.as_str())
    }
}

/// The line that was sealed.
fn as_sealed(lines: Vec<CalendarVersion>, hash: &str) -> Option<CalendarVersion> {
    lines.into_iter().find(|one| annex::hash(one).is_ok_and(|own| own == hash))
}

#[cfg(test)]
mod tests {
    use super::super::Extent;
    use super::*;
    use crate::domain::case::ledger::Checkpoint;
    use crate::domain::case::ledger::checkpoint::Signed;

    /// 2026-11-23T12:00+08:00
    const NOON: i64 = 1_795_406_400_000_000;
    const DAY: i64 = 86_400_000_000;

    fn version(version: u32, confirmed_at: i64, body: &str) -> CalendarVersion {
        CalendarVersion { version, confirmed_at, body: body.to_owned() }
    }

    /// Three days, on the first of which version 1 was sealed.
    fn sealed() -> Vec<Signed> {
        let hash = annex::hash(&version(1, NOON, "real")).unwrap();
        let mut all: Vec<Signed> = Vec::new();
        for (day, heads) in [
            ("2026-11-23", vec![annex::head("calendar/1", hash).unwrap()]),
            ("2026-11-24", vec![]),
            ("2026-11-25", vec![]),
        ] {
            let prev = all.last().map(|one| &one.checkpoint);
            let checkpoint = Checkpoint::of(day, &heads, prev).unwrap();
            all.push(Signed { checkpoint, signature: "good".into(), heads });
        }
        all
    }

    /// What is said of lines, and which versions count.
    fn told(
        checkpoints: Vec<Signed>,
        extent: Extent,
        lines: &[CalendarVersion],
    ) -> (Vec<String>, Vec<String>) {
        let mut proof = Proof::new(checkpoints, extent, |_, by| by == "good");
        let count = proof.calendars(lines.to_vec());
        let said = proof.verdict.findings.iter().map(|one| one.why.clone()).collect();
        (said, count.into_iter().map(|one| format!("{} {}", one.version, one.body)).collect())
    }

    #[test]
    fn a_printing_that_cannot_have_counted_its_month_is_named() {
        // 2026-11-01T00:00+08:00
        let from = 1_793_462_400_000_000;
        let (to, third) = (from + 30 * DAY, from + 32 * DAY);
        let said = |all: &[(&str, i32, [i64; 3])]| {
            let printing =
                |(period, revision, [from, to, as_of]): &(&str, i32, [i64; 3])| Printing {
                    period: (*period).to_owned(),
                    revision: *revision,
                    dimension: "none".into(),
                    from: *from,
                    to: *to,
                    as_of: *as_of,
                    figure: serde_json::json!({ "id": "R6" }),
                };
            let mut proof = Proof::new(sealed(), Extent::Sealed, |_, by| by == "good");
            proof.printings(&all.iter().map(printing).collect::<Vec<_>>());
            proof.verdict.findings.into_iter().map(|one| one.why).collect::<Vec<_>>()
        };
        let first = ("2026-11", 0, [from, to, third]);
        let none = Vec::<String>::new();
        // Printed late, revised at the same instant and later.
        let later = [1, 2].map(|n: i32| ("2026-11", n, [from, to, third + i64::from(n - 1)]));
        assert_eq!(said(&[first, later[0], later[1]]), none);
        assert_eq!(said(&[("2026-11", 0, [from, to, to]), first]), none, "the first line counts");
        for (one, why) in [
            (("2026-11", 0, [from + DAY, to, third]), "2026-11 的印发起止不是这个月的：被改动"),
            (("2026-11", 0, [from, to + DAY, third]), "2026-11 的印发起止不是这个月的：被改动"),
            (("2026-12", 0, [from, to, third]), "2026-12 的印发起止不是这个月的：被改动"),
            (("2026-11", 0, [from, to, to - 1]), "2026-11 的印发统计时点早于月末：被改动"),
        ] {
            assert_eq!(said(&[one]), [why]);
        }
        let early = ("2026-11", 2, [from, to, third - 1]);
        let why = "2026-11 修订 2 的印发统计时点早于此前的印发：被改动";
        assert_eq!(said(&[early, first, later[0]]), [why]);
    }

    #[test]
    fn a_line_of_the_calendar_counts_as_it_was_delivered_or_sealed() {
        let (zero, real) = (version(0, 0, DELIVERED), version(1, NOON, "real"));
        let (forged, late) = (version(1, 1, "forged"), version(3, NOON + 3 * DAY, "late"));
        let of = |lines: &[CalendarVersion]| told(sealed(), Extent::Sealed, lines);
        let none = Vec::<String>::new();
        assert_eq!(of(&[zero.clone(), real.clone()]), (none.clone(), vec!["1 real".into()]));
        for changed in [version(0, 0, "table"), version(0, 1, DELIVERED)] {
            let (said, count) = of(&[changed, real.clone()]);
            assert!(said.len() == 1 && said[0].starts_with("第 0 版日历被改动"), "{said:?}");
            assert_eq!(count, ["1 real"]);
        }
        for lines in [[forged.clone(), real.clone()], [real.clone(), forged.clone()]] {
            assert_eq!(of(&lines), (vec!["第 1 版日历重复出现".into()], vec!["1 real".into()]));
        }
        assert_eq!(of(&[zero.clone(), zero.clone()]).0, ["第 0 版日历重复出现"]);
        // One that was confirmed since stands behind, whatever its number and place.
        let early = version(0, 0, DELIVERED);
        let lines = [late.clone(), early, real.clone()];
        assert_eq!(of(&lines), (none, vec!["1 real".into(), "3 late".into()]));
    }

    #[test]
    fn a_version_that_is_gone_or_altered_is_lacking_and_said_once_whatever_day_an_export_begins() {
        for (line, said) in [
            (None, "第 1 版日历缺失，而检查点里有它"),
            (Some("other"), "第 1 版日历被改动：与 2026-11-23 日检查点不符"),
        ] {
            let mut proof = Proof::new(sealed(), Extent::Sealed, |_, by| by == "good");
            let line = line.map(|body| version(1, NOON, body));
            let count = proof.calendars(line.into_iter().collect());
            assert_eq!((count.len(), proof.lacking(&count)), (0, BTreeSet::from([1])));
            let found = proof.finish("2026-11-25").findings;
            assert_eq!(found.iter().map(|one| one.why.as_str()).collect::<Vec<_>>(), [said]);
        }
        let real = [version(1, NOON, "real")];
        let proof = Proof::new(sealed(), Extent::Sealed, |_, by| by == "good");
        assert_eq!(proof.lacking(&real), BTreeSet::new());
    }

    /// What is said and remarked of a version that the third of three days seals, and which versions
    /// count; the first day holds a printing, or nothing beside the entries.
    fn late(at: i64, printed: bool) -> (Vec<String>, Vec<String>, usize) {
        let line = version(1, at, "late");
        let hash = annex::hash(&line).unwrap();
        let printing = annex::head("printing/2026-10/0", "ab".repeat(32)).unwrap();
        let mut all: Vec<Signed> = Vec::new();
        for (day, heads) in [
            ("2026-11-23", Some(printing).filter(|_| printed).into_iter().collect()),
            ("2026-11-24", vec![]),
            ("2026-11-25", vec![annex::head("calendar/1", hash).unwrap()]),
        ] {
            let prev = all.last().map(|one| &one.checkpoint);
            let checkpoint = Checkpoint::of(day, &heads, prev).unwrap();
            all.push(Signed { checkpoint, signature: "good".into(), heads });
        }
        let mut proof = Proof::new(all, Extent::Open, |_, by| by == "good");
        let count = proof.calendars(vec![line]).len();
        let said = proof.verdict.findings.iter().map(|one| one.why.clone()).collect();
        (said, proof.verdict.remarks, count)
    }

    #[test]
    fn a_version_that_was_brought_with_an_old_time_and_sealed_since_is_named_and_left_out() {
        for at in [1, NOON] {
            let (said, remarks, count) = late(at, true);
            assert!(said.len() == 1 && said[0].contains("2026-11-25 日的检查点才有它"), "{said:?}");
            assert_eq!((remarks, count), (vec![], 0));
        }
        assert_eq!(late(NOON + 2 * DAY, true), (vec![], vec![], 1));
    }

    /// The clock was put back behind a midnight that was sealed, or such things were not sealed before.
    #[test]
    fn a_version_that_is_sealed_one_checkpoint_late_or_with_the_first_annexes_counts() {
        for (at, printed) in [(NOON + DAY, true), (NOON + DAY, false), (NOON, false), (1, false)] {
            let (said, remarks, count) = late(at, printed);
            assert_eq!((said, count), (vec![], 1), "{at}");
            assert!(remarks.len() == 1 && remarks[0].contains("第 1 版日历"), "{remarks:?}");
        }
        assert_eq!(late(NOON + 2 * DAY, false), (vec![], vec![], 1));
    }

    #[test]
    fn a_version_that_no_checkpoint_holds_though_its_day_is_sealed_is_named_and_left_out() {
        let real = version(1, NOON, "real");
        for at in [1, NOON, NOON + 2 * DAY] {
            let lines = [real.clone(), version(2, at, "forged")];
            let (said, count) = told(sealed(), Extent::Sealed, &lines);
            assert!(said.len() == 1 && said[0].contains("不在任何检查点里"), "{at}: {said:?}");
            assert_eq!(count, ["1 real"], "{at}");
            assert_eq!(told(sealed(), Extent::Open, &lines), (said, count), "{at}");
        }
        // The checkpoint that held it is gone, or was forged: that alone is said.
        let lines = [real];
        let mut gone = sealed();
        drop(gone.remove(0));
        let mut forged = sealed();
        forged[0].signature = "bad".into();
        for checkpoints in [gone, forged] {
            let (said, count) = told(checkpoints, Extent::Sealed, &lines);
            assert!(said.len() == 1 && said[0].contains("日检查点"), "{said:?}");
            assert_eq!(count, ["1 real"]);
        }
    }
}
