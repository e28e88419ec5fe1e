//! Reading and writing a tiny street and the demo street.

use std::path::Path;

use entity::kinds::{DutyRole, Timestamp};
use entity::{household, responsibility, shop, staff};
use migration::MigratorTrait;
use sea_orm::{
    ColumnTrait, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, EntityTrait,
    PaginatorTrait, QueryFilter, TransactionTrait,
};

use super::*;
use crate::store::places::load_gazetteer;

/// The smallest street that uses every file: two communities side by side, a grid each.
pub const TINY: &[(&str, &str)] = &[
    (
        "communities.csv",
        "code,name,street_code,street\n371702003001,甲社区,371702003,南城街道\n371702003002,乙社区,371702003,南城街道\n",
    ),
    ("grids.csv", "grid_id,name,community_code\nG1,甲一,371702003001\nG2,乙一,371702003002\n"),
    (
        "grids.geojson",
        "{\"type\":\"FeatureCollection\",\"features\":[\n{\"type\":\"Feature\",\"properties\":{\"grid_id\":\"G1\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[115.4,35.2],[115.41,35.2],[115.41,35.21],[115.4,35.21],[115.4,35.2]]]}},\n{\"type\":\"Feature\",\"properties\":{\"grid_id\":\"G2\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[115.41,35.2],[115.42,35.2],[115.42,35.21],[115.41,35.21],[115.41,35.2]]]}}\n]}\n",
    ),
    ("roads.csv", "road,direction,from_no,to_no\n中路,NS,1,99\n"),
    ("road_ranges.csv", "road,parity,from_no,to_no,grid_id\n中路,odd,1,99,G1\n中路,even,2,98,G2\n"),
    ("road_exceptions.csv", "road,no,grid_id\n中路,7,G2\n"),
    (
        "compounds.csv",
        "compound_id,name,aliases,sections,kind,grids,address\nC1,春园,春园小区|老春园,,big,G1|G2,中路1号\n",
    ),
    ("compound_gates.csv", "compound_id,gate,road,no,grid_id\nC1,东门,中路,1,G1\n"),
    (
        "buildings.csv",
        "building_id,compound_id,section,no,label,units,floors,per_floor,lon,lat,grid_id\nB1,C1,,1,1号楼,1,1,2,115.405,35.205,G1\nB2,C1,,2,2号楼,1,1,2,115.415,35.205,G2\n",
    ),
    ("villages.csv", "village,community_code,group_no,houses,grid_id\n乙村,371702003002,1,2,G2\n"),
    ("village_lanes.csv", "village,lane,group_no,grid_id\n乙村,前街,1,G2\n"),
    (
        "pois.csv",
        "poi_id,name,aliases,type,road,no,lon,lat,grid_id\nP1,大公园,,park,,,115.405,35.205,G1\n",
    ),
    (
        "shops.csv",
        "shop_id,name,kind,road,no,sub,lon,lat,grid_id\nS1,面馆,餐饮,中路,3,1,115.405,35.205,G1\nS2,书店,零售,中路,4,1,115.415,35.205,G2\n",
    ),
    ("neighbours.csv", "street,community\n东街道,丙社区\n"),
    (
        "households.csv",
        "household_id,building_id,village_group,unit,floor,room,address,grid_id\nH1,B1,,1,1,101,春园1号楼1单元101,G1\nH2,B2,,1,1,101,春园2号楼1单元101,G2\nH3,,乙村#1,,,1,乙村1组1号,G2\n",
    ),
    ("staff.csv", "staff_id,name,office_phone\nW1,张三,0530-0000001\nW2,李四,\n"),
    (
        "duties.csv",
        "grid_id,role,staff_id,from,to,shift\nG1,grid_worker_primary,W1,2026-01-01,,\n371702003002,cadre,W2,,,day\n",
    ),
];

/// Writes the tiny street with one file changed.
pub fn tiny(dir: &Path, file: &str, from: &str, to: &str) {
    for (name, text) in TINY {
        let text = if *name == file { text.replacen(from, to, 1) } else { (*text).to_owned() };
        std::fs::write(dir.join(name), text).unwrap();
    }
}

const NOON: Timestamp = Timestamp(1_795_000_000_000_000);
const LATER: Timestamp = Timestamp(1_796_000_000_000_000);

fn seal(name: &str) -> String {
    format!("sealed:{}", name.len())
}

