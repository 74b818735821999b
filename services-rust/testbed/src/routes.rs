//! The HTTP routes.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use axum::{Json, Router};
use serde_json::{Value, json};
use service_kit::health;
use service_kit::problem::Problem;

use crate::config::Config;
use crate::faults::{delay, flaky, status, work};
use crate::reset::reset;
use crate::state::{Shared, Testbed};
use crate::walls::walls;

/// Says on every answer which instance gave it.
const INSTANCE: HeaderName = HeaderName::from_static("x-instance");

pub(crate) fn router(config: &Config) -> Router {
    let testbed = Arc::new(Testbed::new(config));
    let routes = Router::new()
        .route("/echo", any(echo))
        .route("/status/{code}", get(status).post(status))
        .route("/flaky", get(flaky))
        .route("/delay/{ms}", get(delay))
        .route("/reset", get(reset))
        .route("/hang", get(std::future::pending::<()>))
        .route("/work", get(work))
        .route("/version", get(version))
        .route("/private", get(private))
        .route("/file", get(file))
        .route("/walls", get(walls))
        .with_state(testbed.clone());
    // Outside the gate: what was shed is read here while it is shed.
    let counts = Router::new()
        .route("/count", get(count).delete(clear))
        .with_state(testbed.clone());
    service_kit::app(routes)
        .merge(counts)
        .layer(from_fn_with_state(testbed, observe))
}

/// Outside everything else: what is shed or has no route is counted too, `/health` and `/count` are not.
async fn observe(State(testbed): Shared, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let check = path == health::PATH;
    if !check && path != "/count" {
        testbed.counts.note(&request);
    }
    let mut response = if check && !testbed.is_healthy() {
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not healthy, as told").into_response()
    } else {
        next.run(request).await
    };
    if let Ok(instance) = HeaderValue::from_str(&testbed.instance) {
        response.headers_mut().insert(INSTANCE, instance);
    }
    response
}

async fn echo(
    State(testbed): Shared,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Json<Value> {
    let mut headers: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (name, value) in request.headers() {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        headers.entry(name.as_str()).or_default().push(value);
    }
    Json(json!({
        "instance": testbed.instance,
        "version": testbed.version,
        "method": request.method().as_str(),
        "path": request.uri().path(),
        "query": request.uri().query(),
        "headers": headers,
        "httpVersion": format!("{:?}", request.version()),
        "remoteAddress": peer.to_string(),
    }))
}

async fn count(State(testbed): Shared) -> Json<Value> {
    Json(json!({"instance": testbed.instance, "counts": testbed.counts.snapshot()}))
}

/// Starts a new count.
async fn clear(State(testbed): Shared) -> StatusCode {
    testbed.counts.clear();
    StatusCode::NO_CONTENT
}

async fn version(State(testbed): Shared) -> Json<Value> {
    Json(json!({"instance": testbed.instance, "version": testbed.version}))
}

/// Only for who knows `TOKEN`.
async fn private(State(testbed): Shared, headers: HeaderMap) -> Result<Json<Value>, Problem> {
    let given = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    if given.is_none() || given != testbed.token.as_deref() {
        let detail = "give the value of TOKEN as a bearer token";
        return Err(Problem::new(StatusCode::UNAUTHORIZED, detail));
    }
    Ok(Json(json!({"instance": testbed.instance})))
}

async fn file(State(testbed): Shared) -> Result<String, Problem> {
    let Some(file) = &testbed.file else {
        return Err(Problem::new(StatusCode::NOT_FOUND, "FILE is not set"));
    };
    std::fs::read_to_string(file).map_err(|error| {
        let detail = format!("{}: {error}", file.display());
        Problem::new(StatusCode::NOT_FOUND, detail)
    })
}
