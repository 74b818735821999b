//! Service B against real upstreams on loopback.

#![expect(clippy::unwrap_used)] // a test that can't go on has failed

mod upstreams;

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use axum::{Json, Router};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use service_b::Upstreams;
use service_kit::environment::Environment;
use service_kit::upstream::Timeouts;
use testing::serve;
use tokio::net::TcpListener;
use tokio::sync::{Barrier, Mutex};
use tower::ServiceExt;
use upstreams::{PATIENT, good_a, good_c};

/// Short, so that a test of slowness is none itself.
const SHORT: Timeouts = Timeouts {
    total: Duration::from_millis(500),
    ..PATIENT
};

fn upstreams(a: &str, c: &str, timeouts: Timeouts) -> Upstreams {
    let environment = Environment::from_iter([("SERVICE_A_URL", a), ("SERVICE_C_URL", c)]);
    Upstreams::from_environment(&environment, timeouts).unwrap()
}

async fn ask(a: &str, c: &str, request: Request) -> (StatusCode, String, Value) {
    ask_through(upstreams(a, c, PATIENT), request).await
}

async fn ask_through(upstreams: Upstreams, request: Request) -> (StatusCode, String, Value) {
    let response = service_b::router(upstreams).oneshot(request).await.unwrap();
    let status = response.status();
    let kind = response.headers()["content-type"]
        .to_str()
        .unwrap()
        .to_owned();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (
        status,
        kind,
        serde_json::from_slice(&body).unwrap_or(Value::Null),
    )
}

fn request(uri: &str) -> Request {
    Request::get(uri).body(Body::empty()).unwrap()
}

#[tokio::test]
async fn merges_what_both_answer() {
    let (a, c) = (serve(good_a()).await, serve(good_c()).await);
    let (status, _, body) = ask(&a, &c, request("/?name=Hello")).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        body,
        json!({"key_one": "(Hello)Field 1", "key_two": "(Hello)Field 2", "key_time": "now"})
    );
    assert_eq!(
        ask(&a, &c, request("/")).await.2["key_one"],
        "(Unknown)Field 1"
    );
}

#[tokio::test]
async fn a_name_survives_encoding_both_ways() {
    let (a, c) = (serve(good_a()).await, serve(good_c()).await);
    let (_, _, body) = ask(&a, &c, request("/?name=a%26p%3Db%20%C3%A9%2B%25%23%2F%3F")).await;
    assert_eq!(body["key_one"], "(a&p=b é+%#/?)Field 1");
}

#[tokio::test]
async fn both_are_asked_at_once() {
    // Neither answers before the other was asked: one after the other would end in a timeout.
    let both = Arc::new(Barrier::new(2));
    let wait = |barrier: State<Arc<Barrier>>| async move {
        barrier.wait().await;
        Json(json!({"key_one": "1", "key_two": "2", "key_time": "3"}))
    };
    let a = serve(
        Router::new()
            .route("/route", get(wait))
            .with_state(both.clone()),
    )
    .await;
    let c = serve(Router::new().route("/time", get(wait)).with_state(both)).await;
    assert_eq!(ask(&a, &c, request("/")).await.0, StatusCode::OK);
}

#[tokio::test]
async fn trace_context_and_request_id_go_onward_and_nothing_else() {
    type Seen = Arc<Mutex<HeaderMap>>;
    let seen: Seen = Arc::default();
    let note = |State(seen): State<Seen>, headers: HeaderMap| async move {
        *seen.lock().await = headers;
        Json(json!({"key_one": "1", "key_two": "2"}))
    };
    let a = serve(
        Router::new()
            .route("/route", get(note))
            .with_state(seen.clone()),
    )
    .await;
    let c = serve(good_c()).await;
    let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let request = Request::get("/")
        .header("traceparent", parent)
        .header("x-request-id", "r-1")
        .header("authorization", "secret");
    ask(&a, &c, request.body(Body::empty()).unwrap()).await;
    let seen = seen.lock().await;
    assert_eq!(seen["traceparent"], parent);
    assert_eq!(seen["x-request-id"], "r-1");
    assert!(!seen.contains_key("authorization"));
}

