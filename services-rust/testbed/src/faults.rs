//! Answers that fail, stall or wait for a worker, when the request asks for it.

use std::sync::PoisonError;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use service_kit::problem::Problem;
use service_kit::query::Query;

use crate::state::{Shared, Testbed};

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

pub(crate) async fn status(
    State(testbed): Shared,
    Path(code): Path<u16>,
) -> Result<Response, Problem> {
    answer(&testbed, code)
}

#[derive(Deserialize)]
pub(crate) struct Flaky {
    code: u16,
    times: u64,
    key: String,
}

pub(crate) async fn flaky(
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

pub(crate) async fn delay(State(testbed): Shared, Path(ms): Path<u64>) -> Json<Value> {
    tokio::time::sleep(Duration::from_millis(ms)).await;
    Json(json!({"instance": testbed.instance, "delayMs": ms}))
}

#[derive(Deserialize)]
pub(crate) struct Work {
    ms: u64,
}

/// Holds one of a few workers, as a query holds a connection of a database pool.
pub(crate) async fn work(State(testbed): Shared, Query(Work { ms }): Query<Work>) -> Json<Value> {
    let worker = testbed.workers.acquire().await;
    tokio::time::sleep(Duration::from_millis(ms)).await;
    drop(worker);
    Json(json!({"instance": testbed.instance, "workMs": ms}))
}
