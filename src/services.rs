//! What a running program is made of; built once, cloned cheaply, handed to every use case.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rand::Rng;
use secrecy::SecretString;

use crate::app::case::enter::Entrance;
use crate::app::chain::InForce;
use crate::app::inbox::hub::Hub;
use crate::app::notice::quota::Quotas;
use crate::app::places::Places;
use crate::app::templates::Gate;
use crate::auth::jwt::KeyRing;
use crate::auth::limits::{Limiter, Rule};
use crate::clock::Clock;
use crate::domain::calendar::Calendar;
use crate::domain::case::targets::Targets;
use crate::domain::notice::quiet::Quiet;
use crate::domain::notice::throttle::Throttle;
use crate::engine::wake::Wake;
use crate::gateway::heartbeat::Heartbeat;
use crate::gateway::sms::Sms;
use crate::gateway::storage::Storage;
use crate::gateway::wechat::Wechat;
use crate::gateway::wecom::Wecom;
use crate::lifecycle::Lifecycle;
use crate::metrics::Metrics;
use crate::store::db::Db;
use crate::store::people::Carriers;
use crate::store::writer::Writer;
use crate::vault::Vault;

/// Template ids and app ids that notices are written for.
#[derive(Clone, Debug)]
pub struct Templates {
    pub mini_appid: String,
    pub staff_case: String,
    /// The same at the mini-program, for subscribe messages to staff.
    pub staff_case_mini: String,
    /// The same as employee-relation message; empty: none are sent.
    pub staff_employee: String,
    pub resident_acknowledged: String,
    pub resident_resolved: String,
    pub resident_question: String,
}

/// How the codes at doors are made and printed.
#[derive(Clone, Debug)]
pub struct Codes {
    /// Page of the mini-program, without leading slash and query.
    pub page: String,
    /// `release`, `trial` or `develop`.
    pub env_version: String,
    /// A font with the characters of the street's names; `None`: looked for in `font_folders`.
    pub font: Option<PathBuf>,
    pub font_folders: Vec<PathBuf>,
}

/// How often one account or address may do a thing.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub sign_in: Rule,
    pub console_sign_in: Rule,
    pub post: Rule,
    pub post_by_address: Rule,
    pub act: Rule,
    pub resolve: Rule,
    pub upload: Rule,
}

/// When ordinary messages leave.
#[derive(Clone, Debug, Default)]
pub struct NoticeRules {
    /// Hours in which they rest.
    pub quiet: Quiet,
    /// How many one person gets.
    pub throttles: Vec<Throttle>,
    /// How much of a day's quota is kept for urgent ones.
    pub quota_reserve_percent: u64,
}

/// The keys of group robots that hear when the street's command is told.
#[derive(Clone, Debug, Default)]
pub struct Robots {
    pub street: Vec<SecretString>,
    /// By the external id of a community.
    pub grids: BTreeMap<String, Vec<SecretString>>,
}

/// Numbers and words that use cases need from the configuration.
#[derive(Clone, Debug)]
pub struct Settings {
    pub templates: Templates,
    pub codes: Codes,
    pub robots: Robots,
    /// Whether reports about text messages are asked for.
    pub sms_reports: bool,
    pub targets: Targets,
    pub notices: NoticeRules,
    pub number_prefix: String,
    pub content_wait: Duration,
    pub max_attempt: i32,
    pub lease: Duration,
    pub job_limit: Duration,
    pub poll: Duration,
    pub permits: usize,
    pub oldest_due: Duration,
    pub data_dir: PathBuf,
    /// Bytes; with less room an operator is told.
    pub low_space: u64,
    pub photo_max_bytes: usize,
    pub limits: Limits,
    pub demo_accounts: bool,
    /// How long a session of the mini-program may rest.
    pub refresh_idle: Duration,
}

/// Everything, by value; reached through [`Services`].
#[derive(Debug)]
pub struct Parts {
    pub db: Db,
    pub writer: Writer,
    pub entrance: Entrance,
    pub clock: Clock,
    pub vault: Vault,
    pub tokens: KeyRing,
    pub limiter: Limiter,
    pub wechat: Wechat,
    pub wecom: Wecom,
    pub sms: Sms,
    pub heartbeat: Heartbeat,
    pub quotas: Quotas,
    pub storage: Storage,
    pub places: Places,
    /// The escalation chains that new cases start with.
    pub chains: InForce,
    pub calendar: Calendar,
    pub gate: Gate,
    pub wake: Wake,
    pub hub: Hub,
    pub metrics: Metrics,
    pub lifecycle: Lifecycle,
    pub settings: Settings,
}

/// A shared handle on the parts.
#[derive(Clone, Debug)]
pub struct Services(Arc<Parts>);

impl Services {
    /// Wraps the parts; called once per program.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// Tells which ways beside WeChat are open.
    pub fn carriers(&self) -> Carriers {
        Carriers { sms: self.0.sms.is_on(), wecom: self.0.wecom.sends() }
    }

    /// Returns 32 unpredictable bytes.
    pub fn random(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        rand::rng().fill_bytes(&mut bytes);
        bytes
    }
}

impl Deref for Services {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
