//! What settled cases add to the figures: the cells, and which cases are counted in them.

use std::collections::HashMap;

use entity::figure_rolled::{Entity, Model};
use entity::kinds::{CaseId, Timestamp};
use sea_orm::{
    ConnectionTrait, DatabaseBackend, DbErr, EntityTrait, FromQueryResult, Statement, Value,
};

use super::figures::{BETWEEN, WITHIN};
use super::{bulk, is_named, list, sql};

/// Returns how far the figures are rolled up.
pub async fn state(conn: &impl ConnectionTrait) -> Result<Model, DbErr> {
    let none = Model { id: 1, edition: 0, generation: 0, until_at: Timestamp(0), day: 0 };
    Ok(Entity::find_by_id(1).one(conn).await?.unwrap_or(none))
}

/// What a second day of the anchors means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Second {
    /// It is the first.
    None,
    /// Either is enough.
    Either,
    /// Both are in the period; what begins before its edges and ends behind them is read itself.
    Both,
}

/// Which cells a question needs, in the words of their columns.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Cells of another edition do not answer it, nor any that were made of what was over later.
    pub edition: i64,
    pub until: Timestamp,
    pub as_of: Timestamp,
    pub period: (Timestamp, Timestamp),
    pub anchors: Vec<&'static str>,
    /// Whether the anchors have two days, and when these count.
    pub second: Second,
    /// The column whose value is the group; empty for one group.
    pub by: &'static str,
    pub filter: Vec<(&'static str, String)>,
    /// The cut by months and their days `[first, last)`.
    pub months: Option<(&'static str, (i64, i64))>,
    /// The other days, each `[first, last)`, and all of them with the months.
    pub days: Vec<(i64, i64)>,
    pub whole: (i64, i64),
    /// The first day of the period and the one behind it, each with the first day of its month.
    pub edges: [(i64, i64); 2],
}

/// A cell, or a list.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Part {
    /// `cell` or `list`.
    pub part: String,
    pub anchor: String,
    /// The group of a cell.
    pub word: String,
    /// Of a cell, or of a list the cases that may lie on an edge of the period.
    pub body: String,
}

/// A case that is read beside the cells.
#[derive(Clone, Copy, Debug)]
pub struct Beside {
    pub id: CaseId,
    /// The event up to which cells have it; 0: they do not.
    pub counted: i64,
    /// Its last event.
    pub last: i64,
}

/// Everything that answers a question.
#[derive(Clone, Debug)]
pub struct Found {
    /// What is in the cells was over then.
    pub until: Timestamp,
    /// The cases that are not counted in the cells as they are now.
    pub cases: Vec<Beside>,
    pub parts: Vec<Part>,
}

/// Values of a statement in the order in which they are written.
struct Bound(Vec<Value>);

impl Bound {
    fn put(&mut self, value: impl Into<Value>) -> String {
        self.0.push(value.into());
        format!("${}", self.0.len())
    }
}

/// Reads the cells and the cases that are to be read beside them, all as of one moment; nothing when
/// cells cannot answer.
pub async fn read(conn: &impl ConnectionTrait, wanted: &Wanted) -> Result<Option<Found>, DbErr> {
    let mut bound = Bound(Vec::new());
    let known = known(&mut bound, wanted);
    let (open, over) = not_counted(&mut bound, wanted, &known);
    // One row for all cases: handing over a row costs more than what is in it.
    let mut text = format!(
        "SELECT 'state' AS part, '' AS anchor, '' AS word, CAST(until_at AS TEXT) AS body
           FROM figure_rolled WHERE {known}
         UNION ALL
         SELECT 'open', '', '', COALESCE(string_agg(CAST(c.id AS TEXT) || '{WITHIN}0{WITHIN}'
                || CAST(c.last_seq AS TEXT), '{BETWEEN}'), '') FROM {open}
         UNION ALL
         SELECT 'over', '', '', COALESCE(string_agg(CAST(b.case_id AS TEXT) || '{WITHIN}'
                || CAST(b.counted AS TEXT) || '{WITHIN}' || CAST(b.last_seq AS TEXT),
                '{BETWEEN}'), '') FROM {over}"
    );
    let group = if wanted.by.is_empty() { "''" } else { wanted.by };
    let columns = format!("'cell', anchor, {group}, body");
    text.push_str(&all_cells(&mut bound, wanted, (&columns, &known)));
    text.push_str(&on_edges(&mut bound, wanted, ("'list', anchor, '', listed", &known)));
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), text, bound.0);
    let (mut until, mut open, mut over, mut parts) = (None, Vec::new(), Vec::new(), Vec::new());
    let none = || DbErr::Type("neither a state nor cases".into());
    for part in Part::find_by_statement(statement).all(conn).await? {
        match part.part.as_str() {
            "state" => until = Some(Timestamp(part.body.parse().map_err(|_why| none())?)),
            "open" => open = cases(&part.body).ok_or_else(none)?,
            "over" => over = cases(&part.body).ok_or_else(none)?,
            _ => parts.push(part),
        }
    }
    Ok(until.map(|until| Found { until, cases: together(open, over), parts }))
}

