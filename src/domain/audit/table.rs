//! The response-time table as a spreadsheet opens it: Chinese headers, no live formulas.

use std::time::Duration;

use super::{Figures, Quantile, Summary};

/// Tells spreadsheets that the file is UTF-8.
const BOM: &str = "\u{feff}";

const INTERVALS: [&str; 5] = ["首推", "签收（自提交）", "签收（自首推）", "先行联系", "处置"];

/// Writes the table; one row per group.
pub fn csv<'a>(rows: impl IntoIterator<Item = (&'a str, &'a str, &'a Figures)>) -> String {
    let mut out = String::from(BOM);
    let mut head: Vec<String> =
        ["编号", "名称", "工单数", "未结数", "超期未结数"].map(str::to_owned).into();
    for name in INTERVALS {
        let parts = ["样本数", "尚未发生", "P50（秒）", "P90（秒）", "最长（秒）"];
        head.extend(parts.map(|part| format!("{name}{part}")));
    }
    line(&mut out, &head);
    for (key, name, figures) in rows {
        let mut cells = vec![key.to_owned(), name.to_owned()];
        cells.extend([figures.n, figures.open, figures.overdue].map(|n| n.to_string()));
        for summary in intervals(figures) {
            cells.extend([summary.n.to_string(), summary.waiting.to_string()]);
            cells.extend([quantile(summary.p50), quantile(summary.p90)]);
            cells.push(summary.max.map(seconds).unwrap_or_default());
        }
        line(&mut out, &cells);
    }
    out
}

/// Lists the intervals in the order of their columns.
pub const fn intervals(figures: &Figures) -> [&Summary; 5] {
    [
        &figures.first_push,
        &figures.acknowledge,
        &figures.acknowledge_from_push,
        &figures.contact,
        &figures.resolve,
    ]
}

fn quantile(value: Quantile) -> String {
    match value {
        Quantile::At(length) => seconds(length),
        Quantile::TooFew => "样本过少".to_owned(),
        Quantile::Beyond(length) => format!("大于{}（未达到）", seconds(length)),
    }
}

fn seconds(length: Duration) -> String {
    format!("{:.3}", length.as_secs_f64())
}

/// Writes a line of cells that a spreadsheet neither computes nor takes apart.
pub(super) fn line(out: &mut String, cells: &[String]) {
    let cells: Vec<String> = cells.iter().map(|cell| escape(cell)).collect();
    out.push_str(&cells.join(","));
    out.push_str("\r\n");
}

/// Puts an apostrophe before a cell that begins like a formula, in the wide letters of a Chinese
/// keyboard too, behind whatever a spreadsheet may skip, or with something that it may skip whole.
pub fn harmless(cell: &str) -> String {
    let skipped = |one: char| one.is_whitespace() || one.is_control() || one == '\u{feff}';
    let first = cell.trim_start_matches(skipped).chars().next();
    let formula = matches!(first, Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠'));
    if formula || cell.starts_with(['\t', '\r', '\n']) {
        return format!("'{cell}");
    }
    cell.to_owned()
}

/// A cell that begins like a formula would be computed by the spreadsheet of whoever opens it.
fn escape(cell: &str) -> String {
    let harmless = harmless(cell);
    if harmless.contains(['"', ',', ';', '\t', '\n', '\r']) {
        format!("\"{}\"", harmless.replace('"', "\"\""))
    } else {
        harmless
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_become_a_formula_or_another_column() {
        for (cell, want) in [
            ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
            ("+86", "'+86"),
            ("-1", "'-1"),
            ("@x", "'@x"),
            ("\t=1", "\"'\t=1\""),
            ("\r=1", "\"'\r=1\""),
            ("\n=1", "\"'\n=1\""),
            ("\n甲", "\"'\n甲\""),
            (" =1", "' =1"),
            ("\u{feff}=1", "'\u{feff}=1"),
            ("\u{a0}\u{3000}+1", "'\u{a0}\u{3000}+1"),
            ("\u{0}@x", "'\u{0}@x"),
            ("＝1", "'＝1"),
            ("＋1", "'＋1"),
            ("－1", "'－1"),
            ("＠x", "'＠x"),
            (" 甲", " 甲"),
            ("甲;乙", "\"甲;乙\""),
            ("甲\t乙", "\"甲\t乙\""),
            ("a,b", "\"a,b\""),
            ("=\"a\"", "\"'=\"\"a\"\"\""),
            ("双井社区", "双井社区"),
        ] {
            assert_eq!(escape(cell), want);
        }
    }

    #[test]
    fn the_table_says_too_few_and_opens_as_utf8() {
        let figures = super::super::figures(&[], entity::kinds::Timestamp(0));
        let text = csv([("G1", "甲", &figures)]);
        assert!(text.starts_with('\u{feff}'));
        let rows: Vec<&str> = text.lines().collect();
        assert_eq!(rows[0].split(',').count(), 30);
        assert_eq!(rows[1].split(',').count(), 30);
        assert!(rows[1].contains("样本过少"));
    }
}
