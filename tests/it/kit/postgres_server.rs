//! A PostgreSQL of the test's own, to be halted and resumed: `tools/servers.sh` in a folder.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

pub struct PostgresServer {
    pub url: String,
    folder: PathBuf,
    _dir: tempfile::TempDir,
}

impl PostgresServer {
    /// Starts a server; `None`, loudly, where the programs are missing.
    pub fn start() -> Option<Self> {
        // The server runs as another user when we are root: he must be able to walk in.
        let passable = std::fs::Permissions::from_mode(0o711);
        let dir = tempfile::Builder::new().permissions(passable).tempdir().unwrap();
        let folder = dir.path().join("servers");
        let mut command = Command::new(script());
        command.arg("start").arg(&folder).env_remove("TEST_DATABASE_URL");
        // Named, so that no Redis is started with it.
        let told = command.env("TEST_REDIS_URL", "redis://unused").output().unwrap();
        if !told.status.success() {
            eprintln!("SKIPPED: {}", String::from_utf8_lossy(&told.stderr));
            return None;
        }
        let env = std::fs::read_to_string(folder.join("env")).unwrap();
        let url = env.lines().find_map(|line| line.strip_prefix("export TEST_DATABASE_URL="));
        Some(Self { url: url.unwrap().replace('\\', ""), folder, _dir: dir })
    }

    /// Ends every session and stops; what was committed stays.
    pub fn halt(&self) {
        self.order("halt");
    }

    pub fn resume(&self) {
        self.order("resume");
    }

    fn order(&self, what: &str) {
        let status = Command::new(script()).arg(what).arg(&self.folder).status().unwrap();
        assert!(status.success(), "servers.sh {what}: {status}");
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        let _stopped = Command::new(script()).arg("stop").arg(&self.folder).status();
    }
}

fn script() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tools/servers.sh")
}
