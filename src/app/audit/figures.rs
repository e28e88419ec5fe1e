//! Figures over a period, and the cases behind each of them.

use std::collections::HashSet;
use std::sync::Arc;

use entity::kinds::{CaseId, StreetRole};

use super::candidates::Candidates;
use super::ledger::{self, BATCH, Batch, Told, Window};
use crate::app::actor::Actor;
use crate::domain::audit::basis::Mark;
use crate::domain::audit::calendars::Calendars;
use crate::domain::audit::definition::CARDS;
use crate::domain::audit::edition;
use crate::domain::audit::frame::{Dimension, Filter, Frame};
use crate::domain::audit::story::Story;
use crate::domain::audit::survey::{Figure, Plan, Survey};
use crate::domain::audit::tally::Finding;
use crate::error::{Code, Error, Fault, Result};
use crate::services::Services;

/// Lets those through who may see figures. Fails with `forbidden` for anybody but auditors and
/// street command.
pub fn admit(actor: &Actor) -> Result<()> {
    if actor.is(StreetRole::Auditor) || actor.is(StreetRole::Command) {
        return Ok(());
    }
    Err(Error::new(Code::Forbidden, "只有督查审计和街道指挥中心可以查看统计指标"))
}

/// Reads the ids of figures as somebody wrote them: each once, where it stands first, without the
/// space around it.
pub fn distinct(asked: &[String]) -> Vec<String> {
    let mut seen = HashSet::new();
    let ids = asked.iter().map(String::as_str).map(str::trim);
    ids.filter(|id| seen.insert(*id)).map(str::to_owned).collect()
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Question {
    /// As [`distinct`] reads them. Empty: all of them.
    pub ids: Vec<String>,
    pub window: Window,
    pub by: Dimension,
    pub filter: Filter,
}

impl Question {
    pub(super) fn named(&self) -> Vec<&str> {
        if self.ids.is_empty() {
            return CARDS.iter().map(|card| card.id).collect();
        }
        self.ids.iter().map(String::as_str).collect()
    }

    /// Plans one division. Fails with `/ids unknown_figure`.
    pub(super) fn plan(&self) -> Result<Plan> {
        Plan::new(&self.named(), self.by, self.filter.clone()).ok_or_else(unknown)
    }

    fn survey(&self) -> Result<Survey> {
        Survey::new(&self.named(), &[self.by], &self.filter).ok_or_else(unknown)
    }
}

pub(super) fn unknown() -> Error {
    let message = "没有这个指标，编号见 GET /api/v1/audit/definitions";
    Error::fields(vec![Fault::new("/ids", "unknown_figure", message)])
}

/// Computes figures. Fails with `forbidden`, or with `/ids unknown_figure`.
pub async fn run(s: &Services, actor: &Actor, ask: &Question) -> Result<Vec<Figure>> {
    admit(actor)?;
    compute(s, ask).await
}

/// Computes figures for the program itself.
pub async fn compute(s: &Services, ask: &Question) -> Result<Vec<Figure>> {
    let survey = several(s, ask.window, ask.survey()?, None).await?;
    Ok(survey.print().into_iter().next().unwrap_or_default())
}

/// A case by its number, and what all figures said of it.
pub type Marked = (String, Mark);

/// Computes every figure in every division, reading the ledger once, and the marks of the cases that
/// they count.
pub async fn whole(s: &Services, window: Window) -> Result<(Vec<Vec<Figure>>, Vec<Marked>)> {
    let survey = Survey::whole().ok_or_else(|| Error::internal("a card without a figure"))?;
    let mut marks = Vec::new();
    let survey = several(s, window, survey, Some(&mut marks)).await?;
    Ok((survey.print(), marks))
}

/// Counts the cases of a window, and marks them where marks are wanted.
async fn several(
    s: &Services,
    window: Window,
    mut survey: Survey,
    mut marks: Option<&mut Vec<Marked>>,
) -> Result<Survey> {
    let calendars = ledger::calendars(s).await?;
    let mut after = CaseId(0);
    while let Some(batch) = Batch::read(s, window, after).await? {
        after = batch.last();
        let anew = (survey.anew(), marks.is_some());
        let (counted, marked) = count(s, batch, (window, &calendars), anew).await?;
        survey.merge(counted);
        if let Some(marks) = &mut marks {
            marks.extend(marked);
        }
    }
    Ok(survey)
}

pub(super) const fn frame(window: Window, calendars: &Calendars) -> Frame<'_> {
    Frame { from: window.from, to: window.to, now: window.as_of, calendars }
}