fn cases(text: &str) -> Option<Vec<Beside>> {
    let one = |text: &str| {
        let mut fields = text.split(WITHIN).map(str::parse);
        let mut next = || fields.next()?.ok();
        Some(Beside { id: CaseId(next()?), counted: next()?, last: next()? })
    };
    text.split(BETWEEN).filter(|one| !one.is_empty()).map(one).collect()
}

/// Each case once: of one that is open again its row says up to which event it is counted, and the
/// case itself what its last one is.
fn together(mut open: Vec<Beside>, over: Vec<Beside>) -> Vec<Beside> {
    let mut over: HashMap<CaseId, Beside> = over.into_iter().map(|one| (one.id, one)).collect();
    for case in &mut open {
        case.counted = over.remove(&case.id).map_or(0, |row| row.counted);
    }
    open.extend(over.into_values());
    open
}

/// The cases that may be of a cohort and are not counted in the cells as they are now, as a table
/// with its condition: those that are open, and those that are over.
fn not_counted(bound: &mut Bound, wanted: &Wanted, known: &str) -> (String, String) {
    let (from, to) = (bound.put(wanted.period.0), bound.put(wanted.period.1));
    let open =
        format!("cases c WHERE {known} AND c.next_check_at IS NOT NULL AND c.reported_at < {to}");
    let over = format!(
        "case_beside b WHERE {known} AND b.reported_at < {to}
            AND (b.counted > 0 OR b.over_at >= {from})"
    );
    (open, over)
}

/// Whether the cells are those that are wanted, as a condition.
fn known(bound: &mut Bound, wanted: &Wanted) -> String {
    let (edition, until) = (bound.put(wanted.edition), bound.put(wanted.until));
    format!(
        "EXISTS (SELECT 1 FROM figure_rolled WHERE id = 1 AND edition = {edition}
            AND until_at <= {until})"
    )
}

fn all_cells(bound: &mut Bound, wanted: &Wanted, what: (&str, &str)) -> String {
    let months = wanted.months.map(|(slice, days)| (slice, days, days));
    let days = wanted.days.iter().map(|days| ("days", *days, wanted.whole));
    let cuts = months.into_iter().chain(days).filter(|_| !wanted.anchors.is_empty());
    cuts.map(|cut| cells(bound, wanted, cut, what)).collect()
}

/// A case that may be of a figure's cohort, or the list of a cell that holds such.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Listed {
    /// `state`, `case` or `cell`.
    pub part: String,
    /// Of a case.
    pub id: i64,
    /// Of a cell.
    pub listed: String,
}

/// Lists the cases that may be of a cohort: those of the cells, those that are not counted in them,
/// and those of which something was said after `as_of`, so that they may have been of other cells;
/// nothing, not even the state, when the cells are none that are wanted.
pub async fn listed(conn: &impl ConnectionTrait, wanted: &Wanted) -> Result<Vec<Listed>, DbErr> {
    let mut bound = Bound(Vec::new());
    let (known, as_of) = (known(&mut bound, wanted), bound.put(wanted.as_of));
    let (open, over) = not_counted(&mut bound, wanted, &known);
    let to = bound.put(wanted.period.1);
    let mut text = format!(
        "SELECT 'state' AS part, edition AS id, '' AS listed FROM figure_rolled WHERE {known}
         UNION ALL
         SELECT 'case', c.id, '' FROM {open}
         UNION ALL
         SELECT 'case', b.case_id, '' FROM {over}
         UNION ALL
         SELECT 'case', c.id, '' FROM cases c
          WHERE {known} AND c.next_check_at IS NULL AND c.last_event_at > {as_of}
            AND c.reported_at < {to}"
    );
    text.push_str(&all_cells(&mut bound, wanted, ("'cell', 0, listed", &known)));
    text.push_str(&on_edges(&mut bound, wanted, ("'cell', 0, listed", &known)));
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), text, bound.0);
    Listed::find_by_statement(statement).all(conn).await
}

