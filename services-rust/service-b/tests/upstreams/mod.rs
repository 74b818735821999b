//! Upstreams that do what they should, and how long service B waits for them.

use std::time::Duration;

use axum::extract::Query;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use service_kit::upstream::Timeouts;

/// Many times what a busy machine needs: where nothing may time out.
pub(crate) const PATIENT: Timeouts = Timeouts {
    connect: Duration::from_secs(60),
    total: Duration::from_secs(60),
};

pub(crate) fn good_a() -> Router {
    Router::new().route(
        "/route",
        get(|Query(query): Query<Value>| async move {
            let name = query["p"].as_str().unwrap_or("Unknown").to_owned();
            Json(json!({"key_one": format!("({name})Field 1"), "key_two": format!("({name})Field 2")}))
        }),
    )
}

pub(crate) fn good_c() -> Router {
    Router::new().route("/time", get(|| async { Json(json!({"key_time": "now"})) }))
}
