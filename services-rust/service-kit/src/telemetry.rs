//! Logs, one JSON line for each request with the ids that join it to the proxy's access log and to a trace; and spans, if
//! they are sent anywhere.

use std::time::Duration;

use axum::Router;
use axum::http::{HeaderMap, HeaderName};
use axum::response::Response;
use opentelemetry::global;
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{ExporterBuildError, SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::resource::{EnvResourceDetector, TelemetryResourceDetector};
use opentelemetry_sdk::trace::SdkTracerProvider;
use tower_http::trace::TraceLayer;
use tracing::{Level, Span, info};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt, registry};

use crate::environment::ConfigError;
use crate::trace;
use crate::trace_export::TraceExport;

/// Headers that follow a request onward: W3C trace context, and Envoy's request id.
/// <https://www.w3.org/TR/trace-context/>
pub const PROPAGATED: [&str; 3] = ["traceparent", "tracestate", "x-request-id"];

/// How long the last spans may take: with the drain limit it stays below the container's stop timeout.
const FLUSH_LIMIT: Duration = Duration::from_secs(5);

/// What must be ended before the process does.
#[derive(Debug)]
pub struct Telemetry(Option<SdkTracerProvider>);

impl Telemetry {
    /// Starts JSON logging to standard output and, if asked for, the export of spans.
    ///
    /// # Errors
    /// The variable that can't be used.
    pub fn start(
        name: &'static str,
        log_filter: &str,
        export: Option<&TraceExport>,
    ) -> Result<Self, ConfigError> {
        let wrong =
            |error: &dyn ToString| ConfigError::new("RUST_LOG", log_filter, &error.to_string());
        let filter = EnvFilter::try_new(log_filter).map_err(|error| wrong(&error))?;
        let provider = export
            .map(|export| provider(name, export).map_err(|error| (export, error)))
            .transpose()
            .map_err(|(export, error)| {
                ConfigError::new("OTEL_*", &export.endpoint, &error.to_string())
            })?;
        let spans = provider.as_ref().map(|provider| {
            tracing_opentelemetry::layer()
                .with_tracer(provider.tracer(name))
                .with_location(false)
                .with_target(false)
                .with_threads(false)
                .with_tracked_inactivity(false)
                // The log's filter is not for spans: with RUST_LOG=error a trace would have holes. Log lines stay out.
                .with_filter(filter_fn(|metadata| {
                    metadata.is_span() && *metadata.level() <= Level::INFO
                }))
        });
        if provider.is_some() {
            global::set_text_map_propagator(TraceContextPropagator::new());
        }
        let logs = fmt::layer()
            .json()
            .flatten_event(true)
            // The request's span is the innermost of every line that is logged.
            .with_span_list(false)
            .with_filter(filter);
        let subscriber = registry().with(spans).with(logs);
        subscriber.try_init().map_err(|error| wrong(&error))?;
        Ok(Self(provider))
    }

    /// Sends the spans that are still here.
    pub fn flush(self) {
        if let Some(Err(error)) = self
            .0
            .map(|provider| provider.shutdown_with_timeout(FLUSH_LIMIT))
        {
            tracing::warn!(%error, "the last spans could not be sent");
        }
    }
}

fn provider(
    name: &'static str,
    export: &TraceExport,
) -> Result<SdkTracerProvider, ExporterBuildError> {
    let exporter = SpanExporter::builder()
        .with_http()
        .with_endpoint(&export.endpoint)
        .build()?;
    Ok(SdkTracerProvider::builder()
        .with_resource(resource(name, export.service_name.as_deref()))
        .with_batch_exporter(exporter)
        .build())
}

/// What spans say of who sent them; a later name takes the place of an earlier one. The builder that has detectors already
/// would put the service's own name in the place of the environment's.
fn resource(own: &'static str, asked: Option<&str>) -> Resource {
    let resource = Resource::builder_empty()
        .with_service_name(own)
        .with_detectors(&[
            Box::new(TelemetryResourceDetector),
            Box::new(EnvResourceDetector::new()),
        ]);
    match asked {
        Some(name) => resource.with_service_name(name.to_owned()).build(),
        None => resource.build(),
    }
}

/// Logs each request of a router once, when its response is ready. No query, no body: they may hold what is private.
pub fn with_request_log(router: Router) -> Router {
    router.layer(
        TraceLayer::new_for_http()
            .make_span_with(trace::server_span)
            .on_request(())
            .on_failure(())
            .on_response(|response: &Response, latency: Duration, span: &Span| {
                trace::answered(span, response.status());
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

/// The propagated headers that a request came with.
#[must_use]
pub fn propagated(headers: &HeaderMap) -> HeaderMap {
    PROPAGATED
        .iter()
        .filter_map(|&name| Some((HeaderName::from_static(name), headers.get(name)?.clone())))
        .collect()
}
