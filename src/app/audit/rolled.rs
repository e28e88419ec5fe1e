//! Figures from cells and the few cases that are not counted in them: what they say is what the
//! ledger says, lengths rounded, and what it costs does not grow with the years.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use entity::kinds::{CaseId, Timestamp};
use futures::{StreamExt, TryStreamExt, stream};

use super::figures::{self, Question, frame};
use super::ledger::{self, Batch, Window};
use super::opened::Opened;
use crate::app::actor::Actor;
use crate::domain::audit::calendars::Calendars;
use crate::domain::audit::frame::Dimension;
use crate::domain::audit::rollup::EDITION;
use crate::domain::audit::rollup::anchor::Anchor;
use crate::domain::audit::rollup::cell::{self, Slice};
use crate::domain::audit::rollup::members::Members;
use crate::domain::audit::rollup::span::{Span, month_of};
use crate::domain::audit::rollup::sum::Sum;
use crate::domain::audit::survey::{Figure, Settled, Survey};
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::beside::{self as stored, Candidate};
use crate::store::figures::numbered;
use crate::store::rolled::{self, Beside, Found, Part, Second, Wanted};

/// Cases whose events are in memory at once.
const BATCH: usize = 500;
/// So many shares are counted at once.
const SIDE_BY_SIDE: usize = 2;

/// Where an answer comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// Everything that is counted in cells was over then.
    pub until: Timestamp,
    /// Cases that were read from the ledger beside the cells.
    pub read: usize,
}

/// Figures, and where they come from; `None`: from the ledger alone.
#[derive(Debug)]
pub struct Answer {
    pub figures: Vec<Figure>,
    pub source: Option<Source>,
}

/// Computes figures, from cells where they can answer unless only the ledger is to be asked. Fails
/// with `forbidden`, or with `/ids unknown_figure`.
pub async fn run(s: &Services, actor: &Actor, ask: &Question, exact: bool) -> Result<Answer> {
    figures::admit(actor)?;
    compute(s, ask, exact).await
}

/// The same for the program itself.
pub async fn compute(s: &Services, ask: &Question, exact: bool) -> Result<Answer> {
    ask.plan()?;
    if !exact && let Some(answer) = Box::pin(from_cells(s, ask)).await? {
        return Ok(answer);
    }
    Ok(Answer { figures: figures::compute(s, ask).await?, source: None })
}

/// Answers from cells; `None` when they cannot.
async fn from_cells(s: &Services, ask: &Question) -> Result<Option<Answer>> {
    let named = ask.named();
    // What both days of must lie in the period is read by itself: of it alone cases count beside
    // cells though nothing was said of them since.
    let (carried, others): (Vec<&str>, Vec<&str>) =
        named.iter().partition(|id| Anchor::of(id) == Some(Anchor::Carried));
    let (mut found, mut source) = (Vec::new(), None::<Source>);
    for ids in [others, carried] {
        if ids.is_empty() {
            continue;
        }
        let Some((figures, from)) = Box::pin(some_from_cells(s, ask, &ids)).await? else {
            return Ok(None);
        };
        found.extend(figures);
        let read = source.map_or(0, |source| source.read);
        source = Some(Source { read: from.read.max(read), ..from });
    }
    let place = |figure: &Figure| named.iter().position(|id| *id == figure.id);
    found.sort_by_key(place);
    Ok(source.map(|source| Answer { figures: found, source: Some(source) }))
}

/// The same of figures whose cases are found in one way.
async fn some_from_cells(
    s: &Services,
    ask: &Question,
    ids: &[&str],
) -> Result<Option<(Vec<Figure>, Source)>> {
    let Some(found) = Box::pin(found(s, ask, ids)).await? else { return Ok(None) };
    let Found { until, cases, parts } = found;
    let survey = Survey::new(ids, &[ask.by], &ask.filter);
    let survey = survey.ok_or_else(|| Error::internal("a card without a figure"))?;
    let rest = beside_cells(s, cases, &parts).await?;
    let read = rest.len();
    let gathered = tokio::task::spawn_blocking(move || gather(survey, &parts));
    let (mut survey, mut settled) = gathered.await.map_err(Error::internal)??;
    let calendars = ledger::calendars(s).await?;
    let anew = survey.anew();
    let some = shared_out(s, rest, ask.window.as_of).into_iter();
    let some = some.map(|some| beside(s, anew.anew(), some, (ask.window, &calendars)));
    let mut counted = stream::iter(some).buffered(SIDE_BY_SIDE);
    while let Some((more, less)) = counted.try_next().await? {
        survey.merge(more);
        settled.merge(less);
    }
    survey.settle(settled).ok_or_else(|| Error::internal("a figure below zero"))?;
    let figures = survey.print().into_iter().next().unwrap_or_default();
    Ok(Some((figures, Source { until, read })))
}

