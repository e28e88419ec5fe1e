//! Charts: horizontal bars, and lines over days. Every value is written beside its mark, so that a
//! black-and-white copy still says it.

use super::flow::{FRAME, Flow, WIDE};
use super::{Bars, Curves, Ink, Mark, span};

const SIZE: f32 = 8.4;
const INKS: [Ink; 3] = [Ink::Blue, Ink::Orange, Ink::Red];

/// Counts as lengths: beyond 16 million a bar is one of 16 million.
fn count(value: u64) -> f32 {
    let (high, low) = (value.min(0x00ff_ffff) >> 16, value.min(0x00ff_ffff) & 0xffff);
    let part = |half: u64| u16::try_from(half).map_or(0.0, f32::from);
    part(high).mul_add(65_536.0, part(low))
}

fn caption(flow: &mut Flow<'_>, words: &str) {
    flow.y += 16.0;
    let y = flow.y;
    flow.bold(words, (FRAME.0, y), (9.5, Ink::Black));
    flow.y += 6.0;
}

/// Puts bars, each a row.
pub fn bars(flow: &mut Flow<'_>, bars: &Bars) {
    const ROW: f32 = 15.0;
    flow.need(26.0 + ROW * span(bars.rows.len().min(30)));
    caption(flow, &bars.caption);
    let names = bars.rows.iter().map(|(name, _)| flow.width(name, SIZE));
    let left = FRAME.0 + names.fold(0.0, f32::max).min(WIDE / 2.0) + 8.0;
    let most = bars.rows.iter().map(|(_, value)| *value).max().unwrap_or(0).max(1);
    let (top, room) = (flow.y, FRAME.2 - left - 34.0);
    for (name, value) in &bars.rows {
        flow.need(ROW);
        let base = flow.y + ROW * 0.7;
        let start = left - 6.0 - flow.width(name, SIZE);
        flow.text(name, (start.max(FRAME.0), base), (SIZE, Ink::Black));
        let wide = room * count(*value) / count(most);
        let (at, size) = ((left, flow.y + 2.5), (wide.max(0.6), ROW - 5.0));
        flow.mark(Mark::Area { at, size, ink: Ink::Blue });
        flow.text(&value.to_string(), (left + wide + 4.0, base), (SIZE, Ink::Black));
        flow.y += ROW;
    }
    if flow.y > top {
        let points = vec![(left, top), (left, flow.y)];
        flow.mark(Mark::Line { points, width: 0.7, ink: Ink::Black });
    }
    flow.y += 6.0;
}

/// The smallest round number that is not below the largest value, and how far its lines lie apart.
fn scale(most: u64) -> (u64, u64) {
    let mut step = 1_u64;
    loop {
        for times in [1, 2, 5] {
            let gap = step.saturating_mul(times);
            if gap.saturating_mul(4) >= most.max(1) {
                let top = most.max(1).div_ceil(gap).saturating_mul(gap);
                return (top, gap);
            }
        }
        step = step.saturating_mul(10);
    }
}

struct Grid {
    left: f32,
    bottom: f32,
    wide: f32,
    high: f32,
    top: u64,
}

impl Grid {
    /// Where a value of a step stands.
    fn at(&self, step: usize, steps: usize, value: u64) -> (f32, f32) {
        let across = (span(step) + 0.5) / span(steps.max(1));
        let up = count(value) / count(self.top);
        (self.left + self.wide * across, self.bottom - self.high * up)
    }
}

/// Puts lines with a point and its value at every step.
pub fn curves(flow: &mut Flow<'_>, curves: &Curves) {
    const HIGH: f32 = 96.0;
    flow.need(HIGH + 64.0);
    caption(flow, &curves.caption);
    let most = curves.series.iter().flat_map(|(_, values)| values).copied().max().unwrap_or(0);
    let (top, gap) = scale(most);
    let left = FRAME.0 + flow.width(&top.to_string(), SIZE) + 8.0;
    flow.y += 20.0;
    let bottom = flow.y + HIGH;
    let grid = Grid { left, bottom, wide: FRAME.2 - left, high: HIGH, top };
    legend(flow, curves);
    ruling(flow, &grid, gap);
    steps(flow, &grid, &curves.steps);
    for ((_, values), ink) in curves.series.iter().zip(INKS) {
        let steps = values.len();
        let points: Vec<(f32, f32)> =
            values.iter().enumerate().map(|(step, value)| grid.at(step, steps, *value)).collect();
        for (point, value) in points.iter().zip(values) {
            let at = (point.0 - 1.6, point.1 - 1.6);
            flow.mark(Mark::Area { at, size: (3.2, 3.2), ink });
            // A row of zeros says itself.
            if steps <= 16 && *value > 0 {
                let text = value.to_string();
                let left = point.0 - flow.width(&text, 7.0) / 2.0;
                flow.text(&text, (left, point.1 - 4.0), (7.0, ink));
            }
        }
        flow.mark(Mark::Line { points, width: 1.3, ink });
    }
    flow.y = bottom + 22.0;
}

fn legend(flow: &mut Flow<'_>, curves: &Curves) {
    let (mut left, base) = (FRAME.0 + 20.0, flow.y - 10.0);
    for ((name, _), ink) in curves.series.iter().zip(INKS) {
        let points = vec![(left, base - 3.0), (left + 16.0, base - 3.0)];
        flow.mark(Mark::Line { points, width: 1.6, ink });
        flow.text(name, (left + 20.0, base), (SIZE, Ink::Black));
        left += 36.0 + flow.width(name, SIZE);
    }
}

fn ruling(flow: &mut Flow<'_>, grid: &Grid, gap: u64) {
    let mut value = 0;
    while value <= grid.top {
        let (_, y) = grid.at(0, 1, value);
        let ink = if value == 0 { Ink::Black } else { Ink::Line };
        let points = vec![(grid.left, y), (grid.left + grid.wide, y)];
        flow.mark(Mark::Line { points, width: 0.5, ink });
        let text = value.to_string();
        let left = grid.left - 5.0 - flow.width(&text, SIZE);
        flow.text(&text, (left, y + 3.0), (SIZE, Ink::Grey));
        value = value.saturating_add(gap);
    }
}

/// Every step is named where there is room, else every second, and so on.
fn steps(flow: &mut Flow<'_>, grid: &Grid, names: &[String]) {
    let widest = names.iter().map(|name| flow.width(name, 7.6)).fold(1.0, f32::max) + 5.0;
    let mut every = 1;
    while span(names.len()) / span(every) * widest > grid.wide && every < names.len() {
        every += 1;
    }
    for (at, name) in names.iter().enumerate().filter(|(at, _)| at % every == 0) {
        let (middle, _) = grid.at(at, names.len(), 0);
        let left = middle - flow.width(name, 7.6) / 2.0;
        flow.text(name, (left, grid.bottom + 11.0), (7.6, Ink::Grey));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_is_round_and_has_at_most_five_lines() {
        for (most, want) in
            [(0, (1, 1)), (3, (3, 1)), (4, (4, 1)), (5, (6, 2)), (11, (15, 5)), (90, (100, 50))]
        {
            assert_eq!(scale(most), want, "{most}");
        }
        for most in 0..3_000 {
            let (top, gap) = scale(most);
            assert!(top >= most && top / gap <= 4 && top % gap == 0, "{most}: {top} {gap}");
        }
    }
}
