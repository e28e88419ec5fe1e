//! The sections and their defaults. Durations carry their unit in the name.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// A secret that `Debug` never prints.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Hands the secret out; for the one place that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Tells whether nothing was configured.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_empty() { "(none)" } else { "(secret)" })
    }
}

macro_rules! section {
    ($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident: $kind:ty = $default:expr;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct $name { $($(#[$fdoc])* pub $field: $kind),+ }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $default),+ }
            }
        }
    };
}

section! {
    /// The HTTP server.
    Server {
        listen: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);
        /// Addresses or CIDR blocks whose `X-Forwarded-For` is believed.
        trusted_proxies: Vec<String> = Vec::new();
        /// Where people reach the server, for links; empty: derived from `listen`.
        public_url: String = String::new();
        /// Threads that answer requests; 0: one per core.
        workers: usize = 0;
        /// How long a stop waits for requests and jobs under way.
        stop_within_s: u64 = 25;
        /// Largest JSON body in bytes.
        body_limit: usize = 64 * 1024;
    }
}

section! {
    /// The database.
    Database {
        /// `sqlite://FILE` or `postgres://…`; empty: `zhinan.db` in the data folder.
        url: String = String::new();
        pool: u32 = 16;
        /// So long an answer of PostgreSQL is waited for; it ends a statement by itself after half of
        /// it.
        answer_within_s: u64 = 30;
        /// With less room in the data folder, or where SQLite is, an operator is told; 0: never.
        low_space_mb: u64 = 1_024;
    }
}

section! {
    /// Redis: shortens waits and shares limits and tokens between processes; may vanish.
    Redis {
        url: String = String::new();
        prefix: String = "zhinan".into();
    }
}

section! {
    /// Where files live: SQLite, keys, photos.
    Data {
        dir: PathBuf = PathBuf::from("data");
        /// File to which every night's checkpoint of the ledger is added; empty: `checkpoints.jsonl` in
        /// the folder. Best on another machine, where whoever can write the database cannot.
        checkpoint_file: PathBuf = PathBuf::new();
    }
}

section! {
    /// WeChat's API and our two accounts there.
    Wechat {
        base_url: String = "https://api.weixin.qq.com".into();
        timeout_ms: u64 = 8_000;
        mini: WechatApp = WechatApp::default();
        oa: WechatApp = WechatApp::default();
        /// Whether WeChat looks at photos and recordings (`media_check_async`): it fetches them from
        /// `server.public_url`.
        check_media: bool = false;
        /// Whether all followers of the official account are gone through every day, to join those
        /// whose login is known.
        join_followers: bool = true;
        templates: Templates = Templates::default();
    }
}

section! {
    /// One WeChat account: the mini-program or the official account.
    WechatApp {
        appid: String = String::new();
        secret: Secret = Secret::default();
        /// Token of the callback's signature.
        token: Secret = Secret::default();
        /// `EncodingAESKey` of the callback, 43 characters.
        aes_key: Secret = Secret::default();
    }
}

section! {
    /// Template ids, as the platform's console shows them.
    Templates {
        /// Official account: new, escalated, reminded and returned cases for staff.
        staff_case: String = String::new();
        /// Mini-program: the same for staff who do not follow; empty: `staff_case`.
        staff_case_mini: String = String::new();
        /// Mini-program: the same as employee-relation message (用工关系); empty: none are sent.
        staff_employee: String = String::new();
        /// Mini-program: a worker has acknowledged.
        resident_acknowledged: String = String::new();
        /// Mini-program: the result is there, please confirm.
        resident_resolved: String = String::new();
        /// Mini-program: we need one answer to find the place.
        resident_question: String = String::new();
        /// Which of these ids at the mini-program are long-term (长期订阅); all others are one-time.
        long_term: Vec<String> = Vec::new();
    }
}

