//! Prints the daily, weekly and monthly report as a PDF, and notes who took it.

use std::collections::BTreeMap;
use std::sync::Arc;

use entity::kinds::{ActorRole, CaseId, StreetRole, Timestamp};
use jiff::civil::Date;

use super::ledger::{self, Batch, Window};
use super::names::Names;
use super::{figures, freeze};
use crate::app::actor::Actor;
use crate::app::case::view::open_name;
use crate::app::print::{font, press};
use crate::app::proof;
use crate::domain::audit::calendars::Calendars;
use crate::domain::audit::frame::{Dimension, Filter};
use crate::domain::audit::month::Month;
use crate::domain::audit::report::{
    self, Bounds, DAILY, Division, Gather, Kind, Material, Pressing, Printing, SHOWN, Span,
};
use crate::domain::audit::survey::{Figure, Survey};
use crate::domain::calendar::local_second;
use crate::domain::paper::{Block, plain};
use crate::error::{Code, Error, Fault, Result};
use crate::services::Services;
use crate::store::{self, snapshot};

/// The divisions of a report.
const BY: [Dimension; 4] =
    [Dimension::None, Dimension::Category, Dimension::Community, Dimension::Grid];
/// What the foot of a page has beside the words of the report.
const FOOT: &str = "第0123456789页，共 ";

/// A report ready to be handed out.
#[derive(Clone, Debug)]
pub struct Printed {
    /// `daily-2026-11-26.pdf`
    pub name: String,
    pub pdf: Vec<u8>,
}

/// Prints the report of the period that holds a day, of a printed month the revision that is named or
/// the last one, with the ledger's checkpoint of its end when there is one. Fails with `forbidden`,
/// `malformed_query` for a period that has not begun, `not_found` for a revision that is not there, or
/// `font_missing`.
pub async fn run(
    s: &Services,
    actor: &Actor,
    (kind, day, revision): (Kind, Date, Option<i32>),
) -> Result<Printed> {
    figures::admit(actor)?;
    let material = material(s, actor, (Span::of(kind, day), revision)).await?;
    let proof = proof::print::run(s, &material.span.last.to_string()).await?;
    let blocks = report::write(&material, proof.as_ref());
    let title = report::title(&material.street, kind);
    let foot = foot(s, actor).await?;
    let which = revision.map(|revision| format!("-r{revision}")).unwrap_or_default();
    let which = format!("{}{which}", material.span.first);
    let pdf = draw(s, (title.clone(), blocks), foot).await?;
    note(s, actor, format!("{title} {which}")).await?;
    Ok(Printed { name: format!("{}-{which}.pdf", kind.word()), pdf })
}

/// Gathers what the report of a period says, of a printed month one revision or the last. Fails with
/// `forbidden`, with `malformed_query` for a period that has not begun, and with `not_found` for a
/// revision that is not there.
pub async fn material(
    s: &Services,
    actor: &Actor,
    (span, revision): (Span, Option<i32>),
) -> Result<Material> {
    figures::admit(actor)?;
    let now = s.clock.now();
    let bounds = span.bounds().filter(|(from, _)| *from <= now).ok_or_else(not_yet)?;
    let (seen, seen_before) = (seen(s, span, now), seen(s, span.before(), now));
    let printed = printed(s, actor, (span, revision)).await?;
    let as_of = printed.as_ref().map_or(seen, |(_, window, _)| window.as_of);
    let days = span.days();
    let mut parts = vec![(bounds, survey(SHOWN, &BY)?)];
    for (_, day) in &days {
        parts.push((*day, survey(DAILY, &[Dimension::None])?));
    }
    let (mut counted, pressing) = read(s, as_of, parts).await?;
    let each = counted.split_off(1).into_iter().map(first);
    let days = days.into_iter().map(|(label, _)| label).zip(each).collect();
    let counted = counted.into_iter().next().unwrap_or_default();
    let (printing, counted) = printed.map_or((None, counted), |(one, _, all)| (Some(one), all));
    let before = before(s, actor, (span.before(), seen_before)).await?;
    let mut divisions = divisions(s, counted, &pressing).await?.into_iter();
    let mut next = || divisions.next().unwrap_or_default();
    Ok(Material {
        street: s.settings.street.name.clone(),
        span,
        as_of,
        complete: now >= bounds.1,
        printing,
        whole: next(),
        by_category: next(),
        by_community: next(),
        by_grid: next(),
        before: Division { figures: before, names: BTreeMap::new() },
        days,
        pressing,
    })
}

