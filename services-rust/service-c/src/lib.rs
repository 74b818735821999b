//! Service C: the time.

use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;
use service_kit::config::{ConfigError, Environment};
use service_kit::problem::Problem;
use time::OffsetDateTime;
use time::format_description::well_known::{Iso8601, iso8601};

/// RFC 3339 with all nine digits of a second, also when the last ones are zero.
const NANOSECONDS: Iso8601<
    {
        iso8601::Config::DEFAULT
            .set_time_precision(iso8601::TimePrecision::Second {
                decimal_digits: std::num::NonZeroU8::new(9),
            })
            .encode()
    },
> = Iso8601;

/// What `GET /time` answers.
#[derive(Serialize)]
pub struct Time {
    key_time: String,
}

/// The routes of the service.
pub fn router() -> Router {
    service_kit::app(Router::new().route("/time", get(now)))
}

/// Makes the router; there is nothing to configure.
///
/// # Errors
/// None.
pub fn configure(_: Environment) -> Result<Router, ConfigError> {
    Ok(router())
}

async fn now() -> Result<Json<Time>, Problem> {
    let key_time = OffsetDateTime::now_utc()
        .format(&NANOSECONDS)
        .map_err(|_| {
            Problem::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "the time could not be written down",
            )
        })?;
    Ok(Json(Time { key_time }))
}
