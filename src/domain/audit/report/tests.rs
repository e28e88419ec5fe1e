use entity::kinds::{ExclusionGround, Urgency};

use super::*;
use crate::domain::audit::calendars::Calendars;
use crate::domain::audit::facts::Facts;
use crate::domain::audit::figure_tests::Tale;
use crate::domain::audit::frame::{Dimension, Filter};
use crate::domain::audit::story::{Held, Story};
use crate::domain::audit::survey::Survey;
use crate::domain::calendar::Calendar;
use crate::domain::paper::{Mark, PAGE, Table, lay_out, plain};

const BY: [Dimension; 4] =
    [Dimension::None, Dimension::Category, Dimension::Community, Dimension::Grid];

fn span(kind: Kind) -> Span {
    Span::of(kind, "2026-11-24".parse().unwrap())
}

/// The material of these cases, seen when the period is over.
fn material(kind: Kind, cases: &[(String, Story)]) -> Material {
    let span = span(kind);
    let bounds = span.bounds().unwrap();
    let calendars = Calendars::new(Calendar::builtin(), Vec::new());
    let survey = |ids: &[&str], by: &[Dimension]| Survey::new(ids, by, &Filter::default()).unwrap();
    let mut parts = vec![(bounds, survey(SHOWN, &BY))];
    let days = span.days();
    parts.extend(days.iter().map(|(_, day)| (*day, survey(DAILY, &[Dimension::None]))));
    let mut gather = Gather::new(bounds.1, parts);
    // Halves that are put together count as one reading.
    let (one, two) = cases.split_at(cases.len() / 2);
    for half in [two, one] {
        let mut part = gather.anew();
        for (number, story) in half {
            part.add(number, story, &calendars);
        }
        gather.merge(part);
    }
    let (mut counted, pressing) = gather.print();
    let each = counted.split_off(1);
    let mut divisions =
        counted.remove(0).into_iter().map(|figures| Division { figures, names: BTreeMap::new() });
    let mut next = || divisions.next().unwrap();
    let whole = next();
    Material {
        street: "南城街道".to_owned(),
        span,
        as_of: bounds.1,
        complete: true,
        printing: None,
        before: whole.clone(),
        whole,
        by_category: next(),
        by_community: next(),
        by_grid: next(),
        days: days
            .into_iter()
            .zip(each)
            .map(|((label, _), mut one)| (label, one.remove(0)))
            .collect(),
        pressing,
    }
}

/// One of the ways a case can go, in one of forty grids.
fn tale(at: u64) -> (String, Story) {
    let urgency = if at.is_multiple_of(3) { Urgency::Urgent } else { Urgency::Fast };
    let start = at % 600 * 60;
    let mut tale = Tale::new(start, urgency);
    let place = Facts {
        grid_code: Some(format!("G{:05}", at % 40)),
        community: Some(format!("3717020030{:02}", at % 14)),
        ..Facts::default()
    };
    tale = tale.then(start, entity::kinds::EventType::Located, place).pushed(start + 1);
    if !at.is_multiple_of(5) {
        tale = tale.did(start + 60, entity::kinds::EventType::Acknowledged);
    }
    if !at.is_multiple_of(7) {
        tale = tale.did(start + 120, entity::kinds::EventType::Contacted).resolved(start + 600);
    }
    if at.is_multiple_of(2) && !at.is_multiple_of(7) {
        tale = tale.confirmed(start + 700, 5);
    }
    if at % 50 == 49 {
        let ground = Facts { ground: Some(ExclusionGround::TestCase), ..Facts::default() };
        tale = tale.then(start + 800, entity::kinds::EventType::Excluded, ground);
    }
    (format!("NC20261124{at:05}"), tale.story())
}

fn tables(blocks: &[Block]) -> Vec<&Table> {
    let tables = blocks.iter().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    });
    tables.collect()
}

/// Every mark lies on the paper; returns how many pages there are.
fn pages(blocks: &[Block]) -> usize {
    let em = |c: char| if c.is_ascii() { 0.55 } else { 1.0 };
    let pages = lay_out(blocks, "导出人", &em);
    for mark in pages.iter().flatten() {
        let corners = match mark {
            Mark::Text { at, size, text, .. } => {
                let wide = text.chars().map(em).sum::<f32>() * size;
                vec![*at, (at.0 + wide, at.1)]
            }
            Mark::Line { points, .. } => points.clone(),
            Mark::Area { at, size, .. } => vec![*at, (at.0 + size.0, at.1 + size.1)],
        };
        for (x, y) in corners {
            let on = (30.0..PAGE.0 - 30.0).contains(&x) && (30.0..PAGE.1 - 30.0).contains(&y);
            assert!(on, "{mark:?} lies at {x}, {y}");
        }
    }
    pages.len()
}

