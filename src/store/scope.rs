//! On whose behalf a query about people runs.

use entity::cases;
use entity::kinds::{AccountId, GridId};
use sea_orm::{ColumnTrait, Condition};

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

impl Scope {
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
