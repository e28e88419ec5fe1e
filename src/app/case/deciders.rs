//! Who may decide what is asked for a case: whoever is on duty for it and not measured by it.

use std::collections::BTreeSet;
use std::time::Duration;

use entity::kinds::{ActorRole, GridId, NoticeKind, StaffId};

use super::chain;
use super::change::Change;
use crate::app::actor::Actor;
use crate::domain::roster::Span;
use crate::error::Result;
use crate::store;
use crate::store::duty::OnDuty;
use crate::store::writer::Tx;

/// An instant, as a window.
const INSTANT: Duration = Duration::from_micros(1);

/// The people on duty for a case, and those of them who ask or are measured by it.
#[derive(Debug)]
pub struct Deciders {
    on_duty: Vec<OnDuty>,
    measured: Vec<StaffId>,
}

impl Deciders {
    /// Reads them for what this person asks for. Fails when the database does.
    pub async fn load(change: &Change, tx: &Tx, asker: &Actor) -> Result<Self> {
        let on_duty = chain::on_duty_now(change, tx, &change.case).await?;
        let workers = in_role(&on_duty, ActorRole::Primary);
        let taken = change.case.acknowledged_by;
        let measured = workers.chain(taken).chain(asker.staff).collect();
        Ok(Self { on_duty, measured })
    }

    /// Tells those who decide in this role what is asked. Where none of them is on duty, those are told
    /// who are when the message leaves; where there are none either, whoever has the office reads of it
    /// in his inbox, whatever his shift. Fails when the database does.
    pub async fn tell(
        &self,
        change: &mut Change,
        tx: &Tx,
        (role, note): (ActorRole, &str),
    ) -> Result<()> {
        let mut people = self.of(&self.on_duty, role);
        if people.is_empty() {
            let later = chain::on_duty(change, tx, change.case.small_grid_id).await?;
            people = self.of(&later, role);
        }
        if people.is_empty() {
            let office = Box::pin(self.in_office(change, tx, role)).await?;
            change.note_staff(&office, NoticeKind::Reminder, note);
        }
        change.tell_staff(&people, NoticeKind::Reminder, note);
        Ok(())
    }

    /// Tells whether somebody has this role and nobody decides in it.
    pub fn all_measured(&self, role: ActorRole) -> bool {
        in_role(&self.on_duty, role).next().is_some() && self.of(&self.on_duty, role).is_empty()
    }

    /// Lists those of them who decide in this role.
    fn of(&self, on_duty: &[OnDuty], role: ActorRole) -> Vec<StaffId> {
        in_role(on_duty, role).filter(|staff| !self.measured.contains(staff)).collect()
    }

    /// Lists those who would decide in this role if they were on duty, and who stands in for them.
    async fn in_office(&self, change: &Change, tx: &Tx, role: ActorRole) -> Result<Vec<StaffId>> {
        let (case, now) = (&change.case, change.now);
        let duties = store::roster::duties(tx, Span { from: now, to: now + INSTANT }).await?;
        let of = |grid: Option<GridId>, role: ActorRole| {
            let held = duties
                .iter()
                .filter(move |duty| Some(duty.grid) == grid && duty.role.word() == role.word());
            held.map(|duty| duty.staff)
        };
        let holders: Vec<StaffId> = of(case.large_grid_id, role).collect();
        let away = store::roster::away(tx, &holders, now).await?;
        let substitutes = away.into_values().flatten();
        let mut people: BTreeSet<StaffId> = holders.into_iter().chain(substitutes).collect();
        let workers = of(case.small_grid_id, ActorRole::Primary);
        for measured in workers.chain(self.measured.iter().copied()) {
            people.remove(&measured);
        }
        Ok(people.into_iter().collect())
    }
}

fn in_role(on_duty: &[OnDuty], role: ActorRole) -> impl Iterator<Item = StaffId> {
    let of_role = on_duty.iter().filter(move |one| one.role == role.word());
    of_role.map(|one| one.staff_id)
}
