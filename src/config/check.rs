//! What must not run together, each with its cure.

use super::{Config, Finding, Profile};
use crate::auth::refresh::FAMILY_DAYS;
use crate::domain::notice::quiet::Quiet;
use crate::domain::notice::throttle::Throttle;

const REAL_WECHAT: &str = "https://api.weixin.qq.com";
const REAL_WECOM: &str = "https://qyapi.weixin.qq.com";
const REAL_SMS: &str = ".tencentcloudapi.com";

pub(super) fn finding(what: impl Into<String>, cure: impl Into<String>) -> Finding {
    Finding { what: what.into(), cure: cure.into() }
}

impl Config {
    /// Lists every unsafe or impossible combination; empty when the program may start.
    pub fn findings(&self) -> Vec<Finding> {
        let mut found = self.impossible();
        found.extend(self.impossible_numbers());
        found.extend(self.impossible_sign_in());
        found.extend(self.impossible_wecom());
        found.extend(self.impossible_wecom_agent());
        found.extend(self.impossible_sms());
        found.extend(self.impossible_media_check());
        found.extend(self.impossible_codes());
        found.extend(self.impossible_costs());
        found.extend(self.impossible_street());
        found.extend(self.impossible_open311());
        found.extend(self.impossible_retention());
        #[cfg(debug_assertions)]
        found.extend(self.impossible_faults());
        found.extend(self.impossible_notices());
        found.extend(self.unknown_long_term());
        if self.profile == Profile::Production {
            found.extend(self.unsafe_in_production());
        }
        found
    }

    fn impossible(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        if self.engine.job_limit_s * 2 > self.engine.lease_s {
            found.push(finding(
                format!(
                    "engine.job_limit_s = {} is more than half of engine.lease_s = {}",
                    self.engine.job_limit_s, self.engine.lease_s
                ),
                "raise engine.lease_s or lower engine.job_limit_s: a job must end before its lease does",
            ));
        }
        let heartbeat = self.engine.heartbeat_url.expose();
        if !heartbeat.is_empty()
            && !["https://", "http://"].iter().any(|s| heartbeat.starts_with(s))
        {
            found.push(finding(
                "engine.heartbeat_url is no address of a web server",
                "write the whole address, beginning with https://, or remove it",
            ));
        }
        if let Err(why) = self.chains() {
            found.push(finding(
                format!("cases.chain = {:?} cannot be used: {why}", self.cases.chain),
                "use \"standard\", \"demo\", or the path of a file as `zhinan chain show` prints it",
            ));
        }
        if self.server.stop_within_s > 28 {
            found.push(finding(
                format!("server.stop_within_s = {} is more than 28", self.server.stop_within_s),
                "lower it: a service manager kills after 30 s and a lease would be left",
            ));
        }
        if !(2..=300).contains(&self.database.answer_within_s) {
            found.push(finding(
                format!(
                    "database.answer_within_s = {} is too short or too long",
                    self.database.answer_within_s
                ),
                "set it between 2 and 300 seconds, or remove it",
            ));
        }
        for proxy in &self.server.trusted_proxies {
            if crate::config::parse_network(proxy).is_none() {
                found.push(finding(
                    format!("server.trusted_proxies has {proxy:?}, which is no address or block"),
                    "write 10.0.0.7 or 10.0.0.0/8",
                ));
            }
        }
        found
    }

