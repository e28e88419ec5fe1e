//! Exports as rows of cells: who made it and what for, which definition, then the numbers. Every
//! cell is text that no spreadsheet computes.

use entity::kinds::Timestamp;

use super::definition::{Card, Unit, figure, round};
use super::round::Round;
use super::story::{Cycle, Story};
use super::survey::{Figure, Group};
use super::table::line;
use super::tally::{Bucket, Finding, Point, Spread};
use crate::domain::calendar::{local_exact, local_second};

/// A row of cells.
pub type Row = Vec<String>;

/// Tells spreadsheets that the file is UTF-8.
const BOM: &str = "\u{feff}";

/// What stands above the numbers.
#[derive(Clone, Debug)]
pub struct Head {
    /// Staff number and name.
    pub who: String,
    pub when: Timestamp,
    pub purpose: String,
    pub from: Timestamp,
    pub to: Timestamp,
    pub as_of: Timestamp,
    pub by: String,
    pub filter: String,
}

fn cells<const N: usize>(words: [&str; N]) -> Row {
    words.map(str::to_owned).into()
}

impl Head {
    /// The watermark and what was asked.
    pub fn rows(&self) -> Vec<Row> {
        let (from, to, as_of) =
            (local_exact(self.from), local_exact(self.to), local_exact(self.as_of));
        let when = local_second(self.when);
        vec![
            cells(["导出人", &self.who, "导出时间", &when, "用途", &self.purpose]),
            cells([
                "统计期自",
                &from,
                "至（不含）",
                &to,
                "统计时点",
                &as_of,
                "分组",
                &self.by,
                "筛选",
                &self.filter,
            ]),
        ]
    }
}

fn seconds(micros: u64) -> String {
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}

fn value(unit: Unit, value: u64) -> String {
    if unit == Unit::Times { value.to_string() } else { seconds(value) }
}

/// The heading of a list of cases: the definition, then the columns.
pub fn cases_heading(card: &Card) -> Vec<Row> {
    let version = card.version.to_string();
    vec![
        cells([
            "指标",
            card.id,
            card.name,
            "定义版本",
            &version,
            "公式",
            card.formula,
            "统计范围",
            card.cohort,
            "剔除",
            card.exclusions,
        ]),
        cells([
            "工单号",
            "分组",
            "结果",
            "剔除理由",
            "截至统计时点仍未完成",
            "墙钟（秒）",
            "工作时（秒）",
            "提交时间",
            "签收时限",
            "签收时间",
            "轮次",
            "本轮开始时间",
            "联系时限",
            "联系尝试时间",
            "联系时间",
            "办结时限",
            "处置时间",
            "办结时间",
        ]),
    ]
}

/// What a bucket is called.
pub const fn bucket(bucket: Bucket) -> &'static str {
    match bucket {
        Bucket::Hit => "计入分子",
        Bucket::Failed => "未达",
        Bucket::Open => "未定",
        Bucket::Excluded(_) => "剔除",
    }
}

/// One case behind a figure, with the times that decide it: those of a cycle are of the one that the
/// figure reads.
pub fn case_row(card: &Card, (number, group): (&str, &str), story: &Story, found: &Finding) -> Row {
    let at = |at: Option<Timestamp>| at.map(local_exact).unwrap_or_default();
    let of = |number: Option<u64>| number.map(|n| value(card.unit, n)).unwrap_or_default();
    let round = round(card.id).unwrap_or(Round::Last);
    let of_cycle = |time: fn(&Cycle) -> Option<Timestamp>| at(round.of(story).and_then(time));
    let ground = match found.bucket {
        Bucket::Excluded(ground) => ground,
        Bucket::Hit | Bucket::Failed | Bucket::Open => "",
    };
    vec![
        number.to_owned(),
        group.to_owned(),
        bucket(found.bucket).to_owned(),
        ground.to_owned(),
        if found.undone { "是" } else { "" }.to_owned(),
        of(found.wall),
        of(found.work),
        local_exact(story.reported),
        at(story.acknowledge_due),
        at(story.taken.at),
        round.said(story),
        of_cycle(|cycle| Some(cycle.started_at)),
        of_cycle(|cycle| cycle.contact_due),
        of_cycle(|cycle| cycle.attempted),
        of_cycle(|cycle| cycle.contacted),
        of_cycle(|cycle| cycle.resolve_due),
        of_cycle(|cycle| cycle.resolved),
        at(round.closed(story)),
    ]
}

