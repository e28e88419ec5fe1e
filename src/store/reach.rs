//! Whom a message would reach, in SQL: the same condition for the chain, the duty list and the doctor.

use entity::kinds::{StaffId, Timestamp};
use sea_orm::{ConnectionTrait, DbErr, Statement, Value};

/// The ways that are open now, for everybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carriers {
    pub sms: bool,
    pub wecom: bool,
    /// The official account, as far as the platform still has our template.
    pub oa: bool,
    /// The template of subscribe messages; `None` while the platform does not have it.
    pub mini: Option<String>,
    /// Employee messages are sent, also to those who were refused one at this instant or before.
    pub employee: Option<Timestamp>,
}

/// How many values [`Carriers::values`] has.
pub const VALUES: usize = 5;

impl Carriers {
    /// Returns what the condition of [`leads`] is told, in its order.
    pub fn values(self) -> [Value; VALUES] {
        let Self { sms, wecom, oa, mini, employee } = self;
        [sms.into(), wecom.into(), oa.into(), mini.into(), employee.into()]
    }
}

/// The condition that WeCom leads to the member of staff `s`.
pub const IN_WECOM: &str = "(s.wecom_userid IS NOT NULL AND s.wecom_end IS NULL)";
/// The condition that the member of staff `s` has a mobile that is not known to be dead; whom the
/// address book removed has left.
pub const HAS_MOBILE: &str = "(s.phone_dead_at IS NULL AND COALESCE(s.wecom_end, '') <> 'deleted'
    AND (s.phone_sealed IS NOT NULL OR EXISTS (
        SELECT 1 FROM account a WHERE a.id = s.account_id AND a.phone_sealed IS NOT NULL)))";

/// Writes the condition that some channel would carry a message to the member of staff `s` now,
/// whose first value has the number `first`. A subscribe message needs a consent; whoever left is
/// reached by nothing.
pub fn leads(first: usize) -> String {
    let at = |n: usize| format!("${}", first.saturating_add(n));
    let (sms, wecom, oa, mini, employee) = (at(0), at(1), at(2), at(3), at(4));
    format!(
        "(s.ended_at IS NULL AND (EXISTS (SELECT 1 FROM wechat_identity w
             WHERE w.account_id = s.account_id AND w.dead_at IS NULL AND ((w.app = 'oa' AND {oa})
                OR (w.app = 'mini' AND (CAST({employee} AS BIGINT) >= COALESCE(s.employee_dead_at, 0)
                    OR EXISTS (SELECT 1 FROM consent n WHERE n.account_id = s.account_id
                        AND n.template = {mini} AND n.credits > 0)))))
          OR ({sms} AND {HAS_MOBILE}) OR ({wecom} AND {IN_WECOM})))"
    )
}

/// Lists those of the staff whom some channel reaches now.
pub async fn reachable(
    conn: &impl ConnectionTrait,
    ids: &[StaffId],
    carriers: Carriers,
) -> Result<Vec<StaffId>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (1..=ids.len()).map(|at| format!("${}", VALUES + at)).collect();
    let text =
        format!("SELECT s.id FROM staff s WHERE s.id IN ({}) AND {}", places.join(", "), leads(1));
    let mut values = carriers.values().to_vec();
    values.extend(ids.iter().map(|id| Value::from(*id)));
    let backend = conn.get_database_backend();
    let rows = conn.query_all_raw(Statement::from_sql_and_values(backend, text, values)).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}
