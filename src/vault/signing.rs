//! The key that signs checkpoints: Ed25519 in a PEM file outside the database, so that whoever can
//! change the record cannot make it look sealed.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, ParsedPublicKey};

use super::VaultError;
use super::keyfile::private;

/// Signs checkpoints; never printed.
pub struct Signer(Ed25519KeyPair);

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signer")
    }
}

fn malformed(path: &Path, reason: &'static str) -> VaultError {
    VaultError::Malformed { path: path.to_owned(), reason }
}

impl Signer {
    /// Reads the key file: PKCS #8 in PEM, readable by this user only.
    pub fn load(path: &Path) -> Result<Self, VaultError> {
        let text = private(path)?;
        let block = pem::parse(text).map_err(|_why| malformed(path, "not PEM"))?;
        let key = Ed25519KeyPair::from_pkcs8_maybe_unchecked(block.contents());
        key.map(Self).map_err(|_why| malformed(path, "no Ed25519 key in PKCS #8"))
    }

    /// Makes a key and writes its file, which must not be there yet.
    pub fn generate(path: &Path) -> Result<Self, VaultError> {
        let failed = || malformed(path, "no key could be made");
        let key = Ed25519KeyPair::generate().map_err(|_why| failed())?;
        let der = key.to_pkcs8v1().map_err(|_why| failed())?;
        let text = pem::encode(&pem::Pem::new("PRIVATE KEY", der.as_ref()));
        let mut options = OpenOptions::new();
        let opened = options.write(true).create_new(true).mode(0o600).open(path);
        opened
            .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
            .map_err(|source| VaultError::Write { path: path.to_owned(), source })?;
        Ok(Self(key))
    }

    /// Returns hex of the signature over bytes.
    pub fn sign(&self, bytes: &[u8]) -> String {
        hex::encode(self.0.sign(bytes))
    }

    /// Returns the public key as every tool reads it: `SubjectPublicKeyInfo` in PEM.
    pub fn public(&self) -> String {
        let der = self.0.public_key().as_der();
        let der = der.map(|der| der.as_ref().to_vec()).unwrap_or_default();
        pem::encode(&pem::Pem::new("PUBLIC KEY", der))
    }

    /// Returns what verifies its signatures.
    pub fn verifier(&self) -> Option<Verifier> {
        Verifier::read(&self.public())
    }
}

/// Verifies checkpoints.
#[derive(Clone, Debug)]
pub struct Verifier(ParsedPublicKey);

impl Verifier {
    /// Reads a public key in PEM; `None` when it is none of Ed25519.
    pub fn read(text: &str) -> Option<Self> {
        let block = pem::parse(text).ok()?;
        let key = ParsedPublicKey::new(&ED25519, block.contents()).ok()?;
        (block.tag() == "PUBLIC KEY").then_some(Self(key))
    }

    /// Tells whether hex is a signature of this key over bytes.
    pub fn holds(&self, bytes: &[u8], signature: &str) -> bool {
        hex::decode(signature).is_ok_and(|one| self.0.verify_sig(bytes, &one).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_holds_for_its_bytes_and_its_key_alone_and_the_file_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.pem");
        let made = Signer::generate(&path).unwrap();
        assert!(Signer::generate(&path).is_err(), "never overwritten");
        let loaded = Signer::load(&path).unwrap();
        assert_eq!(loaded.public(), made.public());
        let signature = loaded.sign(b"a day");
        let verifier = Verifier::read(&made.public()).unwrap();
        assert!(verifier.holds(b"a day", &signature));
        assert!(!verifier.holds(b"another", &signature));
        assert!(!verifier.holds(b"a day", &signature.replace(&signature[..2], "zz")));
        let other = Signer::generate(&folder.path().join("other.pem")).unwrap();
        assert!(!other.verifier().unwrap().holds(b"a day", &signature));
        let secret = std::fs::read_to_string(&path).unwrap();
        assert!(Verifier::read(&secret).is_none() && Verifier::read("x").is_none());
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o644))
            .unwrap();
        assert!(matches!(Signer::load(&path), Err(VaultError::Exposed { .. })));
    }
}
