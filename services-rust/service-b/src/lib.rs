//! Service B: asks A and C at once and answers with both.

mod config;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use service_kit::environment::{ConfigError, Environment};
use service_kit::openapi::{BadRequest, Refusals, describe};
use service_kit::problem::Problem;
use service_kit::query::{Query, bounded};
use service_kit::telemetry::propagated;
use service_kit::upstream::Timeouts;
use utoipa::openapi::OpenApi as Description;
use utoipa::{IntoParams, OpenApi, ToSchema};

pub use config::Upstreams;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Parameters {
    /// A name, at most 256 characters; `Unknown` without it.
    #[param(max_length = 256)]
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
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names)] // the names of the interface
pub struct Answer {
    key_one: String,
    key_two: String,
    /// RFC 3339 in UTC with nanoseconds.
    #[schema(format = DateTime)]
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
pub fn configure(environment: &Environment) -> Result<Router, ConfigError> {
    Ok(router(Upstreams::from_environment(
        environment,
        Timeouts::INSIDE_THE_MESH,
    )?))
}

/// The OpenAPI description of the service.
#[must_use]
pub fn openapi() -> Description {
    #[derive(OpenApi)]
    #[openapi(paths(answer))]
    struct Own;
    describe::<Own>()
}

/// What service A and service C say, asked at once.
#[utoipa::path(get, path = "/", params(Parameters), responses(
    (status = OK, description = "Both answers.", body = Answer),
    (status = BAD_GATEWAY, description = "The upstream that is named failed.", body = Problem,
        content_type = service_kit::problem::MEDIA_TYPE),
    BadRequest,
    // Also for an upstream: it is named then.
    Refusals,
))]
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
