//! Names from the query string, bounded.

use axum::http::StatusCode;

use crate::problem::Problem;

/// Longest name in bytes, decoded: far above any real one, far below what makes a log or a header a burden.
pub const MAX_NAME_BYTES: usize = 256;

/// Passes a name that is short enough.
///
/// # Errors
/// 400 with the limit.
pub fn bounded(parameter: &str, name: Option<String>) -> Result<Option<String>, Problem> {
    match name {
        Some(name) if name.len() > MAX_NAME_BYTES => Err(Problem::new(
            StatusCode::BAD_REQUEST,
            format!(
                "{parameter} has {} bytes; at most {MAX_NAME_BYTES} are allowed",
                name.len()
            ),
        )),
        name => Ok(name),
    }
}