#[test]
fn a_day_without_cases_says_so_in_every_part() {
    let blocks = write(&material(Kind::Daily, &[]), None);
    let text = plain(&blocks);
    for words in [
        "# 南城街道诉求办理日报",
        "2026年11月24日　星期二",
        "本期全街道收到诉求0件（M4），较前一日持平",
        "本期没有到期的签收、联系和办结时限。",
        "本期没有收到诉求，也没有超期未办的诉求。",
        "各社区本期没有诉求。",
        "各网格本期没有诉求。",
        "截至统计时点没有超过办结时限仍未处置的诉求（R8）。",
        "本期没有剔除的诉求。",
    ] {
        assert!(text.contains(words), "{words} is not in:\n{text}");
    }
    assert!(!text.contains("NaN"), "{text}");
    assert!(pages(&blocks) <= 3);
}

#[test]
fn thousands_of_cases_fit_a_report_of_a_few_pages() {
    let cases: Vec<_> = (0..4_000).map(tale).collect();
    let material = material(Kind::Daily, &cases);
    let blocks = write(&material, None);
    let received = material.whole.figure("M4").unwrap().total.n;
    assert_eq!(received, 4_000 - 80, "the auditor took 80 out");
    let text = plain(&blocks);
    assert!(text.contains("收到诉求3920件（M4）"), "{text}");
    assert!(text.contains("测试数据：收到80件（M4）"), "{text}");
    let late = material.whole.figure("R8").unwrap().total.n;
    assert_eq!(material.pressing.overdue.len(), usize::try_from(late).unwrap());
    assert!(late > 60 && text.contains(&format!("另有{}件，请在系统中导出", late - 60)), "{text}");
    let undone = material.whole.figure("R2").unwrap().total.undone;
    assert!(text.contains(&format!("至今未签收的{}件（R2）", material.pressing.untaken.len())));
    assert!(u64::try_from(material.pressing.untaken.len()).unwrap() <= undone);
    let pages = pages(&blocks);
    assert!((4..=14).contains(&pages), "{pages} pages");
}

#[test]
fn units_are_ranked_by_the_lower_bound_and_small_ones_stand_together() {
    // Three hundred cases, of which most lie in community 00 and one grid.
    let place = |at: u64| {
        let (number, mut story) = tale(at);
        let few = at.is_multiple_of(30);
        let held = Held {
            community: Some(format!("37170200300{}", if few { 9 } else { at % 3 })),
            grid: Some("G00001".to_owned()),
            person: None,
        };
        story.taken.held = story.taken.held.map(|_| held.clone());
        story.held_by = held;
        (number, story)
    };
    let cases: Vec<_> = (1..300).map(place).collect();
    let material = material(Kind::Daily, &cases);
    let blocks = write(&material, None);
    let tables = tables(&blocks);
    let ranks = tables
        .iter()
        .find(|one| one.caption.starts_with("表4　各社区签收及时率"))
        .expect("a table of ranks");
    let figure = material.by_community.figure("R2").unwrap();
    assert_eq!((figure.groups.len(), figure.small_keys.len()), (3, 1));
    let lows: Vec<f64> = figure.groups.iter().map(|group| group.share.unwrap().low).collect();
    assert!(lows.windows(2).all(|two| two[0] >= two[1]), "{lows:?}");
    let rows: Vec<(&str, &str)> = ranks.rows.iter().map(|row| (&*row[0], &*row[1])).collect();
    let keys: Vec<&str> = figure.groups.iter().map(|group| group.key.as_str()).collect();
    let want = [("1", keys[0]), ("2", keys[1]), ("3", keys[2]), ("—", "样本不足30件的1个社区")];
    assert_eq!(rows, want);
    let counts = tables.iter().find(|one| one.caption.starts_with("表3　各社区办理情况")).unwrap();
    assert_eq!(counts.rows.len(), 4 + 1, "in counts every unit stands by itself");
}

#[test]
fn a_checkpoint_is_printed_with_its_words_and_squares() {
    let material = material(Kind::Daily, &[tale(1)]);
    let proof = Proof {
        lines: vec!["账本检查点 42".to_owned(), "根 9f86d081".to_owned()],
        matrix: Matrix(vec![vec![true, false], vec![false, true]]),
    };
    let (with, without) = (write(&material, Some(&proof)), write(&material, None));
    assert_eq!(with.len(), without.len() + 1);
    assert!(plain(&with).contains("签发：\n[code of 2] 账本检查点 42 根 9f86d081\n"));
    let squares = |blocks: &[Block]| {
        let pages = lay_out(blocks, "", &|_| 1.0);
        let dark =
            |mark: &&Mark| matches!(mark, Mark::Area { ink: crate::domain::paper::Ink::Black, .. });
        pages.iter().flatten().filter(dark).count()
    };
    assert_eq!(squares(&with), squares(&without) + 2);
    pages(&with);
}