#[tokio::test]
async fn names_are_bounded_before_anyone_is_asked() {
    let name = "x".repeat(257);
    let nobody = "http://127.0.0.1:1";
    let (status, kind, body) = ask(nobody, nobody, request(&format!("/?name={name}"))).await;
    assert_eq!(
        (status, kind.as_str()),
        (StatusCode::BAD_REQUEST, "application/problem+json")
    );
    assert!(
        body["detail"]
            .as_str()
            .unwrap()
            .starts_with("name has 257 characters")
    );
}

/// What a failing upstream shows: its name and a status, and nothing of how it failed.
async fn failing(a: Router) -> (StatusCode, Value) {
    failing_within(PATIENT, a).await
}

async fn failing_within(timeouts: Timeouts, a: Router) -> (StatusCode, Value) {
    let (a, c) = (serve(a).await, serve(good_c()).await);
    // For A alone: on a slow machine C must not be what fails.
    let Upstreams { c: good, .. } = upstreams(&a, &c, PATIENT);
    let through = Upstreams {
        c: good,
        ..upstreams(&a, &c, timeouts)
    };
    let (status, kind, body) = ask_through(through, request("/")).await;
    assert_eq!(kind, "application/problem+json");
    assert_eq!(body["upstream"], "service-a");
    let text = body.to_string();
    assert!(
        !text.contains("127.0.0.1") && !text.contains("secret"),
        "{text}"
    );
    (status, body)
}

#[tokio::test]
async fn an_upstream_that_fails_is_502() {
    let broken = Router::new().route(
        "/route",
        get(|| async { (StatusCode::INTERNAL_SERVER_ERROR, "secret") }),
    );
    assert_eq!(failing(broken).await.0, StatusCode::BAD_GATEWAY);
    assert_eq!(failing(Router::new()).await.0, StatusCode::BAD_GATEWAY);
}

#[tokio::test]
async fn malformed_or_endless_answers_are_502() {
    let malformed = Router::new().route("/route", get(|| async { "{secret" }));
    assert_eq!(failing(malformed).await.0, StatusCode::BAD_GATEWAY);
    let wrong = Router::new().route(
        "/route",
        get(|| async { Json(json!({"key_one": 1, "secret": 2})) }),
    );
    assert_eq!(failing(wrong).await.0, StatusCode::BAD_GATEWAY);
    let large = Router::new().route("/route", get(|| async { "secret".repeat(100_000) }));
    assert_eq!(failing(large).await.0, StatusCode::BAD_GATEWAY);
}

#[tokio::test]
async fn an_upstream_that_is_slow_is_504() {
    let slow = Router::new().route(
        "/route",
        get(|| async { std::future::pending::<()>().await }),
    );
    let (status, body) = failing_within(SHORT, slow).await;
    assert_eq!(status, StatusCode::GATEWAY_TIMEOUT);
    assert_eq!(body["detail"], "service-a did not answer in time");
    // The proxy's own timeout is the same news.
    let proxy = Router::new().route("/route", get(|| async { StatusCode::GATEWAY_TIMEOUT }));
    assert_eq!(failing(proxy).await.0, StatusCode::GATEWAY_TIMEOUT);
}

#[tokio::test]
async fn an_upstream_that_is_not_there_is_502() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let dead = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let a = serve(good_a()).await;
    let (status, _, body) = ask(&a, &dead, request("/")).await;
    assert_eq!(status, StatusCode::BAD_GATEWAY);
    assert_eq!(body["upstream"], "service-c");
}

#[test]
fn a_missing_upstream_names_the_variable() {
    let error = Upstreams::from_environment(&Environment::default(), PATIENT)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("SERVICE_A_URL") && error.contains("http://service-a:8080"),
        "{error}"
    );
}
