//! What service B does when an upstream or the time runs out.

#![expect(clippy::unwrap_used)] // a test that can't go on has failed

mod upstreams;

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Json, Router};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use service_b::Upstreams;
use service_kit::environment::Environment;
use service_kit::limits::Limits;
use service_kit::shed::Gate;
use service_kit::upstream::Timeouts;
use testing::{in_time, serve};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tower::ServiceExt;
use upstreams::{PATIENT, good_a, good_c};

/// An A that tells of every request and answers it, or never does.
async fn telling_a(answers: bool) -> (String, UnboundedReceiver<HeaderMap>) {
    let (tell, told) = unbounded_channel();
    let handler = move |State(tell): State<UnboundedSender<HeaderMap>>, headers| async move {
        tell.send(headers).unwrap();
        if !answers {
            std::future::pending::<()>().await;
        }
        Json(json!({"key_one": "1", "key_two": "2"}))
    };
    let router = Router::new().route("/route", get(handler));
    (serve(router.with_state(tell)).await, told)
}

fn environment(a: &str, c: &str) -> Environment {
    Environment::from_iter([
        ("SERVICE_A_URL", a),
        ("SERVICE_C_URL", c),
        ("SERVICE_A_MAX_CALLS", "2"),
        ("MAX_CONCURRENCY", "3"),
        ("MAX_QUEUE", "0"),
    ])
}

async fn problem(response: Response) -> Value {
    assert_eq!(
        response.headers()["content-type"],
        "application/problem+json"
    );
    let body = response.into_body().collect().await.unwrap().to_bytes();
    serde_json::from_slice(&body).unwrap()
}

#[tokio::test]
async fn an_a_that_hangs_takes_neither_c_nor_the_other_routes_down() {
    let (a, mut told) = telling_a(false).await;
    let c = serve(good_c()).await;
    let environment = environment(&a, &c);
    // It hangs for as long as the test goes on.
    let patient = Timeouts {
        total: Duration::from_secs(600),
        ..PATIENT
    };
    let upstreams = Upstreams::from_environment(&environment, patient).unwrap();
    let gate: Arc<Gate> = Gate::new(&Limits::from_environment(&environment).unwrap()).unwrap();
    let router = service_b::router(upstreams.clone()).layer(Extension(gate));
    let send = async |path: &str| {
        let request = Request::get(path).body(Body::empty()).unwrap();
        router.clone().oneshot(request).await.unwrap()
    };
    for _ in 0..2 {
        let request = Request::get("/").body(Body::empty()).unwrap();
        tokio::spawn(router.clone().oneshot(request));
        in_time("A is asked", told.recv()).await.unwrap();
    }
    // Two hang, as many as may. Without the bulkhead the third would too, and the gate would be shut for everyone.
    for _ in 0..5 {
        let refused = send("/").await;
        assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(refused.headers()["retry-after"], "1");
        assert_eq!(problem(refused).await["upstream"], "service-a");
    }
    assert!(told.try_recv().is_err(), "A was not asked again");
    assert_eq!(send("/nothing").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(send("/?name=").await.status(), 503);
    assert_eq!(send("/health").await.status(), StatusCode::OK);
    let time: Result<Value, _> = upstreams.c.get("/time", &[], &HeaderMap::new()).await;
    assert_eq!(time.unwrap()["key_time"], "now");
}

#[tokio::test]
async fn an_upstream_that_sheds_load_is_503_and_one_without_tasks_502() {
    for (retry_after, expected) in [(true, 503), (false, 502)] {
        let a = Router::new().route(
            "/route",
            get(move || async move {
                let headers: HeaderMap = retry_after
                    .then(|| ("retry-after".parse().unwrap(), "7".parse().unwrap()))
                    .into_iter()
                    .collect();
                (StatusCode::SERVICE_UNAVAILABLE, headers)
            }),
        );
        let (a, c) = (serve(a).await, serve(good_c()).await);
        let response = send_with_timeout(&a, &c, None).await;
        assert_eq!(response.status(), expected);
        assert_eq!(problem(response).await["upstream"], "service-a");
    }
}

async fn send_with_timeout(a: &str, c: &str, milliseconds: Option<u64>) -> Response {
    let upstreams = Upstreams::from_environment(&environment(a, c), PATIENT).unwrap();
    let mut request = Request::get("/");
    if let Some(milliseconds) = milliseconds {
        request = request.header("x-envoy-expected-rq-timeout-ms", milliseconds);
    }
    let request = request.body(Body::empty()).unwrap();
    service_b::router(upstreams).oneshot(request).await.unwrap()
}

#[tokio::test]
async fn upstreams_get_what_is_left_of_the_deadline_or_the_own_timeout_if_that_is_less() {
    let (a, mut told) = telling_a(true).await;
    let c = serve(good_c()).await;
    let mut left = async |milliseconds| {
        let response = send_with_timeout(&a, &c, milliseconds).await;
        assert_eq!(response.status(), StatusCode::OK);
        let headers = in_time("A is asked", told.recv()).await.unwrap();
        let proxy = &headers["x-envoy-upstream-rq-timeout-ms"];
        assert_eq!(&headers["x-request-timeout-ms"], proxy);
        proxy.to_str().unwrap().parse::<u64>().unwrap()
    };
    let own = u64::try_from(PATIENT.total.as_millis()).unwrap();
    assert_eq!(left(None).await, own);
    assert_eq!(left(Some(600_000)).await, own);
    let less = left(Some(20_000)).await;
    assert!(0 < less && less <= 19_950, "{less}");
}

#[tokio::test]
async fn nobody_is_asked_when_no_time_is_left() {
    let (a, mut told) = telling_a(true).await;
    let c = serve(good_a()).await;
    let response = send_with_timeout(&a, &c, Some(40)).await;
    assert_eq!(response.status(), StatusCode::GATEWAY_TIMEOUT);
    assert_eq!(problem(response).await["upstream"], "service-a");
    assert!(told.try_recv().is_err());
}

#[tokio::test]
async fn the_deadline_ends_a_call_before_the_own_timeout_does() {
    let (a, _told) = telling_a(false).await;
    let c = serve(good_c()).await;
    let patient = Timeouts {
        total: Duration::from_secs(600),
        ..PATIENT
    };
    let upstreams = Upstreams::from_environment(&environment(&a, &c), patient).unwrap();
    let request = Request::get("/").header("x-request-timeout-ms", 200);
    let request = request.body(Body::empty()).unwrap();
    let answer = service_b::router(upstreams).oneshot(request);
    // The own timeout comes long after that.
    let response = in_time("it gives up", answer).await.unwrap();
    assert_eq!(response.status(), StatusCode::GATEWAY_TIMEOUT);
}
