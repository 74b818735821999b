//! The HTTP routes.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{ConnectInfo, Path, Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use service_kit::health;
use service_kit::problem::Problem;
use service_kit::query::Query;
use tokio::sync::Semaphore;

use crate::config::Config;
use crate::counts::Counts;
use crate::reset::reset;
use crate::walls::walls;

/// Says on every answer which instance gave it.
const INSTANCE: HeaderName = HeaderName::from_static("x-instance");

struct Testbed {
    instance: String,
    version: String,
    /// From when on it is healthy, if ever.
    healthy_from: Option<Instant>,
    counts: Counts,
    /// How often each key of `/flaky` was asked for.
    flaky: Mutex<HashMap<String, u64>>,
    workers: Semaphore,
    token: Option<String>,
    file: Option<PathBuf>,
}

type Shared = State<Arc<Testbed>>;

pub(crate) fn router(config: &Config) -> Router {
    let testbed = Arc::new(Testbed {
        instance: config.instance.clone(),
        version: config.version.clone(),
        healthy_from: config
            .healthy
            .then(|| Instant::now() + config.healthy_after),
        counts: Counts::default(),
        flaky: Mutex::default(),
        workers: Semaphore::new(config.workers),
        token: config.token.clone(),
        file: config.file.clone(),
    });
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
    let healthy = || {
        testbed
            .healthy_from
            .is_some_and(|from| from <= Instant::now())
    };
    let mut response = if check && !healthy() {
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

fn answer(testbed: &Testbed, code: u16) -> Result<Response, Problem> {
    let status = StatusCode::from_u16(code)
        .ok()
        .filter(|status| (200..600).contains(&status.as_u16()))
        .ok_or_else(|| {
            let detail = format!("{code} is no final status: give one of 200 to 599");
            Problem::new(StatusCode::BAD_REQUEST, detail)
        })?;
    let body = json!({"instance": testbed.instance, "status": code});
    Ok((status, Json(body)).into_response())
}

async fn status(State(testbed): Shared, Path(code): Path<u16>) -> Result<Response, Problem> {
    answer(&testbed, code)
}

#[derive(Deserialize)]
struct Flaky {
    code: u16,
    times: u64,
    key: String,
}

async fn flaky(
    State(testbed): Shared,
    Query(Flaky { code, times, key }): Query<Flaky>,
) -> Result<Response, Problem> {
    let before = {
        let mut seen = testbed.flaky.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = seen.entry(key).or_default();
        *seen += 1;
        *seen - 1
    };
    answer(&testbed, if before < times { code } else { 200 })
}

async fn delay(State(testbed): Shared, Path(ms): Path<u64>) -> Json<Value> {
    tokio::time::sleep(Duration::from_millis(ms)).await;
    Json(json!({"instance": testbed.instance, "delayMs": ms}))
}

#[derive(Deserialize)]
struct Work {
    ms: u64,
}

/// Holds one of a few workers, as a query holds a connection of a database pool.
async fn work(State(testbed): Shared, Query(Work { ms }): Query<Work>) -> Json<Value> {
    let worker = testbed.workers.acquire().await;
    tokio::time::sleep(Duration::from_millis(ms)).await;
    drop(worker);
    Json(json!({"instance": testbed.instance, "workMs": ms}))
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
