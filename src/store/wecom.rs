//! Members of WeCom among the staff, and the cards on their phones that can still be changed.

use entity::kinds::{
    AccountId, CaseId, CaseState, GridId, NoticeId, StaffId, StreetRole, Timestamp,
};
use entity::wecom_card::{ActiveModel, Column, Entity, Model};
use entity::{cases, responsibility, staff, staff_role, wecom_card};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

/// WeCom named him among those whom a message did not reach, or he left the application's range, or he is
/// back in the address book after he was removed and nothing says yet that he uses WeCom.
pub const UNREACHABLE: &str = "unreachable";
/// He was switched off in the address book, or left the corporation himself.
pub const DISABLED: &str = "disabled";
/// He was removed from the address book.
pub const DELETED: &str = "deleted";

/// How many numbers of cases a sentence names at most.
const NAMED: u64 = 20;

/// Finds the member of staff in office whom WeCom knows by this name (in lower case).
pub async fn member(
    conn: &impl ConnectionTrait,
    userid: &str,
) -> Result<Option<staff::Model>, DbErr> {
    staff::Entity::find()
        .filter(staff::Column::WecomUserid.eq(userid))
        .filter(staff::Column::EndedAt.is_null())
        .one(conn)
        .await
}

/// When the address book said something, by WeCom's clock, and in which push: the later one of two of
/// the same second is the one that we got later.
#[derive(Clone, Copy, Debug)]
pub struct Told {
    pub at: Timestamp,
    pub push: i64,
}

/// Notes why the address book does not lead to a member any more, or that it does again, which brings
/// nobody back who left the application's range later. `false`: it said something later, or he is nobody
/// of the staff in office.
pub async fn set_end(
    tx: &impl ConnectionTrait,
    userid: &str,
    why: Option<&str>,
    told: Told,
) -> Result<bool, DbErr> {
    let none = Expr::value(Option::<String>::None);
    let end = match why {
        Some(why) => Expr::value(why),
        None => Expr::case(is_last(LEFT, told), none).finally(UNREACHABLE).into(),
    };
    let changed = staff::Entity::update_many()
        .col_expr(staff::Column::WecomEnd, end)
        .col_expr(staff::Column::WecomToldAt, Expr::value(told.at))
        .col_expr(staff::Column::WecomToldBy, Expr::value(told.push))
        .filter(is_last_word(userid, told))
        .exec(tx)
        .await?;
    Ok(changed.rows_affected > 0)
}

/// When the address book last said something of a member, and in which push.
const TOLD: (staff::Column, staff::Column) =
    (staff::Column::WecomToldAt, staff::Column::WecomToldBy);
/// The same of his last leaving the application's range.
const LEFT: (staff::Column, staff::Column) =
    (staff::Column::WecomLeftAt, staff::Column::WecomLeftBy);

/// Nothing of this kind was said later.
fn is_last((at, by): (staff::Column, staff::Column), told: Told) -> Expr {
    let same = at.eq(told.at).and(by.lte(told.push));
    at.is_null().or(at.lt(told.at)).or(same)
}

/// The member of the staff in office of whom the address book said nothing later.
fn is_last_word(userid: &str, told: Told) -> Condition {
    Condition::all()
        .add(staff::Column::WecomUserid.eq(userid))
        .add(staff::Column::EndedAt.is_null())
        .add(is_last(TOLD, told))
}

/// Notes whether a member is in the application's range, unless something later was said of him. Only
/// the address book brings back whom it removed. Leaving the range is remembered apart from what the
/// address book said: whoever is removed leaves it as well, and a removal must count whichever of the
/// two comes first.
pub async fn set_range(
    tx: &impl ConnectionTrait,
    userid: &str,
    inside: bool,
    told: Told,
) -> Result<(), DbErr> {
    use staff::Column::{WecomEnd, WecomLeftAt, WecomLeftBy, WecomToldAt, WecomToldBy};
    let last = is_last_word(userid, told).add(is_last(LEFT, told));
    let update = staff::Entity::update_many().filter(last);
    let update = if inside {
        update
            .col_expr(WecomEnd, Expr::value(Option::<String>::None))
            .col_expr(WecomToldAt, Expr::value(told.at))
            .col_expr(WecomToldBy, Expr::value(told.push))
            .filter(WecomEnd.is_null().or(WecomEnd.ne(DELETED)))
    } else {
        update
            .col_expr(WecomLeftAt, Expr::value(told.at))
            .col_expr(WecomLeftBy, Expr::value(told.push))
            .col_expr(WecomEnd, WecomEnd.if_null(UNREACHABLE))
    };
    update.exec(tx).await.map(|_done| ())
}