fn not_yet() -> Error {
    let mut refused = Error::new(Code::MalformedQuery, "查询参数有误");
    refused.faults =
        vec![Fault::new("/date", "not_yet", "这一期还没有开始，请选择今天或更早的日期")];
    refused
}

/// The instant at which a period is looked at: its end, of a month its printing; now, when that is
/// still to come.
fn seen(s: &Services, span: Span, now: Timestamp) -> Timestamp {
    let end = span.bounds().map_or(now, |(_, to)| to);
    let month = Some(span).filter(|span| span.kind == Kind::Monthly);
    let printing = month.and_then(|span| Month::read(&span.first.strftime("%Y-%m").to_string()));
    let printing = printing.and_then(|month| month.frozen_from(&s.calendar.now()));
    printing.unwrap_or(end).min(now)
}

fn survey(ids: &[&str], by: &[Dimension]) -> Result<Survey> {
    let survey = Survey::new(ids, by, &Filter::default());
    survey.ok_or_else(|| Error::internal("a report shows a figure that is none"))
}

fn first(divisions: Vec<Vec<Figure>>) -> Vec<Figure> {
    divisions.into_iter().next().unwrap_or_default()
}

/// Reads the ledger once for all the periods.
async fn read(
    s: &Services,
    as_of: Timestamp,
    parts: Vec<(Bounds, Survey)>,
) -> Result<(Vec<Vec<Vec<Figure>>>, Pressing)> {
    let from = parts.iter().map(|(bounds, _)| bounds.0).min().unwrap_or(as_of);
    let to = parts.iter().map(|(bounds, _)| bounds.1).max().unwrap_or(as_of);
    let (window, calendars) = (Window { from, to, as_of }, ledger::calendars(s).await?);
    let (mut gather, mut after) = (Gather::new(as_of, parts), CaseId(0));
    while let Some(batch) = Batch::read(s, window, after).await? {
        after = batch.last();
        let counted = count(s, batch, (gather.anew(), &calendars)).await?;
        gather.merge(counted);
    }
    Ok(gather.print())
}

async fn count(
    s: &Services,
    batch: Batch,
    (mut gather, calendars): (Gather, &Arc<Calendars>),
) -> Result<Gather> {
    let (s, calendars) = (s.clone(), Arc::clone(calendars));
    let counted = tokio::task::spawn_blocking(move || {
        for told in batch.tell(&s.vault)? {
            gather.add(&told.number, &told.story, &calendars);
        }
        Ok::<_, Error>(gather)
    });
    counted.await.map_err(Error::internal)?
}

/// A month as it was printed, last or in one revision, in the divisions of a report; `None` for other
/// periods and for months that were not printed. Fails with `not_found` for a revision that is not
/// there.
async fn printed(
    s: &Services,
    actor: &Actor,
    (span, revision): (Span, Option<i32>),
) -> Result<Option<(Printing, Window, Vec<Vec<Figure>>)>> {
    let period = span.first.strftime("%Y-%m").to_string();
    let none = span.kind != Kind::Monthly;
    if none || snapshot::last_revision(&s.db.read, &period).await?.is_none() {
        let missing = || Error::not_found("这一期的固化数据");
        return if revision.is_some() { Err(missing()) } else { Ok(None) };
    }
    let ids: Vec<String> = SHOWN.iter().map(|id| (*id).to_owned()).collect();
    let whole = freeze::read(s, actor, (&period, revision), (&ids, Dimension::None)).await?;
    let mut divisions = vec![whole.figures];
    for by in BY.into_iter().skip(1) {
        let which = (period.as_str(), Some(whole.revision));
        divisions.push(freeze::read(s, actor, which, (&ids, by)).await?.figures);
    }
    let printing = Printing { revision: whole.revision, reason: whole.reason };
    Ok(Some((printing, whole.window, divisions)))
}

