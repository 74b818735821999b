//! Service B: asks A and C at once and answers with both.

mod config;
mod upstream;

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use service_kit::config::{ConfigError, Environment};
use service_kit::problem::Problem;
use service_kit::query::bounded;
use service_kit::telemetry::propagated;

pub use config::Upstreams;
pub use upstream::{DEFAULT_MAX_CALLS, Timeouts, Upstream};

#[derive(Deserialize)]
struct Parameters {
    name: Option<String>,
}

#[derive(Deserialize)]
struct Fields {
    key_one: String,
    key_two: String,
}

#[derive(Deserialize)]
struct Time {
    key_time: String,
}

/// What `GET /?name=X` answers.
#[derive(Serialize)]
#[expect(clippy::struct_field_names)] // the names of the interface
pub struct Answer {
    key_one: String,
    key_two: String,
    key_time: String,
}

/// The routes of the service.
pub fn router(upstreams: Upstreams) -> Router {
    service_kit::app(Router::new().route("/", get(answer)).with_state(upstreams))
}

/// Makes the router from the environment of [`Upstreams::from_environment`].
///
/// # Errors
/// The variable that can't be used.
pub fn configure(environment: Environment) -> Result<Router, ConfigError> {
    Ok(router(Upstreams::from_environment(
        environment,
        Timeouts::INSIDE_THE_MESH,
    )?))
}

async fn answer(
    State(upstreams): State<Upstreams>,
    Query(Parameters { name }): Query<Parameters>,
    headers: HeaderMap,
) -> Result<Json<Answer>, Problem> {
    let name = bounded("name", name)?;
    let headers = propagated(&headers);
    let query: Vec<(&str, &str)> = name.iter().map(|name| ("p", name.as_str())).collect();
    // Both at once: the answer takes as long as the slower of the two, not as long as both.
    let (fields, time) = tokio::try_join!(
        upstreams.a.get::<Fields>("/route", &query, &headers),
        upstreams.c.get::<Time>("/time", &[], &headers),
    )?;
    Ok(Json(Answer {
        key_one: fields.key_one,
        key_two: fields.key_two,
        key_time: time.key_time,
    }))
}
