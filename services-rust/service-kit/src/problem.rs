//! Errors as `application/problem+json`, RFC 9457: <https://www.rfc-editor.org/rfc/rfc9457>.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// <https://www.rfc-editor.org/rfc/rfc9457#name-the-problem-json-media-type>
pub const MEDIA_TYPE: &str = "application/problem+json";

/// Tells an Envoy on the way that a retry would only make it worse; [`crate::shed`] says why this header.
const NO_RETRY: HeaderName = HeaderName::from_static("x-envoy-ratelimited");

/// Seconds, the least that `Retry-After` can say: a queue is over long before.
const RETRY_AFTER: &str = "1";

/// A problem as the client sees it. It names no address, no cause and no header: those are for the log.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    title: &'static str,
    status: u16,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    upstream: Option<&'static str>,
    #[serde(skip)]
    retry_later: bool,
}

impl Problem {
    /// A problem of a status with one sentence for the client.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: detail.into(),
            upstream: None,
            retry_later: false,
        }
    }

    /// Asks for a later retry, and for none by a proxy on the way.
    #[must_use]
    pub fn retry_later(mut self) -> Self {
        self.retry_later = true;
        self
    }

    /// Names the service whose fault it is.
    #[must_use]
    pub fn of_upstream(mut self, upstream: &'static str) -> Self {
        self.upstream = Some(upstream);
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, [(header::CONTENT_TYPE, MEDIA_TYPE)], body).into_response();
        if self.retry_later {
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER));
            headers.insert(NO_RETRY, HeaderValue::from_static("true"));
        }
        response
    }
}
