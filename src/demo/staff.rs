//! Invents the people of any imported street: bound to WeChat, reachable, deterministic.
//!
//! Every small grid gets a primary and a backup, every community a cadre and a secretary, the
//! street its desks. The openids are those the sandbox knows; no phone number can exist (an area
//! code's numbers never begin with 0).

use entity::kinds::{DutyRole, StreetRole};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::chance::{self, pick, words};

/// A place that needs people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A small grid by its external id.
    Small(String),
    /// A community by its code.
    Large(String),
}

/// One invented person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub staff_no: String,
    pub name: String,
    pub office_phone: String,
    /// External id of the grid and the role in it.
    pub duties: Vec<(String, DutyRole)>,
    pub street_roles: Vec<StreetRole>,
    pub openid_mini: String,
    pub openid_oa: String,
}

/// Invents everybody for these places, in their order; the same seed gives the same people.
pub fn invent(seed: u64, places: &[Place]) -> Vec<Person> {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut people: Vec<Person> = Vec::new();
    for place in places {
        let (roles, id) = match place {
            Place::Small(id) => ([("gw", DutyRole::Primary), ("gb", DutyRole::Backup)], id),
            Place::Large(id) => {
                ([("cadre", DutyRole::Cadre), ("secretary", DutyRole::Secretary)], id)
            }
        };
        for (short, role) in roles {
            let mut person = person(&format!("{short}-{id}"), people.len(), &mut rng);
            person.duties.push((id.clone(), role));
            people.push(person);
        }
    }
    for role in
        [StreetRole::TriageDesk, StreetRole::Command, StreetRole::Auditor, StreetRole::Verifier]
    {
        let mut person = person(&role.word().replace('_', "-"), people.len(), &mut rng);
        person.street_roles.push(role);
        people.push(person);
    }
    people
}

/// Lists the places of a gazetteer: communities with their small grids.
pub fn places(gazetteer: &crate::domain::gazetteer::Gazetteer) -> Vec<Place> {
    let large = gazetteer.communities.iter().map(|c| Place::Large(c.code.clone()));
    large.chain(gazetteer.grids.iter().map(|g| Place::Small(g.external_id.clone()))).collect()
}

fn person(slug: &str, count: usize, rng: &mut impl Rng) -> Person {
    let name =
        format!("{}{}", pick(rng, &words(chance::SURNAMES)), pick(rng, &words(chance::GIVEN)));
    Person {
        staff_no: format!("D-{slug}"),
        name,
        office_phone: format!("0530-000{:04}", count + 1),
        duties: Vec::new(),
        street_roles: Vec::new(),
        openid_mini: format!("demo-{slug}"),
        openid_oa: format!("demo-oa-{slug}"),
    }
}
