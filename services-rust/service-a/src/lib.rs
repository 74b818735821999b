//! Service A: two fields for a name.

use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use service_kit::openapi::{BadRequest, Refusals, describe};
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

/// The OpenAPI description of the service.
#[must_use]
pub fn openapi() -> Description {
    #[derive(OpenApi)]
    #[openapi(paths(route))]
    struct Own;
    describe::<Own>()
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
