//! Serving until a signal, then finishing what is in flight.

use std::net::SocketAddr;
use std::time::Duration;

use axum::BoxError;
use axum::extract::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tower::Service;

/// How long requests in flight may take after SIGTERM: longer than any request (the mesh ends one after 10 s), shorter
/// than the container's stop timeout of 30 s, after which ECS kills, and 5 s of those are for the last spans.
const DRAIN_LIMIT: Duration = Duration::from_secs(20);

/// What answers the requests of one connection: an `axum::Router`, or layers around one. An error ends the connection
/// (HTTP/1.1) or the stream (HTTP/2) without an answer.
pub trait Connection:
    Service<Request<Incoming>, Response = Response, Error: Into<BoxError>, Future: Send>
    + Clone
    + Send
    + 'static
{
}

impl<S> Connection for S where
    S: Service<Request<Incoming>, Response = Response, Error: Into<BoxError>, Future: Send>
        + Clone
        + Send
        + 'static
{
}

/// Serves on a runtime of its own until SIGTERM or SIGINT.
///
/// # Errors
/// When the address can't be bound or a signal handler can't be installed.
pub fn blocking<C: Connection>(
    name: &'static str,
    address: SocketAddr,
    connection: impl Fn(SocketAddr) -> C,
) -> std::io::Result<()> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(async {
            let stop = stop_signal()?;
            let listener = TcpListener::bind(address).await?;
            tracing::info!(service = name, address = %listener.local_addr()?, "listening");
            let finished = until(listener, connection, stop).await;
            tracing::info!(service = name, finished, "stopped");
            Ok(())
        })
}

/// The first SIGTERM or SIGINT. As process 1 of a container there is no default action: without a handler, nothing.
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Accepts connections until `stop`, then lets requests in flight finish. Returns whether all did in time.
///
/// `connection` is called with the peer's address for each connection.
pub async fn until<C: Connection>(
    listener: TcpListener,
    connection: impl Fn(SocketAddr) -> C,
    stop: impl Future<Output = ()>,
) -> bool {
    let mut builder = Builder::new(TokioExecutor::new());
    // No header timeout of our own: hyper counts the idle time of a kept connection into it, and to close one at the
    // moment when the proxy in front sends the next request is a 503. The proxy guards against slow clients.
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(None);
    let graceful = GracefulShutdown::new();
    tokio::pin!(stop);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file descriptors, most likely: a moment later there may be some again.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        let service = TowerToHyperService::new(connection(peer));
        let served = builder.serve_connection(TokioIo::new(stream), service);
        let watched = graceful.watch(served.into_owned());
        tokio::spawn(async move {
            if let Err(error) = watched.await {
                tracing::debug!(%error, "a connection ended early");
            }
        });
    }
    drop(listener);
    tokio::time::timeout(DRAIN_LIMIT, graceful.shutdown())
        .await
        .is_ok()
}
