//! Shows the chains in force and every version there ever was.

use entity::chain_version::{Entity, Model};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::app::actor::Actor;
use crate::app::version::{self, VersionView};
use crate::domain::calendar::rfc3339;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::version::{self as stored, Versioned};

/// One version of the chains.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChainVersionView {
    #[serde(flatten)]
    pub head: VersionView,
    /// New cases start with it from then on, once it is confirmed.
    pub valid_from: String,
    /// New cases start with it now.
    pub in_force: bool,
    /// `urgent`, `fast`, `normal`, `triage`, `triage_urgent`; each with `profile`, `steps`,
    /// `repeat` and `grace` (seconds of the profile).
    #[schema(value_type = Object)]
    pub chains: Value,
}

/// What counts and what was.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChainsView {
    /// Number of the version in force; missing while only the configuration counts.
    pub in_force: Option<i64>,
    /// The chains in force.
    #[schema(value_type = Object)]
    pub chains: Value,
    /// Newest first.
    pub versions: Vec<ChainVersionView>,
}

/// Lists. Fails with `forbidden` for anybody but administrators, auditors and street command.
pub async fn run(s: &Services, actor: &Actor) -> Result<ChainsView> {
    version::admit_reader(actor, "升级链")?;
    let rows = stored::list::<Entity>(&s.db.read, version::MOST).await?;
    let chains = serde_json::to_value(&*s.chains.now()).map_err(Error::internal)?;
    Ok(ChainsView { in_force: s.chains.version(), chains, versions: views(s, rows).await? })
}

/// Shows one version.
pub async fn one(s: &Services, row: Model) -> Result<ChainVersionView> {
    let shown = views(s, vec![row]).await?.pop();
    shown.ok_or_else(|| Error::internal("a version is gone"))
}

async fn views(s: &Services, rows: Vec<Model>) -> Result<Vec<ChainVersionView>> {
    let heads: Vec<_> = rows.iter().map(Entity::head).collect();
    let heads = version::views(s, &heads).await?;
    let in_force = s.chains.version();
    let view = |(row, head): (Model, VersionView)| {
        Ok(ChainVersionView {
            head,
            valid_from: rfc3339(row.valid_from),
            in_force: in_force == Some(row.version),
            chains: serde_json::from_str(&row.body).map_err(Error::internal)?,
        })
    };
    rows.into_iter().zip(heads).map(view).collect()
}
