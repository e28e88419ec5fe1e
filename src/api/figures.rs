//! Figures over HTTP: what they are, what they say, and the cases behind them.

use std::collections::BTreeMap;

use actix_web::web::{Data, Json, Query, ServiceConfig, get, resource, to};
use entity::kinds::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::extract::Who;
use super::problem::{Problem, ProblemBody};
use super::rolled::RolledView;
use super::snapshots::PrintingView;
use crate::app::actor::Actor;
use crate::app::audit::figures::{self, Question};
use crate::app::audit::freeze;
use crate::app::audit::ledger::Window;
use crate::app::audit::names::Names;
use crate::app::audit::rolled;
use crate::domain::audit::definition::{CARDS, Card, MISSING, Unit};
use crate::domain::audit::edition;
use crate::domain::audit::frame::{Dimension, Filter};
use crate::domain::audit::survey::{Figure, Group};
use crate::domain::audit::tally::{Point, Spread};
use crate::domain::calendar::{parse_instant, rfc3339};
use crate::error::{Code, Error, Fault, Result};
use crate::services::Services;

type Answer<T> = std::result::Result<Json<T>, Problem>;

/// Registers the routes of this file.
pub fn routes(cfg: &mut ServiceConfig) {
    let figures = resource("/api/v1/audit/figures").route(get().to(list_figures));
    let cards = resource("/api/v1/audit/definitions").route(get().to(definitions));
    for one in [figures, cards] {
        cfg.service(one.default_service(to(super::openapi::no_route)));
    }
}

/// A period, and how it is looked at.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FiguresQuery {
    /// Ids separated by commas (`R5,R6`); all of them when missing.
    ids: Option<String>,
    /// First instant, as a date (midnight at +08:00) or RFC 3339; not with `snapshot`.
    from: Option<String>,
    /// First instant that no longer counts, as a date or RFC 3339; not with `snapshot`.
    to: Option<String>,
    /// The figures of a month as they were printed: `2026-10`.
    snapshot: Option<String>,
    /// Which printing of the month; the last one when missing.
    revision: Option<i32>,
    /// Look at it as it was at this instant; now when missing.
    as_of: Option<String>,
    /// `none`, `grid`, `community`, `category`, `urgency`, `source`, `person` or `month` (上报月份).
    group_by: Option<String>,
    /// Conditions that all hold: `category:utilities,month:2026-10` (上报月份).
    filter: Option<String>,
    /// `true`: from the ledger alone, whatever it costs.
    exact: Option<bool>,
}

/// Figures over a period.
#[derive(Debug, Serialize, ToSchema)]
pub struct FiguresView {
    pub from: String,
    pub to: String,
    /// Later events are not counted. Pass it on to look into the cases of these numbers.
    pub as_of: String,
    pub group_by: String,
    pub filter: Option<String>,
    /// Of figures that are printed for good.
    pub snapshot: Option<PrintingView>,
    /// Missing where every number comes from the ledger alone.
    pub rolled: Option<RolledView>,
    pub figures: Vec<FigureView>,
}

/// One figure.
#[derive(Debug, Serialize, ToSchema)]
pub struct FigureView {
    pub id: String,
    pub name: &'static str,
    /// Of its definition.
    pub version: u32,
    /// `share`, `seconds`, `times` or `seconds_per_person`.
    #[schema(value_type = String)]
    pub unit: Unit,
    pub cohort: &'static str,
    pub total: FigureGroupView,
    /// Rates by the lower bound of their interval, the best first; else, and months always, by key.
    pub groups: Vec<FigureGroupView>,
    /// Rates of groups with fewer than 30 cases are not ranked: all of them in one; months never.
    pub small: Option<FigureGroupView>,
    /// Keys and names of the groups in `small`.
    pub small_groups: BTreeMap<String, String>,
}

/// One group of a figure.
#[derive(Debug, Serialize, ToSchema)]
pub struct FigureGroupView {
    pub key: String,
    pub name: String,
    /// Of a share its denominator; else the cases it happened to and those that wait.
    pub n: u64,
    /// Of a share its numerator; else the cases it happened to.
    pub hit: u64,
    pub failed: u64,
    /// Not decided yet; of lengths, has not happened yet.
    pub open: u64,
    /// Of those that failed: has not happened until `as_of`.
    pub undone: u64,
    /// Left out, by ground.
    pub excluded: BTreeMap<String, u64>,
    /// Missing where nothing was decided.
    pub rate: Option<f64>,
    /// Wilson interval of 95 %.
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// On the wall clock.
    pub wall: Option<SpreadView>,
    /// Within the hours of the promise, rests taken off.
    pub work: Option<SpreadView>,
    /// Those who answer for the cases, where the figure is one of people.
    pub people: Option<u64>,
    /// The sum for each of them, in the hours of the promise.
    pub per_person: Option<f64>,
}

/// A distribution in the unit of its figure.
#[derive(Debug, Serialize, ToSchema)]
pub struct SpreadView {
    pub n: u64,
    pub waiting: u64,
    pub p50: PointView,
    pub p90: PointView,
    pub p95: PointView,
    pub max: Option<f64>,
    pub longest_waiting: Option<f64>,
    pub sum: f64,
}

