//! What a version of the targets promises: the same to all cases of a kind, so that one that was
//! altered where it is kept shows in the entries themselves.

use std::collections::BTreeMap;

use super::facts::Promised;
use crate::domain::calendar::Hours;
use crate::domain::case::targets::{Source, Target};

/// Version, category, urgency, and whether the resident came himself.
type Kind = (u32, &'static str, &'static str, bool);

/// What was promised to the first case of each kind.
#[derive(Debug, Default)]
pub struct Promises(BTreeMap<Kind, (Target, Hours)>);

impl Promises {
    /// Notes what was promised to a case; tells whether another one got something else by the same
    /// version. What is delivered, version 0, may be another in the next program.
    pub fn breaks(&mut self, promised: &Promised) -> bool {
        let Promised { category, urgency, source, frozen } = promised;
        if frozen.version == 0 {
            return false;
        }
        let own = *source == Source::Resident;
        let kind = (frozen.version, category.word(), urgency.word(), own);
        if let Some((target, hours)) = self.0.get(&kind) {
            return *target != frozen.target || *hours != frozen.hours;
        }
        self.0.insert(kind, (frozen.target, frozen.hours.clone()));
        false
    }
}

#[cfg(test)]
mod tests {
    use entity::kinds::{Category, Urgency};

    use super::*;
    use crate::domain::calendar::Calendar;
    use crate::domain::case::clock::Frozen;
    use crate::domain::case::targets::Targets;

    fn promised(version: u32, category: Category, change: impl Fn(&mut Frozen)) -> Promised {
        let targets = Targets { version, ..Targets::default() };
        let (urgency, source) = (Urgency::Normal, Source::Resident);
        let mut frozen = Frozen::of(&targets, (category, urgency, source), &Calendar::builtin());
        change(&mut frozen);
        Promised { category, urgency, source, frozen }
    }

    #[test]
    fn a_version_that_promises_less_than_before_to_cases_of_one_kind_is_noticed() {
        let easier = |frozen: &mut Frozen| frozen.target.contact = frozen.target.resolve;
        let mut promises = Promises::default();
        assert!(!promises.breaks(&promised(1, Category::Utilities, |_| ())));
        assert!(!promises.breaks(&promised(1, Category::Utilities, |_| ())));
        assert!(promises.breaks(&promised(1, Category::Utilities, easier)));
        // Another version, another kind, and what another program delivers.
        assert!(!promises.breaks(&promised(2, Category::Utilities, easier)));
        assert!(!promises.breaks(&promised(1, Category::Housing, easier)));
        assert!(!promises.breaks(&promised(0, Category::Utilities, |_| ())));
        assert!(!promises.breaks(&promised(0, Category::Utilities, easier)));
        let other_hours = promised(1, Category::Utilities, |frozen| {
            frozen.hours = Targets::default().duty;
        });
        assert!(promises.breaks(&other_hours));
    }
}
