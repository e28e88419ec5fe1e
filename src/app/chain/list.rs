//! Shows the chains in force and every version there ever was.

use entity::chain_version::Model;
use entity::kinds::{AccountId, ChainSource};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::admit_reader;
use crate::app::actor::Actor;
use crate::app::case::view::open_name;
use crate::domain::calendar::rfc3339;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::{self};

/// More versions than a street makes in years; the newest are shown.
const MOST: u64 = 200;

/// One version of the chains.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChainVersionView {
    pub version: i64,
    pub source: ChainSource,
    pub source_zh: &'static str,
    /// New cases start with it from then on, once it is confirmed.
    pub valid_from: String,
    /// Nobody, when it comes from the configuration or the command line.
    pub created_by: Option<String>,
    pub created_at: String,
    pub confirmed_by: Option<String>,
    /// Missing while it waits for a second person.
    pub confirmed_at: Option<String>,
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
    admit_reader(actor)?;
    let rows = store::chain::list(&s.db.read, MOST).await?;
    let chains = serde_json::to_value(&*s.chains.now()).map_err(Error::internal)?;
    Ok(ChainsView { in_force: s.chains.version(), chains, versions: views(s, rows).await? })
}

/// Shows one version.
pub async fn one(s: &Services, row: Model) -> Result<ChainVersionView> {
    let shown = views(s, vec![row]).await?.pop();
    shown.ok_or_else(|| Error::internal("a version is gone"))
}

async fn views(s: &Services, rows: Vec<Model>) -> Result<Vec<ChainVersionView>> {
    let people = rows.iter().flat_map(|row| [row.created_by, row.confirmed_by]);
    let accounts: Vec<AccountId> = people.flatten().collect();
    let staff = store::people::staff_of_accounts(&s.db.read, &accounts).await?;
    let name = |account: Option<AccountId>| {
        let person = staff.iter().find(|one| account.is_some() && one.account_id == account);
        person.map(|one| open_name(s, &one.name_sealed)).transpose()
    };
    let in_force = s.chains.version();
    let view = |row: Model| {
        Ok(ChainVersionView {
            version: row.version,
            source: row.source,
            source_zh: row.source.zh(),
            valid_from: rfc3339(row.valid_from),
            created_by: name(row.created_by)?,
            created_at: rfc3339(row.created_at),
            confirmed_by: name(row.confirmed_by)?,
            confirmed_at: row.confirmed_at.map(rfc3339),
            in_force: in_force == Some(row.version),
            chains: serde_json::from_str(&row.body).map_err(Error::internal)?,
        })
    };
    rows.into_iter().map(view).collect()
}
