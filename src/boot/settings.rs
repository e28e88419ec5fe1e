//! Translates configuration into what the parts are told.

use std::path::PathBuf;
use std::time::Duration;

use entity::kinds::Category;

use crate::auth::limits::Rule;
use crate::config::{self, Config};
use crate::domain::address::Costs;
use crate::domain::escalation::Chains;
use crate::domain::notice::quiet::Quiet;
use crate::domain::notice::throttle::Throttle;
use crate::gateway::http::Timeouts;
use crate::gateway::sms::Settings as SmsSettings;
use crate::gateway::wechat::{App, Settings as WechatSettings};
use crate::gateway::wecom::Settings as WecomSettings;
use crate::services::{
    Codes, Limits, NoticeRules, Public, Retention, Robots, Settings, Street, Templates,
};

const MINUTE: Duration = Duration::from_mins(1);

/// Builds what use cases are told.
pub fn of(config: &Config) -> Settings {
    let templates = &config.wechat.templates;
    Settings {
        retention: retention(config),
        templates: Templates {
            mini_appid: config.wechat.mini.appid.clone(),
            staff_case: templates.staff_case.clone(),
            staff_case_mini: match templates.staff_case_mini.as_str() {
                "" => templates.staff_case.clone(),
                own => own.to_owned(),
            },
            staff_employee: templates.staff_employee.clone(),
            resident_acknowledged: templates.resident_acknowledged.clone(),
            resident_resolved: templates.resident_resolved.clone(),
            resident_question: templates.resident_question.clone(),
            long_term: templates.long_term.iter().cloned().collect(),
        },
        codes: codes(&config.codes),
        street: street(&config.street),
        public: public(config),
        robots: robots(&config.wecom.robot),
        sms_reports: config.sms.pull_reports,
        notices: NoticeRules {
            joins_followers: config.wechat.join_followers && !config.wechat.oa.appid.is_empty(),
            ..notices(&config.notices)
        },
        media_links: config.wechat.check_media.then(|| public_url(config)),
        swap_approval: config.roster.swap_approval,
        number_prefix: config.cases.number_prefix.clone(),
        content_wait: Duration::from_millis(config.cases.content_wait_ms),
        max_attempt: config.engine.max_attempt,
        lease: Duration::from_secs(config.engine.lease_s),
        job_limit: Duration::from_secs(config.engine.job_limit_s),
        poll: Duration::from_millis(config.engine.poll_ms),
        permits: config.engine.permits,
        oldest_due: Duration::from_secs(config.engine.oldest_due_s),
        folders: crate::app::space::folders(&config.data.dir, &config.database_url()),
        checkpoint_file: super::keys::named(
            &config.data.checkpoint_file,
            config,
            "checkpoints.jsonl",
        ),
        low_space: config.database.low_space_mb.saturating_mul(crate::app::space::MB),
        photo_max_bytes: config.photos.max_bytes,
        voice_max_bytes: config.voices.max_bytes,
        voice_longest: Duration::from_secs(config.voices.max_seconds),
        limits: limits(&config.limits),
        demo_accounts: config.auth.demo_accounts,
        refresh_idle: crate::auth::refresh::days(config.auth.refresh_days),
    }
}

/// Reads the chains that the configuration names; fails with what is wrong with its file.
pub fn chains(config: &Config) -> Result<Chains, String> {
    config.chains().map(|chains| chains.numbered(1))
}

/// Builds what every index of addresses is told.
pub const fn costs(config: &Config) -> Costs {
    Costs { ask: config.address.cost_ask, wrong: config.address.cost_wrong }
}

/// Hours that could not be read are refused before anybody gets here.
fn notices(notices: &config::Notices) -> NoticeRules {
    let quiet = Quiet::parse(&notices.quiet_from, &notices.quiet_to).unwrap_or_default();
    let row = |row: &config::Throttle| Throttle::new(&row.channel, row.seconds, row.most);
    NoticeRules {
        quiet,
        throttles: notices.throttles.iter().filter_map(row).collect(),
        renew_below: notices.renew_below,
        quota_reserve_percent: notices.quota_reserve_percent,
        joins_followers: false,
    }
}

fn robots(robot: &config::Robot) -> Robots {
    let keys = |keys: &Vec<config::Secret>| keys.iter().map(|key| key.expose().into()).collect();
    let grids = robot.grids.iter().map(|(grid, of)| (grid.clone(), keys(of)));
    Robots { street: keys(&robot.street), grids: grids.collect() }
}

