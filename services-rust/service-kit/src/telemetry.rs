//! Logs: one JSON line for each request, with the ids that join it to the proxy's access log and to a trace.

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::HeaderMap;
use axum::response::Response;
use std::time::Duration;
use tower_http::trace::TraceLayer;
use tracing::{Span, field, info, info_span};
use tracing_subscriber::EnvFilter;

/// Headers that follow a request onward: W3C trace context, and Envoy's request id.
/// <https://www.w3.org/TR/trace-context/>
pub const PROPAGATED: [&str; 3] = ["traceparent", "tracestate", "x-request-id"];

/// Starts JSON logging to standard output.
///
/// # Errors
/// When the filter can't be read.
pub fn init(filter: &str) -> Result<(), String> {
    let filter = EnvFilter::try_new(filter).map_err(|error| error.to_string())?;
    let subscriber = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_env_filter(filter);
    subscriber.try_init().map_err(|error| error.to_string())
}

/// Logs each request of a router once, when its response is ready. No query, no body: they may hold what is private.
pub fn with_request_log(router: Router) -> Router {
    router.layer(
        TraceLayer::new_for_http()
            .make_span_with(span)
            .on_request(())
            .on_failure(())
            .on_response(|response: &Response, latency: Duration, span: &Span| {
                span.in_scope(|| {
                    info!(
                        status = response.status().as_u16(),
                        duration_ms = latency.as_secs_f64() * 1000.0,
                        "request"
                    );
                });
            }),
    )
}

fn span(request: &Request) -> Span {
    let text =
        |headers: &HeaderMap, name: &str| headers.get(name)?.to_str().ok().map(ToOwned::to_owned);
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("unmatched", MatchedPath::as_str);
    info_span!(
        "http",
        method = %request.method(),
        route,
        request_id = text(request.headers(), "x-request-id").map(field::display),
        trace_id = trace_id(request.headers()).map(field::display),
    )
}

/// The trace id of a `traceparent` header.
fn trace_id(headers: &HeaderMap) -> Option<String> {
    let mut parts = headers.get("traceparent")?.to_str().ok()?.split('-');
    parts
        .nth(1)
        .filter(|id| id.len() == 32)
        .map(ToOwned::to_owned)
}

/// The propagated headers that a request came with.
#[must_use]
pub fn propagated(headers: &HeaderMap) -> HeaderMap {
    PROPAGATED
        .iter()
        .filter_map(|&name| {
            Some((
                axum::http::HeaderName::from_static(name),
                headers.get(name)?.clone(),
            ))
        })
        .collect()
}
