//! Writes a notice: published at once for grids, a draft for the whole street.

use std::collections::BTreeSet;
use std::time::Duration;

use entity::bulletin;
use entity::kinds::{BulletinState, GridId, PhotoId, StreetRole, Timestamp};
use sea_orm::ActiveValue::{NotSet, Set};

use super::{BulletinView, led, views_in};
use crate::app::actor::Actor;
use crate::app::limit;
use crate::app::once::{self, Answer};
use crate::app::places::Snapshot;
use crate::domain::bulletin::{plain, plain_line};
use crate::error::{Code, Error, Fault, Result};
use crate::services::Services;
use crate::store::{self};

/// Nobody announces for longer, and a typing error in the year is caught.
const LONGEST: Duration = Duration::from_hours(366 * 24);
const TITLE: usize = 60;
const TEXT: usize = 5_000;

/// A notice to be written.
#[derive(Clone, Debug)]
pub struct NewBulletin {
    pub title: String,
    pub text: String,
    pub urgent: bool,
    /// `None`: at once.
    pub from: Option<Timestamp>,
    pub until: Timestamp,
    /// Ids of small grids or communities; empty: the whole street.
    pub grids: Vec<String>,
    pub photos: Vec<PhotoId>,
}

/// Writes it; `answer` says what is answered, and kept for a repeat. Fails with `forbidden` for whoever leads no community and is not of the command, and
/// with `invalid_fields`: `length`, `order`, `unknown_grid`, `not_yours`, `unknown` pictures.
pub async fn run<A: Answer>(
    s: &Services,
    actor: &Actor,
    new: NewBulletin,
    answer: fn(BulletinView) -> A,
) -> Result<A> {
    let command = actor.is(StreetRole::Command);
    let author = actor.staff.filter(|_| command || !led(actor).is_empty());
    let author = author.ok_or_else(|| {
        Error::new(Code::Forbidden, "只有社区干部、社区书记和街道指挥中心可以发布公告")
    })?;
    limit::admit(s, &s.settings.limits.act, &actor.account.to_string()).await?;
    let now = s.clock.now();
    let (title, text) = (plain_line(&new.title), plain(&new.text));
    let from = new.from.unwrap_or(now).max(now);
    let grids = targets(&s.places.now(), actor, &new.grids);
    let mut faults = faults((&title, &text), (from, new.until), now);
    faults.extend(grids.as_ref().err().cloned());
    faults.extend(strange(s, actor, &new.photos).await?);
    let Ok(grids) = grids else { return Err(Error::fields(faults)) };
    if !faults.is_empty() {
        return Err(Error::fields(faults));
    }
    let whole = grids.is_empty();
    let row = bulletin::ActiveModel {
        id: NotSet,
        title: Set(title),
        text: Set(text),
        urgent: Set(new.urgent),
        whole_street: Set(whole),
        state: Set(if whole { BulletinState::Draft } else { BulletinState::Published }),
        from_at: Set(from),
        until_at: Set(new.until),
        author_id: Set(author),
        created_by: Set(actor.account),
        created_at: Set(now),
        approved_by: Set(None),
        published_at: Set((!whole).then_some(now)),
        withdrawn_by: Set(None),
        withdrawn_at: Set(None),
    };
    write(s, actor, (row, grids, new.photos), answer).await
}

async fn write<A: Answer>(
    s: &Services,
    actor: &Actor,
    (row, grids, photos): (bulletin::ActiveModel, Vec<GridId>, Vec<PhotoId>),
    answer: fn(BulletinView) -> A,
) -> Result<A> {
    let (services, actor) = (s.clone(), actor.clone());
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move {
            let stored = store::bulletin::insert(tx, row, (&grids, &photos)).await?;
            let seen = views_in(&services, tx, &actor, vec![stored]).await?.into_iter().next();
            let seen = seen.ok_or_else(|| Error::internal("a stored notice was not found"))?;
            let seen = answer(seen);
            once::keep(&services, tx, &actor, (201, &seen)).await?;
            Ok::<_, Error>(seen)
        })
    });
    unit.await
}

fn faults(
    (title, text): (&str, &str),
    (from, until): (Timestamp, Timestamp),
    now: Timestamp,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut length = |pointer: &str, text: &str, most: usize| {
        if text.is_empty() || text.chars().count() > most {
            faults.push(Fault::new(pointer, "length", format!("请填写 1 到 {most} 个字")));
        }
    };
    length("/title", title, TITLE);
    length("/text", text, TEXT);
    if until <= from || until <= now {
        faults.push(Fault::new("/until", "order", "结束时间必须晚于开始时间和现在"));
    } else if until.since(from) > LONGEST {
        faults.push(Fault::new("/until", "order", "公告最长一年，请核对日期"));
    }
    faults
}

/// Finds the grids; the whole street and other communities are the command's.
fn targets(
    places: &Snapshot,
    actor: &Actor,
    named: &[String],
) -> std::result::Result<Vec<GridId>, Fault> {
    let command = actor.is(StreetRole::Command);
    let fault = |code, message: &str| Err(Fault::new("/grids", code, message));
    if named.is_empty() && !command {
        return fault("not_yours", "面向全街道的公告由街道指挥中心发布，请选择本社区的网格");
    }
    let leads = led(actor);
    let mut grids = BTreeSet::new();
    for id in named {
        let Some(grid) = places.find(id) else {
            return fault("unknown_grid", &format!("没有这个网格：{id}"));
        };
        if !command && !leads.contains(&grid.parent.unwrap_or(grid.id)) {
            return fault("not_yours", &format!("{}不属于您的社区", grid.name));
        }
        grids.insert(grid.id);
    }
    Ok(grids.into_iter().collect())
}

/// Finds a picture that the writer did not upload, or that belongs to a case.
async fn strange(s: &Services, actor: &Actor, photos: &[PhotoId]) -> Result<Option<Fault>> {
    let mut seen = BTreeSet::new();
    for id in photos {
        let photo = store::photo::find(&s.db.read, *id).await?;
        let own = photo.is_some_and(|one| one.owner_id == actor.account && one.case_id.is_none());
        if !own || !seen.insert(*id) {
            let message = "照片不存在、重复或已用于工单，请重新上传";
            return Ok(Some(Fault::new("/photos", "unknown", message)));
        }
    }
    Ok(None)
}
