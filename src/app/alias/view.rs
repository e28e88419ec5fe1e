//! A learned name as people see it.

use entity::address_alias;
use entity::kinds::{AliasKind, AliasState};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::calendar;

/// A name that residents use.
#[derive(Debug, Serialize, ToSchema)]
pub struct AliasView {
    pub id: i64,
    pub word: String,
    pub kind: AliasKind,
    pub kind_zh: &'static str,
    /// Id of the place in the delivered files; of a village or road the name.
    pub target: String,
    pub state: AliasState,
    pub state_zh: &'static str,
    /// Until when an approval counts; then the name is out of use until it is approved again.
    pub valid_until: Option<String>,
    /// Different residents who used it for this place.
    pub confirmations: i32,
    /// Corrected texts that have the word.
    pub uses: i32,
    /// Ids of the cases that confirm it.
    pub cases: Vec<i64>,
}

impl From<address_alias::Model> for AliasView {
    fn from(row: address_alias::Model) -> Self {
        Self {
            id: row.id,
            word: row.word,
            kind: row.target_kind,
            kind_zh: row.target_kind.zh(),
            target: row.target,
            state: row.state,
            state_zh: row.state.zh(),
            valid_until: row.valid_until.map(calendar::rfc3339),
            confirmations: row.confirmations,
            uses: row.uses,
            cases: serde_json::from_str(&row.cases).unwrap_or_default(),
        }
    }
}
