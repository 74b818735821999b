//! What is too much is refused at once; the rest, and health, is answered.

#![expect(clippy::unwrap_used)] // a test that can't go on has failed

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use http_body_util::BodyExt;
use serde_json::Value;
use service_kit::limits::Limits;
use service_kit::shed::Gate;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tower::ServiceExt;

/// A service with one slow route, which answers when it is told to.
struct Slow {
    router: Router,
    begun: Arc<Notify>,
    release: Arc<Notify>,
}

fn slow(pairs: &[(&str, &str)]) -> Slow {
    let environment = pairs.iter().copied().collect();
    let gate = Gate::new(&Limits::from_environment(&environment).unwrap());
    let (begun, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (told, go) = (begun.clone(), release.clone());
    let handler = move || async move {
        told.notify_one();
        go.notified().await;
    };
    let router = service_kit::app(Router::new().route("/", get(handler)));
    let router = match gate {
        Some(gate) => router.layer(Extension(gate)),
        None => router,
    };
    Slow {
        router,
        begun,
        release,
    }
}

impl Slow {
    async fn send(&self, request: Request) -> Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// Begins a request and returns when the handler has it.
    async fn occupy(&self) -> JoinHandle<Response> {
        let router = self.router.clone();
        let task = tokio::spawn(async move { router.oneshot(ask("/")).await.unwrap() });
        self.begun.notified().await;
        task
    }
}

fn ask(path: &str) -> Request {
    Request::get(path).body(Body::empty()).unwrap()
}

#[tokio::test(start_paused = true)]
async fn what_is_too_much_is_503_at_once_and_health_is_not() {
    let slow = slow(&[("MAX_CONCURRENCY", "1"), ("MAX_QUEUE", "0")]);
    let held = slow.occupy().await;
    let refused = slow.send(ask("/")).await;
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(
        refused.headers()["content-type"],
        "application/problem+json"
    );
    assert_eq!(refused.headers()["retry-after"], "1");
    assert_eq!(refused.headers()["x-envoy-ratelimited"], "true");
    let body = refused.into_body().collect().await.unwrap().to_bytes();
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(body["status"], 503);
    // A route that is not there costs little, but the limit does not know that.
    assert_eq!(slow.send(ask("/nothing")).await.status(), 503);
    assert_eq!(slow.send(ask("/health")).await.status(), 200);
    slow.release.notify_one();
    assert_eq!(held.await.unwrap().status(), 200);
    assert_eq!(slow.send(ask("/nothing")).await.status(), 404);
}

#[tokio::test(start_paused = true)]
async fn a_request_in_the_queue_gets_its_turn() {
    let slow = slow(&[("MAX_CONCURRENCY", "1"), ("MAX_QUEUE", "1")]);
    let held = slow.occupy().await;
    let queued = slow.send(ask("/nothing"));
    tokio::pin!(queued);
    // It waits: the queue's deadline is on a clock that stands still as long as there is something to do.
    assert!(poll_once(&mut queued).await.is_none());
    assert_eq!(slow.send(ask("/")).await.status(), 503, "the queue is full");
    slow.release.notify_one();
    assert_eq!(queued.await.status(), 404);
    assert_eq!(held.await.unwrap().status(), 200);
}

/// Polls once.
async fn poll_once<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    tokio::select! {
        biased;
        output = future => Some(output),
        () = std::future::ready(()) => None,
    }
}

#[tokio::test(start_paused = true)]
async fn who_waits_too_long_is_refused() {
    let slow = slow(&[("MAX_CONCURRENCY", "1"), ("QUEUE_DEADLINE_MS", "30")]);
    let _held = slow.occupy().await;
    // The paused clock jumps to the deadline when nothing else is left to do.
    let refused = slow.send(ask("/")).await;
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.headers()["retry-after"], "1");
}

#[tokio::test(start_paused = true)]
async fn a_request_whose_caller_has_gone_is_not_begun() {
    let slow = slow(&[("MAX_CONCURRENCY", "1")]);
    let _held = slow.occupy().await;
    let request = Request::get("/").header("x-envoy-expected-rq-timeout-ms", "20");
    let late = slow.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(late.status(), StatusCode::GATEWAY_TIMEOUT);
    assert!(late.headers().get("retry-after").is_none());
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_goes_away_gives_its_place_back() {
    let slow = slow(&[("MAX_CONCURRENCY", "1"), ("MAX_QUEUE", "0")]);
    let held = slow.occupy().await;
    held.abort();
    let _ = held.await;
    assert_eq!(slow.send(ask("/nothing")).await.status(), 404);
}

#[tokio::test(start_paused = true)]
async fn overload_may_be_429_and_the_limit_may_be_off() {
    let limits = [("MAX_CONCURRENCY", "1"), ("MAX_QUEUE", "0")];
    let polite = slow(&[limits[0], limits[1], ("OVERLOAD_STATUS", "429")]);
    let _held = polite.occupy().await;
    assert_eq!(
        polite.send(ask("/")).await.status(),
        StatusCode::TOO_MANY_REQUESTS
    );
    let off = slow(&[("MAX_CONCURRENCY", "0"), ("MAX_QUEUE", "0")]);
    let _held = off.occupy().await;
    assert_eq!(off.send(ask("/nothing")).await.status(), 404);
}
