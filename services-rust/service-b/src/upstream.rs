//! One call to one upstream: bounded in time, size and number, and its failure told without telling too much.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderMap, Method, StatusCode, header};
use reqwest::{Client, RequestBuilder, Response, Url};
use serde::de::DeserializeOwned;
use service_kit::problem::Problem;
use service_kit::{deadline, trace};
use tokio::sync::Semaphore;
use tracing::{Instrument, Span};

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

/// Half of the requests that a service takes on by default (`MAX_CONCURRENCY`): one upstream that hangs can't hold them
/// all.
pub(crate) const DEFAULT_MAX_CALLS: u16 = 128;

/// A service that this one calls.
#[derive(Debug, Clone)]
pub struct Upstream {
    name: &'static str,
    base: Url,
    client: Client,
    total: Duration,
    /// The bulkhead: <https://learn.microsoft.com/en-us/azure/architecture/patterns/bulkhead>
    calls: Arc<Semaphore>,
}

/// Why a call failed; for the log.
#[derive(Debug, thiserror::Error)]
enum CallError {
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
        Self {
            name,
            base,
            client,
            total: Timeouts::INSIDE_THE_MESH.total,
            calls: Arc::new(Semaphore::new(DEFAULT_MAX_CALLS.into())),
        }
    }

    /// With limits of its own: how long a call may take, and how many may be under way.
    #[must_use]
    pub fn limited(self, total: Duration, max_calls: u16) -> Self {
        Self {
            total,
            calls: Arc::new(Semaphore::new(max_calls.into())),
            ..self
        }
    }

    /// Asks for JSON. It has the time that the caller's deadline leaves, and hands that on.
    ///
    /// # Errors
    /// 503 when it or the bulkhead in front of it takes no more, 504 when it did not answer in time, 502 for every other
    /// failure.
    pub async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
        headers: &HeaderMap,
    ) -> Result<T, Problem> {
        self.call(path, query, headers).await.map_err(|error| {
            tracing::warn!(upstream = self.name, %error, "upstream call failed");
            let problem =
                |status, what: &str| Problem::new(status, format!("{} {what}", self.name));
            let problem = match error {
                CallError::Timeout | CallError::TooLate => {
                    problem(StatusCode::GATEWAY_TIMEOUT, "did not answer in time")
                }
                CallError::Full | CallError::Overloaded(_) => {
                    problem(StatusCode::SERVICE_UNAVAILABLE, "takes no more calls").not_at_once()
                }
                _ => problem(StatusCode::BAD_GATEWAY, "failed"),
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
        let _call = self.calls.try_acquire().map_err(|_| CallError::Full)?;
        let budget = deadline::budget(self.total).ok_or(CallError::TooLate)?;
        let mut url = self.base.clone();
        url.set_path(path);
        let span = trace::client_span(self.name, &Method::GET, url.as_str());
        let mut headers = headers.clone();
        deadline::pass_on(budget, &mut headers);
        trace::inject(&span, &mut headers);
        let request = self.client.get(url).query(query).headers(headers);
        let answer = read(request.timeout(budget), &span).instrument(span.clone());
        answer.await.inspect_err(|error| match error {
            // Noted by its number.
            CallError::Status(_) | CallError::Overloaded(_) => {}
            CallError::Timeout => trace::failed(&span, "timeout"),
            CallError::Transport(_) => trace::failed(&span, "transport"),
            _ => trace::failed(&span, "answer"),
        })
    }
}

async fn read<T: DeserializeOwned>(request: RequestBuilder, span: &Span) -> Result<T, CallError> {
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
