//! Service C: the time.

use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;
use service_kit::openapi::{Refusals, describe};
use service_kit::problem::Problem;
use time::OffsetDateTime;
use time::format_description::well_known::{Iso8601, iso8601};
use utoipa::openapi::OpenApi as Description;
use utoipa::{OpenApi, ToSchema};

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
#[derive(Serialize, ToSchema)]
pub struct Time {
    /// RFC 3339 in UTC with nanoseconds.
    #[schema(format = DateTime, examples("2024-07-07T02:44:59.984673361Z"))]
    key_time: String,
}

/// The routes of the service.
pub fn router() -> Router {
    service_kit::app(Router::new().route("/time", get(now)))
}

/// The OpenAPI description of the service.
#[must_use]
pub fn openapi() -> Description {
    #[derive(OpenApi)]
    #[openapi(paths(now))]
    struct Own;
    describe::<Own>()
}

/// The time.
#[utoipa::path(get, path = "/time", responses(
    (status = OK, description = "The time.", body = Time),
    (status = INTERNAL_SERVER_ERROR, description = "The clock is beyond what can be written down.", body = Problem,
        content_type = service_kit::problem::MEDIA_TYPE),
    Refusals,
))]
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
