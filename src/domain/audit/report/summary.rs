//! 一、总体情况: what came in, what was kept of the promises, beside the period before.

use super::value::{NONE, change, median, percent, rate, turn};
use super::{Division, Material};
use crate::domain::audit::definition::figure;
use crate::domain::audit::survey::Group;
use crate::domain::paper::{Block, Curves, Table};

/// Counts of cases: what they are called, of which figure, and which count of it.
type Count = (&'static str, &'static str, fn(&Group) -> u64);

const COUNTS: &[Count] = &[
    ("收到诉求", "M4", |group| group.n),
    ("其中已签收", "M4", |group| group.hit),
    ("其中已处置", "M7", |group| group.hit),
    ("首次办结", "R12", |group| group.n),
    ("超期未办", "R8", |group| group.n),
];

const RATES: &[&str] = &["R2", "R3", "R5", "R6", "R9", "R10"];

pub(super) fn write(material: &Material) -> Vec<Block> {
    let mut blocks = vec![Block::Heading("一、总体情况".to_owned())];
    blocks.extend(prose(material).into_iter().map(Block::Paragraph));
    blocks.push(Block::Table(table(material)));
    blocks.push(Block::Note(
        "“时限数”为时限落在本期且已有结论的件数；“未定”为截至统计时点尚未到期或尚待居民确认，不计入比率；时长的“未定”为尚未签收、尚未处置的件数；带 * 的比率样本不足30件，仅供参考。".to_owned(),
    ));
    blocks.extend(little_asked(material).map(Block::Note));
    blocks.push(Block::Curves(curves(material)));
    blocks
}

/// Where few were called back, what residents say is the word of those who wanted to (domain §5.6).
const ASKED_FROM: f64 = 0.6;

fn little_asked(material: &Material) -> Option<String> {
    let group = material.whole.total("R11")?;
    let share = group.share.filter(|share| share.rate < ASKED_FROM)?;
    Some(format!(
        "回访覆盖率（R11）为{}（{}/{}），不足60%：解决率（R9）、满意率（R10）仅供参考。",
        percent(share.rate),
        group.hit,
        group.n
    ))
}

fn count(division: &Division, (_, id, of): &Count) -> u64 {
    division.total(id).map_or(0, of)
}

/// `较前一日增加3件`, while the periods can be compared.
fn against(material: &Material, words: &str) -> String {
    if material.complete && words != NONE {
        format!("，较{}{words}", material.span.kind.before())
    } else {
        String::new()
    }
}

fn counted(material: &Material, one: &Count) -> String {
    let (now, before) = (count(&material.whole, one), count(&material.before, one));
    let mut words = change(now, before);
    if now != before {
        words.push('件');
    }
    format!("{}{now}件（{}）{}", one.0, one.1, against(material, &words))
}

fn share(material: &Material, id: &str, name: &str) -> Option<String> {
    let group = material.whole.total(id)?;
    let now = group.share?;
    let before = material.before.total(id).and_then(|group| group.share);
    let turned = against(material, &turn(Some(now), before));
    Some(format!("{name}{}（{id}，{}/{}）{turned}", percent(now.rate), group.hit, group.n))
}

fn prose(material: &Material) -> Vec<String> {
    let get = |at: usize| COUNTS.get(at).map(|one| counted(material, one)).unwrap_or_default();
    let received = count(&material.whole, &("", "M4", |group| group.n));
    let taken = count(&material.whole, &("", "M4", |group| group.hit));
    let done = count(&material.whole, &("", "M7", |group| group.hit));
    let of_them = match received {
        0 => String::new(),
        _ => format!("；截至统计时点，其中已签收{taken}件（M4）、已处置{done}件（M7）"),
    };
    let first = format!("本期全街道{}{of_them}。{}。", get(0), get(3));
    let names =
        [("R2", "签收及时率"), ("R3", "先行联系率"), ("R5", "结案率"), ("R6", "按期结案率")];
    let shares: Vec<String> =
        names.iter().filter_map(|(id, name)| share(material, id, name)).collect();
    let second = if shares.is_empty() {
        "本期没有到期的签收、联系和办结时限。".to_owned()
    } else {
        format!("时限落在本期的诉求：{}。", shares.join("；"))
    };
    let opinion = [("R9", "解决率"), ("R10", "满意率")];
    let opinion: Vec<String> =
        opinion.iter().filter_map(|(id, name)| share(material, id, name)).collect();
    let third = format!("{}。", get(4));
    let fourth = (!opinion.is_empty()).then(|| format!("居民评价：{}。", opinion.join("；")));
    vec![first, second, [Some(third), fourth].into_iter().flatten().collect::<String>()]
}