/// A percentile, or why there is none.
#[derive(Debug, Serialize, ToSchema)]
pub struct PointView {
    pub value: Option<f64>,
    /// `too_few` or `not_reached`; missing with a value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<&'static str>,
    /// With `not_reached`: it is longer than this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beyond: Option<f64>,
}

/// What every figure means.
#[derive(Debug, Serialize, ToSchema)]
pub struct DefinitionsView {
    #[schema(value_type = Vec<Object>)]
    pub figures: &'static [Card],
    /// What cannot be computed yet, and why.
    #[schema(value_type = Vec<Object>)]
    pub missing: &'static [crate::domain::audit::definition::Missing],
}

/// The parts of a question that both routes have.
pub(super) struct Parts<'a> {
    pub from: &'a str,
    pub to: &'a str,
    pub as_of: Option<&'a str>,
    pub group_by: Option<&'a str>,
    pub filter: Option<&'a str>,
}

pub(super) fn question(s: &Services, ids: &[String], parts: &Parts<'_>) -> Result<Question> {
    let mut faults = Vec::new();
    let now = s.clock.now();
    let mut instant = |pointer: &str, raw: &str| {
        let at = parse_instant(raw);
        if at.is_none() {
            let message = "请写日期（2026-11-01）或带时区的时间（2026-11-01T00:00:00+08:00）";
            faults.push(Fault::new(pointer, "bad_instant", message));
        }
        at.unwrap_or(Timestamp(0))
    };
    let (from, to) = (instant("/from", parts.from), instant("/to", parts.to));
    let as_of = parts.as_of.map_or(now, |raw| instant("/as_of", raw));
    if faults.is_empty() && to <= from {
        faults.push(Fault::new("/to", "empty_period", "结束时间须晚于开始时间"));
    }
    if faults.is_empty() && (as_of > now || as_of < from) {
        let message = "统计时点不能早于开始时间，也不能晚于现在";
        faults.push(Fault::new("/as_of", "outside_period", message));
    }
    let by = Dimension::from_word(parts.group_by.unwrap_or("none"));
    faults.extend(by.is_none().then(no_group));
    let filter = Filter::read(parts.filter.unwrap_or_default());
    if filter.is_none() {
        let message =
            "请写成 category:utilities,grid:G00101 的形式，并用已有的类别、紧急程度和来源";
        faults.push(Fault::new("/filter", "unknown_word", message));
    }
    match (by, filter) {
        (Some(by), Some(filter)) if faults.is_empty() => {
            let (ids, window) = (figures::distinct(ids), Window { from, to, as_of });
            Ok(Question { ids, window, by, filter })
        }
        _ => {
            let mut refused = Error::new(Code::MalformedQuery, "查询参数有误");
            refused.faults = faults;
            Err(refused)
        }
    }
}

fn no_group() -> Fault {
    let message =
        "请选择 none、grid、community、category、urgency、source、person 或 month（上报月份）";
    Fault::new("/group_by", "unknown_word", message)
}

fn ids(text: Option<&str>) -> Vec<String> {
    let ids = text.unwrap_or_default().split(',');
    ids.filter(|id| !id.trim().is_empty()).map(str::to_owned).collect()
}