    fn impossible_street(&self) -> Vec<Finding> {
        let street = &self.street;
        let mut found = Vec::new();
        if !(1..=40).contains(&street.privacy_version.trim().chars().count()) {
            found.push(finding(
                "street.privacy_version is empty or longer than 40 characters",
                "name the version of the privacy policy in force, such as its date",
            ));
        }
        if !street.privacy_url.is_empty() && !street.privacy_url.starts_with("https://") {
            found.push(finding(
                format!("street.privacy_url = {:?} is no https address", street.privacy_url),
                "write the whole address, beginning with https://, or remove it",
            ));
        }
        for phone in &street.phones {
            let digits = phone.number.chars().filter(char::is_ascii_digit).count();
            let plain = phone.number.chars().all(|c| c.is_ascii_digit() || c == '-');
            if !plain || digits < 3 || phone.purpose.trim().is_empty() {
                found.push(finding(
                    format!("street.phones has {:?} for {:?}", phone.number, phone.purpose),
                    "write a number of digits and hyphens and, in Chinese, what to call it for",
                ));
            }
        }
        found
    }

    fn impossible_sign_in(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        if self.auth.access_minutes == 0 || self.auth.access_minutes > 30 {
            found.push(finding(
                format!("auth.access_minutes = {} is not within 1..=30", self.auth.access_minutes),
                "set auth.access_minutes to at most 30",
            ));
        }
        if !(1..=FAMILY_DAYS).contains(&self.auth.refresh_days) {
            found.push(finding(
                format!(
                    "auth.refresh_days = {} is not within 1..={FAMILY_DAYS}",
                    self.auth.refresh_days
                ),
                "set auth.refresh_days to 30, or remove it",
            ));
        }
        found
    }

    /// A callback is answered when all three are there; with a part of them it would silently not.
    fn impossible_wecom(&self) -> Option<Finding> {
        let wecom = &self.wecom;
        let wanted = !wecom.token.is_empty() || !wecom.aes_key.is_empty();
        let lacks = wecom.corpid.is_empty() || wecom.token.is_empty() || wecom.aes_key.is_empty();
        (wanted && lacks).then(|| {
            finding(
                "of wecom.corpid, wecom.token and wecom.aes_key only a part is set",
                "set all three for the callback /wecom, or neither wecom.token nor wecom.aes_key",
            )
        })
    }

    /// With a part of them no card would be sent, and nobody would be told.
    fn impossible_wecom_agent(&self) -> Option<Finding> {
        let wecom = &self.wecom;
        let set = [wecom.agentid != 0, !wecom.secret.is_empty()];
        let whole = set == [true; 2] && !wecom.corpid.is_empty();
        (set != [false; 2] && !whole).then(|| {
            finding(
                "of wecom.corpid, wecom.agentid and wecom.secret only a part is set",
                "set all three to send cards, or neither wecom.agentid nor wecom.secret",
            )
        })
    }

    /// The provider would refuse every message.
    fn impossible_sms(&self) -> Option<Finding> {
        let sms = &self.sms;
        let parts = [&sms.secret_id, &sms.app_id, &sms.sign, &sms.template_staff];
        let set = parts.iter().filter(|part| !part.is_empty()).count()
            + usize::from(!sms.secret_key.is_empty());
        (set != 0 && set != 5).then(|| {
            finding(
                "of sms.secret_id, .secret_key, .app_id, .sign and .template_staff only a part is set",
                "set all five as the SMS console shows them, or none: then no text messages are sent",
            )
        })
    }

    /// WeChat could fetch nothing, and nothing would be looked at.
    fn impossible_media_check(&self) -> Option<Finding> {
        (self.wechat.check_media && self.server.public_url.is_empty()).then(|| {
            finding(
                "wechat.check_media is on and server.public_url is empty",
                "write the address under which WeChat reaches this server, or switch it off",
            )
        })
    }

    /// WeChat would refuse every code, each with a number that says little.
    fn impossible_codes(&self) -> Vec<Finding> {
        let (page, edition) = (&self.codes.page, &self.codes.env_version);
        let mut found = Vec::new();
        if page.is_empty() || page.starts_with('/') || page.contains('?') {
            found.push(finding(
                format!("codes.page = {page:?} is no page of a mini-program"),
                "write it without leading slash and without query, as in pages/ask/index",
            ));
        }
        if !matches!(edition.as_str(), "release" | "trial" | "develop") {
            found.push(finding(
                format!("codes.env_version = {edition:?} is not known"),
                "use \"release\", \"trial\" or \"develop\"",
            ));
        }
        found
    }