fn table(material: &Material) -> Table {
    let columns = [
        ("指标", 26),
        ("编号", 7),
        ("本期", -12),
        ("达标/时限数", -13),
        ("未定", -7),
        ("剔除", -7),
        (material.span.kind.before(), -12),
        ("变化", -17),
    ];
    let mut table = Table::new(format!("{}主要指标", material.street), &columns);
    table.rows.extend(COUNTS.iter().map(|one| count_row(material, one)));
    table.rows.extend(RATES.iter().filter_map(|id| rate_row(material, id)));
    table.rows.extend(["M4", "M7"].iter().filter_map(|id| median_row(material, id)));
    table
}

fn excluded(group: &Group) -> String {
    group.excluded.values().sum::<u64>().to_string()
}

fn changed(material: &Material, words: String) -> String {
    if material.complete { words } else { NONE.to_owned() }
}

fn count_row(material: &Material, one: &Count) -> Vec<String> {
    let (now, before) = (count(&material.whole, one), count(&material.before, one));
    let out = material.whole.total(one.1).map(excluded).unwrap_or_default();
    let none = || NONE.to_owned();
    let words = changed(material, change(now, before));
    let name = format!("{}（件）", one.0);
    vec![name, one.1.to_owned(), now.to_string(), none(), none(), out, before.to_string(), words]
}

fn rate_row(material: &Material, id: &str) -> Option<Vec<String>> {
    let (card, _) = figure(id)?;
    let (now, before) = (material.whole.total(id)?, material.before.total(id));
    let turned = turn(now.share, before.and_then(|group| group.share));
    Some(vec![
        card.name.to_owned(),
        id.to_owned(),
        rate(now),
        format!("{}/{}", now.hit, now.n),
        now.open.to_string(),
        excluded(now),
        before.map_or_else(|| NONE.to_owned(), rate),
        changed(material, turned),
    ])
}

/// Acknowledging as the resident felt it, handling in the hours of the promise.
fn median_row(material: &Material, id: &str) -> Option<Vec<String>> {
    let felt = id == "M4";
    let of = |group: &Group| median(if felt { group.wall.as_ref() } else { group.work.as_ref() });
    let now = material.whole.total(id)?;
    let name = if felt {
        "签收时长中位数（墙钟）"
    } else {
        "处置时长中位数（工作时）"
    };
    let before = material.before.total(id).map_or_else(|| NONE.to_owned(), of);
    let none = || NONE.to_owned();
    let (waits, _) = material.pressing.open(id, now.open);
    let open = waits.to_string();
    Some(vec![name.to_owned(), id.to_owned(), of(now), none(), open, excluded(now), before, none()])
}

fn curves(material: &Material) -> Curves {
    let of = |id: &str| {
        let day = |figures: &Vec<_>| {
            let mut figures = figures.iter();
            let found = figures.find(|one: &&crate::domain::audit::survey::Figure| one.id == id);
            found.map_or(0, |figure| figure.total.n)
        };
        material.days.iter().map(|(_, figures)| day(figures)).collect::<Vec<u64>>()
    };
    Curves {
        caption: "图1　逐日收到与首次办结（件）".to_owned(),
        steps: material.days.iter().map(|(label, _)| label.clone()).collect(),
        series: vec![
            ("收到（M4）".to_owned(), of("M4")),
            ("首次办结（R12）".to_owned(), of("R12")),
        ],
    }
}
