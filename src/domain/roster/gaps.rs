//! Finds the times in which a grid has nobody who is reached by two channels.

use std::collections::BTreeSet;

use entity::kinds::{GapReason, GridId, StaffId, Timestamp};

use super::{Plan, Span};

/// A time in which nobody of a grid would be reached for certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    pub grid: GridId,
    pub span: Span,
    pub why: GapReason,
}

/// Lists the gaps of these grids within a window, in the order of the grids and of time.
/// `reachable` are the people with two working channels.
pub fn gaps(
    grids: &[GridId],
    plan: &Plan,
    reachable: &BTreeSet<StaffId>,
    window: Span,
) -> Vec<Gap> {
    let mut found: Vec<Gap> = Vec::new();
    for grid in grids {
        for span in pieces(*grid, plan, window) {
            let Some(why) = missing(*grid, plan, reachable, span.from) else { continue };
            match found.last_mut() {
                Some(last)
                    if last.grid == *grid && last.why == why && last.span.to == span.from =>
                {
                    last.span.to = span.to;
                }
                _ => found.push(Gap { grid: *grid, span, why }),
            }
        }
    }
    found
}

/// Lists what of the later gaps was covered before.
pub fn opened(before: &[Gap], after: &[Gap]) -> Vec<Gap> {
    let of = |gap: &Gap| {
        let same = before.iter().filter(|one| one.grid == gap.grid);
        let known: Vec<Span> = same.map(|one| one.span).collect();
        let (grid, why) = (gap.grid, gap.why);
        gap.span.without(&known).into_iter().map(move |span| Gap { grid, span, why })
    };
    after.iter().flat_map(of).collect()
}

/// Lists what of the later gaps was covered before, and where somebody was on duty before, reached
/// for certain or not, and nobody is afterwards.
pub fn left_alone(before: &[Gap], after: &[Gap]) -> Vec<Gap> {
    let alone = |gap: &&Gap| gap.why != GapReason::NotReachable;
    let empty = |gaps: &[Gap]| gaps.iter().filter(alone).copied().collect::<Vec<_>>();
    let mut all = opened(before, after);
    all.retain(|gap| gap.why == GapReason::NotReachable);
    all.extend(opened(&empty(before), &empty(after)));
    all
}

/// Cuts the window where anything changes in a grid.
fn pieces(grid: GridId, plan: &Plan, window: Span) -> Vec<Span> {
    let turns = plan.turns.iter().filter(|turn| turn.grid == grid).map(|turn| turn.span);
    let away = plan.absences.iter().filter(|(duty, _)| duty.grid == grid).map(|(_, span)| *span);
    let mut cuts: Vec<Timestamp> =
        turns.chain(away).flat_map(|span| [span.from, span.to]).collect();
    cuts.extend([window.from, window.to]);
    cuts.retain(|at| window.from <= *at && *at <= window.to);
    cuts.sort_unstable();
    cuts.dedup();
    let ends = cuts.iter().skip(1);
    cuts.iter().zip(ends).filter_map(|(from, to)| Span::new(*from, *to)).collect()
}

/// Says why nobody of a grid would be reached at an instant; `None` when somebody would.
fn missing(
    grid: GridId,
    plan: &Plan,
    reachable: &BTreeSet<StaffId>,
    at: Timestamp,
) -> Option<GapReason> {
    let mut on =
        plan.turns.iter().filter(|turn| turn.grid == grid && turn.span.holds(at)).peekable();
    let away = || plan.absences.iter().any(|(duty, span)| duty.grid == grid && span.holds(at));
    if on.peek().is_none() {
        return Some(if away() { GapReason::OnLeave } else { GapReason::NobodyOnDuty });
    }
    (!on.any(|turn| reachable.contains(&turn.staff))).then_some(GapReason::NotReachable)
}
