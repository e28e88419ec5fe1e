//! 二、分类情况 and 三、各社区、网格情况: the same counts by category and by place, and rates ranked by
//! the lower bound of their intervals, with the small units in one row.

use std::collections::BTreeSet;

use super::value::{NONE, interval, median, rate};
use super::{Division, Material};
use crate::domain::audit::definition::figure;
use crate::domain::audit::survey::{Figure, Group};
use crate::domain::paper::{Bars, Block, Table};

/// One unit of a division: its counts.
struct Unit {
    key: String,
    name: String,
    received: u64,
    taken: u64,
    done: u64,
    late: u64,
    median: String,
}

impl Unit {
    fn of(division: &Division, key: &str) -> Self {
        let group = |id: &str| {
            let figure = division.figure(id)?;
            figure.groups.iter().find(|group| group.key == key)
        };
        let count = |id: &str, of: fn(&Group) -> u64| group(id).map_or(0, of);
        Self {
            key: key.to_owned(),
            name: division.name(key),
            received: count("M4", |group| group.n),
            taken: count("M4", |group| group.hit),
            done: count("M7", |group| group.hit),
            late: count("R8", |group| group.n),
            median: median(group("M4").and_then(|group| group.wall.as_ref())),
        }
    }

    fn row(&self) -> Vec<String> {
        let counts = [self.received, self.taken, self.done, self.late].map(|n| n.to_string());
        let name = std::iter::once(self.name.clone());
        name.chain(counts).chain([self.median.clone()]).collect()
    }
}

/// The units that have cases, in the order of their keys; lengths are never ranked, so that every
/// unit stands in them by itself.
fn units(division: &Division) -> Vec<Unit> {
    let figures = ["M4", "M7", "R8"].iter().filter_map(|id| division.figure(id));
    let keys: BTreeSet<&String> =
        figures.flat_map(|figure| &figure.groups).map(|group| &group.key).collect();
    let units = keys.into_iter().map(|key| Unit::of(division, key));
    units.filter(|unit| unit.received + unit.done + unit.late > 0).collect()
}

fn counts(caption: &str, what: &str, units: &[Unit]) -> Table {
    let columns = [
        (what, 30),
        ("收到（M4）", -14),
        ("已签收（M4）", -15),
        ("已处置（M7）", -15),
        ("超期未办（R8）", -17),
        ("签收中位（M4）", -18),
    ];
    let mut table = Table::new(caption, &columns);
    table.rows.extend(units.iter().map(Unit::row));
    let sum = |of: fn(&Unit) -> u64| units.iter().map(of).sum::<u64>().to_string();
    table.rows.push(vec![
        "合计".to_owned(),
        sum(|unit| unit.received),
        sum(|unit| unit.taken),
        sum(|unit| unit.done),
        sum(|unit| unit.late),
        NONE.to_owned(),
    ]);
    table
}

pub(super) fn categories(material: &Material) -> Vec<Block> {
    let mut blocks = vec![Block::Heading("二、分类情况".to_owned())];
    let mut units = units(&material.by_category);
    if units.is_empty() {
        blocks.push(Block::Paragraph("本期没有收到诉求，也没有超期未办的诉求。".to_owned()));
        return blocks;
    }
    units.sort_by(|a, b| b.received.cmp(&a.received).then_with(|| a.key.cmp(&b.key)));
    let most: Vec<String> = units
        .iter()
        .take(3)
        .filter(|unit| unit.received > 0)
        .map(|unit| format!("“{}”{}件", unit.name, unit.received))
        .collect();
    if !most.is_empty() {
        let words = format!("收到的诉求中，居前的类别为：{}。", most.join("，"));
        blocks.push(Block::Paragraph(words));
    }
    let rows = units.iter().map(|unit| (unit.name.clone(), unit.received)).collect();
    let caption = "图2　各类别收到诉求（M4，件）".to_owned();
    blocks.push(Block::Bars(Bars { caption, rows }));
    blocks.push(Block::Table(counts("各类别办理情况", "类别", &units)));
    blocks
}

pub(super) fn places(material: &Material) -> Vec<Block> {
    let mut blocks = vec![Block::Heading("三、各社区、网格情况".to_owned())];
    let divisions = [(&material.by_community, "社区"), (&material.by_grid, "网格")];
    for (division, what) in divisions {
        let units = units(division);
        if units.is_empty() {
            blocks.push(Block::Paragraph(format!("各{what}本期没有诉求。")));
            continue;
        }
        let caption = format!("各{what}办理情况（按编号）");
        blocks.push(Block::Table(counts(&caption, what, &units)));
        let figures = ["R2", "R6"].iter().filter_map(|id| division.figure(id));
        blocks.extend(figures.map(|one| ranked(division, one, what)));
    }
    blocks.push(Block::Note(
        "比率按 Wilson 区间（95%）下限由高到低排列；样本不足30件的单位不排名，合并为一行。"
            .to_owned(),
    ));
    blocks
}

/// A rate by unit, ranked; one sentence where no unit has enough cases.
fn ranked(division: &Division, one: &Figure, what: &str) -> Block {
    let name = figure(&one.id).map(|(card, _)| card.name).unwrap_or_default();
    if one.groups.is_empty() {
        let few = one.small_keys.len();
        let said = one.small.as_ref().filter(|small| small.n > 0).map_or_else(
            || format!("{name}（{}）：各{what}本期没有到期的时限。", one.id),
            |small| {
                format!(
                    "{name}（{}）：{few}个{what}样本均不足30件，不排名；合计{}/{}，{}。",
                    one.id,
                    small.hit,
                    small.n,
                    rate(small)
                )
            },
        );
        return Block::Paragraph(said);
    }
    let columns =
        [("名次", 8), (what, 34), ("时限数", -12), ("达标", -12), (name, -16), ("95%区间", -24)];
    let mut table = Table::new(format!("各{what}{name}（{}）", one.id), &columns);
    for (at, group) in one.groups.iter().enumerate() {
        table.rows.push(rank((at + 1).to_string(), division.name(&group.key), group));
    }
    if let Some(small) = &one.small {
        let name = format!("样本不足30件的{}个{what}", one.small_keys.len());
        table.rows.push(rank(NONE.to_owned(), name, small));
    }
    Block::Table(table)
}

fn rank(place: String, name: String, group: &Group) -> Vec<String> {
    let (n, hit) = (group.n.to_string(), group.hit.to_string());
    vec![place, name, n, hit, rate(group), interval(group.share)]
}
