//! Configuration: defaults in code, then `zhinan.toml`, then `ZHINAN__SECTION__KEY`.
//!
//! Parsed once. Unknown keys and unsafe combinations refuse to start, each with the cure in the
//! message; nobody reads an environment variable anywhere else.

mod check;
mod kept;
mod numbers;
mod public;
mod plain;
#[cfg(debug_assertions)]
mod faults;
mod sections;

use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};

use crate::domain::escalation::Chains;
#[cfg(debug_assertions)]
pub use faults::Faults;

pub use sections::{
    Address, Auth, Cases, Codes, Data, Database, Engine, Limits, Notices, Open311, Photos, Redis,
    Retention, Robot, Roster, S3, Server, ServicePhone, Sms, Street, Templates, Throttle, Voices,
    Wechat, WechatApp, Wecom,
};

/// How much the program trusts its surroundings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// Stand-in WeChat allowed, secrets generated into the data folder, escalation in seconds.
    Demo,
    /// Nothing is generated and nothing unsafe starts.
    Production,
}

/// Everything an operator may set.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    pub profile: Profile,
    pub server: Server,
    pub database: Database,
    pub redis: Redis,
    pub data: Data,
    pub wechat: Wechat,
    pub wecom: Wecom,
    pub sms: Sms,
    pub auth: Auth,
    pub limits: Limits,
    pub engine: Engine,
    pub photos: Photos,
    pub voices: Voices,
    pub cases: Cases,
    pub notices: Notices,
    pub roster: Roster,
    pub address: Address,
    pub codes: Codes,
    pub street: Street,
    pub open311: Open311,
    pub retention: Retention,
    #[cfg(debug_assertions)]
    pub faults: Faults,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            profile: Profile::Production,
            server: Server::default(),
            database: Database::default(),
            redis: Redis::default(),
            data: Data::default(),
            wechat: Wechat::default(),
            wecom: Wecom::default(),
            sms: Sms::default(),
            auth: Auth::default(),
            limits: Limits::default(),
            engine: Engine::default(),
            photos: Photos::default(),
            voices: Voices::default(),
            cases: Cases::default(),
            notices: Notices::default(),
            roster: Roster::default(),
            address: Address::default(),
            codes: Codes::default(),
            street: Street::default(),
            open311: Open311::default(),
            retention: Retention::default(),
            #[cfg(debug_assertions)]
            faults: Faults::default(),
        }
    }
}

/// Why the program does not start, with the cure.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file or variable cannot be read as configuration.
    #[error(
        "configuration cannot be read: {0}\n  cure: correct or remove the key named above; docs/OPERATIONS.md lists every key"
    )]
    Unreadable(Box<figment::Error>),
    /// The file named on the command line does not exist.
    #[error(
        "configuration file {0} does not exist\n  cure: create it, or name another with --config"
    )]
    NoFile(PathBuf),
    /// Combinations that must not run.
    #[error("configuration refused:\n{}", .0.iter().map(|f| format!("  - {}\n    cure: {}", f.what, f.cure)).collect::<Vec<_>>().join("\n"))]
    Refused(Vec<Finding>),
}

/// One finding of the cross-check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub what: String,
    pub cure: String,
}

impl Config {
    /// Reads the layers, then refuses what is unsafe. Without `path`, `zhinan.toml` in the working
    /// folder is read when it is there.
    pub fn load(path: Option<&Path>) -> Result<Self, ConfigError> {
        let config = Self::read(path)?;
        let findings = config.findings();
        if findings.is_empty() { Ok(config) } else { Err(ConfigError::Refused(findings)) }
    }

    /// Reads the layers without judging them; `doctor` judges one by one.
    pub fn read(path: Option<&Path>) -> Result<Self, ConfigError> {
        if let Some(missing) = path.filter(|p| !p.exists()) {
            return Err(ConfigError::NoFile(missing.to_owned()));
        }
        let usual = Path::new("zhinan.toml");
        let defaults = Figment::from(Serialized::defaults(Self::default()));
        let read = match path.or_else(|| usual.exists().then_some(usual)) {
            Some(file) => defaults.merge(Toml::file_exact(file)),
            None => defaults,
        };
        read.merge(Env::prefixed("ZHINAN__").split("__"))
            .extract()
            .map_err(|e| ConfigError::Unreadable(Box::new(e)))
    }

    /// Returns the database's URL: the configured one, or a file in the data folder.
    pub fn database_url(&self) -> String {
        if self.database.url.is_empty() {
            format!("sqlite://{}", self.data.dir.join("zhinan.db").display())
        } else {
            self.database.url.clone()
        }
    }

    /// Returns the chains that `cases.chain` names; fails with what is wrong with its file.
    pub fn chains(&self) -> Result<Chains, String> {
        match self.cases.chain.as_str() {
            "standard" => Ok(Chains::default()),
            "demo" => Ok(Chains::demo()),
            file => {
                let text = std::fs::read_to_string(file).map_err(|why| why.to_string())?;
                Chains::read(&text)
            }
        }
    }

    /// Returns a path inside the data folder.
    pub fn data_path(&self, name: &str) -> PathBuf {
        self.data.dir.join(name)
    }
}

pub use sections::Secret;

/// A block of addresses: the network's address and how many leading bits count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: std::net::IpAddr,
    bits: u32,
}

/// Parses `10.0.0.7` or `10.0.0.0/8`; `None` when it is neither.
pub fn parse_network(text: &str) -> Option<Network> {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, Some(bits.parse::<u32>().ok()?)),
        None => (text, None),
    };
    let address: std::net::IpAddr = address.parse().ok()?;
    let width = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.unwrap_or(width);
    (bits <= width).then_some(Network { address, bits })
}

impl Network {
    /// Tells whether the address lies in the block.
    pub fn contains(&self, address: std::net::IpAddr) -> bool {
        use std::net::IpAddr::{V4, V6};
        match (self.address, address) {
            (V4(a), V4(b)) => same_prefix(a.to_bits().into(), b.to_bits().into(), self.bits, 32),
            (V6(a), V6(b)) => same_prefix(a.to_bits(), b.to_bits(), self.bits, 128),
            _ => false,
        }
    }
}

fn same_prefix(a: u128, b: u128, bits: u32, width: u32) -> bool {
    let shift = width.saturating_sub(bits);
    shift >= 128 || (a >> shift) == (b >> shift)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_file_the_defaults_count() {
        let read = Config::read(None);
        assert!(read.is_ok(), "{:?}", read.err());
    }

    #[test]
    fn a_file_that_was_named_must_be_there() {
        let read = Config::read(Some(Path::new("nowhere/zhinan.toml")));
        assert!(matches!(read, Err(ConfigError::NoFile(_))));
    }
}
