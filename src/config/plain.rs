//! Pushes in plain text, which a production installation does not hear.

use super::check::finding;
use super::{Config, Finding};

impl Config {
    /// The signature of a plain push does not cover its body: whoever saw one could send any other.
    pub(super) fn plain_pushes(&self) -> Vec<Finding> {
        let accounts = [("mini", &self.wechat.mini), ("oa", &self.wechat.oa)];
        let plain =
            accounts.into_iter().filter(|(_, app)| !app.token.is_empty() && app.aes_key.is_empty());
        let finding = |name: &str| {
            finding(
                format!(
                    "wechat.{name}.token is set without wechat.{name}.aes_key: pushes in plain text prove nothing"
                ),
                format!(
                    "choose the encrypted mode (安全模式) at the platform and set wechat.{name}.aes_key, or remove the token"
                ),
            )
        };
        plain.map(|(name, _)| finding(name)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Profile;

    #[test]
    fn production_hears_no_pushes_in_plain_text() {
        for parts in 0..4_u8 {
            let part = |bit: u8| if parts & bit == 0 { "" } else { "set" };
            for (named, profile) in [
                ("wechat.mini", Profile::Production),
                ("wechat.oa", Profile::Production),
                ("", Profile::Demo),
            ] {
                let mut config = Config { profile, ..Config::default() };
                let wechat = &mut config.wechat;
                let app = if named.ends_with("oa") { &mut wechat.oa } else { &mut wechat.mini };
                (app.token, app.aes_key) = (part(1).into(), part(2).into());
                let plain = |one: &Finding| one.what.contains("plain text");
                let found: Vec<_> = config.findings().into_iter().filter(plain).collect();
                let refused = parts == 1 && profile == Profile::Production;
                assert_eq!(found.len(), usize::from(refused), "{named} {parts:02b}: {found:?}");
                assert!(
                    found
                        .iter()
                        .all(|one| one.what.starts_with(named) && one.cure.contains("安全模式"))
                );
            }
        }
    }
}
