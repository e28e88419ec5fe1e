//! 四、超期未办与需督办: cases by number alone; whoever may see more opens them.

use super::value::{NONE, length};
use super::{Division, Late, Material};
use crate::domain::calendar::local_minute;
use crate::domain::paper::{Block, Table};

/// More than anybody follows up on paper.
const LISTED: usize = 60;
/// Numbers in a paragraph.
const NAMED: usize = 40;

pub(super) fn write(material: &Material) -> Vec<Block> {
    let mut blocks = vec![Block::Heading("四、超期未办与需督办".to_owned())];
    let pressing = &material.pressing;
    if pressing.overdue.is_empty() {
        let words = "截至统计时点没有超过办结时限仍未处置的诉求（R8）。";
        blocks.push(Block::Paragraph(words.to_owned()));
    } else {
        blocks.extend(overdue(material));
    }
    for (numbers, what, id) in [
        (&pressing.untaken, "签收时限落在本期、至今未签收", "R2"),
        (&pressing.uncontacted, "联系时限落在本期、至今未联系上", "R3"),
    ] {
        if !numbers.is_empty() {
            blocks.push(Block::Paragraph(named(numbers, what, id)));
        }
    }
    blocks
}

fn named(numbers: &[String], what: &str, id: &str) -> String {
    let shown: Vec<&str> = numbers.iter().take(NAMED).map(String::as_str).collect();
    let count = numbers.len();
    let rest = match count.saturating_sub(NAMED) {
        0 => String::new(),
        more => format!("，另有{more}件"),
    };
    format!("{what}的{count}件（{id}），请督办：{}{rest}。", shown.join("、"))
}

fn overdue(material: &Material) -> Vec<Block> {
    let late = &material.pressing.overdue;
    let columns = [
        ("序号", 7),
        ("工单号", 29),
        ("社区", 18),
        ("类别", 29),
        ("办结时限", 24),
        ("已超（墙钟）", -20),
    ];
    let count = late.len();
    let caption = format!("超期未办诉求（R8，共{count}件，按超时由长到短）");
    let mut table = Table::new(caption, &columns);
    let row = |(at, one): (usize, &Late)| row(at + 1, &material.by_community, one);
    table.rows.extend(late.iter().take(LISTED).enumerate().map(row));
    let mut blocks = vec![Block::Table(table)];
    if count > LISTED {
        let more = count - LISTED;
        blocks.push(Block::Note(format!("另有{more}件，请在系统中导出 R8 的明细。")));
    }
    blocks
}

fn row(at: usize, communities: &Division, one: &Late) -> Vec<String> {
    let place = one.community.as_ref().map(|code| communities.name(code));
    let or_none = |word: Option<String>| word.unwrap_or_else(|| NONE.to_owned());
    vec![
        at.to_string(),
        one.number.clone(),
        or_none(place),
        or_none(one.category.map(|category| category.zh().to_owned())),
        or_none(one.due.map(local_minute)),
        length(one.late),
    ]
}
