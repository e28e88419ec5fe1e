//! Numbers with which the program would start, do nothing, and say nothing.

use super::check::finding;
use super::{Config, Finding};

impl Config {
    /// A call that may outlast its job is cut off: nobody would know what became of it.
    pub(super) fn impossible_numbers(&self) -> Vec<Finding> {
        let engine = &self.engine;
        let timeouts = [
            ("wechat.timeout_ms", self.wechat.timeout_ms, true),
            ("wecom.timeout_ms", self.wecom.timeout_ms, self.speaks_to_wecom()),
            ("sms.timeout_ms", self.sms.timeout_ms, !self.sms.secret_id.is_empty()),
        ];
        let counts = [
            ("engine.lease_s", engine.lease_s),
            ("engine.job_limit_s", engine.job_limit_s),
            ("engine.poll_ms", engine.poll_ms),
            ("engine.max_attempt", u64::try_from(engine.max_attempt).unwrap_or(0)),
            ("engine.oldest_due_s", engine.oldest_due_s),
            ("database.pool", u64::from(self.database.pool)),
        ];
        let counts = counts.into_iter().chain(timeouts.map(|(key, wait, _)| (key, wait)));
        let none = counts.filter(|(_, count)| *count == 0).map(|(key, _)| {
            finding(
                format!("{key} is not above 0"),
                format!("remove {key}: docs/OPERATIONS.md shows what it is by default"),
            )
        });
        let limit = engine.job_limit_s.saturating_mul(1_000);
        let long =
            timeouts.into_iter().filter(|(_, wait, used)| *used && *wait > limit && limit > 0);
        let long = long.map(|(key, wait, _)| {
            finding(
                format!("{key} = {wait} is more than engine.job_limit_s = {}", engine.job_limit_s),
                format!("lower {key}, or raise engine.job_limit_s: a call must end before its job"),
            )
        });
        none.chain(long).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Profile;

    type Change = fn(&mut Config);

    fn findings(change: Change) -> Vec<Finding> {
        let mut config = Config { profile: Profile::Demo, ..Config::default() };
        change(&mut config);
        config.findings()
    }

    #[test]
    fn a_number_that_would_stop_everything_unsaid_is_refused_with_a_cure() {
        let zeros: [(&str, Change); 10] = [
            ("engine.lease_s", |config| config.engine.lease_s = 0),
            ("engine.job_limit_s", |config| config.engine.job_limit_s = 0),
            ("engine.poll_ms", |config| config.engine.poll_ms = 0),
            ("engine.max_attempt", |config| config.engine.max_attempt = 0),
            ("engine.max_attempt", |config| config.engine.max_attempt = -1),
            ("engine.oldest_due_s", |config| config.engine.oldest_due_s = 0),
            ("database.pool", |config| config.database.pool = 0),
            ("wechat.timeout_ms", |config| config.wechat.timeout_ms = 0),
            ("wecom.timeout_ms", |config| config.wecom.timeout_ms = 0),
            ("sms.timeout_ms", |config| config.sms.timeout_ms = 0),
        ];
        for (key, change) in zeros {
            let found = findings(change);
            let named = |one: &&Finding| one.what == format!("{key} is not above 0");
            let named: Vec<_> = found.iter().filter(named).collect();
            assert!(named.len() == 1 && named[0].cure.contains(key), "{key}: {found:?}");
        }
    }

    #[test]
    fn a_call_ends_before_its_job_wherever_calls_are_made() {
        let waits: [(usize, Change); 6] = [
            (0, |config| config.wechat.timeout_ms = 25_000),
            (1, |config| config.wechat.timeout_ms = 25_001),
            (0, |config| config.wecom.timeout_ms = 25_001),
            (0, |config| config.sms.timeout_ms = 25_001),
            (1, |config| {
                config.wecom.timeout_ms = 25_001;
                config.wecom.robot.street = vec!["key".into()];
            }),
            (1, |config| {
                let sms = &mut config.sms;
                (sms.timeout_ms, sms.secret_id, sms.secret_key) =
                    (25_001, "id".into(), "key".into());
                (sms.app_id, sms.sign) = ("app".into(), "sign".into());
                sms.template_staff = "template".into();
            }),
        ];
        for (at, (refused, change)) in waits.into_iter().enumerate() {
            let found = findings(change);
            assert_eq!(found.len(), refused, "{at}: {found:?}");
            assert!(found.iter().all(|one| one.cure.contains("engine.job_limit_s")));
        }
    }
}
