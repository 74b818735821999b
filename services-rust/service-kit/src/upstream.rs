//! A call to another service: it is bounded in time, size and number, and its failure is told without telling too much.

mod answer;
mod caller;

use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderMap, Method, StatusCode};
use reqwest::{Client, Url};
use serde::de::DeserializeOwned;
use tokio::sync::Semaphore;
use tracing::Instrument;

use self::answer::{CallError, read};
pub use self::caller::{Caller, Timeouts};
use crate::problem::Problem;
use crate::{deadline, trace};

/// A service that this one calls. [`Caller::upstream`] makes one.
#[derive(Debug, Clone)]
pub struct Upstream {
    name: &'static str,
    base: Url,
    client: Client,
    total: Duration,
    /// The bulkhead: <https://learn.microsoft.com/en-us/azure/architecture/patterns/bulkhead>
    calls: Arc<Semaphore>,
}

impl Upstream {
    /// Asks for JSON. The call has the time that the caller's deadline leaves, and hands that on.
    ///
    /// # Errors
    /// 503 when the upstream or the bulkhead in front of it takes no more, 504 when it did not answer in time, 502 for every
    /// other failure.
    pub async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
        headers: &HeaderMap,
    ) -> Result<T, Problem> {
        self.call(path, query, headers).await.map_err(|error| {
            tracing::warn!(upstream = self.name, %error, "upstream call failed");
            self.problem(&error)
        })
    }

    fn problem(&self, error: &CallError) -> Problem {
        let problem = |status, what: &str| Problem::new(status, format!("{} {what}", self.name));
        let problem = match error {
            CallError::Timeout | CallError::TooLate => {
                problem(StatusCode::GATEWAY_TIMEOUT, "did not answer in time")
            }
            CallError::Full | CallError::Overloaded(_) => {
                problem(StatusCode::SERVICE_UNAVAILABLE, "takes no more calls").retry_later()
            }
            _ => problem(StatusCode::BAD_GATEWAY, "failed"),
        };
        problem.of_upstream(self.name)
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
        answer.await.inspect_err(|error| {
            if let Some(kind) = error.kind() {
                trace::failed(&span, kind);
            }
        })
    }
}
