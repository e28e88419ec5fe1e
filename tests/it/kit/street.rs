//! A small street with a staffed roster: two communities of two small grids each, a compound that
//! a grid border divides, a road whose sides belong to different grids, and one person for every
//! capacity. Built once per run, into the template database.

use std::collections::BTreeMap;
use std::sync::Arc;

use entity::kinds::{AccountId, DutyRole, GridId, StaffId, StreetRole, WechatApp};
use entity::{account, grid, staff, staff_role, wechat_identity};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use zhinan::app::import;
use zhinan::error::Error;
use zhinan::store::db::Db;
use zhinan::store::writer::{Tx, Writer};
use zhinan::vault::Vault;

use super::clock::START;

/// Small grids; the first two make the first community.
pub const GRIDS: [&str; 4] = ["G00101", "G00102", "G00201", "G00202"];
pub const COMMUNITIES: [&str; 2] = ["371702003001", "371702003002"];

/// People who hold a capacity for the whole street. Two triage desks: an appeal goes to another.
const STREET: &[(&str, StreetRole)] = &[
    ("desk-1", StreetRole::TriageDesk),
    ("desk-2", StreetRole::TriageDesk),
    ("command", StreetRole::Command),
    ("auditor", StreetRole::Auditor),
    ("verifier", StreetRole::Verifier),
    ("system-admin", StreetRole::SystemAdmin),
    ("security-admin", StreetRole::SecurityAdmin),
    ("audit-admin", StreetRole::AuditAdmin),
];

const RESIDENTS: &[&str] = &["resident-1", "resident-2"];

/// Somebody with an account; staff and resident alike.
#[derive(Clone, Debug)]
pub struct Person {
    pub name: String,
    pub account: AccountId,
    /// None for a resident.
    pub staff: Option<StaffId>,
    pub street: Option<StreetRole>,
    /// The openid in the mini-program; the one at the official account is [`Person::oa`].
    pub mini: String,
}

impl Person {
    pub fn oa(&self) -> String {
        format!("oa-{}", self.name)
    }
}

/// Who is who, and the ids of the grids.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    pub people: BTreeMap<String, Person>,
    pub grids: BTreeMap<String, GridId>,
}

/// Names of the duty roster: `primary-1` to `primary-4` and `backup-1` to `backup-4` by grid,
/// `cadre-1`, `cadre-2`, `secretary-1`, `secretary-2` by community.
fn duties() -> Vec<(String, &'static str, DutyRole)> {
    let mut rows = Vec::new();
    for (at, grid) in GRIDS.iter().enumerate() {
        rows.push((format!("primary-{}", at + 1), *grid, DutyRole::Primary));
        rows.push((format!("backup-{}", at + 1), *grid, DutyRole::Backup));
    }
    for (at, community) in COMMUNITIES.iter().enumerate() {
        rows.push((format!("cadre-{}", at + 1), *community, DutyRole::Cadre));
        rows.push((format!("secretary-{}", at + 1), *community, DutyRole::Secretary));
    }
    rows
}

/// A grid is a square of a hundredth of a degree, in a row from west to east.
fn polygon(at: usize) -> String {
    let west = 11540 + at;
    let (w, e) = (format!("{}.{}", west / 100, west % 100), format!("115.{}", west % 100 + 1));
    format!("[[[{w},35.2],[{e},35.2],[{e},35.21],[{w},35.21],[{w},35.2]]]")
}

fn files() -> Vec<(&'static str, String)> {
    let duties = duties();
    let features = GRIDS.iter().enumerate().map(|(at, grid)| {
        format!(
            r#"{{"type":"Feature","properties":{{"grid_id":"{grid}"}},"geometry":{{"type":"Polygon","coordinates":{}}}}}"#,
            polygon(at)
        )
    });
    let features: Vec<String> = features.collect();
    let mut names: Vec<&str> = duties.iter().map(|(name, ..)| name.as_str()).collect();
    names.extend(STREET.iter().map(|(name, _)| *name));
    let staff = names.iter().enumerate().map(|(at, no)| format!("{no},{no},0530-10000{at:02}\n"));
    let duties =
        duties.iter().map(|(no, grid, role)| format!("{grid},{},{no},2026-01-01,,\n", role.word()));
    let mut files: Vec<(&str, String)> =
        TABLES.iter().map(|(file, text)| (*file, (*text).to_owned())).collect();
    files.push((
        "grids.geojson",
        format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(",")),
    ));
    files.push(("staff.csv", format!("staff_id,name,office_phone\n{}", staff.collect::<String>())));
    files.push((
        "duties.csv",
        format!("grid_id,role,staff_id,from,to,shift\n{}", duties.collect::<String>()),
    ));
    files
}

