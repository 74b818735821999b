//! What is in flight when the signal comes finishes; what comes later is refused.

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use service_kit::serve;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot};

#[tokio::test]
async fn a_request_in_flight_finishes_and_the_connection_closes() {
    let (arrived, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (told, go) = (arrived.clone(), release.clone());
    let router = Router::new().route(
        "/slow",
        get(move || async move {
            told.notify_one();
            go.notified().await;
            "done"
        }),
    );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(serve::until(listener, move |_| router.clone(), async {
        let _ = stopped.await;
    }));

    let mut client = TcpStream::connect(address).await.unwrap();
    client
        .write_all(b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    arrived.notified().await;
    stop.send(()).unwrap();
    // The listener is gone once a connection is refused; only then is the request released.
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    release.notify_one();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.ends_with("done"),
        "{answer}"
    );
    assert!(server.await.unwrap(), "everything finished in time");
}

#[tokio::test]
async fn an_idle_connection_does_not_hold_the_end_back() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(serve::until(
        listener,
        |_| service_kit::app(Router::new()),
        async {
            let _ = stopped.await;
        },
    ));
    let mut client = TcpStream::connect(address).await.unwrap();
    client
        .write_all(b"GET /health HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    let mut start = [0; 12];
    client.read_exact(&mut start).await.unwrap();
    assert_eq!(&start, b"HTTP/1.1 200");
    stop.send(()).unwrap();
    assert!(server.await.unwrap());
}