section! {
    /// How long rows are kept that are over and no record, in days; at least a week.
    Retention {
        /// Test messages that ended; those of drills stay.
        probe_days: u32 = 180;
        /// What group robots said.
        robot_line_days: u32 = 90;
        /// Pushes of WeChat and WeCom that were acted upon, sealed.
        push_days: u32 = 30;
        /// Codes by which cards in WeCom are changed, each worth something for a day.
        card_days: u32 = 30;
        /// Files of exports, which leave the street's rules about who may read them.
        export_days: u32 = 30;
    }
}

section! {
    /// WeCom (企业微信).
    Wecom {
        base_url: String = "https://qyapi.weixin.qq.com".into();
        timeout_ms: u64 = 8_000;
        corpid: String = String::new();
        /// The application that sends cards to staff; with `secret`, or neither.
        agentid: i64 = 0;
        secret: Secret = Secret::default();
        token: Secret = Secret::default();
        aes_key: Secret = Secret::default();
        robot: Robot = Robot::default();
    }
}

section! {
    /// Group robots (群机器人): the `key` of each one's webhook.
    Robot {
        /// In the groups of the street's command.
        street: Vec<Secret> = Vec::new();
        /// In the groups of communities, by the community's id.
        grids: BTreeMap<String, Vec<Secret>> = BTreeMap::new();
    }
}

section! {
    /// Text messages through Tencent Cloud; the last way to staff. All of it, or nothing.
    Sms {
        base_url: String = "https://sms.tencentcloudapi.com".into();
        region: String = "ap-guangzhou".into();
        timeout_ms: u64 = 8_000;
        secret_id: String = String::new();
        secret_key: Secret = Secret::default();
        /// `SdkAppId` of the SMS console.
        app_id: String = String::new();
        /// Approved signature, without brackets.
        sign: String = String::new();
        /// Approved template with five places.
        template_staff: String = String::new();
        /// Asks what became of messages; the provider enables that on request.
        pull_reports: bool = false;
    }
}

section! {
    /// Sign-in.
    Auth {
        access_minutes: u32 = 30;
        refresh_days: u32 = 30;
        /// JSON file of signing keys; empty: `keys/jwt.json` in the data folder.
        jwt_key_file: PathBuf = PathBuf::new();
        /// JSON file of the keys that seal personal data; empty: `keys/vault.json`.
        vault_key_file: PathBuf = PathBuf::new();
        /// PEM file of the key that signs checkpoints of the ledger; empty: `keys/ledger.pem`.
        ledger_key_file: PathBuf = PathBuf::new();
        /// Lets `demo staff` bind invented people without codes. Refused in production.
        demo_accounts: bool = false;
    }
}

section! {
    /// Rate limits: how many per minute, per account or per client address.
    ///
    /// Addresses are generous because a whole city may share one behind a mobile carrier.
    Limits {
        sign_in_per_address: u32 = 6_000;
        console_sign_in_per_address: u32 = 20;
        post_per_account: u32 = 30;
        post_per_address: u32 = 20_000;
        act_per_account: u32 = 240;
        resolve_per_account: u32 = 20;
        upload_per_account: u32 = 60;
        open311_per_address: u32 = 120;
    }
}

section! {
    /// The engine that sends and escalates.
    Engine {
        poll_ms: u64 = 1_000;
        lease_s: u64 = 60;
        /// Hard limit of one job; at most half the lease.
        job_limit_s: u64 = 25;
        /// Jobs under way at once: a quarter for what presses, half for notices, a quarter for bulk.
        permits: usize = 512;
        max_attempt: i32 = 12;
        /// `/readyz` fails when the oldest due job is older.
        oldest_due_s: u64 = 120;
        /// Asked once a minute while all is well; whoever listens alarms when it stays silent.
        heartbeat_url: Secret = Secret::default();
    }
}

section! {
    /// Where photos are kept.
    Photos {
        max_bytes: usize = 10 * 1024 * 1024;
        /// Set: an S3-compatible store; else the data folder.
        s3: Option<S3> = None;
    }
}

