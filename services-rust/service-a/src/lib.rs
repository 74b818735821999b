//! Service A: two fields for a name.

use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use service_kit::environment::{ConfigError, Environment};
use service_kit::openapi::{BadRequest, Common, Refusals};
use service_kit::problem::Problem;
use service_kit::query::{Query, bounded};
use utoipa::openapi::OpenApi as Description;
use utoipa::{IntoParams, OpenApi, ToSchema};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Parameters {
    /// A name, at most 256 characters; `Unknown` without it.
    #[param(max_length = 256)]
    p: Option<String>,
}

/// What `GET /route?p=X` answers.
#[derive(Serialize, ToSchema)]
pub struct Fields {
    key_one: String,
    key_two: String,
}

/// The routes of the service.
pub fn router() -> Router {
    service_kit::app(Router::new().route("/route", get(route)))
}

/// Makes the router; there is nothing to configure.
///
/// # Errors
/// None.
pub fn configure(_: &Environment) -> Result<Router, ConfigError> {
    Ok(router())
}

/// The OpenAPI description of the service.
#[must_use]
pub fn openapi() -> Description {
    #[derive(OpenApi)]
    #[openapi(
        paths(route),
        info(
            description = "Service A: two fields for a name.",
            license(name = "Apache-2.0", identifier = "Apache-2.0")
        )
    )]
    struct Own;
    Own::openapi().merge_from(Common::openapi())
}

/// Two fields for a name.
#[utoipa::path(get, path = "/route", params(Parameters), responses(
    (status = OK, description = "The fields.", body = Fields),
    BadRequest,
    Refusals,
))]
async fn route(Query(Parameters { p }): Query<Parameters>) -> Result<Json<Fields>, Problem> {
    let name = bounded("p", p)?.unwrap_or_else(|| "Unknown".into());
    Ok(Json(Fields {
        key_one: format!("({name})Field 1"),
        key_two: format!("({name})Field 2"),
    }))
}
