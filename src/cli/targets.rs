//! `zhinan targets`: shows what is promised to cases, and takes in another version.
//!
//! Workers are judged by it: what the command line brings waits for an administrator at the console.

use entity::kinds::Timestamp;
use entity::target_version::{Entity, Model};

use super::version::Versions;
use crate::app::target::add;
use crate::domain::calendar::local_minute;
use crate::domain::case::targets::Targets;
use crate::error::Result;
use crate::services::Services;

/// What is promised.
#[derive(Debug)]
pub struct Promises;

impl Versions for Promises {
    type Table = Entity;
    type Body = Targets;

    fn in_force(s: &Services) -> (Option<i64>, Targets) {
        let targets = (*s.targets.now()).clone();
        (Some(i64::from(targets.version)), targets)
    }

    fn read(text: &str) -> std::result::Result<Targets, String> {
        Targets::read(text).map_err(|why| format!("时限不合规则：{why}"))
    }

    async fn add(s: &Services, targets: Targets, from: Option<Timestamp>) -> Result<Model> {
        add::unattended(s, targets, from).await
    }

    fn added(row: &Model) -> String {
        let (version, from) = (row.version, local_minute(row.valid_from));
        format!(
            "已存为版本 {version}，确认后自 {from} 起用于新工单：请管理员在控制台确认（POST /api/v1/targets/{version}/confirmation）"
        )
    }
}
