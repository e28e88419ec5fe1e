//! The archive's own format: a gzipped tar whose last member is the manifest.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::BackupError;

/// Raised when an older program could not read the archive.
pub const FORMAT: u32 = 1;

const MANIFEST: &str = "manifest.json";

/// What an archive holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    /// Version of the program that wrote it.
    pub program: String,
    pub created_at: String,
    /// `sqlite` or `postgres`.
    pub database: String,
    /// False when an S3 store keeps the photos.
    pub photos_included: bool,
    /// Name to SHA-256 in hex.
    pub members: BTreeMap<String, String>,
}

/// An archive being written.
pub struct Writing {
    tar: tar::Builder<GzEncoder<File>>,
    members: BTreeMap<String, String>,
    path: std::path::PathBuf,
}

impl Writing {
    /// Creates the file, readable by this user only. Fails when it exists.
    pub fn create(path: &Path) -> Result<Self, BackupError> {
        let mut options = OpenOptions::new();
        let file = options.write(true).create_new(true).mode(0o600).open(path);
        let file = file.map_err(BackupError::file("creating", path))?;
        let tar = tar::Builder::new(GzEncoder::new(file, Compression::default()));
        Ok(Self { tar, members: BTreeMap::new(), path: path.to_owned() })
    }

    /// Adds a file under a name.
    pub fn add(&mut self, name: &str, from: &Path) -> Result<(), BackupError> {
        let read = BackupError::file("reading", from);
        let (hash, size) = digest(from).map_err(read)?;
        let mut file = File::open(from).map_err(BackupError::file("reading", from))?;
        let mut header = header(size);
        // A file that grows meanwhile must not tear the archive apart.
        let taken = (&mut file).take(size);
        self.tar
            .append_data(&mut header, name, taken)
            .map_err(BackupError::file("archiving", from))?;
        self.members.insert(name.to_owned(), hash);
        Ok(())
    }

    /// Adds every file below a folder that others may write to and delete from meanwhile.
    pub fn add_folder(&mut self, name: &str, folder: &Path) -> Result<(), BackupError> {
        let listed = std::fs::read_dir(folder).map_err(BackupError::file("listing", folder))?;
        for entry in listed {
            let path = entry.map_err(BackupError::file("listing", folder))?.path();
            let Some(last) = path.file_name().and_then(|last| last.to_str()) else { continue };
            // The object store writes under such a name before a file gets its own.
            if last.contains('#') {
                continue;
            }
            let name = format!("{name}/{last}");
            let added =
                if path.is_dir() { self.add_folder(&name, &path) } else { self.add(&name, &path) };
            match added {
                // Deleted since it was listed.
                Err(BackupError::File { source, .. }) if source.kind() == ErrorKind::NotFound => {}
                other => other?,
            }
        }
        Ok(())
    }

    /// Returns what was added so far.
    pub fn members(&self) -> BTreeMap<String, String> {
        self.members.clone()
    }

    /// Adds the manifest and makes the archive durable.
    pub fn finish(mut self, manifest: &Manifest) -> Result<(), BackupError> {
        let failed =
            |source| BackupError::File { what: "finishing", path: self.path.clone(), source };
        let text = serde_json::to_vec_pretty(manifest).map_err(|why| failed(why.into()))?;
        let size = u64::try_from(text.len()).unwrap_or(u64::MAX);
        self.tar.append_data(&mut header(size), MANIFEST, text.as_slice()).map_err(failed)?;
        let gz = self.tar.into_inner().map_err(failed)?;
        gz.finish().and_then(|file| file.sync_all()).map_err(failed)
    }
}

fn header(size: u64) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_size(size);
    header.set_mode(0o600);
    header
}

/// Unpacks into an empty folder and checks every member. Fails at anything the manifest does not
/// vouch for.
pub fn unpack(archive: &Path, into: &Path) -> Result<Manifest, BackupError> {
    let file = File::open(archive).map_err(BackupError::file("opening", archive))?;
    let damaged = |why: std::io::Error| BackupError::Damaged(why.to_string());
    // `unpack` refuses names that would leave the folder.
    tar::Archive::new(GzDecoder::new(file)).unpack(into).map_err(damaged)?;
    let text = std::fs::read(into.join(MANIFEST))
        .map_err(|_gone| BackupError::Damaged("it has no manifest".into()))?;
    let manifest: Manifest =
        serde_json::from_slice(&text).map_err(|why| BackupError::Damaged(why.to_string()))?;
    if manifest.format != FORMAT {
        let why = format!(
            "its format {} is not {FORMAT}; use the program that wrote it",
            manifest.format
        );
        return Err(BackupError::Damaged(why));
    }
    for (name, expected) in &manifest.members {
        let found = digest(&into.join(name)).map(|(hash, _)| hash);
        match found {
            Ok(hash) if hash == *expected => {}
            Ok(_) => return Err(BackupError::Damaged(format!("{name} was changed"))),
            Err(why) => return Err(BackupError::Damaged(format!("{name}: {why}"))),
        }
    }
    Ok(manifest)
}

/// Hashes a file: SHA-256 in hex, and how many bytes it has.
fn digest(path: &Path) -> std::io::Result<(String, u64)> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut size = 0;
    let mut part = vec![0; 64 * 1024];
    loop {
        let read = file.read(&mut part)?;
        let Some(bytes) = part.get(..read).filter(|bytes| !bytes.is_empty()) else {
            return Ok((hex::encode(hash.finalize()), size));
        };
        hash.update(bytes);
        size += u64::try_from(read).unwrap_or(0);
    }
}