/// The cut, its days `[first, last)`, and all days that are asked for in this cut and after it.
type Cut = (&'static str, (i64, i64), (i64, i64));

fn within(bound: &mut Bound, column: &str, (first, last): (i64, i64)) -> String {
    let (first, last) = (bound.put(first), bound.put(last));
    format!("{column} >= {first} AND {column} < {last}")
}

/// What has two days is read by its first, and by its second where the first is not asked for; what
/// one of its days puts into a whole month is counted there.
fn cells(
    bound: &mut Bound,
    wanted: &Wanted,
    (slice, days, whole): Cut,
    (columns, known): (&str, &str),
) -> String {
    let head = head(bound, wanted, slice, (columns, known));
    let mut text = format!("{head} AND {}", within(bound, "day", days));
    match wanted.second {
        Second::None => return text,
        Second::Both => return format!("{text}{}", ended(bound, wanted, (slice, days), &head)),
        Second::Either => {}
    }
    if let Some((_, months)) = wanted.months.filter(|_| slice == "days") {
        text = format!("{text} AND NOT ({})", within(bound, "other", months));
    }
    let (second, first) = (within(bound, "other", days), within(bound, "day", whole));
    format!("{text}{head} AND other <> day AND {second} AND NOT ({first})")
}

fn head(bound: &mut Bound, wanted: &Wanted, slice: &str, (columns, known): (&str, &str)) -> String {
    let anchors: Vec<String> = wanted.anchors.iter().map(|word| format!("'{word}'")).collect();
    let mut head = format!(
        " UNION ALL SELECT {columns} FROM figure_cell
           WHERE {known} AND slice = '{slice}' AND anchor IN ({})",
        anchors.join(", ")
    );
    for (column, value) in &wanted.filter {
        let value = bound.put(value.clone());
        head = format!("{head} AND {column} = {value}");
    }
    head
}

/// Of what begins in these days, what ends in the period too: in the same cut, or for days anywhere;
/// and what begins in its whole months and ends in these days behind them.
fn ended(
    bound: &mut Bound,
    wanted: &Wanted,
    (slice, days): (&str, (i64, i64)),
    head: &str,
) -> String {
    if slice != "days" {
        return format!(" AND {}", within(bound, "other", days));
    }
    let end = bound.put(wanted.whole.1);
    let Some((_, months)) = wanted.months else { return format!(" AND other < {end}") };
    let (first, last) = (within(bound, "day", months), within(bound, "other", days));
    format!(" AND other < {end}{head} AND other <> day AND {last} AND {first}")
}

/// Lists what begins before an edge of the period and ends behind it, and some that do not: by month
/// what is carried into the month of the edge, by day what begins in that month before it.
fn on_edges(bound: &mut Bound, wanted: &Wanted, what: (&str, &str)) -> String {
    if wanted.second != Second::Both {
        return String::new();
    }
    // Cells of months know one dimension: of a longer filter the first condition is kept.
    let known = wanted.filter.first().cloned();
    let slice = known.as_ref().map_or("none", |(column, _)| *column);
    let one = Wanted { filter: known.into_iter().collect(), ..wanted.clone() };
    let mut text = String::new();
    for (edge, month) in wanted.edges {
        let by_month = head(bound, &one, slice, what);
        let from = bound.put(month);
        text = format!("{text}{by_month} AND other <> day AND other >= {from} AND day < {from}");
        if edge > month {
            let (by_day, edge) = (head(bound, wanted, "days", what), bound.put(edge));
            text = format!("{text}{by_day} AND day >= {from} AND day < {edge} AND other >= {edge}");
        }
    }
    text
}

/// A stored cell.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Stored {
    pub key: String,
    pub body: String,
    pub listed: String,
}

/// Reads the cells with these keys.
pub async fn stored(conn: &impl ConnectionTrait, keys: &[&str]) -> Result<Vec<Stored>, DbErr> {
    let text = format!("SELECT key, body, listed FROM figure_cell WHERE key {}", is_named(conn));
    Stored::find_by_statement(sql(conn, &text, [list(keys)?])).all(conn).await
}

