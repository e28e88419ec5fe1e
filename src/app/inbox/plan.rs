//! Puts what is planned for people into their inboxes, in the same unit of writes.

use entity::kinds::{Channel, Timestamp, Urgency};
use entity::{cases, inbox};
use sea_orm::ActiveValue::{NotSet, Set};

use super::entry::Words;
use super::owner;
use crate::app::case::tell::{self, News, Planned, To};
use crate::domain::notice::{Recipient, dedup_key};
use crate::error::Result;
use crate::services::Services;
use crate::store::writer::Tx;
use crate::store::{self};

/// Stores one entry for each planned message; planning the same again stores nothing.
pub async fn store_all(s: &Services, tx: &Tx, news: &[News<'_>], now: Timestamp) -> Result<()> {
    let planned = news.iter().flat_map(|one| one.planned.iter().map(|plan| (one.case, plan)));
    let rows = planned.map(|(case, one)| row(s, case, one, now)).collect::<Result<Vec<_>>>()?;
    store::inbox::insert_new(tx, rows).await?;
    Ok(())
}

fn row(
    s: &Services,
    case: &cases::Model,
    one: &Planned,
    now: Timestamp,
) -> Result<inbox::ActiveModel> {
    let to = match one.to {
        To::Staff(staff) => Recipient::Staff(staff),
        To::Resident => Recipient::Resident(case.reporter_id),
    };
    Ok(inbox::ActiveModel {
        id: NotSet,
        recipient: Set(owner(to)),
        dedup_key: Set(dedup_key(case.id, one.round, one.part, to, Channel::Inbox)),
        case_id: Set(Some(case.id)),
        kind: Set(one.kind),
        urgent: Set(case.urgency == Urgency::Urgent),
        words_sealed: Set(Words::of(&tell::view(s, case, one, now), to).seal(s)?),
        position: NotSet,
        created_at: Set(now),
        read_at: Set(None),
    })
}
