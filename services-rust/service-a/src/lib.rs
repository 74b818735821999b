//! Service A: two fields for a name.

use axum::extract::Query;
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use service_kit::config::{ConfigError, Environment};
use service_kit::problem::Problem;
use service_kit::query::bounded;

#[derive(Deserialize)]
struct Parameters {
    p: Option<String>,
}

/// What `GET /route?p=X` answers.
#[derive(Serialize)]
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
pub fn configure(_: Environment) -> Result<Router, ConfigError> {
    Ok(router())
}

async fn route(Query(Parameters { p }): Query<Parameters>) -> Result<Json<Fields>, Problem> {
    let name = bounded("p", p)?.unwrap_or_else(|| "Unknown".into());
    Ok(Json(Fields {
        key_one: format!("({name})Field 1"),
        key_two: format!("({name})Field 2"),
    }))
}
