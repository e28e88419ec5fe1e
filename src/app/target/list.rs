//! Shows the targets in force and every version there ever was.

use entity::target_version::{Entity, Model};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::app::actor::Actor;
use crate::app::version::{self, VersionView};
use crate::domain::calendar::rfc3339;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::version::{self as stored, Versioned};

/// One version of the targets.
#[derive(Debug, Serialize, ToSchema)]
pub struct TargetVersionView {
    #[serde(flatten)]
    pub head: VersionView,
    /// New cases are promised by it from then on, once it is confirmed.
    pub valid_from: String,
    /// New cases are promised by it now.
    pub in_force: bool,
    /// `office` and `duty` (hours), `urgent`, `fast`, `normal`, `complex`, and `rules` for a
    /// `category`, `urgency` or `source`; each target with `profile`, `push`, `acknowledge`,
    /// `contact` and `resolve` (`minutes`, `work_minutes` or `workdays`); `material_days`, the longest
    /// rest for the resident's papers, and `appointment_days`, the longest until an appointment.
    #[schema(value_type = Object)]
    pub targets: Value,
}

/// What counts and what was.
#[derive(Debug, Serialize, ToSchema)]
pub struct TargetsView {
    /// Number of the version in force; 1 is what the program begins with.
    pub in_force: u32,
    /// The targets in force.
    #[schema(value_type = Object)]
    pub targets: Value,
    /// Newest first.
    pub versions: Vec<TargetVersionView>,
}

/// Lists. Fails with `forbidden` for anybody but administrators, auditors and street command.
pub async fn run(s: &Services, actor: &Actor) -> Result<TargetsView> {
    version::admit_reader(actor, "时限")?;
    let rows = stored::list::<Entity>(&s.db.read, version::MOST).await?;
    let now = s.targets.now();
    let targets = serde_json::to_value(&*now).map_err(Error::internal)?;
    Ok(TargetsView { in_force: now.version, targets, versions: views(s, rows).await? })
}

/// Shows one version.
pub async fn one(s: &Services, row: Model) -> Result<TargetVersionView> {
    let shown = views(s, vec![row]).await?.pop();
    shown.ok_or_else(|| Error::internal("a version is gone"))
}

async fn views(s: &Services, rows: Vec<Model>) -> Result<Vec<TargetVersionView>> {
    let heads: Vec<_> = rows.iter().map(Entity::head).collect();
    let heads = version::views(s, &heads).await?;
    let in_force = i64::from(s.targets.now().version);
    let view = |(row, head): (Model, VersionView)| {
        Ok(TargetVersionView {
            head,
            valid_from: rfc3339(row.valid_from),
            in_force: in_force == row.version,
            targets: serde_json::from_str(&row.body).map_err(Error::internal)?,
        })
    };
    rows.into_iter().zip(heads).map(view).collect()
}