    /// Messages would rest at hours that nobody meant.
    fn impossible_notices(&self) -> Vec<Finding> {
        let (from, to) = (&self.notices.quiet_from, &self.notices.quiet_to);
        let mut found = Vec::new();
        if let Err(why) = Quiet::parse(from, to) {
            found.push(finding(
                format!("notices.quiet_from and notices.quiet_to cannot be used: {why}"),
                "write HH:MM at both ends, or set both to \"\" for no quiet hours",
            ));
        }
        for row in &self.notices.throttles {
            if Throttle::new(&row.channel, row.seconds, row.most).is_none() {
                found.push(finding(
                    format!("notices.throttles has {row:?}"),
                    "name a known channel (oa_template, mini_subscribe, sms), and at least 1 for seconds and most",
                ));
            }
        }
        if self.notices.quota_reserve_percent > 90 {
            found.push(finding(
                "notices.quota_reserve_percent is above 90: ordinary messages would hardly leave",
                "set it to 10, or remove it",
            ));
        }
        found
    }

    /// A consent would be counted wrongly that somebody meant to stand.
    fn unknown_long_term(&self) -> Option<Finding> {
        let ids = &self.wechat.templates;
        let staff =
            if ids.staff_case_mini.is_empty() { &ids.staff_case } else { &ids.staff_case_mini };
        let used =
            [staff, &ids.resident_acknowledged, &ids.resident_resolved, &ids.resident_question];
        let unknown = ids.long_term.iter().find(|id| id.is_empty() || !used.contains(id));
        unknown.map(|id| {
            finding(
                format!("wechat.templates.long_term names {id:?}, which no subscribe message uses"),
                "write ids of wechat.templates there, or remove it",
            )
        })
    }

    /// With such costs the resolver would always ask, or send whatever it read.
    fn impossible_costs(&self) -> Vec<Finding> {
        let (ask, wrong) = (self.address.cost_ask, self.address.cost_wrong);
        let mut found = Vec::new();
        for (key, cost) in [("cost_ask", ask), ("cost_wrong", wrong)] {
            if !(cost.is_finite() && cost > 0.0) {
                found.push(finding(
                    format!("address.{key} = {cost} is not a positive number"),
                    format!("set address.{key} to a number above 0, or remove it"),
                ));
            }
        }
        if found.is_empty() && wrong <= ask {
            found.push(finding(
                format!("address.cost_wrong = {wrong} is not more than address.cost_ask = {ask}"),
                "raise address.cost_wrong: a wrong grid costs more than a question",
            ));
        }
        found
    }

    pub(super) fn speaks_to_wecom(&self) -> bool {
        let robots = &self.wecom.robot;
        !self.wecom.secret.is_empty() || !robots.street.is_empty() || !robots.grids.is_empty()
    }