/// Reads the cells and what lies beside them.
async fn found(s: &Services, ask: &Question, ids: &[&str]) -> Result<Option<Found>> {
    for wanted in wanted(ask, ids, ask.window.as_of) {
        if let Some(found) = rolled::read(&s.db.read, &wanted).await? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Lists what is read beside the cells: what is not counted in them as it is now, and what is
/// carried over an edge of the period.
async fn beside_cells(s: &Services, mut rest: Vec<Beside>, parts: &[Part]) -> Result<Vec<Beside>> {
    let known: HashSet<CaseId> = rest.iter().map(|one| one.id).collect();
    let mut carried = BTreeSet::new();
    for list in parts.iter().filter(|part| part.part == "list") {
        carried.extend(members(&list.body)?.cases().map(CaseId));
    }
    let carried: Vec<CaseId> = carried.into_iter().filter(|id| !known.contains(id)).collect();
    for some in carried.chunks(BATCH) {
        let standing = stored::standing(&s.db.read, some).await?;
        rest.extend(standing.into_iter().map(|case| {
            let Candidate { id, counted, last_seq, .. } = case;
            Beside { id, counted: counted.into(), last: last_seq.into() }
        }));
    }
    Ok(rest)
}

/// Says which cells answer a question that were made of nothing that was over after `seen`, the
/// cheapest first; none when cells are not cut so. Where nothing in the cells lies behind the end of
/// the period, the month in which it ends is read as a whole.
pub(super) fn wanted(ask: &Question, ids: &[&str], seen: Timestamp) -> Vec<Wanted> {
    let Window { from, to, .. } = ask.window;
    let whole = Span::to_end_of_month(from, to).map(|span| (span, seen.min(to)));
    let all = whole.into_iter().chain(Span::of(from, to).map(|span| (span, seen)));
    all.filter_map(|of| cut(ask, ids, of)).collect()
}

/// The same of one span; no anchors where the figures are in none.
fn cut(ask: &Question, ids: &[&str], (span, until): (Span, Timestamp)) -> Option<Wanted> {
    let slice = Slice::of(ask.by, &ask.filter)?;
    let months = slice.filter(|_| span.has_months()).map(|slice| (slice.word(), span.months));
    let days = if months.is_some() { span.edges() } else { vec![span.days] };
    let mut anchors: Vec<Anchor> = ids.iter().filter_map(|id| Anchor::of(id)).collect();
    anchors.sort_unstable();
    anchors.dedup();
    Some(Wanted {
        edition: *EDITION,
        until,
        as_of: ask.window.as_of,
        period: (ask.window.from, ask.window.to),
        second: match anchors.as_slice() {
            [Anchor::Carried] => Second::Both,
            some if some.contains(&Anchor::Asked) => Second::Either,
            _ => Second::None,
        },
        anchors: anchors.into_iter().map(Anchor::word).collect(),
        by: if ask.by == Dimension::None { "" } else { ask.by.word() },
        filter: ask.filter.0.iter().map(|(by, value)| (by.word(), value.clone())).collect(),
        months,
        days,
        whole: span.days,
        edges: [span.days.0, span.days.1].map(|edge| (edge, month_of(edge))),
    })
}

/// Writes the sums of a cell as they are stored. Fails when one of them is below zero.
pub(super) fn closed(sums: &[Sum]) -> Result<String> {
    let bytes = cell::write(sums).ok_or_else(|| Error::internal("a cell below zero"))?;
    Ok(STANDARD_NO_PAD.encode(bytes))
}

/// Reads the sums of so many figures of a cell. Fails when that is not what was stored.
pub(super) fn opened(body: &str, figures: usize) -> Result<Vec<Sum>> {
    let bytes = STANDARD_NO_PAD.decode(body).map_err(Error::internal)?;
    cell::read(&bytes, figures).ok_or_else(|| Error::internal("not a cell"))
}

/// Writes whose counts a cell has as they are stored. Fails when one is counted twice or less than
/// never.
pub(super) fn named(members: &Members) -> Result<String> {
    let bytes = members.write().ok_or_else(|| Error::internal("a case counted twice"))?;
    Ok(STANDARD_NO_PAD.encode(bytes))
}

/// Reads whose counts a cell has. Fails when that is not what was stored.
pub(super) fn members(listed: &str) -> Result<Members> {
    let bytes = STANDARD_NO_PAD.decode(listed).map_err(Error::internal)?;
    Members::read(&bytes).ok_or_else(|| Error::internal("not a list of cases"))
}

type Sides = (Survey, Settled);

/// Puts the cells together. Fails when one is not what was stored.
fn gather(survey: Survey, parts: &[Part]) -> Result<Sides> {
    let mut settled = Settled::default();
    for part in parts.iter().filter(|part| part.part == "cell") {
        let anchor = Anchor::from_word(&part.anchor);
        let anchor = anchor.ok_or_else(|| Error::internal("no such anchor"))?;
        let sums = opened(&part.body, anchor.cards().count())?;
        survey.add_cell(&mut settled, (anchor, &part.word), &sums);
    }
    Ok((survey, settled))
}

/// Some of the cases beside the cells: opened already, or to be opened.
enum Share {
    Kept(Vec<Arc<Opened>>),
    Unknown(Vec<Beside>),
}

/// Cases that are to be opened in batches that find room; those that were are only counted, each
/// half by itself.
fn shared_out(s: &Services, cases: Vec<Beside>, as_of: Timestamp) -> Vec<Share> {
    let (mut kept, mut unknown) = (Vec::new(), Vec::new());
    let found = s.opened.find(&cases, as_of);
    for (case, found) in cases.into_iter().zip(found) {
        match found {
            Some(opened) => kept.push(opened),
            None => unknown.push(case),
        }
    }
    let share = kept.len().div_ceil(SIDE_BY_SIDE).max(BATCH);
    let kept = kept.chunks(share).map(|some| Share::Kept(some.to_vec()));
    kept.chain(unknown.chunks(BATCH).map(|some| Share::Unknown(some.to_vec()))).collect()
}

/// Counts cases that are not in the cells, or not as they are now: what they said there is to be
/// taken away.
async fn beside(
    s: &Services,
    mut survey: Survey,
    share: Share,
    (window, calendars): (Window, &Arc<Calendars>),
) -> Result<Sides> {
    let (mut kept, unknown) = match share {
        Share::Kept(kept) => (kept, Vec::new()),
        Share::Unknown(unknown) => (Vec::new(), unknown),
    };
    let ids: Vec<CaseId> = unknown.iter().map(|case| case.id).collect();
    let unknown: HashMap<CaseId, Beside> =
        unknown.into_iter().map(|case| (case.id, case)).collect();
    let batch = Batch::of(s, numbered(&s.db.read, &ids).await?, window.as_of).await?;
    let (s, calendars) = (s.clone(), Arc::clone(calendars));
    let done = tokio::task::spawn_blocking(move || {
        let (frame, mut settled) = (frame(window, &calendars), Settled::default());
        for (id, _, facts) in batch.facts(&s.vault)? {
            let Some(case) = unknown.get(&id) else { continue };
            let opened = Arc::new(Opened::of(case, &facts));
            s.opened.keep(case, &opened);
            kept.push(opened);
        }
        for opened in kept {
            if let Some(then) = &opened.then {
                survey.take_away(&mut settled, then, &frame);
            }
            if let Some(now) = &opened.now {
                survey.add(now, &frame);
            }
        }
        Ok::<_, Error>((survey, settled))
    });
    done.await.map_err(Error::internal)?
}
