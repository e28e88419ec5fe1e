//! What is planned for people, as it stands in their inboxes.

use entity::kinds::{Channel, Timestamp, Urgency};
use entity::{cases, inbox};
use sea_orm::ActiveValue::{NotSet, Set};

use super::entry::Words;
use super::owner;
use crate::app::case::tell::{self, News, Planned, To};
use crate::domain::notice::{Recipient, dedup_key};
use crate::error::Result;
use crate::services::Services;

/// Makes one entry for each planned message.
pub fn rows(s: &Services, news: &[News<'_>], now: Timestamp) -> Result<Vec<inbox::ActiveModel>> {
    let planned = news.iter().flat_map(|one| one.planned.iter().map(|plan| (one.case, plan)));
    planned.map(|(case, one)| row(s, case, one, now)).collect()
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
