//! Finds the times in which a grid or a desk of the street has nobody who is reached by two
//! channels.

use std::collections::BTreeSet;

use entity::kinds::{GapReason, GridId, StaffId, StreetRole, Timestamp};

use super::cover::{There, there, valid};
use super::{Leave, Plan, Span};

/// The desks that are told of cases; where every chain ends comes first.
const DESKS: [StreetRole; 2] = [StreetRole::Command, StreetRole::TriageDesk];

/// What must not be without anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Post {
    Grid(GridId),
    /// A desk of the whole street.
    Desk(StreetRole),
}

impl Post {
    /// Returns the grid, if it is one.
    pub const fn grid(self) -> Option<GridId> {
        match self {
            Self::Grid(grid) => Some(grid),
            Self::Desk(_) => None,
        }
    }
}

/// Somebody's place at a desk, which has no shifts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat {
    pub desk: StreetRole,
    pub staff: StaffId,
    pub from: Timestamp,
    /// `None`: until further notice.
    pub to: Option<Timestamp>,
}

/// A time in which nobody of a grid or desk would be reached for certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    pub post: Post,
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
    let of = |grid: &GridId| {
        let turns = plan.turns.iter().filter(|turn| turn.grid == *grid);
        let away = plan.absences.iter().filter(|(duty, _)| duty.grid == *grid);
        let there = There {
            on: turns.map(|turn| (turn.staff, turn.span)).collect(),
            away: away.map(|(_, span)| *span).collect(),
        };
        there.gaps(Post::Grid(*grid), reachable, window)
    };
    grids.iter().flat_map(of).collect()
}

/// Lists the gaps of the street's desks in the same way; one at which nobody sits is a gap all the
/// time.
pub fn desk_gaps(
    seats: &[Seat],
    leaves: &[Leave],
    reachable: &BTreeSet<StaffId>,
    window: Span,
) -> Vec<Gap> {
    let of = |desk: StreetRole| {
        let mut all = There::default();
        for seat in seats.iter().filter(|seat| seat.desk == desk) {
            let Some(held) = valid((seat.from, seat.to), window) else { continue };
            let one = there(seat.staff, leaves, held);
            all.on.extend(one.on);
            all.away.extend(one.away);
        }
        all.gaps(Post::Desk(desk), reachable, window)
    };
    DESKS.into_iter().flat_map(of).collect()
}

/// Lists what of the later gaps was covered before.
pub fn opened(before: &[Gap], after: &[Gap]) -> Vec<Gap> {
    let of = |gap: &Gap| {
        let same = before.iter().filter(|one| one.post == gap.post);
        let known: Vec<Span> = same.map(|one| one.span).collect();
        let (post, why) = (gap.post, gap.why);
        gap.span.without(&known).into_iter().map(move |span| Gap { post, span, why })
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

impl There {
    fn gaps(&self, post: Post, reachable: &BTreeSet<StaffId>, window: Span) -> Vec<Gap> {
        let mut found: Vec<Gap> = Vec::new();
        for span in self.pieces(window) {
            let Some(why) = self.missing(reachable, span.from) else { continue };
            match found.last_mut() {
                Some(last) if last.why == why && last.span.to == span.from => {
                    last.span.to = span.to;
                }
                _ => found.push(Gap { post, span, why }),
            }
        }
        found
    }

    /// Cuts the window where anything changes.
    fn pieces(&self, window: Span) -> Vec<Span> {
        let spans = self.on.iter().map(|(_, span)| span).chain(&self.away);
        let mut cuts: Vec<Timestamp> = spans.flat_map(|span| [span.from, span.to]).collect();
        cuts.extend([window.from, window.to]);
        cuts.retain(|at| window.from <= *at && *at <= window.to);
        cuts.sort_unstable();
        cuts.dedup();
        let ends = cuts.iter().skip(1);
        cuts.iter().zip(ends).filter_map(|(from, to)| Span::new(*from, *to)).collect()
    }

    /// Says why nobody would be reached at an instant; `None` when somebody would.
    fn missing(&self, reachable: &BTreeSet<StaffId>, at: Timestamp) -> Option<GapReason> {
        let mut on = self.on.iter().filter(|(_, span)| span.holds(at)).peekable();
        if on.peek().is_none() {
            let away = self.away.iter().any(|span| span.holds(at));
            return Some(if away { GapReason::OnLeave } else { GapReason::NobodyOnDuty });
        }
        (!on.any(|(staff, _)| reachable.contains(staff))).then_some(GapReason::NotReachable)
    }
}
