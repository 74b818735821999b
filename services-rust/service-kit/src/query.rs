//! The query string, and names from it, bounded.

use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts, Query as AxumQuery};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// Axum's `Query`, whose refusal is a problem too: a parameter that comes twice, for example.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let AxumQuery(query) = AxumQuery::from_request_parts(parts, state).await.map_err(
            |rejection: QueryRejection| {
                Problem::new(StatusCode::BAD_REQUEST, rejection.body_text())
            },
        )?;
        Ok(Self(query))
    }
}

/// Longest name in characters, decoded, as `maxLength` of JSON Schema counts: far above any real one, far below what makes a log
/// or a header a burden. <https://json-schema.org/draft/2020-12/json-schema-validation#section-6.3.1>
pub const MAX_NAME_CHARACTERS: usize = 256;

/// Passes a name that is short enough.
///
/// # Errors
/// 400 with the limit.
pub fn bounded(parameter: &str, name: Option<String>) -> Result<Option<String>, Problem> {
    let characters = name.as_ref().map_or(0, |name| name.chars().count());
    if characters > MAX_NAME_CHARACTERS {
        return Err(Problem::new(
            StatusCode::BAD_REQUEST,
            format!(
                "{parameter} has {characters} characters; at most {MAX_NAME_CHARACTERS} are allowed"
            ),
        ));
    }
    Ok(name)
}
