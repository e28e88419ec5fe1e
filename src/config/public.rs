//! What may not be shown to everybody.

use entity::kinds::Category;

use super::check::finding;
use super::{Config, Finding};

impl Config {
    /// A complaint about a person is not even told to that person; an unknown word shows nothing.
    pub(super) fn impossible_open311(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        for word in &self.open311.services {
            let shown = Category::from_word(word).filter(|one| *one != Category::StaffConduct);
            if shown.is_none() {
                found.push(finding(
                    format!("open311.services has {word:?}, which cannot be shown to everybody"),
                    "name categories of cases other than staff_conduct, such as utilities",
                ));
            }
        }
        if self.open311.enabled && self.open311.services.is_empty() {
            found.push(finding(
                "open311.enabled = true and open311.services is empty",
                "name the categories that everybody may see, or set open311.enabled = false",
            ));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Profile;

    #[test]
    fn only_known_categories_that_accuse_nobody_are_shown_to_everybody() {
        for (enabled, services, refused) in [
            (true, vec!["utilities", "sanitation"], 0),
            (true, vec!["staff_conduct"], 1),
            (false, vec!["staff_conduct"], 1),
            (true, vec!["potholes", "utilities"], 1),
            (true, vec![], 1),
            (false, vec![], 0),
        ] {
            let mut config = Config { profile: Profile::Demo, ..Config::default() };
            config.open311.enabled = enabled;
            config.open311.services = services.iter().map(|word| (*word).to_owned()).collect();
            let found = config.findings();
            assert_eq!(found.len(), refused, "{services:?}: {found:?}");
            assert!(found.iter().all(|one| one.what.contains("open311")));
        }
    }
}
