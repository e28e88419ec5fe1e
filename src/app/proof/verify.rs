//! Verifies the record and what was published of it: from the files of an export alone, or from the
//! database, against its own checkpoints or those that were kept elsewhere.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::BufRead;

use entity::kinds::{CaseId, CaseState, EventType};

use super::export::{FORMAT, Printed, is_day, published};
use super::lines::{Faults, Readable, each};
use super::own::{self, Own};
use super::read;
use super::reader::Reader;
use crate::app::audit::ledger::confirmed;
use crate::domain::audit::recount::{Differs, Recount};
use crate::domain::calendar::rfc3339;
use crate::domain::case::edges::{ended, is_open};
use crate::domain::case::ledger::checkpoint::Signed;
use crate::domain::case::ledger::exported::{Event, Header, Line, read_or_name};
use crate::domain::case::ledger::proof::{Extent, Finding, Proof, Verdict};
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::checkpoint::{self, End};
use crate::vault::signing::Verifier;

pub use super::lines::Unreadable;

/// Cases whose entries are in memory at once.
const BATCH: u64 = 500;
/// How often a case that is written to meanwhile is read again.
const AGAIN: usize = 5;

/// What a verification says.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub verdict: Verdict,
    /// The first and the last sealed day, and how many there are.
    pub days: Option<(String, String, usize)>,
    /// The day from which every case is there; `None` for a database.
    pub from: Option<String>,
    /// How many published figures were computed again.
    pub figures: usize,
    pub differs: Vec<Differs>,
}

impl Report {
    /// Whether everything is as it was sealed and published.
    pub const fn is_whole(&self) -> bool {
        self.verdict.findings.is_empty() && self.differs.is_empty()
    }
}

/// Reads published checkpoints, and names the lines that are none. Fails when the file cannot be read.
pub fn checkpoints(from: impl BufRead) -> Readable<(Vec<Signed>, Vec<Finding>)> {
    let (mut sealed, mut faults) = (Vec::new(), Faults::of("检查点文件"));
    for one in each(from, |text| serde_json::from_slice(text)) {
        match one? {
            Ok(one) => sealed.push(one),
            Err(fault) => faults.add(fault),
        }
    }
    Ok((sealed, faults.finish()))
}

/// The first and the last day, wherever they stand, and how many there are.
fn days<'a>(checkpoints: impl IntoIterator<Item = &'a Signed>) -> Option<(String, String, usize)> {
    let days: BTreeSet<&str> =
        checkpoints.into_iter().map(|one| one.checkpoint.day.as_str()).collect();
    let (first, last) = (days.first()?, days.last()?);
    Some(((*first).to_owned(), (*last).to_owned(), days.len()))
}

/// Whether what a checkpoint says of its day was signed.
pub(super) fn is_signed(one: &Signed, key: &Verifier) -> bool {
    one.checkpoint.bytes().is_ok_and(|bytes| key.holds(&bytes, &one.signature))
}

/// Splits checkpoints into those up to a day and the others. A day that nobody signed is none: it
/// stays, to be named.
fn up_to(day: &str, checkpoints: Vec<Signed>, key: &Verifier) -> Ends {
    let span = |of: &[&Signed]| days(of.iter().copied()).map(|(first, last, _)| (first, last));
    let all: Vec<&Signed> = checkpoints.iter().collect();
    let good: Vec<&Signed> = all.iter().copied().filter(|one| is_signed(one, key)).collect();
    let believed = if good.is_empty() { &all } else { &good };
    let known: Vec<&Signed> =
        believed.iter().copied().filter(|one| one.checkpoint.day.as_str() <= day).collect();
    let (whole, known) = (span(believed), span(&known).map(|(_, last)| last));
    let signed: HashSet<String> = good.into_iter().map(|one| one.signature.clone()).collect();
    let within =
        |one: &Signed| one.checkpoint.day.as_str() <= day || !signed.contains(&one.signature);
    Ends { whole, known, within: checkpoints.into_iter().filter(within).collect() }
}

/// Where the checkpoints begin and end, by those that were signed where there is one.
struct Ends {
    whole: Option<(String, String)>,
    /// The last day of those that an export can hold.
    known: Option<String>,
    within: Vec<Signed>,
}

