//! Holds what counts beside the entries against the checkpoints: printings by name and hash, and the
//! calendar line by line, for a line that nobody sealed could be one that nobody confirmed.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, Proof};
use crate::domain::calendar::DELIVERED;
use crate::domain::case::ledger::annex;
use crate::domain::case::ledger::checkpoint::is_by;
use crate::domain::case::ledger::exported::CalendarVersion;

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

    /// Names the lines of the calendar that nobody delivered or sealed, and returns the versions to
    /// count with, those without a seal behind the others; one that was altered is none of them. What was delivered is that of the program;
    /// of two lines of one version the sealed one counts.
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
                    Some(line) if self.had_been_sealed(&line, &day) => {
                        let why =
                            format!("第 {version} 版日历自称早已确认，{day} 日的检查点才有它");
                        self.say(format!("{why}：事后添加；重算不计入"));
                    }
                    Some(line) => sealed.push(line),
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

    /// Leaves out, and names, what had been sealed if anybody had confirmed it when the line says.
    fn confirmed_since(
        &mut self,
        version: u32,
        mut lines: Vec<CalendarVersion>,
    ) -> Option<CalendarVersion> {
        let all = lines.len();
        lines.retain(|one| !self.had_been_sealed(one, BEYOND));
        if lines.len() < all {
            self.say(format!("第 {version} 版日历不在任何检查点里：事后添加；重算不计入"));
        }
        lines.into_iter().next()
    }

    /// Tells whether a day before this one was sealed when it had been confirmed. A checkpoint that is
    /// missing or not to be believed may have held it.
    fn had_been_sealed(&self, one: &CalendarVersion, before: &str) -> bool {
        let at = entity::kinds::Timestamp(one.confirmed_at);
        let mut earlier = self.days.iter().rev().filter(|day| day.name.as_str() < before);
        let sealed = earlier.next().is_some_and(|last| is_by(&last.name, at));
        let doubted = self.days.iter().any(|day| day.broken || !day.vouched);
        sealed && !doubted
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

    #[test]
    fn a_version_that_was_brought_with_an_old_time_and_sealed_since_is_named_and_left_out() {
        // It came when two days had been sealed.
        let brought = |at: i64| {
            let line = version(1, at, "forged");
            let hash = annex::hash(&line).unwrap();
            let mut all: Vec<Signed> = Vec::new();
            for (day, heads) in [
                ("2026-11-23", vec![]),
                ("2026-11-24", vec![]),
                ("2026-11-25", vec![annex::head("calendar/1", hash).unwrap()]),
            ] {
                let prev = all.last().map(|one| &one.checkpoint);
                let checkpoint = Checkpoint::of(day, &heads, prev).unwrap();
                all.push(Signed { checkpoint, signature: "good".into(), heads });
            }
            told(all, Extent::Open, &[line])
        };
        for at in [1, NOON, NOON + DAY] {
            let (said, count) = brought(at);
            assert!(said.len() == 1 && said[0].contains("2026-11-25 日的检查点才有它"), "{said:?}");
            assert_eq!(count, Vec::<String>::new());
        }
        assert_eq!(brought(NOON + 2 * DAY), (vec![], vec!["1 forged".to_owned()]));
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
