//! Notes that processes leave for each other, for a time.

use entity::kinds::{SKEW, Timestamp};
use entity::shared_note::{Column, Entity};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

use super::sql;

/// Reads a note whose time is not over.
pub async fn read(
    conn: &impl ConnectionTrait,
    name: &str,
    now: Timestamp,
) -> Result<Option<String>, DbErr> {
    let found = Entity::find_by_id(name).filter(Column::Until.gt(now)).one(conn).await?;
    Ok(found.map(|row| row.text_sealed))
}

/// Leaves a note until then. Unless `over`, one whose time is not over stays as it is: all of one name
/// last equally long, so that one which ends later than ours was left before the clock was put back,
/// and its time is over. Returns whether ours stands there.
pub async fn leave(
    tx: &impl ConnectionTrait,
    (name, text_sealed): (&str, &str),
    over: bool,
    (now, until): (Timestamp, Timestamp),
) -> Result<bool, DbErr> {
    let free = if over {
        String::new()
    } else {
        let ahead = format!("shared_note.until > $3 + {}", SKEW.as_micros());
        format!("WHERE shared_note.until <= $4 OR {ahead}")
    };
    let text = format!(
        "INSERT INTO shared_note (name, text_sealed, until) SELECT $1, $2, $3 WHERE $4 >= 0
         ON CONFLICT (name) DO UPDATE SET text_sealed = excluded.text_sealed,
            until = excluded.until {free}"
    );
    let values = [name.into(), text_sealed.into(), until.into(), now.into()];
    Ok(tx.execute_raw(sql(tx, &text, values)).await?.rows_affected() == 1)
}

/// Removes a note.
pub async fn remove(tx: &impl ConnectionTrait, name: &str) -> Result<(), DbErr> {
    Entity::delete_by_id(name).exec(tx).await.map(|_gone| ())
}