section! {
    /// Recordings; they are kept where photos are.
    Voices {
        max_bytes: usize = 5 * 1024 * 1024;
        /// Longest recording.
        max_seconds: u64 = 180;
    }
}

section! {
    /// An S3-compatible store.
    S3 {
        endpoint: String = String::new();
        region: String = "us-east-1".into();
        bucket: String = String::new();
        access_key: String = String::new();
        secret_key: Secret = Secret::default();
    }
}

section! {
    /// What everybody may know of the street.
    Street {
        name: String = "南城街道".into();
        /// The street's telephones; 110, 119, 120 and 122 are always shown.
        phones: Vec<ServicePhone> = vec![
            ServicePhone { number: "12345".into(), purpose: "政务服务便民热线".into() },
        ];
        /// Whoever agreed to another version is asked again.
        privacy_version: String = "1".into();
        /// Where the policy's text stands; empty: in the mini-program.
        privacy_url: String = String::new();
    }
}

section! {
    /// What the public may read of cases, as Open311 `GeoReport` v2.
    Open311 {
        enabled: bool = false;
        /// The categories of which cases are shown: matters of the common space, no one's own.
        services: Vec<String> = ["utilities", "housing", "sanitation", "road_facilities", "safety_hazard"]
            .map(str::to_owned)
            .into();
        /// Whom developers ask; part of the discovery document.
        contact: String = String::new();
    }
}

section! {
    /// A telephone and what to call it for.
    ServicePhone {
        number: String = String::new();
        purpose: String = String::new();
    }
}

section! {
    /// The street's own words and numbers.
    Cases {
        number_prefix: String = "NC".into();
        /// `standard`, `demo` with steps in seconds, or the path of a JSON file of chains.
        chain: String = "standard".into();
        /// How long an ordinary notice waits for the content check.
        content_wait_ms: u64 = 2_000;
    }
}

section! {
    /// When ordinary messages leave; those about urgent and fast cases never wait.
    Notices {
        /// `HH:MM` on the street's clock; both ends empty: no quiet hours.
        quiet_from: String = "21:30".into();
        quiet_to: String = "07:30".into();
        /// How many ordinary messages one person gets through a channel; all rows hold.
        throttles: Vec<Throttle> = vec![
            // WeCom drops what exceeds this without a word.
            Throttle { channel: "wecom_card".into(), seconds: 60, most: 30 },
            Throttle { channel: "oa_template".into(), seconds: 3_600, most: 60 },
            Throttle { channel: "mini_subscribe".into(), seconds: 3_600, most: 60 },
            Throttle { channel: "sms".into(), seconds: 3_600, most: 10 },
        ];
        /// Who comes on duty with fewer subscribe messages left is reminded to allow more; 0: nobody.
        renew_below: u32 = 5;
        /// Percent of a day's quota that is kept for urgent messages.
        quota_reserve_percent: u64 = 10;
    }
}

section! {
    /// The roster.
    Roster {
        /// Whether a swap of shifts waits for the community's cadre, who is told otherwise.
        swap_approval: bool = true;
    }
}

section! {
    /// So many ordinary messages to one person through a channel within a time.
    Throttle {
        channel: String = String::new();
        seconds: u64 = 3_600;
        most: usize = 60;
    }
}

section! {
    /// What errors of the address resolver cost, in questions to the resident.
    Address {
        /// Asking once more.
        cost_ask: f64 = 1.0;
        /// Sending to a grid that is not responsible.
        cost_wrong: f64 = 10.0;
    }
}

section! {
    /// The codes at the doors of buildings.
    Codes {
        /// Page of the mini-program that a scan opens.
        page: String = "pages/ask/index".into();
        /// Edition that it opens: `release`, `trial` or `develop`.
        env_version: String = "release".into();
        /// TTF, OTF or TTC with Chinese, for printing; empty: looked for among the system's fonts.
        font: PathBuf = PathBuf::new();
    }
}