/// SQLite in memory, and PostgreSQL in a schema of its own where `TEST_DATABASE_URL` names one.
async fn databases(test: &str) -> Vec<DatabaseConnection> {
    let mut options = ConnectOptions::new("sqlite::memory:");
    options.max_connections(1).sqlx_logging(false);
    let mut all = vec![Database::connect(options).await.unwrap()];
    all[0].execute_unprepared("PRAGMA foreign_keys = ON").await.unwrap();
    #[expect(clippy::disallowed_methods, reason = "a test chooses its database by the environment")]
    if let Ok(url) = std::env::var("TEST_DATABASE_URL") {
        let mut options = ConnectOptions::new(url);
        options.max_connections(1).sqlx_logging(false);
        let db = Database::connect(options).await.unwrap();
        for sql in ["DROP SCHEMA IF EXISTS {} CASCADE", "CREATE SCHEMA {}", "SET search_path TO {}"]
        {
            db.execute_unprepared(&sql.replace("{}", test)).await.unwrap();
        }
        all.push(db);
    } else {
        eprintln!("TEST_DATABASE_URL is not set: PostgreSQL is not tested");
    }
    for db in &all {
        migration::Migrator::up(db, None).await.unwrap();
    }
    all
}

async fn import(db: &DatabaseConnection, dir: &Path, now: Timestamp) -> Counts {
    let (files, _) = prepare(dir).unwrap_or_else(|r| panic!("{:?}", r.errors));
    let tx = db.begin().await.unwrap();
    let counts = write(&tx, &files, &seal, now).await.unwrap();
    tx.commit().await.unwrap();
    counts
}

#[tokio::test]
async fn what_was_imported_is_loaded_as_it_was_read() {
    let dir = tempfile::tempdir().unwrap();
    tiny(dir.path(), "", "", "");
    for db in databases("import_loaded").await {
        import(&db, dir.path(), NOON).await;
        let mut loaded = load_gazetteer(&db).await.unwrap();
        for community in &mut loaded.communities {
            community.id.0 = 0;
        }
        for grid in &mut loaded.grids {
            assert!(grid.id.0 > 0);
            grid.id.0 = 0;
        }
        let (files, report) = prepare(dir.path()).unwrap();
        assert_eq!(format!("{loaded:?}"), format!("{:?}", files.gazetteer));
        assert_eq!(report.warnings, []);
    }
}

#[tokio::test]
async fn a_second_import_changes_by_key_and_ends_what_is_missing() {
    let dir = tempfile::tempdir().unwrap();
    for db in databases("import_second").await {
        tiny(dir.path(), "", "", "");
        import(&db, dir.path(), NOON).await;
        let again = import(&db, dir.path(), LATER).await;
        for (table, change) in again.iter().filter(|(table, _)| **table != "staff") {
            assert_eq!((change.inserted, change.updated, change.ended), (0, 0, 0), "{table}");
        }
        tiny(
            dir.path(),
            "shops.csv",
            "S1,面馆,餐饮,中路,3,1,115.405,35.205,G1\nS2,书店",
            "S2,旧书店",
        );
        let change = import(&db, dir.path(), LATER).await["shop"];
        assert_eq!((change.inserted, change.updated, change.ended, change.unchanged), (0, 1, 1, 0));
        let rows = shop::Entity::find().all(&db).await.unwrap();
        assert_eq!(rows.len(), 2, "nothing is deleted");
        let (old, kept) = (&rows[0], &rows[1]);
        assert_eq!((old.external_id.as_str(), old.valid_to), ("S1", Some(LATER)));
        assert_eq!((kept.name.as_str(), kept.valid_from, kept.valid_to), ("旧书店", NOON, None));
        tiny(dir.path(), "", "", "");
        assert_eq!(
            import(&db, dir.path(), LATER).await["shop"].inserted,
            1,
            "S1 comes back as a new row"
        );
    }
}

