//! Where photos are kept: a folder by default, an S3-compatible store in production.

use std::path::Path;
use std::sync::Arc;

use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};

use crate::transaction;

/// How to reach an S3-compatible store.
#[derive(Clone, Debug)]
pub struct Remote {
    pub endpoint: String,
    pub region: String,
    pub bucket: String,
    pub access_key: String,
    pub secret_key: secrecy::SecretString,
}

/// A store of named objects; cheap to clone.
#[derive(Clone, Debug)]
pub struct Storage(Arc<dyn ObjectStore>);

/// Why an object could not be stored or read.
#[derive(Debug, thiserror::Error)]
#[error("object store")]
pub struct StorageError(#[from] object_store::Error);

impl Storage {
    /// Opens a folder, which is created when it is missing.
    pub fn folder(path: &Path) -> Result<Self, StorageError> {
        std::fs::create_dir_all(path).map_err(|source| {
            StorageError(object_store::Error::Generic { store: "folder", source: Box::new(source) })
        })?;
        Ok(Self(Arc::new(LocalFileSystem::new_with_prefix(path)?)))
    }

    /// Opens a bucket; nothing is asked of it yet.
    pub fn remote(remote: &Remote) -> Result<Self, StorageError> {
        use secrecy::ExposeSecret;
        let store = AmazonS3Builder::new()
            .with_endpoint(&remote.endpoint)
            .with_allow_http(remote.endpoint.starts_with("http://"))
            .with_region(&remote.region)
            .with_bucket_name(&remote.bucket)
            .with_access_key_id(&remote.access_key)
            .with_secret_access_key(remote.secret_key.expose_secret())
            .build()?;
        Ok(Self(Arc::new(store)))
    }

    /// Stores an object under a name nobody used before.
    pub async fn put(&self, name: &str, bytes: Vec<u8>) -> Result<(), StorageError> {
        transaction::forbid("the photo store");
        self.0.put(&ObjectPath::from(name), PutPayload::from(bytes)).await?;
        Ok(())
    }

    /// Reads an object.
    pub async fn get(&self, name: &str) -> Result<Vec<u8>, StorageError> {
        transaction::forbid("the photo store");
        Ok(self.0.get(&ObjectPath::from(name)).await?.bytes().await?.to_vec())
    }

    /// Removes an object; one that is gone already is no error.
    pub async fn delete(&self, name: &str) -> Result<(), StorageError> {
        transaction::forbid("the photo store");
        match self.0.delete(&ObjectPath::from(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
