//! What a running program is made of; built once, cloned cheaply, handed to every use case.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use entity::kinds::{Category, Channel, NoticeKind};
use rand::Rng;
use secrecy::SecretString;

use crate::app::actor::SignIns;
use crate::app::audit::opened::Kept;
use crate::app::case::enter::Entrance;
use crate::app::chain::InForce;
use crate::app::inbox::hub::Hub;
use crate::app::notice::quota::Quotas;
use crate::app::notice::ways::NOT_EMPLOYED;
use crate::app::places::Places;
use crate::app::templates::Gate;
use crate::app::trouble::Troubles;
use crate::app::{calendar, target};
use crate::auth::jwt::KeyRing;
use crate::auth::limits::{Limiter, Rule};
use crate::clock::Clock;
use crate::domain::notice::consent::ConsentKind;
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
use crate::store::reach::Carriers;
use crate::store::writer::Writer;
use crate::vault::Vault;
use crate::vault::signing::Signer;

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
    /// Ids at the mini-program whose consent stands until it is withdrawn.
    pub long_term: BTreeSet<String>,
}

impl Templates {
    /// Tells how WeChat counts the consents of a template.
    pub fn consent_kind(&self, template: &str) -> ConsentKind {
        if self.long_term.contains(template) { ConsentKind::LongTerm } else { ConsentKind::OneTime }
    }
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
    pub open311: Rule,
}

/// When ordinary messages leave.
#[derive(Clone, Debug, Default)]
pub struct NoticeRules {
    /// Hours in which they rest.
    pub quiet: Quiet,
    /// How many one person gets.
    pub throttles: Vec<Throttle>,
    /// Who comes on duty with fewer consents is reminded to renew them; 0: nobody.
    pub renew_below: u32,
    /// How much of a day's quota is kept for urgent ones.
    pub quota_reserve_percent: u64,
    /// Whether followers of the official account are gone through every day.
    pub joins_followers: bool,
}

/// The keys of group robots that hear when the street's command is told.
#[derive(Clone, Debug, Default)]
pub struct Robots {
    pub street: Vec<SecretString>,
    /// By the external id of a community.
    pub grids: BTreeMap<String, Vec<SecretString>>,
}

/// What everybody may know of the street.
#[derive(Clone, Debug, Default)]
pub struct Street {
    pub name: String,
    /// Number and purpose.
    pub phones: Vec<(String, String)>,
    /// The privacy policy in force.
    pub privacy_version: String,
    /// Where its text stands; may be empty.
    pub privacy_url: String,
}

/// What everybody may read of cases.
#[derive(Clone, Debug)]
pub struct Public {
    /// The categories of which cases are shown.
    pub categories: Vec<Category>,
    /// Whom developers ask; may be empty.
    pub contact: String,
    /// Where people reach the server, without a slash at the end.
    pub url: String,
}

/// How long rows are kept that are over and no record.
#[derive(Clone, Copy, Debug)]
pub struct Retention {
    /// Test messages that belong to no drill.
    pub probes: Duration,
    /// What group robots said.
    pub lines: Duration,
    /// Pushes of WeChat and WeCom that were acted upon.
    pub pushes: Duration,
    /// Codes by which cards are changed.
    pub cards: Duration,
    /// Files of exports.
    pub exports: Duration,
}

/// Numbers and words that use cases need from the configuration.
#[derive(Clone, Debug)]
pub struct Settings {
    pub templates: Templates,
    pub codes: Codes,
    pub street: Street,
    /// `None`: nobody reads cases without signing in.
    pub public: Option<Public>,
    pub robots: Robots,
    pub retention: Retention,
    /// Whether reports about text messages are asked for.
    pub sms_reports: bool,
    pub notices: NoticeRules,
    /// Where WeChat fetches what it is to look at, without a slash at the end; `None`: it is not asked.
    pub media_links: Option<String>,
    /// Whether a swap of shifts waits for the community's cadre.
    pub swap_approval: bool,
    pub number_prefix: String,
    pub content_wait: Duration,
    pub max_attempt: i32,
    pub lease: Duration,
    pub job_limit: Duration,
    pub poll: Duration,
    pub permits: usize,
    pub oldest_due: Duration,
    /// Where room is looked for: `app::space::folders`.
    pub folders: Vec<PathBuf>,
    /// Where checkpoints of the ledger are kept outside the database.
    pub checkpoint_file: PathBuf,
    /// Bytes; with less room an operator is told.
    pub low_space: u64,
    pub photo_max_bytes: usize,
    pub voice_max_bytes: usize,
    pub voice_longest: Duration,
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
    pub opened: Kept,
    pub sign_ins: SignIns,
    pub clock: Clock,
    pub vault: Vault,
    pub signer: Signer,
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
    pub calendar: calendar::InForce,
    /// What new cases are promised.
    pub targets: target::InForce,
    pub gate: Gate,
    pub troubles: Troubles,
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

    /// Tells which ways to staff are open now.
    pub fn carriers(&self) -> Carriers {
        let ids = &self.settings.templates;
        let open = |channel| self.gate.is_open(channel, NoticeKind::NewCase);
        let mini = !ids.staff_case_mini.is_empty() && open(Channel::MiniSubscribe);
        let again = self.clock.now() - NOT_EMPLOYED;
        Carriers {
            sms: self.sms.is_on(),
            wecom: self.wecom.sends(),
            oa: open(Channel::OaTemplate),
            mini: mini.then(|| ids.staff_case_mini.clone()),
            employee: (!ids.staff_employee.is_empty()).then_some(again),
        }
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
