//! What every service has in common: configuration, telemetry, health, problems, calls of other services, and serving until
//! told to stop.

pub mod config;
pub mod deadline;
pub mod environment;
pub mod health;
pub mod limits;
pub mod openapi;
pub mod problem;
pub mod query;
mod run;
pub mod serve;
pub mod shed;
pub mod telemetry;
pub mod trace;
pub mod trace_export;
pub mod upstream;

pub use run::{run, run_connections};

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::from_fn;

use crate::problem::Problem;

/// Completes a service's own routes: problems for what it does not have, the gate, the deadline, the request log, and the
/// health route, which is outside them all: a service that has too much to do is not sick.
pub fn app(routes: Router) -> Router {
    let routes = routes
        .fallback(|| async { Problem::new(StatusCode::NOT_FOUND, "there is no such route") })
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn(shed::pass))
        .layer(from_fn(deadline::note));
    health::with_health(telemetry::with_request_log(routes))
}

pub(crate) async fn method_not_allowed() -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "the route does not take this method",
    )
}
