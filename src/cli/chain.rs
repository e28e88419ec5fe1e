//! `zhinan chain`: shows the chains of escalation, and adds a version.
//!
//! Whoever holds the machine needs no second person; the version says where it came from.

use entity::chain_version::{Entity, Model};
use entity::kinds::Timestamp;

use super::version::Versions;
use crate::app::chain::add;
use crate::domain::calendar::local_minute;
use crate::domain::escalation::Chains;
use crate::error::Result;
use crate::services::Services;

/// The chains of escalation.
#[derive(Debug)]
pub struct Chain;

impl Versions for Chain {
    type Table = Entity;
    type Body = Chains;

    fn in_force(s: &Services) -> (Option<i64>, Chains) {
        (s.chains.version(), (*s.chains.now()).clone())
    }

    fn read(text: &str) -> std::result::Result<Chains, String> {
        Chains::read(text).map_err(|why| format!("升级链不合规则：{why}"))
    }

    async fn add(s: &Services, chains: Chains, from: Option<Timestamp>) -> Result<Model> {
        add::unattended(s, chains, from).await
    }

    fn added(row: &Model) -> String {
        format!("已新增版本 {}，自 {} 起用于新工单", row.version, local_minute(row.valid_from))
    }
}
