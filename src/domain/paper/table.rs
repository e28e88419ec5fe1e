//! Tables: cells of several lines, a heading that comes again on every page.

use super::flow::{FRAME, Flow, WIDE};
use super::{Column, Ink, Mark, Table, wrap};

const SIZE: f32 = 8.8;
const LINE: f32 = 12.6;
/// Between the words of a cell and its edges.
const GAP: (f32, f32) = (4.0, 3.2);

/// Left and right edge of every column.
fn edges(columns: &[Column]) -> Vec<(f32, f32)> {
    let whole: f32 = columns.iter().map(|column| f32::from(column.part)).sum();
    let mut left = FRAME.0;
    let edge = |column: &Column| {
        let wide = WIDE * f32::from(column.part) / whole.max(1.0);
        let from = left;
        left += wide;
        (from, left)
    };
    columns.iter().map(edge).collect()
}

/// A row with its cells broken into lines, and how high it is.
type Row = (Vec<Vec<String>>, f32);

fn broken(flow: &Flow<'_>, edges: &[(f32, f32)], cells: &[String]) -> Row {
    let fit = |(cell, (left, right)): (&String, &(f32, f32))| {
        wrap(cell, ((right - left - 2.0 * GAP.0) / SIZE, 0.0), flow.em)
    };
    let cells: Vec<Vec<String>> = cells.iter().zip(edges).map(fit).collect();
    let most = cells.iter().map(Vec::len).max().unwrap_or(1);
    (cells, super::span(most) * LINE + 2.0 * GAP.1)
}

/// Puts a table; its caption, its heading and the first row stay together.
pub fn put(flow: &mut Flow<'_>, table: &Table) {
    let edges = edges(&table.columns);
    let titles: Vec<String> = table.columns.iter().map(|column| column.title.clone()).collect();
    let heading = broken(flow, &edges, &titles);
    let mut rows = table.rows.iter().map(|row| broken(flow, &edges, row)).collect::<Vec<_>>();
    let first = rows.first().map_or(0.0, |row| row.1);
    flow.need(22.0 + heading.1 + first);
    flow.y += 16.0;
    flow.bold(&table.caption, (FRAME.0, flow.y), (9.5, Ink::Black));
    flow.y += 5.0;
    head(flow, (&table.columns, &edges), &heading);
    for row in rows.drain(..) {
        if flow.y + row.1 > FRAME.3 {
            flow.need(row.1);
            head(flow, (&table.columns, &edges), &heading);
        }
        self::row(flow, (&table.columns, &edges), &row, false);
        let y = flow.y;
        flow.across(y, (0.4, Ink::Line));
    }
    let y = flow.y;
    flow.across(y, (0.9, Ink::Black));
    flow.y += 8.0;
}

type Columns<'a> = (&'a [Column], &'a [(f32, f32)]);

fn head(flow: &mut Flow<'_>, columns: Columns<'_>, heading: &Row) {
    let (at, size) = ((FRAME.0, flow.y), (WIDE, heading.1));
    flow.mark(Mark::Area { at, size, ink: Ink::Pale });
    flow.across(at.1, (0.9, Ink::Black));
    row(flow, columns, heading, true);
    let y = flow.y;
    flow.across(y, (0.6, Ink::Black));
}

fn row(flow: &mut Flow<'_>, (columns, edges): Columns<'_>, (cells, high): &Row, bold: bool) {
    for ((lines, column), (left, right)) in cells.iter().zip(columns).zip(edges) {
        let mut base = flow.y + GAP.1 + LINE * 0.76;
        for line in lines {
            let wide = flow.width(line, SIZE);
            let from = if column.number { right - GAP.0 - wide } else { left + GAP.0 };
            if bold {
                flow.bold(line, (from, base), (SIZE, Ink::Black));
            } else {
                flow.text(line, (from, base), (SIZE, Ink::Black));
            }
            base += LINE;
        }
    }
    flow.y += high;
}