/// Notes that a message did not reach a member; what the address book said of him says more.
pub async fn set_unreachable(tx: &impl ConnectionTrait, userid: &str) -> Result<(), DbErr> {
    staff::Entity::update_many()
        .col_expr(staff::Column::WecomEnd, Expr::value(UNREACHABLE))
        .filter(staff::Column::WecomUserid.eq(userid))
        .filter(staff::Column::EndedAt.is_null())
        .filter(staff::Column::WecomEnd.is_null())
        .exec(tx)
        .await
        .map(|_done| ())
}

/// Forgets that a message did not reach a member of staff; what the address book said of him stays.
pub async fn try_again(tx: &impl ConnectionTrait, id: StaffId) -> Result<(), DbErr> {
    staff::Entity::update_many()
        .col_expr(staff::Column::WecomEnd, Expr::value(Option::<String>::None))
        .filter(staff::Column::Id.eq(id))
        .filter(staff::Column::WecomEnd.eq(UNREACHABLE))
        .exec(tx)
        .await
        .map(|_done| ())
}

/// Notes that the address book has a member, and does not say whether he uses WeCom: whoever was removed
/// is reached again when he comes into the application's range. `false`: it said something later, or he
/// is nobody of the staff in office.
pub async fn set_entered(
    tx: &impl ConnectionTrait,
    userid: &str,
    told: Told,
) -> Result<bool, DbErr> {
    let heard = staff::Entity::update_many()
        .col_expr(staff::Column::WecomToldAt, Expr::value(told.at))
        .col_expr(staff::Column::WecomToldBy, Expr::value(told.push))
        .filter(is_last_word(userid, told))
        .exec(tx)
        .await?;
    if heard.rows_affected == 0 {
        return Ok(false);
    }
    staff::Entity::update_many()
        .col_expr(staff::Column::WecomEnd, Expr::value(UNREACHABLE))
        .filter(staff::Column::WecomUserid.eq(userid))
        .filter(staff::Column::EndedAt.is_null())
        .filter(staff::Column::WecomEnd.eq(DELETED))
        .exec(tx)
        .await?;
    Ok(true)
}

/// Lists the grids that a member of staff answers for.
pub async fn duties(
    conn: &impl ConnectionTrait,
    id: StaffId,
    now: Timestamp,
) -> Result<Vec<GridId>, DbErr> {
    use responsibility::Column;
    responsibility::Entity::find()
        .select_only()
        .column(Column::GridId)
        .distinct()
        .filter(Column::StaffId.eq(id))
        .filter(Column::ValidFrom.lte(now))
        .filter(Column::ValidTo.is_null().or(Column::ValidTo.gt(now)))
        .order_by_asc(Column::GridId)
        .into_tuple()
        .all(conn)
        .await
}

/// Lists the numbers of the open cases that a member of staff took.
pub async fn open_cases(conn: &impl ConnectionTrait, id: StaffId) -> Result<Vec<String>, DbErr> {
    use cases::Column;
    let taken = [CaseState::Acknowledged, CaseState::InProgress, CaseState::OnHold];
    cases::Entity::find()
        .select_only()
        .column(Column::Number)
        .filter(Column::AcknowledgedBy.eq(id))
        .filter(Column::State.is_in(taken))
        .order_by_asc(Column::Id)
        .limit(NAMED)
        .into_tuple()
        .all(conn)
        .await
}

/// Lists the street's command.
pub async fn command(conn: &impl ConnectionTrait, now: Timestamp) -> Result<Vec<StaffId>, DbErr> {
    use staff_role::Column;
    staff_role::Entity::find()
        .select_only()
        .column(Column::StaffId)
        .distinct()
        .filter(Column::Role.eq(StreetRole::Command))
        .filter(Column::ValidFrom.lte(now))
        .filter(Column::ValidTo.is_null().or(Column::ValidTo.gt(now)))
        .order_by_asc(Column::StaffId)
        .into_tuple()
        .all(conn)
        .await
}

