//! Who may decide what is asked for a case: whoever is on duty for it and not measured by it.

use entity::kinds::{ActorRole, StaffId};

use super::chain;
use super::change::Change;
use crate::app::actor::Actor;
use crate::error::Result;
use crate::store::duty::OnDuty;
use crate::store::writer::Tx;

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
        let primary = ActorRole::Primary.word();
        let workers = on_duty.iter().filter(|one| one.role == primary).map(|one| one.staff_id);
        let taken = change.case.acknowledged_by;
        let measured = workers.chain(taken).chain(asker.staff).collect();
        Ok(Self { on_duty, measured })
    }

    /// Lists those who decide in this role.
    pub fn of(&self, role: ActorRole) -> Vec<StaffId> {
        let others = self.in_role(role).filter(|staff| !self.measured.contains(staff));
        others.collect()
    }

    /// Tells whether somebody has this role and nobody decides in it.
    pub fn all_measured(&self, role: ActorRole) -> bool {
        self.in_role(role).next().is_some() && self.of(role).is_empty()
    }

    fn in_role(&self, role: ActorRole) -> impl Iterator<Item = StaffId> {
        let of_role = self.on_duty.iter().filter(move |one| one.role == role.word());
        of_role.map(|one| one.staff_id)
    }
}
