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

fn people(on_duty: &[OnDuty], held_by: Option<ActorRole>) -> BTreeMap<Who, Vec<Person>> {
    let mut people: BTreeMap<Who, Vec<Person>> = BTreeMap::new();
    let mut add = |who, one: &OnDuty| {
        let person = Person { staff: one.staff_id, reachable: one.reachable() };
        people.entry(who).or_default().push(person);
    };
    for one in on_duty {
        if let Some(who) = place_of(&one.role) {
            add(who, one);
        }
        if held_by.is_some_and(|held_by| held_by.word() == one.role) {
            add(Who::HeldBy, one);
        }
    }
    people
}

/// Tells whether any of the people who must act first can be reached.
pub fn first_reachable(on_duty: &[OnDuty]) -> bool {
    on_duty
        .iter()
        .any(|one| place_of(&one.role).is_some_and(|w| w != Who::Command) && one.reachable())
}
