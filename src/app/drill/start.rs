//! Starts a drill, once in half an hour.

use std::time::Duration;

use entity::kinds::{
    AccountId, Channel, NoticeKind, NoticeState, ProbeKind, StaffId, StreetRole, Timestamp,
};
use entity::{drill, probe};
use sea_orm::ActiveValue::{NotSet, Set};

use crate::app::actor::Actor;
use crate::app::case::tell;
use crate::app::notice::ways::Ways;
use crate::app::probe::plan;
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store::writer::Tx;
use crate::store::{self};

/// How long its messages are worth sending; no other drill starts within.
const LIFE: Duration = Duration::from_mins(30);
/// One message after the other, so that notices find the lanes free: twenty in a second.
const GAP: Duration = Duration::from_millis(50);
/// Rows per statement, well below the parameters that SQLite takes.
const CHUNK: usize = 500;

/// A drill that is there now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Started {
    New(i64),
    /// It began less than half an hour ago; nothing was sent anew.
    Running(i64),
}

/// Starts a drill on behalf of the system administrator. Fails with `forbidden`, and with
/// `conflict` when one began less than half an hour ago.
pub async fn run(s: &Services, actor: &Actor, all_channels: bool) -> Result<i64> {
    if !actor.console || !actor.is(StreetRole::SystemAdmin) {
        return Err(Error::new(Code::Forbidden, "只有系统管理员可以发起演练"));
    }
    match begin(s, Some(actor.account), all_channels).await? {
        Started::New(id) => Ok(id),
        Started::Running(id) => {
            let detail = format!("半小时内已发起过演练（编号 {id}），请查看它的结果");
            Err(Error::new(Code::Conflict, detail))
        }
    }
}

/// Starts a drill on behalf of whoever holds the machine, or finds the running one.
pub async fn begin(s: &Services, by: Option<AccountId>, all_channels: bool) -> Result<Started> {
    let (services, now) = (s.clone(), s.clock.now());
    let started = s.writer.commit(move |tx| {
        Box::pin(async move {
            let last = store::drill::last(tx).await?;
            if let Some(last) = last.filter(|last| is_running(last, now)) {
                return Ok(Started::Running(last.id));
            }
            let row = row((by, all_channels), now);
            let Some(drill) = store::drill::insert(tx, row).await? else {
                let last = store::drill::last(tx).await?.map_or(0, |last| last.id);
                return Ok(Started::Running(last));
            };
            plan_all(&services, tx, &drill).await?;
            Ok::<_, Error>(Started::New(drill.id))
        })
    });
    let started = started.await?;
    s.wake.ping().await;
    Ok(started)
}

/// One that began ahead of a clock that was put back is over.
fn is_running(drill: &drill::Model, now: Timestamp) -> bool {
    drill.ends_at > now && !drill.started_at.is_ahead_of(now)
}

fn row((by, all_channels): (Option<AccountId>, bool), now: Timestamp) -> drill::ActiveModel {
    let life = i64::try_from(LIFE.as_micros()).unwrap_or(i64::MAX);
    drill::ActiveModel {
        id: NotSet,
        slot: Set(now.0.div_euclid(life)),
        all_channels: Set(all_channels),
        started_by: Set(by),
        started_at: Set(now),
        ends_at: Set(now + LIFE),
    }
}

async fn plan_all(s: &Services, tx: &Tx, drill: &drill::Model) -> Result<()> {
    let template = tell::template(s, NoticeKind::NewCase, Channel::MiniSubscribe);
    let now = drill.started_at;
    let charges = store::readiness::charges(tx, template, now).await?;
    let mut staff: Vec<StaffId> = charges.into_iter().map(|one| one.staff_id).collect();
    staff.sort_unstable();
    staff.dedup();
    let ways = Ways::load(s, tx, &staff).await?;
    let mut rows = Vec::new();
    for id in staff {
        let person = ways.of(id);
        let usable = person.usable(s, NoticeKind::NewCase);
        let chosen: Vec<_> = usable.take(if drill.all_channels { usize::MAX } else { 1 }).collect();
        if chosen.is_empty() {
            rows.push(unreachable(drill, id));
        }
        rows.extend(chosen.into_iter().map(|way| message(drill, (id, way))));
    }
    let mut turn = now;
    for chunk in rows.chunks(CHUNK) {
        let stored = store::probe::insert_new(tx, chunk.to_vec()).await?;
        let mut jobs = Vec::new();
        for probe in stored.iter().filter(|probe| probe.state == NoticeState::Planned) {
            jobs.push(plan::job(probe, turn));
            turn = turn + GAP;
        }
        store::job::enqueue(tx, jobs, now).await?;
    }
    Ok(())
}

fn message(drill: &drill::Model, (staff, way): (StaffId, Channel)) -> probe::ActiveModel {
    let key = format!("d{}/{staff}/{}", drill.id, way.word());
    let life = drill.ends_at.since(drill.started_at);
    let row = plan::row((ProbeKind::Drill, key), (staff, way), drill.started_at, life);
    probe::ActiveModel { drill_id: Set(Some(drill.id)), ..row }
}

/// Somebody whom no channel reaches has a row that ended before it began; its channel is the one
/// that everybody has.
fn unreachable(drill: &drill::Model, staff: StaffId) -> probe::ActiveModel {
    probe::ActiveModel {
        state: Set(NoticeState::Dead),
        reason: Set(Some("no_channel".to_owned())),
        finished_at: Set(Some(drill.started_at)),
        ..message(drill, (staff, Channel::Inbox))
    }
}