/// Which days an export is expected to hold; without them all that the checkpoints seal.
#[derive(Clone, Copy, Debug, Default)]
pub struct Expected<'a> {
    pub from: Option<&'a str>,
    pub to: Option<&'a str>,
}

/// Nobody signs what an export says of its own extent: whatever it leaves out of what is expected is
/// said.
fn short(
    header: &Header,
    (first, last, known): (Option<&str>, Option<&str>, Option<&str>),
    expected: Expected<'_>,
) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut say = |why: String| found.push(Finding::said(why));
    for day in [&header.from, &header.to].into_iter().filter(|day| !is_day(day)) {
        say(format!("事件文件的导出说明写的“{day}”不是日期，应如 2026-11-01"));
    }
    let (Header { from, to, .. }, (Some(first), Some(last))) = (header, (first, last)) else {
        say("没有检查点，无从核对".to_owned());
        return found;
    };
    let (wanted, until) = (expected.from.unwrap_or(first), expected.to.unwrap_or(last));
    if from.as_str() > wanted {
        say(format!(
            "事件文件自称只有 {from} 起的工单，而应从 {wanted} 起：此前的工单不在文件里（核验部分导出请写明 --from {from}）"
        ));
    }
    if to.as_str() < until {
        say(format!(
            "事件文件自称只到“{to}”，而应到 {until}：此后的记录不在文件里（核验部分导出请写明 --to）"
        ));
    }
    if to.as_str() < first {
        say(format!("“{to}”以前没有检查点，无从核对"));
    }
    if let Some(known) = known.filter(|known| *known < to.as_str()) {
        say(format!(
            "事件文件到“{to}”，检查点却只到 {known}：此后的记录无从核对，不等于被改动（检查点文件缺了末尾，或是较早的副本）"
        ));
    }
    found
}

/// Verifies an export by itself; a line that cannot be read is a finding. Fails when the file cannot
/// be read at all, or does not say on its first line what it is.
pub fn files(
    events: impl BufRead,
    (checkpoints, key): (Vec<Signed>, &Verifier),
    expected: Expected<'_>,
) -> Readable<Report> {
    let mut lines = each(events, read_or_name);
    let header = match lines.next().transpose()? {
        Some(Ok(Ok(Line::Export(header)))) if header.format == FORMAT => header,
        _ => return Err(Unreadable::Header),
    };
    let Ends { whole, known, within } = up_to(&header.to, checkpoints, key);
    let days = days(&within);
    let (first, last) = whole.unzip();
    let ends = (first.as_deref(), last.as_deref(), known.as_deref());
    let short = short(&header, ends, expected);
    let whole = known.is_some_and(|known| known == header.to);
    let extent = if whole { Extent::Sealed } else { Extent::Ahead };
    let proof = Proof::new(within, extent, |bytes, by| key.holds(bytes, by));
    let mut reader = Reader::new(proof);
    for line in lines {
        reader.take(line?);
    }
    let (mut verdict, recount) = reader.finish(&header.from).ok_or(Unreadable::Header)?;
    verdict.findings.splice(0..0, short);
    Ok(report(verdict, days, (Some(header), recount)))
}

fn report(
    verdict: Verdict,
    days: Option<(String, String, usize)>,
    (header, recount): (Option<Header>, Recount),
) -> Report {
    let figures = recount.published();
    let differs = recount.finish().into_iter().map(|one| one.by(&verdict.findings)).collect();
    Report { verdict, days, from: header.map(|header| header.from), figures, differs }
}

/// Verifies the database, against checkpoints that were kept elsewhere or, without them, its own.
/// Fails when the database does.
pub async fn database(
    s: &Services,
    given: Option<Vec<Signed>>,
    key: Option<Verifier>,
) -> Result<Report> {
    let key = key.or_else(|| s.signer.verifier()).ok_or_else(|| Error::internal("no key"))?;
    let sealed = match given {
        Some(days) => Own { days, findings: Vec::new() },
        None => own::read(s, key.clone()).await?,
    };
    let days = days(&sealed.days);
    let proof = Proof::new(sealed.days, Extent::Open, |bytes, by| key.holds(bytes, by));
    let Printed { readable, unreadable } = published(s, s.clock.now()).await?;
    let mut reader = Reader::new(proof).beside(confirmed(s).await?, readable);
    let (mut after, mut ends) = (CaseId(0), Vec::new());
    loop {
        let batch = checkpoint::ends(&s.db.read, after, BATCH).await?;
        let Some(last) = batch.last() else { break };
        after = last.id;
        for Told { chain, wrong, .. } in told(s, batch).await? {
            ends.extend(wrong);
            for event in chain {
                reader.event(event);
            }
        }
    }
    let (mut verdict, recount) =
        reader.finish("").ok_or_else(|| Error::internal("nothing was counted"))?;
    verdict.add(ends);
    let unreadable = unreadable.into_iter().map(Finding::said);
    verdict.findings.splice(0..0, sealed.findings.into_iter().chain(unreadable));
    Ok(report(verdict, days, (None, recount)))
}