/// Takes names from everybody but the one who has them now: (name, number of the staff list). A
/// name is one person's, and two people may have exchanged theirs.
pub async fn give_up_names(
    tx: &impl ConnectionTrait,
    owners: &[(&str, &str)],
) -> Result<(), DbErr> {
    let names = owners.iter().map(|(userid, _)| *userid);
    let held =
        staff::Entity::find().filter(staff::Column::WecomUserid.is_in(names)).all(tx).await?;
    let mut lost = Vec::new();
    for person in held {
        let name = person.wecom_userid.unwrap_or_default();
        if !owners.contains(&(name.as_str(), person.staff_no.as_str())) {
            lost.push(person.id);
        }
    }
    staff::Entity::update_many()
        .col_expr(staff::Column::WecomUserid, Expr::value(Option::<String>::None))
        .filter(staff::Column::Id.is_in(lost))
        .exec(tx)
        .await?;
    Ok(())
}

/// Follows a member to his new name at WeCom.
pub async fn rename(tx: &impl ConnectionTrait, from: &str, to: &str) -> Result<u64, DbErr> {
    let changed = staff::Entity::update_many()
        .col_expr(staff::Column::WecomUserid, Expr::value(to))
        .filter(staff::Column::WecomUserid.eq(from))
        .filter(staff::Column::EndedAt.is_null())
        .exec(tx)
        .await?;
    Ok(changed.rows_affected)
}

/// Remembers in whose name a member presses buttons, unless that is known; returns the account that
/// counts.
pub async fn set_account(
    tx: &impl ConnectionTrait,
    id: StaffId,
    account: AccountId,
) -> Result<Option<AccountId>, DbErr> {
    staff::Entity::update_many()
        .col_expr(staff::Column::WecomAccountId, Expr::value(account))
        .filter(staff::Column::Id.eq(id))
        .filter(staff::Column::WecomAccountId.is_null())
        .exec(tx)
        .await?;
    let row = staff::Entity::find_by_id(id).one(tx).await?;
    Ok(row.and_then(|row| row.account_id.or(row.wecom_account_id)))
}

/// A card that can be changed by its code.
#[derive(Clone, Debug)]
pub struct NewCard<'a> {
    pub notice: NoticeId,
    pub case: CaseId,
    pub userid: &'a str,
    pub code: &'a str,
}

/// Keeps a card's code, in the place of an older one; a code that is known changes nothing.
pub async fn keep_card(
    tx: &impl ConnectionTrait,
    card: &NewCard<'_>,
    now: Timestamp,
) -> Result<Option<Model>, DbErr> {
    let row = ActiveModel {
        id: NotSet,
        notice_id: Set(card.notice),
        case_id: Set(card.case),
        userid: Set(card.userid.to_owned()),
        response_code: Set(card.code.to_owned()),
        used_at: Set(None),
        created_at: Set(now),
    };
    let once = OnConflict::columns([Column::NoticeId, Column::Userid]).do_nothing().to_owned();
    Entity::insert_many([row]).on_conflict(once).exec_without_returning(tx).await?;
    let of_card =
        Condition::all().add(Column::NoticeId.eq(card.notice)).add(Column::Userid.eq(card.userid));
    Entity::update_many()
        .col_expr(Column::ResponseCode, Expr::value(card.code))
        .col_expr(Column::UsedAt, Expr::value(Option::<Timestamp>::None))
        .filter(of_card.clone())
        .filter(Column::ResponseCode.ne(card.code))
        .exec(tx)
        .await?;
    Entity::find().filter(of_card).one(tx).await
}

/// Lists the cards of a case whose buttons are still there.
pub async fn open_cards(conn: &impl ConnectionTrait, case: CaseId) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::CaseId.eq(case))
        .filter(Column::UsedAt.is_null())
        .order_by_asc(Column::Id)
        .all(conn)
        .await
}

/// Finds a card.
pub async fn find_card(conn: &impl ConnectionTrait, id: i64) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).one(conn).await
}

/// Notes that the code of a card is used up, unless it has another one by now.
pub async fn set_used(
    tx: &impl ConnectionTrait,
    card: &wecom_card::Model,
    now: Timestamp,
) -> Result<bool, DbErr> {
    let changed = Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(now))
        .filter(Column::Id.eq(card.id))
        .filter(Column::ResponseCode.eq(card.response_code.as_str()))
        .exec(tx)
        .await?;
    Ok(changed.rows_affected == 1)
}
