//! Places as an alias names them, between words of the API, rows and the index.

use entity::kinds::AliasKind;

use crate::domain::gazetteer::AliasTarget;
use crate::error::{Error, Fault, Result};
use crate::services::Services;

/// Puts a kind and an id together.
pub fn target(kind: AliasKind, id: String) -> AliasTarget {
    match kind {
        AliasKind::Compound => AliasTarget::Compound(id),
        AliasKind::Building => AliasTarget::Building(id),
        AliasKind::Poi => AliasTarget::Poi(id),
        AliasKind::Shop => AliasTarget::Shop(id),
        AliasKind::Village => AliasTarget::Village(id),
        AliasKind::Road => AliasTarget::Road(id),
    }
}

/// Takes a target apart.
pub fn parts(target: AliasTarget) -> (AliasKind, String) {
    match target {
        AliasTarget::Compound(id) => (AliasKind::Compound, id),
        AliasTarget::Building(id) => (AliasKind::Building, id),
        AliasTarget::Poi(id) => (AliasKind::Poi, id),
        AliasTarget::Shop(id) => (AliasKind::Shop, id),
        AliasTarget::Village(id) => (AliasKind::Village, id),
        AliasTarget::Road(id) => (AliasKind::Road, id),
    }
}

/// Fails, naming the field, when the gazetteer has no such place.
pub fn known(s: &Services, place: &AliasTarget, field: &str) -> Result<()> {
    if s.places.now().index.knows(place) {
        return Ok(());
    }
    let fault = Fault::new(field, "unknown", "没有这个地点，请核对编号");
    Err(Error::fields(vec![fault]))
}