/// Computes figures from the ledger: what they say, over how many cases, how many are left out and
/// still open.
#[utoipa::path(get, path = "/api/v1/audit/figures", tag = "audit", params(FiguresQuery), security(("bearer" = [])),
    responses((status = 200, body = FiguresView), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn list_figures(
    Who(who): Who,
    query: Query<FiguresQuery>,
    s: Data<Services>,
) -> Answer<FiguresView> {
    figures::admit(&who)?;
    if let Some(period) = &query.snapshot {
        return Ok(Json(printed(&s, &who, period, &query).await?));
    }
    if query.revision.is_some() {
        let mut refused = Error::new(Code::MalformedQuery, "查询参数有误");
        let message = "只有月度固化指标（snapshot）才有修订";
        refused.faults = vec![Fault::new("/revision", "only_with_snapshot", message)];
        return Err(refused.into());
    }
    let parts = Parts {
        from: query.from.as_deref().unwrap_or_default(),
        to: query.to.as_deref().unwrap_or_default(),
        as_of: query.as_of.as_deref(),
        group_by: query.group_by.as_deref(),
        filter: query.filter.as_deref(),
    };
    let ask = question(&s, &ids(query.ids.as_deref()), &parts)?;
    let answer = rolled::run(&s, &who, &ask, query.exact == Some(true)).await?;
    let filter = query.filter.clone();
    let view = shown(&s, (ask.window, ask.by), (filter, None), answer.figures).await?;
    Ok(Json(FiguresView { rolled: answer.source.map(RolledView::of), ..view }))
}

async fn shown(
    s: &Services,
    (window, by): (Window, Dimension),
    (filter, snapshot): (Option<String>, Option<PrintingView>),
    printed: Vec<Figure>,
) -> Result<FiguresView> {
    let names = Names::load(s, by, &printed).await?;
    Ok(FiguresView {
        from: rfc3339(window.from),
        to: rfc3339(window.to),
        as_of: rfc3339(window.as_of),
        group_by: by.word().to_owned(),
        filter,
        snapshot,
        rolled: None,
        figures: printed.into_iter().filter_map(|one| view(&names, one)).collect(),
    })
}

/// Shows what was printed of a month: neither a period nor a filter can be chosen any more.
async fn printed(
    s: &Services,
    who: &Actor,
    period: &str,
    query: &FiguresQuery,
) -> Result<FiguresView> {
    let chosen = [
        ("/from", query.from.is_some()),
        ("/to", query.to.is_some()),
        ("/as_of", query.as_of.is_some()),
        ("/filter", query.filter.is_some()),
    ];
    let message = "月度固化指标不能再选期间或筛选";
    let fault = |(pointer, _): (&str, bool)| Fault::new(pointer, "not_with_snapshot", message);
    let mut faults: Vec<Fault> = chosen.into_iter().filter(|(_, is)| *is).map(fault).collect();
    let by = Dimension::from_word(query.group_by.as_deref().unwrap_or("none"));
    faults.extend(by.is_none().then(no_group));
    let (Some(by), true) = (by, faults.is_empty()) else {
        let mut refused = Error::new(Code::MalformedQuery, "查询参数有误");
        refused.faults = faults;
        return Err(refused);
    };
    let ids = ids(query.ids.as_deref());
    let found = freeze::read(s, who, (period, query.revision), (&ids, by)).await?;
    let head = PrintingView {
        period: period.to_owned(),
        revision: found.revision,
        as_of: rfc3339(found.window.as_of),
        printed_at: rfc3339(found.created_at),
        reason: found.reason,
    };
    shown(s, (found.window, by), (None, Some(head)), found.figures).await
}

/// Shows a printed figure with the names of its groups; `None` for one that was never defined.
pub(super) fn view(names: &Names, one: Figure) -> Option<FigureView> {
    let card = edition::card(&one.id, one.version)?;
    let of = |group| group_view(names, card.unit, group);
    Some(FigureView {
        name: card.name,
        version: one.version,
        unit: card.unit,
        cohort: card.cohort,
        total: FigureGroupView { name: "合计".to_owned(), ..of(one.total) },
        groups: one.groups.into_iter().map(of).collect(),
        small: one.small.map(of),
        small_groups: one.small_keys.into_iter().map(|key| (key.clone(), names.of(&key))).collect(),
        id: one.id,
    })
}

fn float(count: u64) -> f64 {
    // Microseconds of a hundred years are exact in a double.
    let (high, low) = (count >> 32, count & u64::from(u32::MAX));
    let part = |half: u64| u32::try_from(half).map_or(0.0, f64::from);
    part(high).mul_add(4_294_967_296.0, part(low))
}

pub(super) fn number(unit: Unit, value: u64) -> f64 {
    match unit {
        Unit::Times => float(value),
        Unit::Share | Unit::Seconds | Unit::SecondsPerPerson => float(value) / 1e6,
    }
}

fn group_view(names: &Names, unit: Unit, group: Group) -> FigureGroupView {
    let spread = |spread: Option<Spread>| spread.map(|one| spread_view(unit, &one));
    let sum = group.work.as_ref().map_or(0.0, |work| number(unit, work.sum));
    let per_person = group.people.filter(|people| *people > 0).map(|people| sum / float(people));
    FigureGroupView {
        name: names.of(&group.key),
        key: group.key,
        n: group.n,
        hit: group.hit,
        failed: group.failed,
        open: group.open,
        undone: group.undone,
        excluded: group.excluded,
        rate: group.share.map(|share| share.rate),
        low: group.share.map(|share| share.low),
        high: group.share.map(|share| share.high),
        wall: spread(group.wall),
        work: spread(group.work),
        people: group.people,
        per_person,
    }
}

fn spread_view(unit: Unit, spread: &Spread) -> SpreadView {
    let of = |value: u64| number(unit, value);
    let point = |point: Point| match point {
        Point::At(value) => PointView { value: Some(of(value)), note: None, beyond: None },
        Point::TooFew => PointView { value: None, note: Some("too_few"), beyond: None },
        Point::Beyond(value) => {
            PointView { value: None, note: Some("not_reached"), beyond: Some(of(value)) }
        }
    };
    SpreadView {
        n: spread.n,
        waiting: spread.waiting,
        p50: point(spread.p50),
        p90: point(spread.p90),
        p95: point(spread.p95),
        max: spread.max.map(of),
        longest_waiting: spread.longest_waiting.map(of),
        sum: of(spread.sum),
    }
}

/// Says what every figure means, and which cannot be computed yet.
#[utoipa::path(get, path = "/api/v1/audit/definitions", tag = "audit", security(("bearer" = [])),
    responses((status = 200, body = DefinitionsView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub async fn definitions(Who(who): Who) -> Answer<DefinitionsView> {
    figures::admit(&who)?;
    Ok(Json(DefinitionsView { figures: CARDS, missing: MISSING }))
}