    fn unsafe_in_production(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        if self.wechat.base_url != REAL_WECHAT {
            found.push(finding(
                format!("wechat.base_url = {:?} is not the real WeChat", self.wechat.base_url),
                format!("remove wechat.base_url (it is {REAL_WECHAT} by default) or set profile = \"demo\""),
            ));
        }
        if self.speaks_to_wecom() && self.wecom.base_url != REAL_WECOM {
            found.push(finding(
                format!("wecom.base_url = {:?} is not the real WeCom", self.wecom.base_url),
                format!("remove wecom.base_url (it is {REAL_WECOM} by default) or set profile = \"demo\""),
            ));
        }
        let sms = &self.sms.base_url;
        let real = sms.starts_with("https://") && sms.trim_end_matches('/').ends_with(REAL_SMS);
        if !self.sms.secret_id.is_empty() && !real {
            found.push(finding(
                format!("sms.base_url = {sms:?} is not the real provider of text messages"),
                format!("use an https address that ends in {REAL_SMS}, or set profile = \"demo\""),
            ));
        }
        if self.auth.demo_accounts {
            found.push(finding(
                "auth.demo_accounts = true: invented people could sign in",
                "remove auth.demo_accounts, or set profile = \"demo\"",
            ));
        }
        if self.cases.chain == "demo" {
            found.push(finding(
                "cases.chain = \"demo\" escalates within seconds",
                "remove cases.chain, or set profile = \"demo\"",
            ));
        }
        found.extend(self.plain_pushes());
        for (name, app) in [("mini", &self.wechat.mini), ("oa", &self.wechat.oa)] {
            if app.appid.is_empty() || app.secret.is_empty() {
                found.push(finding(
                    format!("wechat.{name}.appid or wechat.{name}.secret is missing"),
                    format!(
                        "set both (the secret best as ZHINAN__WECHAT__{}__SECRET)",
                        name.to_uppercase()
                    ),
                ));
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(change: impl FnOnce(&mut Config)) -> Vec<Finding> {
        let mut config = Config { profile: Profile::Demo, ..Config::default() };
        change(&mut config);
        config.findings()
    }

    #[test]
    fn a_database_that_is_waited_for_not_at_all_or_for_ever_is_refused_with_a_cure() {
        for (seconds, refused) in [(0, true), (1, true), (2, false), (300, false), (301, true)] {
            let found = findings(|config| config.database.answer_within_s = seconds);
            assert_eq!(found.len(), usize::from(refused), "{seconds}: {found:?}");
            assert!(found.iter().all(|one| one.cure.contains("between 2 and 300")));
        }
    }

    #[test]
    fn a_session_that_rests_for_no_day_or_longer_than_it_lasts_is_refused_with_a_cure() {
        for (days, refused) in [(0, true), (1, false), (30, false), (90, false), (91, true)] {
            let found = findings(|config| config.auth.refresh_days = days);
            assert_eq!(found.len(), usize::from(refused), "{days}: {found:?}");
            assert!(found.iter().all(|one| one.cure.contains("auth.refresh_days")));
        }
    }

    #[test]
    fn codes_that_wechat_would_refuse_are_refused_at_the_start() {
        for page in ["", "/pages/ask/index", "pages/ask/index?a=1"] {
            assert_eq!(findings(|config| config.codes.page = page.into()).len(), 1, "{page}");
        }
        for (edition, refused) in [("trial", false), ("develop", false), ("beta", true)] {
            let found = findings(|config| config.codes.env_version = edition.into());
            assert_eq!(found.len(), usize::from(refused), "{edition}: {found:?}");
        }
    }

    #[test]
    fn costs_that_would_end_all_questions_or_all_routes_are_refused_by_name() {
        for (ask, wrong, named) in [
            (0.0, 10.0, Some("address.cost_ask")),
            (-1.0, 10.0, Some("address.cost_ask")),
            (1.0, f64::NAN, Some("address.cost_wrong")),
            (1.0, f64::INFINITY, Some("address.cost_wrong")),
            (10.0, 10.0, Some("address.cost_wrong")),
            (1.0, 1.5, None),
        ] {
            let found = findings(|config| {
                (config.address.cost_ask, config.address.cost_wrong) = (ask, wrong);
            });
            assert_eq!(found.len(), usize::from(named.is_some()), "{ask} {wrong}: {found:?}");
            for one in &found {
                let named = named.unwrap_or("nothing");
                assert!(one.what.starts_with(named) && one.cure.contains(named), "{one:?}");
            }
        }
    }

    #[test]
    fn a_long_term_template_must_be_one_that_subscribe_messages_use() {
        for (id, refused) in [("mini", false), ("resolved", false), ("staff", true), ("", true)] {
            let found = findings(|config| {
                let ids = &mut config.wechat.templates;
                (ids.staff_case, ids.staff_case_mini) = ("staff".into(), "mini".into());
                ids.resident_resolved = "resolved".into();
                ids.long_term = vec![id.into()];
            });
            assert_eq!(found.len(), usize::from(refused), "{id:?}: {found:?}");
        }
    }

    #[test]
    fn a_part_of_an_account_for_text_messages_is_refused() {
        for parts in 0..32_u8 {
            let found = findings(|config| {
                let part = |bit: u8| if parts & bit == 0 { "" } else { "set" };
                config.sms.secret_id = part(1).into();
                config.sms.secret_key = part(2).into();
                config.sms.app_id = part(4).into();
                config.sms.sign = part(8).into();
                config.sms.template_staff = part(16).into();
            });
            assert_eq!(found.is_empty(), matches!(parts, 0 | 31), "{parts:05b}: {found:?}");
        }
    }

    #[test]
    fn production_sends_numbers_to_the_real_provider_only() {
        for (base, refused) in [
            ("https://sms.tencentcloudapi.com", false),
            ("https://sms.ap-guangzhou.tencentcloudapi.com/", false),
            ("http://sms.tencentcloudapi.com", true),
            ("https://sms.example.com", true),
        ] {
            let mut config = Config::default();
            config.sms.base_url = base.into();
            config.sms.secret_id = "set".into();
            let named = |one: &Finding| one.what.starts_with("sms.base_url");
            assert_eq!(config.findings().iter().any(named), refused, "{base}");
        }
    }

    #[test]
    fn half_an_application_of_wecom_is_refused() {
        for parts in 0..8_u8 {
            let found = findings(|config| {
                let part = |bit: u8| if parts & bit == 0 { "" } else { "set" };
                config.wecom.corpid = part(1).into();
                config.wecom.secret = part(2).into();
                config.wecom.agentid = i64::from(parts & 4);
            });
            let whole = matches!(parts, 0 | 1 | 7);
            assert_eq!(found.is_empty(), whole, "{parts:03b}: {found:?}");
        }
    }

    #[test]
    fn production_sends_cards_to_the_real_wecom_only() {
        for (base, refused) in [(REAL_WECOM, false), ("http://127.0.0.1:8081", true)] {
            let mut config = Config::default();
            config.wecom.base_url = base.into();
            config.wecom.secret = "set".into();
            let named = |one: &Finding| one.what.starts_with("wecom.base_url");
            assert_eq!(config.findings().iter().any(named), refused, "{base}");
        }
    }

    #[test]
    fn a_policy_has_a_version_and_a_telephone_can_be_called() {
        type Change = fn(&mut Config);
        let bad: [Change; 5] = [
            |config| config.street.privacy_version = " ".into(),
            |config| config.street.privacy_version = "长".repeat(41),
            |config| config.street.privacy_url = "http://a.example".into(),
            |config| config.street.phones.iter_mut().for_each(|one| one.number = "打我".into()),
            |config| config.street.phones.iter_mut().for_each(|one| one.purpose = String::new()),
        ];
        for (at, change) in bad.into_iter().enumerate() {
            assert_eq!(findings(change).len(), 1, "{at}");
        }
        let good = findings(|config| {
            config.street.privacy_version = "2026-11".into();
            config.street.privacy_url = "https://a.example/privacy".into();
        });
        assert!(good.is_empty(), "{good:?}");
    }

    #[test]
    fn half_a_callback_of_wecom_is_refused() {
        for parts in 0..8_u8 {
            let found = findings(|config| {
                let part = |bit: u8| if parts & bit == 0 { "" } else { "set" };
                config.wecom.corpid = part(1).into();
                config.wecom.token = part(2).into();
                config.wecom.aes_key = part(4).into();
            });
            let whole = matches!(parts, 0 | 1 | 7);
            assert_eq!(found.is_empty(), whole, "{parts:03b}: {found:?}");
        }
    }
}
