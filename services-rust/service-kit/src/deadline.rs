//! How long the caller still waits. Work that nobody waits for is not begun.
//!
//! Two headers say it, each in milliseconds from now; the smaller counts:
//! - `x-envoy-expected-rq-timeout-ms` is what the service's own proxy allows:
//!   <https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-expected-rq-timeout-ms>
//!   It does not carry a caller's deadline across the mesh: the proxy in front of the called service writes its own route
//!   timeout over it, unless `respect_expected_rq_timeout` is set (measured with Envoy 1.40).
//! - [`LEFT`] is what the calling service has left, which no proxy touches. A client may send it too: it can only shorten
//!   what it asked for itself.

use std::time::Duration;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tokio::time::Instant;

/// What the caller's proxy allows.
const EXPECTED: &str = "x-envoy-expected-rq-timeout-ms";

/// What the calling service has left.
const LEFT: HeaderName = HeaderName::from_static("x-request-timeout-ms");

/// Asks the caller's own proxy to give up at that time too, retries included. Envoy honours it from clients that it takes
/// for internal; where it does not, the caller's closed connection ends the request all the same.
/// <https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-upstream-rq-timeout-ms>
const UPSTREAM: HeaderName = HeaderName::from_static("x-envoy-upstream-rq-timeout-ms");

/// What it takes to write our own answer and to carry it through two proxies is a few milliseconds; ten times that.
const MARGIN: Duration = Duration::from_millis(50);

tokio::task_local! {
    static CURRENT: Instant;
}

/// The deadline of the request that this task answers. A task that it spawns has none.
#[must_use]
pub fn current() -> Option<Instant> {
    CURRENT.try_get().ok()
}

/// The time that a call may take: its own limit, or what the caller's deadline leaves for it if that is less. `None` when
/// the call is not worth beginning.
#[must_use]
pub fn budget(limit: Duration) -> Option<Duration> {
    let Some(deadline) = current() else {
        return Some(limit);
    };
    let left = deadline.checked_duration_since(Instant::now() + MARGIN)?;
    // Less than a millisecond can't be said in the headers.
    (left.as_millis() > 0).then(|| left.min(limit))
}

/// Says onward how long this service waits.
pub fn pass_on(budget: Duration, headers: &mut HeaderMap) {
    let milliseconds = u64::try_from(budget.as_millis()).unwrap_or(u64::MAX);
    for name in [LEFT, UPSTREAM] {
        headers.insert(name, HeaderValue::from(milliseconds));
    }
}

/// Notes the deadline of a request when it comes, before it waits for anything.
pub(crate) async fn note(request: Request, next: Next) -> Response {
    match read(request.headers()) {
        Some(deadline) => CURRENT.scope(deadline, next.run(request)).await,
        None => next.run(request).await,
    }
}

fn read(headers: &HeaderMap) -> Option<Instant> {
    let milliseconds = |name: &str| headers.get(name)?.to_str().ok()?.parse().ok();
    let left = [EXPECTED, LEFT.as_str()]
        .into_iter()
        .filter_map(milliseconds)
        .min()?;
    // A time beyond what the clock can hold is no deadline.
    Instant::now().checked_add(Duration::from_millis(left))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_secs(8);

    async fn budget_with(pairs: &[(&'static str, &str)]) -> Option<Duration> {
        let headers = pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
            .collect();
        match read(&headers) {
            Some(deadline) => CURRENT.scope(deadline, async { budget(LIMIT) }).await,
            None => budget(LIMIT),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_smallest_counts_less_the_margin() {
        let ms = |ms| Some(Duration::from_millis(ms));
        assert_eq!(budget_with(&[]).await, Some(LIMIT));
        assert_eq!(budget_with(&[(EXPECTED, "10000")]).await, Some(LIMIT));
        assert_eq!(budget_with(&[(EXPECTED, "3000")]).await, ms(2950));
        let both = [(EXPECTED, "10000"), ("x-request-timeout-ms", "1000")];
        assert_eq!(budget_with(&both).await, ms(950));
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_can_not_end_in_time_is_not_begun() {
        assert_eq!(budget_with(&[(EXPECTED, "50")]).await, None);
        assert_eq!(budget_with(&[(EXPECTED, "0")]).await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_no_number_is_no_deadline() {
        for value in ["", "soon", "-1", "1.5", "18446744073709551615"] {
            assert_eq!(
                budget_with(&[(EXPECTED, value)]).await,
                Some(LIMIT),
                "{value}"
            );
        }
    }
}
