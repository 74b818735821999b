//! Which URL takes spans.

use axum::http::Uri;
use axum::http::uri::Authority;

use super::truth;
use crate::environment::{ConfigError, Environment};

/// OTLP's port for HTTP: <https://opentelemetry.io/docs/specs/otlp/#otlphttp-default-port>
const OTLP_PORT: u16 = 4318;

/// Where the Datadog agent takes traces in Datadog's own format, and OTLP never.
const DATADOG_PORT: u16 = 8126;

/// The URL that was asked for, or that of a collector on this host when spans are `wanted` all the same.
pub(super) fn endpoint(
    environment: &Environment,
    wanted: bool,
) -> Result<Option<String>, ConfigError> {
    // A wrong value is told even where another variable comes first.
    let datadog = truth(environment, "DD_TRACING_ENABLED")?;
    let variable = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
    if let Some(url) = environment.text(variable) {
        return http(variable, url).map(|()| Some(url.to_owned()));
    }
    let variable = "OTEL_EXPORTER_OTLP_ENDPOINT";
    if let Some(url) = environment.text(variable) {
        let traces = format!("{}/v1/traces", url.trim_end_matches('/'));
        return http(variable, url).map(|()| Some(traces));
    }
    if datadog {
        let address = environment.text("AGENT_ADDRESS").unwrap_or_default();
        return agent(address).map(Some);
    }
    Ok(wanted.then(|| format!("http://localhost:{OTLP_PORT}/v1/traces")))
}

fn http(variable: &str, url: &str) -> Result<(), ConfigError> {
    let uri: Result<Uri, _> = url.parse();
    if uri.is_ok_and(|uri| uri.scheme_str() == Some("http") && uri.host().is_some()) {
        return Ok(());
    }
    let remedy = "give a URL such as http://127.0.0.1:4318: the collector is in the same task, and TLS is not built in";
    Err(ConfigError::new(variable, url, remedy))
}

/// The agent's OTLP receiver.
fn agent(address: &str) -> Result<String, ConfigError> {
    let error = |remedy: &str| ConfigError::new("AGENT_ADDRESS", address, remedy);
    let authority: Authority = address.parse().map_err(|_| {
        error("give the tracing agent's host, with or without a port, or set DD_TRACING_ENABLED=false")
    })?;
    match authority.port_u16() {
        None => Ok(format!("http://{authority}:{OTLP_PORT}/v1/traces")),
        Some(DATADOG_PORT) => Err(error(
            "that port takes no OTLP: give the host alone, or the port of the agent's OTLP receiver for HTTP",
        )),
        Some(_) => Ok(format!("http://{authority}/v1/traces")),
    }
}