#[tokio::test]
async fn people_who_leave_end_with_their_responsibilities() {
    let dir = tempfile::tempdir().unwrap();
    for db in databases("import_people").await {
        tiny(dir.path(), "", "", "");
        import(&db, dir.path(), NOON).await;
        let row = staff::Entity::find()
            .filter(staff::Column::StaffNo.eq("W1"))
            .one(&db)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(row.name_sealed, "sealed:6");
        tiny(dir.path(), "staff.csv", "W2,李四,\n", "");
        std::fs::remove_file(dir.path().join("duties.csv")).unwrap();
        let counts = import(&db, dir.path(), LATER).await;
        assert_eq!((counts["staff"].ended, counts["responsibility"].ended), (1, 1));
        let duties = responsibility::Entity::find().all(&db).await.unwrap();
        let of = |role| duties.iter().find(|d| d.role == role).unwrap();
        assert_eq!(of(DutyRole::Primary).valid_to, None);
        assert_eq!(of(DutyRole::Cadre).valid_to, Some(LATER));
        assert_eq!(of(DutyRole::Cadre).shift, "day");
    }
}

#[tokio::test]
async fn names_at_wecom_come_with_the_staff_are_exchanged_and_stay_where_a_cell_is_empty() {
    let dir = tempfile::tempdir().unwrap();
    let sheet = |one: &str, two: &str| {
        let text = format!(
            "staff_id,name,office_phone,wecom_userid\nW1,张三,0530-0000001,{one}\nW2,李四,,{two}\n"
        );
        std::fs::write(dir.path().join("staff.csv"), text).unwrap();
    };
    for db in databases("import_wecom").await {
        tiny(dir.path(), "", "", "");
        let named = async |one: &str, two: &str, at| {
            sheet(one, two);
            import(&db, dir.path(), at).await;
            let mut rows = staff::Entity::find().all(&db).await.unwrap();
            rows.sort_by(|a, b| a.staff_no.cmp(&b.staff_no));
            rows.into_iter().map(|row| row.wecom_userid.unwrap_or_default()).collect::<Vec<_>>()
        };
        assert_eq!(named("ZhangSan", "lisi", NOON).await, ["zhangsan", "lisi"]);
        assert_eq!(named("lisi", "zhangsan", LATER).await, ["lisi", "zhangsan"]);
        assert_eq!(named("", "wangwu", LATER).await, ["lisi", "wangwu"]);
    }
    sheet("one", "ONE");
    assert_eq!(prepare(dir.path()).unwrap_err().errors[0].code, FaultCode::DuplicateId);
    sheet("张三", "");
    assert_eq!(prepare(dir.path()).unwrap_err().errors[0].code, FaultCode::UnknownWord);
}

#[tokio::test]
async fn one_wrong_cell_leaves_every_table_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    tiny(dir.path(), "households.csv", "乙村1组1号,G2", "乙村1组1号,G9");
    let report = prepare(dir.path()).unwrap_err();
    assert_eq!(report.errors.len(), 1);
    // `write` takes only what `prepare` gave, so a refused folder cannot reach it. A database
    // fault in the middle rolls back with the caller's transaction:
    for db in databases("import_nothing").await {
        tiny(dir.path(), "", "", "");
        let (mut files, _) = prepare(dir.path()).unwrap();
        files.households[2].building = "B9".to_owned();
        let tx = db.begin().await.unwrap();
        assert!(write(&tx, &files, &seal, NOON).await.is_err());
        tx.rollback().await.unwrap();
        assert_eq!(load_gazetteer(&db).await.unwrap().grids.len(), 0);
    }
}

#[tokio::test]
async fn the_whole_demo_street_is_imported() {
    let dir = tempfile::tempdir().unwrap();
    crate::demo::folder::write_folder(
        &crate::demo::street::generate(crate::demo::SEED),
        dir.path(),
    )
    .unwrap();
    for db in databases("import_demo").await {
        let counts = import(&db, dir.path(), NOON).await;
        assert_eq!(counts["household"].inserted, 64_000);
        assert_eq!(household::Entity::find().count(&db).await.unwrap(), 64_000);
        let loaded = load_gazetteer(&db).await.unwrap();
        assert_eq!((loaded.grids.len(), loaded.shops.len()), (40, 3_000));
    }
}

#[test]
fn a_delivered_street_with_its_known_oddities_is_accepted() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/address/gazetteer");
    if !dir.exists() {
        eprintln!("{} is absent: not tested", dir.display());
        return;
    }
    let (_, report) = prepare(&dir)
        .unwrap_or_else(|r| panic!("{:?}", r.errors.iter().take(9).collect::<Vec<_>>()));
    assert_eq!(report.counts["households.csv"], 64_000);
    assert_eq!(report.shared_addresses.len(), 60);
    assert!(
        report.warnings.iter().all(|w| w.code == FaultCode::OutsideGrid),
        "{:?}",
        report.warnings.first()
    );
}