/// Addresses: 阳光花园 lies in G00101 (buildings 1, 2) and G00102 (3, 4); 牡丹小区 in G00201; the odd
/// numbers of 康复路 are G00101, the even ones G00102; all of 曹州路 up to 99 is G00202.
const TABLES: &[(&str, &str)] = &[
    (
        "communities.csv",
        "code,name,street_code,street\n371702003001,双井社区,371702003,南城街道\n371702003002,中山社区,371702003,南城街道\n",
    ),
    (
        "grids.csv",
        "grid_id,name,community_code\nG00101,双井第一网格,371702003001\nG00102,双井第二网格,371702003001\nG00201,中山第一网格,371702003002\nG00202,中山第二网格,371702003002\n",
    ),
    ("roads.csv", "road,direction,from_no,to_no\n康复路,NS,1,99\n曹州路,EW,1,99\n"),
    (
        "road_ranges.csv",
        "road,parity,from_no,to_no,grid_id\n康复路,odd,1,99,G00101\n康复路,even,2,98,G00102\n曹州路,both,1,99,G00202\n",
    ),
    ("road_exceptions.csv", "road,no,grid_id\n康复路,7,G00102\n"),
    (
        "compounds.csv",
        "compound_id,name,aliases,sections,kind,grids,address\nC1,阳光花园,阳光花园小区,,big,G00101|G00102,康复路1号\nC2,牡丹小区,,,big,G00201,\n",
    ),
    ("compound_gates.csv", "compound_id,gate,road,no,grid_id\nC1,东门,康复路,1,G00101\n"),
    (
        "buildings.csv",
        "building_id,compound_id,section,no,label,units,floors,per_floor,lon,lat,grid_id\nB1,C1,,1,1号楼,2,6,2,115.405,35.205,G00101\nB2,C1,,2,2号楼,2,6,2,115.406,35.205,G00101\nB3,C1,,3,3号楼,2,6,2,115.415,35.205,G00102\nB4,C1,,4,4号楼,2,6,2,115.416,35.205,G00102\nB5,C2,,1,1号楼,2,6,2,115.425,35.205,G00201\n",
    ),
    ("villages.csv", "village,community_code,group_no,houses,grid_id\n"),
    ("village_lanes.csv", "village,lane,group_no,grid_id\n"),
    (
        "pois.csv",
        "poi_id,name,aliases,type,road,no,lon,lat,grid_id\nP1,曹州公园,,park,,,115.435,35.205,G00202\n",
    ),
    (
        "shops.csv",
        "shop_id,name,kind,road,no,sub,lon,lat,grid_id\nS1,老街面馆,餐饮,曹州路,5,1,115.435,35.205,G00202\n",
    ),
    ("neighbours.csv", "street,community\n北城街道,丙社区\n"),
    (
        "households.csv",
        "household_id,building_id,village_group,unit,floor,room,address,grid_id\nH1,B1,,1,1,101,阳光花园1号楼1单元101,G00101\nH2,B3,,2,1,101,阳光花园3号楼2单元101,G00102\n",
    ),
];

/// Writes the street and its people; the database was empty.
pub async fn build(writer: &Writer, vault: Vault) {
    let dir = tempfile::tempdir().unwrap();
    for (file, text) in files() {
        std::fs::write(dir.path().join(file), text).unwrap();
    }
    let (files, _) = import::prepare(dir.path()).unwrap_or_else(|r| panic!("{:?}", r.errors));
    let vault = Arc::new(vault);
    let written = writer.commit(move |tx| {
        Box::pin(async move {
            let seal = |name: &str| vault.seal("staff.name", name).unwrap();
            import::write(tx, &files, &seal, START).await?;
            for row in staff::Entity::find().all(tx).await? {
                let account = enrol(tx, &row.staff_no, &[WechatApp::Mini, WechatApp::Oa]).await?;
                bind(tx, &row, account).await?;
            }
            for name in RESIDENTS {
                enrol(tx, name, &[WechatApp::Mini]).await?;
            }
            Ok::<_, Error>(())
        })
    });
    written.await.unwrap();
}

async fn enrol(tx: &Tx, name: &str, apps: &[WechatApp]) -> Result<AccountId, Error> {
    let account = zhinan::store::people::insert_account(tx, START).await?.id;
    let rows = apps.iter().map(|&app| wechat_identity::ActiveModel {
        id: NotSet,
        account_id: Set(account),
        app: Set(app),
        openid: Set(format!("{}-{name}", app.word())),
        unionid: Set(Some(format!("u-{name}"))),
        dead_at: Set(None),
        created_at: Set(START),
        told_at: Set(None),
    });
    wechat_identity::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(account)
}

async fn bind(tx: &Tx, row: &staff::Model, account: AccountId) -> Result<(), Error> {
    staff::Entity::update_many()
        .col_expr(staff::Column::AccountId, Expr::value(account))
        .filter(staff::Column::Id.eq(row.id))
        .exec(tx)
        .await?;
    if let Some((_, role)) = STREET.iter().find(|(no, _)| *no == row.staff_no) {
        let role = staff_role::ActiveModel {
            id: NotSet,
            staff_id: Set(row.id),
            role: Set(*role),
            valid_from: Set(START),
            valid_to: Set(None),
        };
        staff_role::Entity::insert(role).exec_without_returning(tx).await?;
    }
    Ok(())
}

impl Roster {
    /// Reads the people and grids of a copy of the template.
    pub async fn load(db: &Db) -> Self {
        let conn = &db.read;
        let staff = staff::Entity::find().all(conn).await.unwrap();
        let minis = wechat_identity::Column::App.eq(WechatApp::Mini);
        let minis = wechat_identity::Entity::find().filter(minis).all(conn).await.unwrap();
        let people = minis.into_iter().map(|row| {
            let name = row.openid.trim_start_matches("mini-").to_owned();
            let known = staff.iter().find(|one| one.account_id == Some(row.account_id));
            let street = STREET.iter().find(|(no, _)| *no == name).map(|(_, role)| *role);
            let staff = known.map(|one| one.id);
            let (account, mini) = (row.account_id, row.openid);
            (name.clone(), Person { name, account, staff, street, mini })
        });
        let grids = grid::Entity::find().all(conn).await.unwrap();
        Self {
            people: people.collect(),
            grids: grids.into_iter().map(|row| (row.external_id, row.id)).collect(),
        }
    }
}

/// The token version of every account of the template.
pub async fn token_version(db: &Db, id: AccountId) -> i64 {
    let row = account::Entity::find_by_id(id).one(&db.read).await.unwrap();
    row.unwrap().token_version.into()
}
