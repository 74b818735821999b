//! What every service has in common: configuration, telemetry, health, problems, and serving until told to stop.

pub mod config;
pub mod health;
pub mod problem;
pub mod query;
mod run;
pub mod serve;
pub mod telemetry;

pub use run::{run, run_connections};

use axum::Router;
use axum::http::StatusCode;

use crate::problem::Problem;

/// Completes a service's own routes: problems for what it does not have, the request log, and the health route.
pub fn app(routes: Router) -> Router {
    let routes = routes
        .fallback(|| async { Problem::new(StatusCode::NOT_FOUND, "there is no such route") })
        .method_not_allowed_fallback(|| async {
            Problem::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "the route does not take this method",
            )
        });
    health::with_health(telemetry::with_request_log(routes))
}