/// A case as it was read.
struct Told {
    row: End,
    chain: Vec<Event>,
    /// What its row says otherwise than its entries.
    wrong: Option<Finding>,
}

/// Reads the entries of these cases, which stand in the order of their ids. Rows and entries are read
/// one after the other: a row that moved on since is read again with its entries, and only one that
/// stayed what it was is wrong.
async fn told(s: &Services, batch: Vec<End>) -> Result<Vec<Told>> {
    let mut all = BTreeMap::new();
    let mut rows = batch;
    for _ in 0..=AGAIN {
        for one in chains(s, rows).await? {
            all.insert(one.row.id, one);
        }
        let doubted = all.values().filter(|one| one.wrong.is_some());
        let doubted: Vec<CaseId> = doubted.map(|one| one.row.id).collect();
        if doubted.is_empty() {
            break;
        }
        rows = checkpoint::ends_of(&s.db.read, &doubted).await?;
        rows.retain(|row| all.get(&row.id).is_some_and(|one| one.row != *row));
        if rows.is_empty() {
            break;
        }
    }
    Ok(all.into_values().collect())
}

async fn chains(s: &Services, rows: Vec<End>) -> Result<Vec<Told>> {
    let named = rows.iter().map(|row| (row.id, row.number.clone()));
    let chains = read::events(s, named).await?;
    let told = |(row, chain): (End, Vec<Event>)| {
        let wrong = wrong_end(&row, &chain);
        Told { row, chain, wrong }
    };
    Ok(rows.into_iter().zip(chains).map(told).collect())
}

/// The chain alone cannot show that its end was cut off; the case remembers its last entry. What else
/// its row says decides which figures and lists have it.
fn wrong_end(case: &End, chain: &[Event]) -> Option<Finding> {
    let last = chain.last();
    let seq = last.map_or(0, |last| last.entry.seq);
    let same = seq == i64::from(case.last_seq) && last.is_some_and(|e| e.hash == case.last_hash);
    let of = |seq: Option<i64>, field: Option<String>, why: String| Finding {
        case: Some(case.number.clone()),
        seq,
        field,
        why,
    };
    if !same {
        let why = format!("是账本的最后一条，工单记到第 {} 条", case.last_seq);
        return Some(of(Some(seq), None, why));
    }
    let (field, said, follows) = wrong_column(case, chain)?;
    let why = format!("在工单表里被改动：记为 {said}，由账本应为 {follows}");
    Some(of(None, Some(field.to_owned()), why))
}

/// Name, what stands there, and what follows from the entries.
fn wrong_column(case: &End, chain: &[Event]) -> Option<(&'static str, String, String)> {
    let at = |event: Option<&Event>| event.map(|event| event.entry.server_time);
    let [first, last] = [at(chain.first())?, at(chain.last())?];
    let reopened = chain.iter().filter(|event| event.entry.kind == EventType::Reopened).count();
    let times =
        [("reported_at", case.reported_at, first), ("last_event_at", case.last_event_at, last)];
    let moved = times.into_iter().find(|(_, said, follows)| said != follows);
    let moved = moved.map(|(name, said, follows)| (name, rfc3339(said), rfc3339(follows)));
    let again = || {
        let (said, follows) = (case.reopens.to_string(), reopened.to_string());
        (said != follows).then_some(("reopens", said, follows))
    };
    let over = || {
        let follows = ended(chain.iter().map(|event| event.entry.kind));
        // A word that no list has follows from nothing.
        let said = CaseState::from_word(&case.state);
        let same = said.is_some_and(|said| Some(said).filter(|said| !is_open(*said)) == follows);
        let word = if said.is_some_and(is_open) { "open" } else { case.state.as_str() };
        let follows = follows.map_or("open", CaseState::word);
        (!same).then(|| ("state", word.to_owned(), follows.to_owned()))
    };
    moved.or_else(again).or_else(over)
}