fn street(street: &config::Street) -> Street {
    let phones = street.phones.iter();
    Street {
        name: street.name.clone(),
        phones: phones.map(|one| (one.number.clone(), one.purpose.clone())).collect(),
        privacy_version: street.privacy_version.clone(),
        privacy_url: street.privacy_url.clone(),
    }
}

/// Words that are no category are refused before anybody gets here.
fn public(config: &Config) -> Option<Public> {
    let open = &config.open311;
    open.enabled.then(|| Public {
        categories: open.services.iter().filter_map(|word| Category::from_word(word)).collect(),
        contact: open.contact.clone(),
        url: public_url(config),
    })
}

/// Where people reach the server, without a slash at the end.
fn public_url(config: &Config) -> String {
    let server = &config.server;
    let url = match server.public_url.as_str() {
        "" => format!("http://{}", server.listen),
        url => url.to_owned(),
    };
    url.trim_end_matches('/').to_owned()
}

fn codes(codes: &config::Codes) -> Codes {
    let folders = ["/usr/share/fonts", "/usr/local/share/fonts"];
    Codes {
        page: codes.page.clone(),
        env_version: codes.env_version.clone(),
        font: Some(codes.font.clone()).filter(|font| !font.as_os_str().is_empty()),
        font_folders: folders.map(PathBuf::from).to_vec(),
    }
}

fn limits(limits: &config::Limits) -> Limits {
    let rule = |name, burst| Rule { name, burst, per: MINUTE };
    Limits {
        sign_in: rule("sign_in", limits.sign_in_per_address),
        console_sign_in: rule("console_sign_in", limits.console_sign_in_per_address),
        post: rule("post", limits.post_per_account),
        post_by_address: rule("post_by_address", limits.post_per_address),
        act: rule("act", limits.act_per_account),
        resolve: rule("resolve", limits.resolve_per_account),
        upload: rule("upload", limits.upload_per_account),
        open311: rule("open311", limits.open311_per_address),
    }
}

/// Builds what the WeCom gateway is told.
pub fn wecom(config: &Config) -> WecomSettings {
    let total = Duration::from_millis(config.wecom.timeout_ms);
    WecomSettings {
        base_url: config.wecom.base_url.clone(),
        agentid: config.wecom.agentid,
        secret: config.wecom.secret.expose().into(),
        timeouts: Timeouts { total, ..Timeouts::default() },
        corpid: config.wecom.corpid.clone(),
        token: config.wecom.token.expose().into(),
        aes_key: config.wecom.aes_key.expose().into(),
    }
}

/// Builds what the sender of text messages is told.
pub fn sms(config: &Config) -> SmsSettings {
    let total = Duration::from_millis(config.sms.timeout_ms);
    SmsSettings {
        base_url: config.sms.base_url.clone(),
        region: config.sms.region.clone(),
        secret_id: config.sms.secret_id.clone(),
        secret_key: config.sms.secret_key.expose().into(),
        app_id: config.sms.app_id.clone(),
        sign: config.sms.sign.clone(),
        template_staff: config.sms.template_staff.clone(),
        timeouts: Timeouts { total, ..Timeouts::default() },
    }
}

/// Builds what the WeChat gateway is told.
pub fn wechat(config: &Config) -> WechatSettings {
    let app = |app: &config::WechatApp| App {
        appid: app.appid.clone(),
        secret: app.secret.expose().into(),
        token: app.token.expose().into(),
        aes_key: app.aes_key.expose().into(),
    };
    let total = Duration::from_millis(config.wechat.timeout_ms);
    WechatSettings {
        base_url: config.wechat.base_url.clone(),
        mini: app(&config.wechat.mini),
        oa: app(&config.wechat.oa),
        miniprogram_state: "formal".into(),
        timeouts: Timeouts { total, ..Timeouts::default() },
    }
}

fn retention(config: &Config) -> Retention {
    let days = |days: u32| Duration::from_hours(24).saturating_mul(days);
    let kept = &config.retention;
    Retention {
        probes: days(kept.probe_days),
        lines: days(kept.robot_line_days),
        pushes: days(kept.push_days),
        cards: days(kept.card_days),
        exports: days(kept.export_days),
    }
}
