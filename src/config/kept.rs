//! How short rows may be kept that are over.

use super::check::finding;
use super::{Config, Finding};

impl Config {
    /// A push that comes again must find the first one, a card its code.
    pub(super) fn impossible_retention(&self) -> Vec<Finding> {
        let kept = &self.retention;
        let days = [
            ("probe_days", kept.probe_days),
            ("robot_line_days", kept.robot_line_days),
            ("push_days", kept.push_days),
            ("card_days", kept.card_days),
            ("export_days", kept.export_days),
        ];
        let short = days.into_iter().filter(|(_, days)| *days < 7);
        let finding = |(key, days): (&str, u32)| {
            finding(
                format!("retention.{key} = {days} is less than 7"),
                format!("set retention.{key} to 30, or remove it"),
            )
        };
        short.map(finding).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Profile;

    #[test]
    fn nothing_is_forgotten_within_a_week() {
        for (days, refused) in [(0, 5), (6, 5), (7, 0), (3_650, 0)] {
            let mut config = Config { profile: Profile::Demo, ..Config::default() };
            let kept = &mut config.retention;
            (kept.probe_days, kept.robot_line_days) = (days, days);
            (kept.push_days, kept.card_days) = (days, days);
            kept.export_days = days;
            let found = config.findings();
            assert_eq!(found.len(), refused, "{days}: {found:?}");
            assert!(found.iter().all(|one| one.cure.contains("retention.")));
        }
    }
}
