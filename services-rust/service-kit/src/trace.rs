//! Spans as OpenTelemetry's conventions for HTTP have them. Without an exporter they cost a log field or nothing.
//! <https://opentelemetry.io/docs/specs/semconv/http/http-spans/>

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use opentelemetry::global;
use opentelemetry::trace::{SpanContext, Status, TraceContextExt};
use opentelemetry_http::{HeaderExtractor, HeaderInjector};
use opentelemetry_semantic_conventions::attribute as name;
use tracing::{Span, field, info_span};
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// The span of a request that this service answers; its fields are in every log line of the request.
#[must_use]
pub fn server_span(request: &Request) -> Span {
    let headers = request.headers();
    let route = route(request);
    let method = known(request.method());
    let span = info_span!(
        "http",
        method,
        route,
        request_id = text(headers, "x-request-id"),
        trace_id = field::Empty,
        span_id = field::Empty,
        otel.name = exporting().then(|| format!("{method} {route}")),
        otel.kind = exporting().then_some("server"),
    );
    // An error means that nothing is exported.
    let _ = span.set_parent(global::get_text_map_propagator(|propagator| {
        propagator.extract(&HeaderExtractor(headers))
    }));
    span.set_attribute(name::HTTP_REQUEST_METHOD, method);
    span.set_attribute(name::HTTP_ROUTE, route.to_owned());
    span.set_attribute(name::URL_PATH, request.uri().path().to_owned());
    span.set_attribute(name::URL_SCHEME, "http");
    if let Some(agent) = text(headers, header::USER_AGENT.as_str()) {
        span.set_attribute(name::USER_AGENT_ORIGINAL, agent.to_owned());
    }
    let context = span_context(&span);
    if context.is_valid() {
        span.record("trace_id", field::display(context.trace_id()));
        span.record("span_id", field::display(context.span_id()));
    } else if let Some(trace_id) = trace_id(headers) {
        span.record("trace_id", trace_id);
    }
    span
}

/// The span of a call to another service.
///
/// `url` has no query: it may hold what is private.
#[must_use]
pub fn client_span(service: &'static str, method: &Method, url: &str) -> Span {
    let uri: Uri = url.parse().unwrap_or_default();
    let method = known(method);
    let span = info_span!(
        "call",
        upstream = service,
        otel.name = exporting().then(|| format!("{method} {}", uri.path())),
        otel.kind = exporting().then_some("client"),
    );
    span.set_attribute(name::HTTP_REQUEST_METHOD, method);
    span.set_attribute(name::URL_FULL, url.to_owned());
    span.set_attribute(
        name::SERVER_ADDRESS,
        uri.host().unwrap_or_default().to_owned(),
    );
    span.set_attribute(name::SERVER_PORT, i64::from(uri.port_u16().unwrap_or(80)));
    span
}

/// Makes a span the parent of what the called service does. Without an exporter the headers stay as they came.
pub fn inject(span: &Span, headers: &mut HeaderMap) {
    let context = span.context();
    global::get_text_map_propagator(|propagator| {
        propagator.inject_context(&context, &mut HeaderInjector(headers));
    });
}

/// Notes the status of a server's answer: what the client did wrong is no error of the server.
pub fn answered(span: &Span, status: StatusCode) {
    note(span, status, status.is_server_error());
}

/// Notes the status that a call got: for the caller a 4xx is an error too.
pub fn called(span: &Span, status: StatusCode) {
    note(
        span,
        status,
        status.is_client_error() || status.is_server_error(),
    );
}

fn note(span: &Span, status: StatusCode, is_error: bool) {
    span.set_attribute(name::HTTP_RESPONSE_STATUS_CODE, i64::from(status.as_u16()));
    if is_error {
        failed(span, status.as_str());
    }
}

/// Notes a failure by its kind: few different words.
pub fn failed(span: &Span, kind: &str) {
    span.set_attribute(name::ERROR_TYPE, kind.to_owned());
    span.set_status(Status::error(""));
}

/// Whether there is a propagator, which is set with the exporter.
fn exporting() -> bool {
    global::get_text_map_propagator(|propagator| propagator.fields().next().is_some())
}

fn span_context(span: &Span) -> SpanContext {
    span.context().span().span_context().clone()
}

fn route(request: &Request) -> &str {
    let matched = request.extensions().get::<MatchedPath>();
    matched.map_or("unmatched", MatchedPath::as_str)
}

/// Methods that anyone may make up are one: <https://opentelemetry.io/docs/specs/semconv/registry/attributes/http/>
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        Method::PATCH => "PATCH",
        Method::TRACE => "TRACE",
        Method::CONNECT => "CONNECT",
        _ => "_OTHER",
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// The trace id of a `traceparent` header, which is logged also when nothing is exported.
fn trace_id(headers: &HeaderMap) -> Option<&str> {
    let id = text(headers, "traceparent")?.split('-').nth(1)?;
    (id.len() == 32).then_some(id)
}
