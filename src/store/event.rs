//! The ledger: appended and read, never changed. No statement that updates or deletes an event
//! exists in the program, and the database refuses one.

use std::collections::{BTreeSet, HashMap};
use std::iter;

use entity::kinds::{AccountId, CaseId, EventId, EventType, Timestamp};
use entity::{case_event, case_event_payload, case_event_remains, cases};
use sea_orm::sea_query::{Expr, JoinType};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult,
    QueryFilter, QueryOrder, QuerySelect,
};

use super::batch::{Batch, take_ids};
use super::scope::Belongs;
use super::sql;

/// An event and the words that belong to it.
#[derive(Clone, Debug)]
pub struct NewEvent {
    pub event: case_event::ActiveModel,
    /// Hex of the 32 salt bytes.
    pub salt: String,
    pub body_sealed: String,
}

/// Appends events of one case in the order of their numbers; returns their ids in that order.
pub async fn append(
    tx: &impl ConnectionTrait,
    case: CaseId,
    events: Vec<NewEvent>,
) -> Result<Vec<EventId>, DbErr> {
    append_all(tx, vec![(case, events)]).await
}

/// Appends events of several cases, each case's in the order of their numbers; returns their ids
/// in the order of cases and numbers.
pub async fn append_all(
    tx: &impl ConnectionTrait,
    mut cases: Vec<(CaseId, Vec<NewEvent>)>,
) -> Result<Vec<EventId>, DbErr> {
    let count = cases.iter().map(|(_, events)| events.len()).sum();
    if count == 0 {
        return Ok(Vec::new());
    }
    let [ids] = take_ids(tx, [("case_event", count)]).await?;
    cases.sort_by_key(|(case, _)| *case);
    let mut batch = Batch::of(tx);
    put_all(&mut batch, cases, ids.clone())?;
    batch.execute(tx).await?;
    Ok(ids.into_iter().map(EventId).collect())
}

/// Adds events of several cases, in the order of their numbers, under ids that were taken for them.
pub fn put_all(
    batch: &mut Batch,
    cases: impl IntoIterator<Item = (CaseId, Vec<NewEvent>)>,
    ids: impl IntoIterator<Item = i64>,
) -> Result<(), DbErr> {
    let events = cases.into_iter().flat_map(|(case, events)| iter::repeat(case).zip(events));
    let placed = events.zip(ids).map(|((case, NewEvent { mut event, salt, body_sealed }), id)| {
        (event.id, event.case_id) = (Set(EventId(id)), Set(case));
        let (event_id, salt, body_sealed) = (event.id.clone(), Set(salt), Set(body_sealed));
        (event, case_event_payload::ActiveModel { event_id, salt, body_sealed })
    });
    let (events, words): (Vec<_>, Vec<_>) = placed.unzip();
    batch.insert(events, &[])?;
    batch.insert(words, &[])
}

/// Something happened to a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Happened {
    pub id: EventId,
    pub case: CaseId,
    pub to: Belongs,
}

/// Lists what is visible behind `reached`, at most `limit` events in the order of their ids, and of
/// the ids that were `missing` below.
pub async fn passed(
    conn: &impl ConnectionTrait,
    (reached, missing): (EventId, &[i64]),
    limit: u64,
) -> Result<Vec<Happened>, DbErr> {
    let mut found = happened(conn, case_event::Column::Id.gt(reached), limit).await?;
    if !missing.is_empty() {
        let late = case_event::Column::Id.is_in(missing.iter().copied());
        found.extend(happened(conn, late, limit).await?);
    }
    Ok(found)
}

