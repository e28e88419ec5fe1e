//! How much of what is personal somebody is shown: by his capacity, and less in a list, which leaves
//! no row in the access log.

use entity::cases;
use entity::kinds::ActorRole;

use crate::app::actor::Actor;
use crate::services::Services;
use crate::vault::{mask_address, mask_numbers, mask_rooms};

/// How much of what is personal is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sight {
    Clear,
    /// A row of a list: masked for everybody, yet the words of the text stay to pick it by.
    Listed,
    /// A row of the list of whoever handles the case: the unit stays, the room does not.
    Handled,
    Masked,
}

impl Sight {
    pub(super) fn of(actor: &Actor, case: &cases::Model) -> Self {
        if actor.sees_masked(case) { Self::Masked } else { Self::Clear }
    }

    /// Shows a value, or what a mask leaves of it.
    pub(super) fn show(self, value: String, mask: fn(&str) -> String) -> String {
        if self == Self::Clear { value } else { mask(&value) }
    }

    pub(super) fn text(self, text: String) -> String {
        let mask = match self {
            Self::Masked => mask_address,
            Self::Handled => mask_rooms,
            Self::Clear | Self::Listed => mask_numbers,
        };
        self.show(text, mask)
    }
}

/// How much is shown of what the resident said, and of the names of staff.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    pub(super) words: Sight,
    pub(super) names: Sight,
}

impl Look {
    pub(super) fn of(actor: &Actor, case: &cases::Model) -> Self {
        let sight = Sight::of(actor, case);
        Self { words: sight, names: sight }
    }

    /// In a list everybody reads his own words, and colleagues of a community each other's names.
    pub(super) fn in_list(s: &Services, actor: &Actor, case: &cases::Model) -> Self {
        let worker = |role: &ActorRole| matches!(role, ActorRole::Primary | ActorRole::Backup);
        let rest = match actor.sees_masked(case) {
            true => Sight::Masked,
            false if actor.roles_for(case).iter().any(worker) => Sight::Handled,
            false => Sight::Listed,
        };
        let own = case.reporter_id == actor.account && case.reported_by_staff.is_none();
        let places = s.places.now();
        let mut communities = actor.grids.iter().map(|(grid, _)| places.community_of(*grid));
        let colleague =
            case.large_grid_id.is_some() && communities.any(|one| one == case.large_grid_id);
        Self {
            words: if own { Sight::Clear } else { rest },
            names: if colleague { Sight::Clear } else { rest },
        }
    }
}
