//! Shows which years are known and every import there ever was.

use entity::calendar_version::{Entity, Model};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::actor::Actor;
use crate::app::version::{self, VersionView};
use crate::domain::calendar::Table;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::version::{self as stored, Versioned};

/// A day that a notice names.
#[derive(Debug, Serialize, ToSchema)]
pub struct DayView {
    /// `2026-10-10`
    pub date: String,
    /// A weekend on which offices work; otherwise a day of rest.
    pub works: bool,
    pub festival: String,
}

/// The notice of one year.
#[derive(Debug, Serialize, ToSchema)]
pub struct YearView {
    pub year: i16,
    /// How many days of rest it lists; whoever confirms it compares both counts with the notice.
    pub rests: usize,
    /// How many make-up days.
    pub make_up_days: usize,
    /// What the file may lack; whoever confirms it looks at the notice.
    pub doubt: Option<String>,
    pub days: Vec<DayView>,
}

/// One import.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarVersionView {
    #[serde(flatten)]
    pub head: VersionView,
    pub years: Vec<YearView>,
}

/// What counts and what was.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarView {
    /// 0: what was delivered with the program.
    pub version: u32,
    /// The notices in force; a due time that leads beyond them is provisional.
    pub years: Vec<YearView>,
    /// Newest first.
    pub versions: Vec<CalendarVersionView>,
}

/// Lists. Fails with `forbidden` for anybody but administrators, auditors and street command.
pub async fn run(s: &Services, actor: &Actor) -> Result<CalendarView> {
    version::admit_reader(actor, "放假安排")?;
    let rows = stored::list::<Entity>(&s.db.read, version::MOST).await?;
    let calendar = s.calendar.now();
    let years = calendar.tables().map(year).collect();
    Ok(CalendarView { version: calendar.version(), years, versions: views(s, rows).await? })
}

/// Shows one version.
pub async fn one(s: &Services, row: Model) -> Result<CalendarVersionView> {
    let shown = views(s, vec![row]).await?.pop();
    shown.ok_or_else(|| Error::internal("a version is gone"))
}

fn year(table: &Table) -> YearView {
    let day = |one: &crate::domain::calendar::table::Listed| DayView {
        date: one.date.to_string(),
        works: one.works,
        festival: one.festival.clone(),
    };
    let (rests, make_up_days) = table.counts();
    let days = table.days.iter().map(day).collect();
    let doubt = table.doubt().map(|doubt| doubt.zh());
    YearView { year: table.year, rests, make_up_days, doubt, days }
}

async fn views(s: &Services, rows: Vec<Model>) -> Result<Vec<CalendarVersionView>> {
    let heads: Vec<_> = rows.iter().map(Entity::head).collect();
    let heads = version::views(s, &heads).await?;
    let view = |(row, head): (Model, VersionView)| {
        let tables = Table::parse_all(&row.body).map_err(Error::internal)?;
        Ok(CalendarVersionView { head, years: tables.iter().map(year).collect() })
    };
    rows.into_iter().zip(heads).map(view).collect()
}
