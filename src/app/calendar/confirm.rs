//! Confirms a notice that somebody else imported; every process counts with it from then on, and
//! due times that waited for it are computed again.

use entity::calendar_version::{Entity, Model};
use entity::kinds::{AccountId, Timestamp};

use super::{redate, through};
use crate::app::actor::Actor;
use crate::app::version;
use crate::domain::calendar::Calendar;
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store::version::{confirmed, last_confirmed};
use crate::store::writer::Tx;

/// Confirms. Fails with `forbidden` for anybody but system and security administrators at the
/// console, `rule_refused` for whoever imported it, `not_found`, and `conflict` when it, or a later
/// version, is confirmed already, or another one says something else of one of its days.
pub async fn run(s: &Services, actor: &Actor, number: i64) -> Result<Model> {
    version::admit_confirmer(actor, "放假安排")?;
    let (made, services) = ((actor.account, s.clock.now()), s.clone());
    let unit = s
        .writer
        .commit(move |tx| Box::pin(async move { write(&services, tx, number, made).await }));
    let confirmed = unit.await?;
    s.calendar.reload(&s.db).await?;
    s.wake.ping().await;
    Ok(confirmed)
}

async fn write(
    s: &Services,
    tx: &Tx,
    number: i64,
    (by, now): (AccountId, Timestamp),
) -> Result<Model> {
    admit(tx, number).await?;
    let confirmed = version::confirm::<Entity>(tx, number, (by, now)).await?;
    redate::ask(s, tx, number, now).await?;
    Ok(confirmed)
}

/// A version means itself and everything before it, so none is put in afterwards; and it must fit
/// what was confirmed since it was imported, for nobody can take it back.
async fn admit(tx: &Tx, number: i64) -> Result<()> {
    let row = version::find::<Entity>(tx, number).await?;
    if row.confirmed_at.is_some() {
        return Ok(());
    }
    if last_confirmed::<Entity>(tx).await? > number {
        return Err(Error::new(Code::Conflict, "之后的版本已经确认，请重新导入"));
    }
    let calendar =
        through(&confirmed::<Entity>(tx).await?)?.pop().unwrap_or_else(Calendar::builtin);
    let number = u32::try_from(number).map_err(Error::internal)?;
    match calendar.followed_by(number, &row.body).1 {
        None => Ok(()),
        Some(why) => {
            let zh = why.zh();
            let detail = format!("与导入之后已确认的放假安排不一致：{zh}；请更正后重新导入");
            Err(Error::new(Code::Conflict, detail))
        }
    }
}