/// The figures of the period before: as they were printed, or seen at its own end.
async fn before(
    s: &Services,
    actor: &Actor,
    (span, seen): (Span, Timestamp),
) -> Result<Vec<Figure>> {
    if let Some((_, _, divisions)) = printed(s, actor, (span, None)).await? {
        return Ok(first(divisions));
    }
    let Some(bounds) = span.bounds() else { return Ok(Vec::new()) };
    let parts = vec![(bounds, survey(SHOWN, &[Dimension::None])?)];
    let (counted, _) = read(s, seen, parts).await?;
    Ok(first(first_of(counted)))
}

fn first_of(periods: Vec<Vec<Vec<Figure>>>) -> Vec<Vec<Figure>> {
    periods.into_iter().next().unwrap_or_default()
}

/// Names the groups, and the places of what presses.
async fn divisions(
    s: &Services,
    counted: Vec<Vec<Figure>>,
    pressing: &Pressing,
) -> Result<Vec<Division>> {
    let mut divisions = Vec::new();
    for (by, figures) in BY.into_iter().zip(counted) {
        let found = Names::load(s, by, &figures).await?;
        let groups = figures.iter().flat_map(|one| one.groups.iter().map(|group| &group.key));
        let small = figures.iter().flat_map(|one| &one.small_keys);
        let late = pressing.overdue.iter().filter_map(|one| one.community.as_ref());
        let late = late.filter(|_| by == Dimension::Community);
        let keys = groups.chain(small).chain(late);
        let names = keys.map(|key| (key.clone(), found.of(key))).collect();
        divisions.push(Division { figures, names });
    }
    Ok(divisions)
}

/// Every page says who made it and when.
async fn foot(s: &Services, actor: &Actor) -> Result<String> {
    let staff = store::people::staff_of_accounts(&s.db.read, &[actor.account]).await?;
    let person = staff.first().map(|one| {
        let name = open_name(s, &one.name_sealed)?;
        Ok::<_, Error>(format!("{} {name}", one.staff_no))
    });
    let who = person.transpose()?.unwrap_or_else(|| actor.account.to_string());
    Ok(format!("导出人 {who}　导出时间 {}　仅供内部使用", local_second(s.clock.now())))
}

/// Finding a font and drawing take the processor: they are done beside the requests.
async fn draw(
    s: &Services,
    (title, blocks): (String, Vec<Block>),
    foot: String,
) -> Result<Vec<u8>> {
    let codes = s.settings.codes.clone();
    let drawn = tokio::task::spawn_blocking(move || {
        let words: String = format!("{}{foot}{FOOT}", plain(&blocks));
        let words: String = words.chars().filter(|c| *c != '\n').collect();
        let face = font::find(&codes, &words)?;
        press::print(&face, &title, &blocks, &foot)
    });
    drawn.await.map_err(Error::internal)?
}

async fn note(s: &Services, actor: &Actor, purpose: String) -> Result<()> {
    let auditor = actor.is(StreetRole::Auditor);
    let role = if auditor { ActorRole::Auditor } else { ActorRole::Command };
    let (who, now) = ((actor.account, role), s.clock.now());
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move {
            Ok::<_, Error>(store::access_log::insert_export(tx, who, purpose, now).await?)
        })
    });
    unit.await
}
