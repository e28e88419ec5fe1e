//! The demo's own configuration file: made once with fresh secrets, then only read.

use std::io::Write;
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use rand::{CryptoRng, Rng};

/// Where the demo's configuration stands in its folder.
pub fn config_path(dir: &Path) -> PathBuf {
    dir.join("zhinan.toml")
}

/// Writes the configuration, readable by this user only. Fails when the file exists: its secrets
/// belong to the data beside it.
pub fn write_config(
    dir: &Path,
    (listen, sandbox): (SocketAddr, SocketAddr),
    rng: &mut impl CryptoRng,
) -> std::io::Result<()> {
    std::fs::create_dir_all(dir)?;
    let mut options = std::fs::OpenOptions::new();
    let mut file = options.write(true).create_new(true).mode(0o600).open(config_path(dir))?;
    file.write_all(text(dir, listen, sandbox, rng).as_bytes())?;
    file.sync_all()
}

fn text(dir: &Path, listen: SocketAddr, sandbox: SocketAddr, rng: &mut impl CryptoRng) -> String {
    let folder = toml::Value::String(dir.display().to_string());
    let mut account = |section: &str, appid: &str| {
        format!(
            "[wechat.{section}]\nappid = \"{appid}\"\nsecret = \"{}\"\ntoken = \"{}\"\naes_key = \"{}\"\n",
            word(rng),
            word(rng),
            aes_key(rng)
        )
    };
    let accounts = [account("mini", "wxdemo0000000000mp"), account("oa", "wxdemo0000000000oa")];
    format!(
        "# The demo street. Made by `zhinan demo serve`; every person and secret in it is invented.\n\
         profile = \"demo\"\n\n[server]\nlisten = \"{listen}\"\n\n[data]\ndir = {folder}\n\n\
         [wechat]\nbase_url = \"http://{sandbox}\"\n\n{}\n\
         [wechat.templates]\nstaff_case = \"demo-staff-case\"\n\
         resident_acknowledged = \"demo-acknowledged\"\nresident_resolved = \"demo-resolved\"\n\
         resident_question = \"demo-question\"\n\n[auth]\ndemo_accounts = true\n\n\
         [cases]\n# Escalation within seconds, so that the story can be watched.\nchain = \"demo\"\n\n\
         [notices]\n# The story is told at any hour.\nquiet_from = \"\"\nquiet_to = \"\"\n",
        accounts.join("\n")
    )
}

fn word(rng: &mut impl Rng) -> String {
    let mut bytes = [0_u8; 16];
    rng.fill_bytes(&mut bytes);
    hex::encode(bytes)
}

/// 43 characters of base64: 32 bytes without their padding.
fn aes_key(rng: &mut impl Rng) -> String {
    let mut bytes = [0_u8; 32];
    rng.fill_bytes(&mut bytes);
    STANDARD_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn the_demo_configuration_is_accepted_private_and_never_written_twice() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let at = ("127.0.0.1:8080".parse().unwrap(), "127.0.0.1:8081".parse().unwrap());
        write_config(dir.path(), at, &mut rand::rng()).unwrap();
        let path = config_path(dir.path());
        let config = Config::load(Some(&path)).unwrap();
        assert_eq!(config.wechat.base_url, "http://127.0.0.1:8081");
        assert_eq!(config.data.dir, dir.path());
        for app in [&config.wechat.mini, &config.wechat.oa] {
            assert!(crate::gateway::wechat::crypto::AesKey::parse(app.aes_key.expose()).is_some());
        }
        assert_ne!(config.wechat.mini.secret, config.wechat.oa.secret);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(write_config(dir.path(), at, &mut rand::rng()).is_err());
    }
}