/// The columns of a table of figures.
pub fn figures_heading() -> Row {
    let mut head = cells([
        "指标编号",
        "指标",
        "定义版本",
        "单位",
        "分组编号",
        "分组",
        "样本数",
        "计入分子",
        "未达",
        "未定",
        "剔除",
        "比率",
        "区间下限",
        "区间上限",
    ]);
    for clock in ["墙钟", "工作时"] {
        head.extend(["P50", "P90", "P95", "最长"].map(|part| format!("{clock}{part}")));
    }
    let rest = ["责任人数", "人均（秒）", "剔除明细", "合并的分组", "公式", "统计范围", "剔除规则"];
    head.extend(rest.map(str::to_owned));
    head
}

/// The rows of one figure: the whole first; `name` says what a group is called. Groups that are too
/// small to be ranked are named where they are put together.
pub fn figure_rows(one: &Figure, name: impl Fn(&str) -> String) -> Vec<Row> {
    let Some((card, _)) = figure(&one.id) else { return Vec::new() };
    let version = one.version.to_string();
    let small = one.small_keys.iter().map(|key| format!("{key} {}", name(key)).trim().to_owned());
    let small = small.collect::<Vec<_>>().join("；");
    let row = |group: &Group, name: String| {
        let mut row = cells([card.id, card.name, &version, card.unit.zh(), &group.key, &name]);
        row.extend(counts(group));
        let spreads = [&group.wall, &group.work];
        row.extend(spreads.into_iter().flat_map(|one| spread(card.unit, one.as_ref())));
        row.extend(per_person(group));
        let excluded = group.excluded.iter().map(|(ground, n)| format!("{ground}：{n}"));
        row.push(excluded.collect::<Vec<_>>().join("；"));
        row.push(if group.key == "small" { small.clone() } else { String::new() });
        row.extend([card.formula, card.cohort, card.exclusions].map(str::to_owned));
        row
    };
    let groups = one.groups.iter().chain(&one.small);
    let whole = row(&one.total, "合计".to_owned());
    std::iter::once(whole).chain(groups.map(|group| row(group, name(&group.key)))).collect()
}

/// How many answer for the cases, and the time of each of them within the hours of the promise.
fn per_person(group: &Group) -> [String; 2] {
    let people = group.people.filter(|people| *people > 0);
    let sum = group.work.as_ref().map_or(0, |work| work.sum);
    let each = people.map(|people| seconds(sum / people)).unwrap_or_default();
    [people.map(|people| people.to_string()).unwrap_or_default(), each]
}

fn counts(group: &Group) -> Row {
    let excluded: u64 = group.excluded.values().sum();
    let numbers = [group.n, group.hit, group.failed, group.open, excluded];
    let share = group.share.map(|share| [share.rate, share.low, share.high]);
    let shares: [String; 3] =
        share.map_or_else(Default::default, |parts| parts.map(|part| format!("{part:.6}")));
    numbers.iter().map(u64::to_string).chain(shares).collect()
}

fn spread(unit: Unit, spread: Option<&Spread>) -> [String; 4] {
    let Some(spread) = spread else { return Default::default() };
    let point = |point: Point| match point {
        Point::At(number) => value(unit, number),
        Point::TooFew => "样本过少".to_owned(),
        Point::Beyond(number) => format!("大于{}（未达到）", value(unit, number)),
    };
    let max = spread.max.map(|number| value(unit, number)).unwrap_or_default();
    [point(spread.p50), point(spread.p90), point(spread.p95), max]
}

/// Rows that a workbook has room for.
pub const MOST_ROWS: usize = 1_048_576;

/// A CSV that a spreadsheet opens as UTF-8, row after row.
#[derive(Debug)]
pub struct Csv(pub String);

impl Csv {
    /// Begins one.
    pub fn begin() -> Self {
        Self(BOM.to_owned())
    }

    /// Adds rows.
    pub fn add(&mut self, rows: &[Row]) {
        for row in rows {
            line(&mut self.0, row);
        }
    }
}
