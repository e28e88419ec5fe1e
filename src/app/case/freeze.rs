//! Freezes who is responsible into the case: the chain and the named people it starts with.

use std::collections::BTreeMap;

use entity::kinds::{ActorRole, NoticeKind, Urgency};

use crate::domain::escalation::{Chains, Person, Snapshot, Who};
use crate::store::duty::OnDuty;

fn place_of(role: &str) -> Option<Who> {
    Some(match role {
        "grid_worker_primary" => Who::Primary,
        "grid_worker_backup" => Who::Backup,
        "cadre" => Who::Cadre,
        "secretary" => Who::Secretary,
        "command" => Who::Command,
        _ => return None,
    })
}

/// Builds the snapshot of an assigned case.
pub fn assigned(
    chains: &Chains,
    urgency: Urgency,
    on_duty: &[OnDuty],
    first: NoticeKind,
) -> Snapshot {
    let chain = chains.of(urgency, false).clone();
    Snapshot { chain, people: people(on_duty, None), first }
}

/// Builds the snapshot of a case in triage, held by the community's cadre, the triage desk or the
/// street command.
pub fn triage(
    chains: &Chains,
    urgency: Urgency,
    on_duty: &[OnDuty],
    held_by: ActorRole,
) -> Snapshot {
    let chain = chains.of(urgency, true).clone();
    Snapshot { chain, people: people(on_duty, Some(held_by)), first: NoticeKind::Triage }
}

/// Lists those on duty by the places of a chain in which they are told.
pub(super) fn people(on_duty: &[OnDuty], held_by: Option<ActorRole>) -> BTreeMap<Who, Vec<Person>> {
    let mut people: BTreeMap<Who, Vec<Person>> = BTreeMap::new();
    for one in on_duty {
        for who in places_of(&one.role, held_by) {
            let person = Person::of(one.holder, one.staff_id, one.reachable());
            people.entry(who).or_default().push(person);
        }
    }
    people
}

/// Lists the places of a chain that a capacity has, in a case that somebody holds in triage or not.
pub(super) fn places_of(role: &str, held_by: Option<ActorRole>) -> impl Iterator<Item = Who> {
    let holds = held_by.is_some_and(|held_by| held_by.word() == role);
    place_of(role).into_iter().chain(holds.then_some(Who::HeldBy))
}

/// Tells whether any of the people who must act first can be reached.
pub fn first_reachable(on_duty: &[OnDuty]) -> bool {
    on_duty
        .iter()
        .any(|one| place_of(&one.role).is_some_and(|w| w != Who::Command) && one.reachable())
}
