//! What comes of a call: JSON within bounds, or why there is none.

use axum::http::{StatusCode, header};
use reqwest::{RequestBuilder, Response};
use serde::de::DeserializeOwned;
use tracing::Span;

use crate::trace;

/// This is larger than any answer of our services by far; more means that something else answered.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// Why a call failed; for the log.
#[derive(Debug, thiserror::Error)]
pub(super) enum CallError {
    #[error("no answer in time")]
    Timeout,
    #[error("the caller's deadline leaves no time for it")]
    TooLate,
    #[error("as many calls as are allowed are under way")]
    Full,
    #[error("it sheds load with status {0}")]
    Overloaded(StatusCode),
    #[error("{0}")]
    Transport(String),
    #[error("status {0}")]
    Status(StatusCode),
    #[error("more than {MAX_BODY_BYTES} bytes")]
    TooLarge,
    #[error("not the JSON that was expected: {0}")]
    Malformed(#[from] serde_json::Error),
}

impl CallError {
    /// What a span calls it. A status is on the span by its number already.
    pub(super) fn kind(&self) -> Option<&'static str> {
        match self {
            Self::Status(_) | Self::Overloaded(_) => None,
            Self::Timeout => Some("timeout"),
            Self::Transport(_) => Some("transport"),
            _ => Some("answer"),
        }
    }
}

impl From<reqwest::Error> for CallError {
    fn from(error: reqwest::Error) -> Self {
        if error.is_timeout() {
            Self::Timeout
        } else {
            Self::Transport(format!("{error:?}"))
        }
    }
}

/// Sends a request and reads its answer.
pub(super) async fn read<T: DeserializeOwned>(
    request: RequestBuilder,
    span: &Span,
) -> Result<T, CallError> {
    let response = request.send().await?;
    trace::called(span, response.status());
    match response.status() {
        status if status.is_success() => Ok(serde_json::from_slice(&bounded(response).await?)?),
        // The proxy's own 504 is the same news as our timeout.
        StatusCode::GATEWAY_TIMEOUT => Err(CallError::Timeout),
        // The proxy's own 503, which says that there is no task at all, does not have the header.
        status if response.headers().contains_key(header::RETRY_AFTER) => {
            Err(CallError::Overloaded(status))
        }
        status => Err(CallError::Status(status)),
    }
}

async fn bounded(mut response: Response) -> Result<Vec<u8>, CallError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > MAX_BODY_BYTES {
            return Err(CallError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