#[test]
fn a_month_says_which_printing_it_shows_and_an_unfinished_period_is_not_compared() {
    let mut month = material(Kind::Monthly, &[tale(1), tale(2)]);
    assert!(plain(&write(&month, None)).contains("本月指标尚未固化"));
    month.printing = Some(Printing { revision: 0, reason: None });
    let text = plain(&write(&month, None));
    assert!(
        text.contains("月度固化数据（首次）") && text.contains("采用首次固化的数据。"),
        "{text}"
    );
    month.printing = Some(Printing { revision: 2, reason: Some("补录".to_owned()) });
    let text = plain(&write(&month, None));
    assert!(text.contains("（第2次修订）") && text.contains("修订理由：补录"), "{text}");
    let mut today = material(Kind::Daily, &[tale(1)]);
    today.complete = false;
    let text = plain(&write(&today, None));
    assert!(text.contains("本期尚未结束，不与前一日比较"), "{text}");
    assert!(!text.contains("较前一日"), "{text}");
}

/// Who got a case after somebody else took it has a result and received nothing.
#[test]
fn every_result_stands_with_a_unit_and_their_sum_is_that_of_the_street() {
    use entity::kinds::EventType as E;
    let place = |grid: &str, community: &str| Facts {
        grid_code: Some(grid.to_owned()),
        community: Some(community.to_owned()),
        ..Facts::default()
    };
    let tale = |at: u64| {
        Tale::new(at, Urgency::Fast)
            .then(at, E::Located, place("G00001", "371702003001"))
            .pushed(at + 1)
            .did(at + 60, E::Acknowledged)
    };
    let moved = tale(0).then(90, E::Transferred, place("G00002", "371702003002"));
    let cases: Vec<(String, Story)> = [moved.resolved(600), tale(10).resolved(600)]
        .iter()
        .enumerate()
        .map(|(nth, tale)| (format!("NC-{nth}"), tale.story()))
        .collect();
    let blocks = write(&material(Kind::Monthly, &cases), None);
    let units = tables(&blocks).into_iter().filter(|table| table.caption.contains("网格"));
    let rows: Vec<&Vec<String>> = units.flat_map(|table| &table.rows).collect();
    let sum = rows.iter().find(|row| row[0] == "合计").unwrap();
    assert_eq!((sum[1].as_str(), sum[3].as_str()), ("2", "2"), "{rows:?}");
}

#[test]
fn what_ended_without_being_taken_or_done_does_not_wait_for_it_any_more() {
    use entity::kinds::EventType as E;
    let tale = |at: u64| Tale::new(at, Urgency::Fast).pushed(at + 1);
    let over = |at: u64, kind: E| tale(at).did(at + 60, kind);
    let mut cases = vec![
        over(0, E::Rejected),
        over(10, E::Merged),
        over(20, E::Cancelled),
        tale(30).did(90, E::Acknowledged).did(120, E::Cancelled),
        tale(40).did(90, E::Acknowledged).resolved(600).confirmed(700, 5),
    ];
    let said = |cases: &[Tale]| {
        let numbered = cases.iter().enumerate();
        let cases: Vec<(String, Story)> =
            numbered.map(|(nth, tale)| (format!("NC-{nth}"), tale.story())).collect();
        let blocks = write(&material(Kind::Daily, &cases), None);
        let main = tables(&blocks).into_iter().find(|one| one.caption.contains("主要指标"));
        let rows = &main.expect("a table of figures").rows;
        let lengths = rows.iter().filter(|row| row[0].contains("中位数"));
        (plain(&blocks), lengths.map(|row| row[4].clone()).collect::<Vec<_>>())
    };
    let (text, open) = said(&cases);
    let ended = "尚未签收0件、无签收而已结束3件（M4），尚未处置0件、无处置而已结束4件（M7）";
    assert!(text.contains(ended), "{text}");
    assert_eq!(open, ["0", "0"]);
    cases.extend([tale(50), tale(60).did(90, E::Acknowledged)]);
    let (text, open) = said(&cases);
    let ended = "尚未签收1件、无签收而已结束3件（M4），尚未处置2件、无处置而已结束4件（M7）";
    assert!(text.contains(ended), "{text}");
    assert_eq!(open, ["1", "2"]);
}
