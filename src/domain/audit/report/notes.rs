//! 五、需要说明: what was left out and why, what is still open, which definitions were used.

use std::collections::BTreeMap;

use entity::kinds::{CaseState, ExclusionGround};

use super::{Material, SHOWN};
use crate::domain::audit::edition;
use crate::domain::calendar::local_minute;
use crate::domain::paper::{Block, Table};

pub(super) fn write(material: &Material) -> Vec<Block> {
    let mut blocks = vec![Block::Heading("五、需要说明".to_owned())];
    let always = [excluded(material), open(material), made(material)];
    let notes = always.into_iter().chain(printed(material));
    for (at, note) in (1_u8..).zip(notes) {
        blocks.push(Block::Paragraph(format!("{at}. {note}")));
    }
    blocks
}

fn ground(word: &str) -> String {
    let zh = ExclusionGround::from_word(word).map(ExclusionGround::zh);
    let zh = zh.or_else(|| CaseState::from_word(word).map(CaseState::zh));
    zh.unwrap_or(word).to_owned()
}

fn excluded(material: &Material) -> String {
    let mut by_ground: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (id, of) in [("M4", "收到"), ("R2", "签收"), ("R3", "联系"), ("R6", "办结")] {
        for (word, count) in material.whole.total(id).iter().flat_map(|group| &group.excluded) {
            by_ground.entry(word).or_default().push(format!("{of}{count}件（{id}）"));
        }
    }
    if by_ground.is_empty() {
        return "本期没有剔除的诉求。".to_owned();
    }
    let said = by_ground
        .into_iter()
        .map(|(word, counts)| format!("{}：{}", ground(word), counts.join("、")));
    let said = said.collect::<Vec<_>>().join("；");
    format!("剔除情况（按理由）——{said}。剔除只由督查审计作出，逐件记入账本。")
}

fn open(material: &Material) -> String {
    let open = |id: &str| material.whole.total(id).map_or(0, |group| group.open);
    let (untaken, left) = material.pressing.open("M4", open("M4"));
    let (unresolved, gone) = material.pressing.open("M7", open("M7"));
    format!(
        "未完结情况——本期收到的诉求中，尚未签收{untaken}件、无签收而已结束{left}件（M4），尚未处置{unresolved}件、无处置而已结束{gone}件（M7）；时限落在本期而尚未有结论的：签收{}件（R2）、联系{}件（R3）、办结{}件（R6）。以上诉求不从统计中去掉：时长按已等待的时间计入，已结束（撤回、不予受理、并案等）的算到结束时。",
        open("R2"),
        open("R3"),
        open("R6"),
    )
}

fn made(material: &Material) -> String {
    let as_of = local_minute(material.as_of);
    let before = material.span.kind.before();
    let seen =
        if material.span.kind == super::Kind::Monthly { "固化时点" } else { "当期结束时" };
    let compared = if material.complete {
        format!("{before}的数据为其{seen}所见。")
    } else {
        format!("本期尚未结束，不与{before}比较。")
    };
    format!(
        "数据来源——全部数字由诉求账本按下列定义计算，统计时点为{as_of}，其后发生的事项不计；同一统计时点重新生成，数字不变。{compared}"
    )
}

fn printed(material: &Material) -> Option<String> {
    if material.span.kind != super::Kind::Monthly {
        return None;
    }
    let Some(printing) = &material.printing else {
        return Some("本月指标尚未固化（次月第三个工作日固化），以固化后的月报为准。".to_owned());
    };
    let reason = printing.reason.as_ref().map(|reason| format!("，修订理由：{reason}"));
    let which = match printing.revision {
        0 => "首次固化的数据".to_owned(),
        number => format!("第{number}次修订的数据"),
    };
    Some(format!("本月报采用{which}{}。", reason.unwrap_or_default()))
}

/// The definitions of what was shown; they follow the signatures.
pub(super) fn definitions(material: &Material) -> Block {
    let columns = [("编号", 7), ("名称", 18), ("公式", 42), ("统计范围", 42), ("版本", -8)];
    let mut table = Table::new("附表　本报告所用指标定义", &columns);
    for id in SHOWN {
        let Some(used) = material.whole.figure(id) else { continue };
        let Some(card) = edition::card(id, used.version) else { continue };
        let words = [card.id, card.name, card.formula, card.cohort, &used.version.to_string()];
        table.rows.push(words.map(str::to_owned).into());
    }
    Block::Table(table)
}
