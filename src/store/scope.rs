//! On whose behalf a query about people runs.

use entity::cases;
use entity::kinds::{AccountId, GridId, StaffId};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, Value};

/// Whom a case belongs to: what decides who may see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Belongs {
    pub reporter_id: AccountId,
    pub reported_by_staff: Option<StaffId>,
    pub small_grid_id: Option<GridId>,
    pub large_grid_id: Option<GridId>,
}

impl Belongs {
    /// Reads it from a case.
    pub const fn of(case: &cases::Model) -> Self {
        Self {
            reporter_id: case.reporter_id,
            reported_by_staff: case.reported_by_staff,
            small_grid_id: case.small_grid_id,
            large_grid_id: case.large_grid_id,
        }
    }
}

/// The cases somebody may see. A query cannot be written without one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The whole street: triage desk, command, verifier, auditor.
    Street,
    /// What concerns one person: cases he reported, and cases of the grids he is responsible for.
    Person {
        reporter: AccountId,
        /// Small grids of a grid worker.
        small: Vec<GridId>,
        /// Large grids (communities) of a cadre or secretary.
        large: Vec<GridId>,
    },
}

/// Writes that a column has one of these values, in a form for which no index is used.
fn beside(column: cases::Column, values: Vec<Value>) -> Expr {
    Expr::col((cases::Entity, column)).add(0).is_in(values)
}

impl Scope {
    /// What this account reported, for itself or for somebody else.
    pub const fn of_reporter(reporter: AccountId) -> Self {
        Self::Person { reporter, small: Vec::new(), large: Vec::new() }
    }

    /// Writes the same condition for a query that finds its rows by an index of what is open: a
    /// worker's grids hold the cases of years, of which few are open, and the planner of SQLite
    /// would read all of them.
    pub fn beside_an_index(&self) -> Condition {
        let of = |grids: &[GridId]| grids.iter().map(|id| id.0.into()).collect::<Vec<Value>>();
        match self {
            Self::Street => Condition::all(),
            Self::Person { reporter, small, large } => {
                let reported = beside(cases::Column::ReporterId, vec![reporter.0.into()]);
                let mut any = Condition::any().add(reported);
                if !small.is_empty() {
                    any = any.add(beside(cases::Column::SmallGridId, of(small)));
                }
                if !large.is_empty() {
                    any = any.add(beside(cases::Column::LargeGridId, of(large)));
                }
                any
            }
        }
    }

    /// Writes the scope as a condition on `cases`.
    pub fn condition(&self) -> Condition {
        match self {
            Self::Street => Condition::all(),
            Self::Person { reporter, small, large } => {
                let mut any = Condition::any().add(cases::Column::ReporterId.eq(*reporter));
                // An empty list becomes `1 = 2`, for which SQLite reads the whole table.
                if !small.is_empty() {
                    any = any.add(cases::Column::SmallGridId.is_in(small.iter().copied()));
                }
                if !large.is_empty() {
                    any = any.add(cases::Column::LargeGridId.is_in(large.iter().copied()));
                }
                any
            }
        }
    }
}
