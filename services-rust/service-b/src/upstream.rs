//! One call to one upstream: bounded in time and size, and its failure told without telling too much.

use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};
use reqwest::{Client, Response, Url};
use serde::de::DeserializeOwned;
use service_kit::problem::Problem;

/// How long a call may take.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// Until there is a connection.
    pub connect: Duration,
    /// Until the whole answer is there.
    pub total: Duration,
}

impl Timeouts {
    /// Inside the mesh's request timeout of 10 s, so that the caller gets our problem and not the proxy's bare 504. The
    /// connection is to the proxy on this host: a second is an eternity.
    pub const INSIDE_THE_MESH: Self = Self {
        connect: Duration::from_secs(1),
        total: Duration::from_secs(8),
    };
}

/// Larger than any answer of our services by far; more means that something else answered.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// A service that B calls.
#[derive(Debug, Clone)]
pub struct Upstream {
    name: &'static str,
    base: Url,
    client: Client,
}

/// Why a call failed; for the log.
#[derive(Debug, thiserror::Error)]
enum CallError {
    #[error("no answer in time")]
    Timeout,
    #[error("{0}")]
    Transport(String),
    #[error("status {0}")]
    Status(StatusCode),
    #[error("more than {MAX_BODY_BYTES} bytes")]
    TooLarge,
    #[error("not the JSON that was expected: {0}")]
    Malformed(#[from] serde_json::Error),
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

impl Upstream {
    /// An upstream by its name in messages.
    #[must_use]
    pub fn new(name: &'static str, base: Url, client: Client) -> Self {
        Self { name, base, client }
    }

    /// Asks for JSON.
    ///
    /// # Errors
    /// 504 when it did not answer in time, 502 for every other failure.
    pub async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
        headers: &HeaderMap,
    ) -> Result<T, Problem> {
        self.call(path, query, headers).await.map_err(|error| {
            tracing::warn!(upstream = self.name, %error, "upstream call failed");
            let problem = match error {
                CallError::Timeout => Problem::new(
                    StatusCode::GATEWAY_TIMEOUT,
                    format!("{} did not answer in time", self.name),
                ),
                _ => Problem::new(StatusCode::BAD_GATEWAY, format!("{} failed", self.name)),
            };
            problem.of_upstream(self.name)
        })
    }

    async fn call<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
        headers: &HeaderMap,
    ) -> Result<T, CallError> {
        let mut url = self.base.clone();
        url.set_path(path);
        let response = self
            .client
            .get(url)
            .query(query)
            .headers(headers.clone())
            .send()
            .await?;
        match response.status() {
            status if status.is_success() => Ok(serde_json::from_slice(&bounded(response).await?)?),
            // The proxy's own 504 is the same news as our timeout.
            StatusCode::GATEWAY_TIMEOUT => Err(CallError::Timeout),
            status => Err(CallError::Status(status)),
        }
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