async fn happened(
    conn: &impl ConnectionTrait,
    which: Expr,
    limit: u64,
) -> Result<Vec<Happened>, DbErr> {
    let whose = case_event::Entity::belongs_to(cases::Entity)
        .from(case_event::Column::CaseId)
        .to(cases::Column::Id);
    let rows: Vec<(EventId, CaseId, AccountId, _, _, _)> = case_event::Entity::find()
        .select_only()
        .columns([case_event::Column::Id, case_event::Column::CaseId])
        .column(cases::Column::ReporterId)
        .column(cases::Column::ReportedByStaff)
        .column(cases::Column::SmallGridId)
        .column(cases::Column::LargeGridId)
        .join(JoinType::InnerJoin, whose.into())
        .filter(which)
        .order_by_asc(case_event::Column::Id)
        .limit(limit)
        .into_tuple()
        .all(conn)
        .await?;
    let of = |(id, case, reporter_id, reported_by_staff, small_grid_id, large_grid_id)| Happened {
        id,
        case,
        to: Belongs { reporter_id, reported_by_staff, small_grid_id, large_grid_id },
    };
    Ok(rows.into_iter().map(of).collect())
}

/// Lists the ids of the newest `limit` events that are visible.
pub async fn newest(conn: &impl ConnectionTrait, limit: u64) -> Result<BTreeSet<i64>, DbErr> {
    let ids: Vec<EventId> = case_event::Entity::find()
        .select_only()
        .column(case_event::Column::Id)
        .order_by_desc(case_event::Column::Id)
        .limit(limit)
        .into_tuple()
        .all(conn)
        .await?;
    Ok(ids.into_iter().map(|id| id.0).collect())
}

/// Reads what happened to a case and when, in order, without any words.
pub async fn times(
    conn: &impl ConnectionTrait,
    case: CaseId,
) -> Result<Vec<(EventType, Timestamp)>, DbErr> {
    case_event::Entity::find()
        .select_only()
        .columns([case_event::Column::Kind, case_event::Column::ServerTime])
        .filter(case_event::Column::CaseId.eq(case))
        .order_by_asc(case_event::Column::Seq)
        .into_tuple()
        .all(conn)
        .await
}

/// Finds the last event of a kind in a case, with its words unless they were erased.
pub async fn last(
    conn: &impl ConnectionTrait,
    case: CaseId,
    kind: EventType,
) -> Result<Option<(case_event::Model, Option<case_event_payload::Model>)>, DbErr> {
    let event = case_event::Entity::find()
        .filter(case_event::Column::CaseId.eq(case))
        .filter(case_event::Column::Kind.eq(kind))
        .order_by_desc(case_event::Column::Seq)
        .one(conn)
        .await?;
    let Some(event) = event else { return Ok(None) };
    let words = case_event_payload::Entity::find_by_id(event.id).one(conn).await?;
    Ok(Some((event, words)))
}

/// Reads what remains of a case's erased events.
pub async fn remains(
    conn: &impl ConnectionTrait,
    case: CaseId,
) -> Result<HashMap<EventId, String>, DbErr> {
    let text = "SELECT r.* FROM case_event_remains r JOIN case_event e ON e.id = r.event_id
        WHERE e.case_id = $1";
    let rows = case_event_remains::Model::find_by_statement(sql(conn, text, [case.into()]));
    let rows = rows.all(conn).await?.into_iter();
    Ok(rows.map(|row| (row.event_id, row.body)).collect())
}

/// Reads a case's events in order, each with its words unless they were erased.
pub async fn list(
    conn: &impl ConnectionTrait,
    case: CaseId,
) -> Result<Vec<(case_event::Model, Option<case_event_payload::Model>)>, DbErr> {
    let events = case_event::Entity::find()
        .filter(case_event::Column::CaseId.eq(case))
        .order_by_asc(case_event::Column::Seq)
        .all(conn)
        .await?;
    let ids = events.iter().map(|event| event.id);
    let words = case_event_payload::Entity::find()
        .filter(case_event_payload::Column::EventId.is_in(ids))
        .all(conn)
        .await?;
    let mut words: HashMap<EventId, _> = words.into_iter().map(|row| (row.event_id, row)).collect();
    Ok(events
        .into_iter()
        .map(|event| {
            let id = event.id;
            (event, words.remove(&id))
        })
        .collect())
}
