//! What an object store that does not serve is told as: away for a moment, or set up wrongly.

use std::net::{SocketAddr, TcpListener};

use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use zhinan::error::{Code, Error};
use zhinan::gateway::storage::{Remote, Storage};

use super::kit::spawn;

/// Answers whatever is asked of a bucket with the status that the bucket is named after.
async fn answer(request: HttpRequest) -> HttpResponse {
    let bucket = request.path().split('/').nth(1).unwrap();
    HttpResponse::build(StatusCode::from_u16(bucket.parse().unwrap()).unwrap()).finish()
}

/// Starts a store of such buckets.
fn stand_in() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let app = || App::new().default_service(web::to(answer));
    let server = HttpServer::new(app).workers(1).disable_signals().listen(listener).unwrap().run();
    spawn(async { server.await.unwrap() });
    address
}

/// Reads from and writes to a bucket; both must fail alike, with what a use case makes of it.
async fn failure(store: SocketAddr, bucket: &str) -> Error {
    let remote = Remote {
        endpoint: format!("http://{store}"),
        region: "us-east-1".into(),
        bucket: bucket.into(),
        access_key: "key".into(),
        secret_key: "s3cret".into(),
    };
    let storage = Storage::remote(&remote).unwrap();
    let put = Error::from(storage.put("one.jpg", b"a picture".to_vec()).await.unwrap_err());
    let got = Error::from(storage.get("one.jpg").await.unwrap_err());
    assert_eq!((put.code, put.retry_after), (got.code, got.retry_after), "{bucket}");
    put
}

#[tokio::test]
async fn a_store_that_cannot_serve_now_is_away_and_is_asked_again_later() {
    let store = stand_in();
    for bucket in ["500", "503", "408", "429"] {
        let error = failure(store, bucket).await;
        assert_eq!(error.code, Code::StorageAway, "{bucket}: {}", error.chain());
        assert!(error.retry_after.is_some() && error.chain().contains(bucket), "{}", error.chain());
    }
}

#[tokio::test]
async fn a_store_that_nobody_reaches_is_away() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = failure(closed, "photos").await;
    assert_eq!(error.code, Code::StorageAway, "{}", error.chain());
    assert!(error.retry_after.is_some());
}

#[tokio::test]
async fn a_store_that_refuses_is_an_error_whose_line_names_the_settings() {
    let store = stand_in();
    for (bucket, names) in [
        ("401", "photos.s3.secret_key"),
        ("403", "photos.s3.access_key"),
        ("404", "photos.s3.bucket"),
        ("400", "400"),
    ] {
        let error = failure(store, bucket).await;
        assert_eq!((error.code, error.retry_after), (Code::Internal, None), "{}", error.chain());
        assert!(error.chain().contains(names), "{}", error.chain());
        assert!(!error.chain().contains("s3cret"));
    }
}