/// Verifies the newest cases by themselves, without checkpoints and figures. Fails when the database
/// does.
pub async fn newest(s: &Services, limit: u64) -> Result<Verdict> {
    rows(s, checkpoint::newest_ends(&s.db.read, limit).await?).await
}

/// Verifies one case by itself. Fails with `not_found`.
pub async fn one(s: &Services, number: &str) -> Result<Verdict> {
    let end = checkpoint::end_of(&s.db.read, number).await?;
    rows(s, vec![end.ok_or_else(|| Error::not_found("这个工单"))?]).await
}

/// Verifies cases by themselves, whose rows were read in the order of their ids and may have moved on
/// since. Fails when the database does.
pub async fn rows(s: &Services, batch: Vec<End>) -> Result<Verdict> {
    let mut proof = Proof::new(Vec::new(), Extent::Open, |_, _| false);
    let mut ends = Vec::new();
    for Told { chain, wrong, .. } in told(s, batch).await? {
        proof.case(&chain);
        ends.extend(wrong);
    }
    let mut verdict = proof.finish("");
    verdict.add(ends);
    Ok(verdict)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::case::ledger::checkpoint::root;
    use crate::domain::case::ledger::exported::commitment;
    use crate::domain::case::ledger::hash;

    fn block(kind: &str) -> &'static str {
        let document = include_str!("../../../docs/LEDGER.md");
        let rest = document.split(&format!("```{kind}\n")).nth(1).unwrap();
        rest.split("\n```").next().unwrap()
    }

    #[test]
    fn the_lines_of_the_document_are_read_and_hold() {
        let sealed = checkpoints(block("checkpoint").as_bytes()).unwrap().0.remove(0);
        let signed = sealed.checkpoint.bytes().unwrap();
        assert_eq!(String::from_utf8(signed.clone()).unwrap(), block("signed"));
        assert_eq!(root(&sealed.heads).unwrap(), sealed.checkpoint.root);
        let key = Verifier::read(block("public-key")).unwrap();
        assert!(key.holds(&signed, &sealed.signature));
        assert_eq!(serde_json::to_string(&sealed).unwrap(), block("checkpoint"));

        let line: Line = serde_json::from_str(block("event")).unwrap();
        assert_eq!(serde_json::to_string(&line).unwrap(), block("event"));
        let basis: Line = serde_json::from_str(block("basis")).unwrap();
        assert_eq!(serde_json::to_string(&basis).unwrap(), block("basis"));
        let Line::Event(event) = line else { panic!("an entry") };
        let fields = event.fields.unwrap();
        assert_eq!(hash(&event.entry).unwrap(), event.hash);
        assert_eq!(commitment(&fields), Some(event.entry.payload_commitment));
        assert!(fields.iter().all(|(name, field)| field.holds(name)));
        assert_eq!(sealed.heads[0].hash(), event.hash);
    }

    #[test]
    fn an_export_that_names_its_days_otherwise_than_as_days_says_so() {
        let key = Verifier::read(block("public-key")).unwrap();
        let said = |from: &str, to: &str| {
            let sealed = checkpoints(block("checkpoint").as_bytes()).unwrap().0;
            let header = serde_json::json!({ "export": { "format": 1, "from": from, "to": to } });
            let header = header.to_string();
            let report = files(header.as_bytes(), (sealed, &key), Expected::default()).unwrap();
            let found = report.verdict.findings.into_iter().map(|one| one.why);
            found.filter(|why| why.contains("不是日期")).collect::<Vec<_>>()
        };
        assert_eq!(said("2026-11-23", "2026-11-23"), Vec::<String>::new());
        let wrong = |day: &str| format!("事件文件的导出说明写的“{day}”不是日期，应如 2026-11-01");
        for day in ["9", "2026-11-31", "2026-11-23 ", "2026-11-23T00:00:00+08:00"] {
            assert_eq!(said("2026-11-23", day), [wrong(day)]);
            assert_eq!(said(day, "2026-11-23"), [wrong(day)]);
        }
    }
}
