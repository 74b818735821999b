//! Routers on loopback.

use axum::Router;
use tokio::net::TcpListener;

/// Serves a router on a free port until the runtime ends; returns its URL.
///
/// # Panics
/// When there is no port.
#[expect(clippy::unwrap_used)] // a test that can't go on has failed
pub async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    url
}
