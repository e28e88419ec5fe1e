//! The disk is full under SQLite, and has room again.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::Ordering;
use std::time::Duration;

use entity::kinds::NoticeState;
use sea_orm::ConnectionTrait;

use crate::kit::clock::until_within;
use crate::kit::connect;
use crate::kit::town::Town;
use crate::kit::town::account;
use crate::kit::town::crowd::Crowd;

const ONE: &str = "one";
const PATIENCE: Duration = Duration::from_secs(90);

/// Reports until the disk is full, makes room, and looks whether everything answered is there.
async fn full(town: &Town, crowd: &Crowd, reports: usize, make_room: impl AsyncFnOnce()) {
    let posting = crowd.reporting(reports);
    until_within(PATIENCE, "refusals", async || {
        (crowd.refused.load(Ordering::SeqCst) >= 5).then_some(())
    })
    .await;
    assert!(crowd.answered.load(Ordering::SeqCst) > 0, "it was full before anything was tried");
    make_room().await;
    let posted = posting.await.unwrap();
    let problems: Vec<_> = posted.iter().flat_map(|one| &one.refused).collect();
    for problem in &problems {
        // A neighbour whose transaction the database undid comes again.
        let title = match problem["code"].as_str().unwrap() {
            "storage_full" => "系统存储空间不足，请联系街道",
            "database_down" => "系统暂时繁忙，请稍后再试",
            _ => panic!("{problem}"),
        };
        assert_eq!(problem["title"], title, "{problem}");
    }
    assert!(problems.iter().any(|problem| problem["code"] == "storage_full"), "{problems:?}");
    let account = account::settle(town, &posted, PATIENCE).await;
    account.assert_kept(town, &[ONE]);
    assert_eq!(account.count(NoticeState::Accepted), 2 * reports, "{:#?}", account.told());
}

/// Fills pages of the file, then says how many there are.
async fn ballast(url: &str) -> i64 {
    let db = connect(url).await;
    db.execute_unprepared(
        "CREATE TABLE ballast (x BLOB); INSERT INTO ballast VALUES (zeroblob(4000000))",
    )
    .await
    .unwrap();
    let pages = sea_orm::Statement::from_string(db.get_database_backend(), "PRAGMA page_count");
    let row = db.query_one_raw(pages).await.unwrap().unwrap();
    db.close().await.unwrap();
    row.try_get_by_index::<i64>(0).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_grow_refuses_loses_nothing_and_goes_on_when_it_can() {
    let mut town = Town::in_file("").await;
    let pages = ballast(&town.database).await + 60;
    let vars = [("ZHINAN__FAULTS__SQLITE_PAGES", &*pages.to_string())];
    town.start_with(ONE, "all", &vars).await;
    let crowd = Crowd::of(&town, &[ONE]).await;
    full(&town, &crowd, 120, async || {
        let db = connect(&town.database).await;
        db.execute_unprepared("DELETE FROM ballast").await.unwrap();
        db.close().await.unwrap();
    })
    .await;
}

/// A small disk of its own.
struct Disk(PathBuf);

impl Disk {
    fn mount(at: &Path) -> Option<Self> {
        let mut mount = Command::new("mount");
        let told = mount.args(["-t", "tmpfs", "-o", "size=24m", "tmpfs"]).arg(at).output().ok()?;
        told.status.success().then(|| Self(at.to_owned()))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _gone = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// Leaves so many bytes of a disk free; returns the file that takes the others.
fn fill_up(disk: &Path, leave: u64) -> PathBuf {
    let ballast = disk.join("ballast");
    let free = rustix::fs::statvfs(disk).unwrap();
    let free = free.f_bavail * free.f_frsize;
    std::fs::write(&ballast, vec![1; usize::try_from(free - leave).unwrap()]).unwrap();
    ballast
}

/// A town whose folder is a disk of its own; `None` where nobody may mount one.
async fn on_a_small_disk() -> Option<(Disk, Town, Crowd)> {
    let dir = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::mount(dir.path()) else {
        eprintln!("SKIPPED: only root may mount a small disk");
        return None;
    };
    let mut town = Town::in_file_of(dir, "").await;
    town.start(ONE, "all").await;
    let crowd = Crowd::of(&town, &[ONE]).await;
    Some((disk, town, crowd))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_is_full_refuses_loses_nothing_and_goes_on_when_there_is_room() {
    let Some((_disk, town, crowd)) = on_a_small_disk().await else { return };
    // All but a little, and what SQLite took already.
    let ballast = fill_up(town.dir.path(), 300_000);
    full(&town, &crowd, 400, async || std::fs::remove_file(&ballast).unwrap()).await;
}

/// A photo of noise: nothing makes it small.
fn large_photo() -> Vec<u8> {
    let noise = image::RgbImage::from_fn(900, 900, |x, y| {
        let mixed = (x * 900 + y).wrapping_mul(2_654_435_761);
        let [a, b, c, _] = (mixed ^ (mixed >> 15)).wrapping_mul(2_246_822_519).to_le_bytes();
        image::Rgb([a, b, c])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    noise.write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_that_finds_no_room_is_refused_for_that_and_taken_when_there_is_some() {
    let Some((_disk, town, crowd)) = on_a_small_disk().await else { return };
    let photo = large_photo();
    // What is left takes a line of the log, and no such photo.
    assert!(photo.len() > 200_000, "{}", photo.len());
    let ballast = fill_up(town.dir.path(), 100_000);
    let (status, problem) = crowd.photo(photo.clone()).await;
    assert_eq!((status, problem["code"].as_str()), (503, Some("storage_full")), "{problem}");
    std::fs::remove_file(&ballast).unwrap();
    let (status, stored) = crowd.photo(photo).await;
    assert_eq!(status, 201, "{stored}");
}