/// Opening a thousand ledgers takes the processor: it is done beside the requests.
async fn count(
    s: &Services,
    batch: Batch,
    (window, calendars): (Window, &Arc<Calendars>),
    (mut survey, marking): (Survey, bool),
) -> Result<(Survey, Vec<Marked>)> {
    let (s, calendars) = (s.clone(), Arc::clone(calendars));
    let counted = tokio::task::spawn_blocking(move || {
        let mut marks = Vec::new();
        for told in batch.tell(&s.vault)? {
            let found = survey.add(&told.story, &frame(window, &calendars));
            let mark = marking.then(|| Mark::of(&told.story, edition::PRESENT, &found)).flatten();
            marks.extend(mark.map(|mark| (told.number, mark)));
        }
        Ok::<_, Error>((survey, marks))
    });
    counted.await.map_err(Error::internal)?
}

/// A case behind a figure.
#[derive(Clone, Debug)]
pub struct Behind {
    pub case: CaseId,
    pub number: String,
    pub group: String,
    pub finding: Finding,
    pub story: Story,
}

/// A page of them, by their ids.
#[derive(Debug)]
pub struct Page {
    pub cases: Vec<Behind>,
    /// Go on after this case; `None` at the end.
    pub next: Option<CaseId>,
}

/// Lists the cases of a figure's cohort after a case, at most `limit`. Only the first figure of the
/// question is looked at. Fails with `forbidden`, or with `/ids unknown_figure`.
pub async fn behind(
    s: &Services,
    actor: &Actor,
    ask: &Question,
    (after, limit): (CaseId, usize),
) -> Result<Page> {
    admit(actor)?;
    list(s, ask, (after, limit)).await
}

/// The same for the program itself.
pub async fn list(s: &Services, ask: &Question, (after, limit): (CaseId, usize)) -> Result<Page> {
    let plan = Arc::new(ask.plan()?);
    let calendars = ledger::calendars(s).await?;
    let mut candidates = Candidates::of(s, ask, after).await?;
    let mut found: Vec<Behind> = Vec::new();
    // Most of the first cases are of the page: opening a whole batch for it would take longer.
    let mut most = u64::try_from(limit).map_or(BATCH, |limit| (limit + 1).min(BATCH));
    while let Some(batch) = candidates.next(s, most).await? {
        most = (most * 2).min(BATCH);
        found.extend(look(s, batch, (ask.window, &plan, &calendars)).await?);
        if found.len() > limit {
            found.truncate(limit);
            let next = found.last().map(|last| last.case);
            return Ok(Page { cases: found, next });
        }
    }
    Ok(Page { cases: found, next: None })
}

/// Finds the cases of a batch that the first figure of a plan counts.
pub(super) async fn look(
    s: &Services,
    batch: Batch,
    (window, plan, calendars): (Window, &Arc<Plan>, &Arc<Calendars>),
) -> Result<Vec<Behind>> {
    let (s, plan, calendars) = (s.clone(), Arc::clone(plan), Arc::clone(calendars));
    let looked = tokio::task::spawn_blocking(move || {
        let found = |Told { id, number, story }: Told| {
            let first = plan.judge(&story, &frame(window, &calendars)).into_iter().next();
            let (finding, group) = (first.flatten()?, plan.group(0, &story));
            Some(Behind { case: id, number, group, finding, story })
        };
        Ok::<_, Error>(batch.tell(&s.vault)?.into_iter().filter_map(found).collect())
    });
    looked.await.map_err(Error::internal)?
}
