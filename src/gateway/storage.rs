//! Where photos are kept: a folder by default, an S3-compatible store in production.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use object_store::aws::AmazonS3Builder;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpService,
    ReqwestConnector,
};
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::{
    BackoffConfig, ClientOptions, ObjectStore, ObjectStoreExt, PutPayload, RetryConfig,
};

use crate::transaction;

/// A hiccup is over within these; the crate's own ten tries in three minutes are longer than anybody
/// waits in front of a screen.
const TRIES_AGAIN: usize = 2;
const TRIES_WITHIN: Duration = Duration::from_secs(3);
/// "Request timeout" and "too many requests": as much "not now" as a 5xx.
const NOT_NOW: [u16; 2] = [408, 429];

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
#[error("object store{}", advice(.0))]
pub struct StorageError(#[from] object_store::Error);

impl StorageError {
    /// Tells whether a disk without room is among the causes.
    pub fn is_full(&self) -> bool {
        self.causes()
            .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
            .any(|cause| matches!(cause.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded))
    }

    /// Tells whether the store is not reached, too slow, or cannot serve now: the same may succeed
    /// in a moment.
    pub fn is_away(&self) -> bool {
        self.causes().any(|cause| cause.downcast_ref::<HttpError>().is_some())
    }

    fn causes(&self) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
        let first: &(dyn std::error::Error + 'static) = self;
        std::iter::successors(Some(first), |cause| std::error::Error::source(*cause))
    }
}

/// Says for the log what an operator looks at first; empty where he cannot help.
const fn advice(error: &object_store::Error) -> &'static str {
    use object_store::Error;
    match error {
        Error::NotFound { .. } => {
            ": the object or its whole bucket is missing; look at photos.s3.endpoint and \
             photos.s3.bucket, if they are set, and at what was restored last"
        }
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => {
            ": it refuses this program; look at photos.s3.access_key and photos.s3.secret_key, and \
             at what they may do in photos.s3.bucket"
        }
        _ => "",
    }
}

/// What a store says that cannot serve now.
#[derive(Debug, thiserror::Error)]
#[error("it answered {0}")]
struct NotNow(u16);

/// Connects clients whose errors tell a store that is away from one that refuses.
#[derive(Debug)]
struct Connector;

impl HttpConnector for Connector {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        let client = ReqwestConnector::default().connect(options)?;
        Ok(HttpClient::new(Telling(client)))
    }
}

/// Takes an answer "not now" for no answer. The crate gives statuses away only in its words, and
/// errors are told apart by type.
#[derive(Debug)]
struct Telling(HttpClient);

impl HttpService for Telling {
    // The trait is written for a macro, which makes this of `async fn`.
    fn call<'life0, 'async_trait>(
        &'life0 self,
        request: HttpRequest,
    ) -> BoxFuture<'async_trait, Result<HttpResponse, HttpError>>
    where
        'life0: 'async_trait,
        Self: 'async_trait,
    {
        Box::pin(async move {
            let answer = self.0.execute(request).await?;
            let status = answer.status();
            if status.is_server_error() || NOT_NOW.contains(&status.as_u16()) {
                let why = NotNow(status.as_u16());
                return Err(HttpError::new(HttpErrorKind::Request, why));
            }
            Ok(answer)
        })
    }
}

impl Storage {
    /// Opens a folder, which is created when it is missing. What was stored survives a power cut.
    pub fn folder(path: &Path) -> Result<Self, StorageError> {
        std::fs::create_dir_all(path).map_err(|source| {
            StorageError(object_store::Error::Generic { store: "folder", source: Box::new(source) })
        })?;
        Ok(Self(Arc::new(LocalFileSystem::new_with_prefix(path)?.with_fsync(true))))
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
            .with_retry(RetryConfig {
                backoff: BackoffConfig::default(),
                max_retries: TRIES_AGAIN,
                retry_timeout: TRIES_WITHIN,
            })
            .with_http_connector(Connector)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_is_on_the_disk_before_anybody_hears_that_it_is_stored() {
        let folder = tempfile::tempdir().unwrap();
        let storage = Storage::folder(folder.path()).unwrap();
        assert!(format!("{storage:?}").contains("fsync: true"), "{storage:?}");
    }
}