/// Raises the generation if it is still `seen`, and says what the cells are from now on; tells
/// whether it was. Others who change the cells wait for the end of the unit.
pub async fn raise(tx: &impl ConnectionTrait, seen: i64, to: &Model) -> Result<bool, DbErr> {
    let text = "UPDATE figure_rolled SET generation = $1, edition = $2, until_at = $3, day = $4
         WHERE id = 1 AND generation = $5";
    let values =
        [to.generation.into(), to.edition.into(), to.until_at.into(), to.day.into(), seen.into()];
    Ok(tx.execute_raw(sql(tx, text, values)).await?.rows_affected() == 1)
}

/// A cell to be stored.
#[derive(Clone, Debug)]
pub struct Cell {
    pub key: String,
    pub slice: &'static str,
    pub anchor: &'static str,
    pub day: i64,
    pub other: i64,
    pub grid: String,
    pub community: String,
    pub category: String,
    pub urgency: String,
    pub source: String,
    pub month: String,
    pub body: String,
    pub listed: String,
    /// None with its key was found.
    pub is_new: bool,
}

const COLUMNS: [(&str, &str); 13] = [
    ("key", "text"),
    ("slice", "text"),
    ("anchor", "text"),
    ("day", "bigint"),
    ("other", "bigint"),
    ("grid", "text"),
    ("community", "text"),
    ("category", "text"),
    ("urgency", "text"),
    ("source", "text"),
    ("month", "text"),
    ("body", "text"),
    ("listed", "text"),
];

impl Cell {
    fn into_row(self) -> [Value; COLUMNS.len()] {
        [
            self.key.into(),
            self.slice.into(),
            self.anchor.into(),
            self.day.into(),
            self.other.into(),
            self.grid.into(),
            self.community.into(),
            self.category.into(),
            self.urgency.into(),
            self.source.into(),
            self.month.into(),
            self.body.into(),
            self.listed.into(),
        ]
    }
}

/// Stores cells: new ones, and the others in the place of those with their keys. Nobody else may have
/// stored any since they were looked for, which [`raise`] tells; to ask again costs time.
pub async fn store(
    tx: &impl ConnectionTrait,
    cells: impl Iterator<Item = Cell> + Send,
) -> Result<(), DbErr> {
    let (new, known): (Vec<Cell>, Vec<Cell>) = cells.partition(|cell| cell.is_new);
    if !new.is_empty() {
        let rows: Vec<_> = new.into_iter().map(Cell::into_row).collect();
        let (table, values) = bulk::table(tx, &COLUMNS, &rows, 1)?;
        let names = COLUMNS.map(|(name, _)| name).join(", ");
        let text = format!("INSERT INTO figure_cell ({names}) SELECT {names} FROM {table}");
        tx.execute_raw(sql(tx, &text, values)).await?;
    }
    if !known.is_empty() {
        let row = |cell: Cell| [cell.key.into(), cell.body.into(), cell.listed.into()];
        let rows: Vec<[Value; 3]> = known.into_iter().map(row).collect();
        let columns = [("key", "text"), ("body", "text"), ("listed", "text")];
        let (table, values) = bulk::table(tx, &columns, &rows, 1)?;
        let text = format!(
            "UPDATE figure_cell SET body = one.body, listed = one.listed FROM {table}
              WHERE figure_cell.key = one.key"
        );
        tx.execute_raw(sql(tx, &text, values)).await?;
    }
    Ok(())
}

/// Removes the cells with these keys.
pub async fn remove(tx: &impl ConnectionTrait, keys: &[String]) -> Result<(), DbErr> {
    let text = format!("DELETE FROM figure_cell WHERE key {}", is_named(tx));
    tx.execute_raw(sql(tx, &text, [list(keys)?])).await?;
    Ok(())
}

/// Has PostgreSQL count anew what it plans by: it would go on reading the whole table of cells as if
/// that were still as small as before the first of them. SQLite plans without.
pub async fn look_again(tx: &impl ConnectionTrait) -> Result<(), DbErr> {
    if tx.get_database_backend() == DatabaseBackend::Postgres {
        // Only what is asked by: reading the bodies for it would take a tenth of a night.
        let text = "ANALYZE figure_cell (slice, anchor, day, other, grid, community, category,
                        urgency, source, month)";
        tx.execute_unprepared(text).await?;
    }
    Ok(())
}

/// Removes every cell.
pub async fn clear(tx: &impl ConnectionTrait) -> Result<(), DbErr> {
    tx.execute_unprepared("DELETE FROM figure_cell").await?;
    Ok(())
}
