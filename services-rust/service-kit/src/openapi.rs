//! What every service's OpenAPI description says: its own routes add to it.
//!
//! The description is a file beside each service's code, and not a route: it is for those who build against the service.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::schema::{Object, Type};
use utoipa::openapi::{
    ContentBuilder, OpenApi as Description, Ref, RefOr, Response, ResponseBuilder,
};
use utoipa::{IntoResponses, OpenApi};

use crate::problem::{MEDIA_TYPE, Problem};

/// Health, and the shape of a problem.
#[derive(OpenApi)]
#[openapi(paths(crate::health::health), components(schemas(Problem)))]
struct Common;

/// The description of a service: its own routes, and what every service has. Its title, version, sentence and licence are those
/// of the crate's manifest.
#[must_use]
pub fn describe<Own: OpenApi>() -> Description {
    Own::openapi().merge_from(Common::openapi())
}

/// The gate's answers, which every route but health may give.
#[derive(Debug)]
pub struct Refusals;

impl IntoResponses for Refusals {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        [
            retry_later(
                StatusCode::TOO_MANY_REQUESTS,
                "Too much to do, with `OVERLOAD_STATUS=429`.",
            ),
            retry_later(StatusCode::SERVICE_UNAVAILABLE, "Too much to do."),
            problem(
                StatusCode::GATEWAY_TIMEOUT,
                "The caller's deadline has passed.",
            ),
        ]
        .into()
    }
}

/// A wrong parameter.
#[derive(Debug)]
pub struct BadRequest;

impl IntoResponses for BadRequest {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        [problem(
            StatusCode::BAD_REQUEST,
            "A parameter is too long or comes twice.",
        )]
        .into()
    }
}

/// A response that is a problem.
#[must_use]
pub fn problem(status: StatusCode, description: &str) -> (String, RefOr<Response>) {
    entry(status, builder(description))
}

fn retry_later(status: StatusCode, description: &str) -> (String, RefOr<Response>) {
    let seconds = HeaderBuilder::new()
        .description(Some("Seconds."))
        .schema(Some(Object::with_type(Type::Integer)))
        .build();
    entry(status, builder(description).header("Retry-After", seconds))
}

fn builder(description: &str) -> ResponseBuilder {
    let schema = Ref::from_schema_name("Problem");
    ResponseBuilder::new().description(description).content(
        MEDIA_TYPE,
        ContentBuilder::new().schema(Some(schema)).build(),
    )
}

fn entry(status: StatusCode, response: ResponseBuilder) -> (String, RefOr<Response>) {
    (status.as_str().to_owned(), response.build().into())
}
