//! Where spans go.

use axum::http::Uri;

use crate::environment::{ConfigError, Environment};

/// OTLP's port for HTTP: <https://opentelemetry.io/docs/specs/otlp/#otlphttp-default-port>
const OTLP_PORT: u16 = 4318;

/// Where the Datadog agent takes traces in Datadog's own format, and OTLP never.
const DATADOG_PORT: u16 = 8126;

/// A receiver of OTLP over HTTP with protobuf.
///
/// Sampling, batching and resource attributes are OpenTelemetry's own variables, which its SDK reads:
/// `OTEL_TRACES_SAMPLER`, `OTEL_BSP_*`, `OTEL_RESOURCE_ATTRIBUTES` and so on.
/// <https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceExport {
    /// The full URL for traces.
    pub endpoint: String,
    /// `OTEL_SERVICE_NAME`, default the service's own.
    pub service_name: Option<String>,
}

impl TraceExport {
    /// None by default. `OTEL_EXPORTER_OTLP_ENDPOINT` is a collector's base URL, such as `http://127.0.0.1:4318`, and
    /// `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` the full one for traces. `DD_TRACING_ENABLED=true` is the Datadog agent at
    /// `AGENT_ADDRESS`, a host with or without a port, whose OTLP receiver must be on:
    /// <https://docs.datadoghq.com/opentelemetry/setup/otlp_ingest_in_the_agent/>
    ///
    /// # Errors
    /// The first variable that can't be used.
    pub fn from_environment(environment: &Environment) -> Result<Option<Self>, ConfigError> {
        let text = |variable: &str| environment.text(variable).map(str::to_owned);
        let datadog = environment.parse("DD_TRACING_ENABLED", "give true or false")?;
        let datadog = datadog.unwrap_or(false);
        let protocol = text("OTEL_EXPORTER_OTLP_PROTOCOL");
        let found = if let Some(url) = text("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") {
            Some(("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", url.clone(), url))
        } else if let Some(url) = text("OTEL_EXPORTER_OTLP_ENDPOINT") {
            let traces = format!("{}/v1/traces", url.trim_end_matches('/'));
            Some(("OTEL_EXPORTER_OTLP_ENDPOINT", url, traces))
        } else {
            None
        };
        let endpoint = match (found, datadog) {
            (None, false) => return Ok(None),
            (None, true) => agent(&text("AGENT_ADDRESS").unwrap_or_default())?,
            (Some((variable, value, _)), true) => {
                let remedy = "take it away or set DD_TRACING_ENABLED=false: spans go to one place";
                return Err(ConfigError::new(variable, &value, remedy));
            }
            (Some((variable, value, endpoint)), false) => {
                if !is_http(&endpoint) {
                    let remedy = "give a URL such as http://127.0.0.1:4318: the collector is in the \
                                  same task, and TLS is not built in";
                    return Err(ConfigError::new(variable, &value, remedy));
                }
                endpoint
            }
        };
        if let Some(protocol) = protocol.filter(|protocol| protocol != "http/protobuf") {
            let remedy = "take it away or give http/protobuf, the only one that is built in";
            return Err(ConfigError::new(
                "OTEL_EXPORTER_OTLP_PROTOCOL",
                &protocol,
                remedy,
            ));
        }
        Ok(Some(Self {
            endpoint,
            service_name: text("OTEL_SERVICE_NAME"),
        }))
    }
}

fn is_http(url: &str) -> bool {
    let uri: Result<Uri, _> = url.parse();
    uri.is_ok_and(|uri| uri.scheme_str() == Some("http") && uri.host().is_some())
}

/// The agent's OTLP receiver.
fn agent(address: &str) -> Result<String, ConfigError> {
    let error = |remedy: &str| ConfigError::new("AGENT_ADDRESS", address, remedy);
    let authority: axum::http::uri::Authority = address.parse().map_err(|_| {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Option<String>, String> {
        let environment = pairs.iter().copied().collect();
        let export = TraceExport::from_environment(&environment);
        let endpoint = export.map(|export| export.map(|export| export.endpoint));
        endpoint.map_err(|error| error.to_string())
    }

    #[test]
    fn it_is_off_unless_it_is_asked_for() {
        assert_eq!(read(&[]), Ok(None));
        let off = [("DD_TRACING_ENABLED", "false"), ("AGENT_ADDRESS", "agent")];
        assert_eq!(read(&off), Ok(None));
    }

    #[test]
    fn a_collector_has_a_base_url_or_a_full_one() {
        let url = "http://127.0.0.1:4318";
        let traces = Ok(Some(format!("{url}/v1/traces")));
        assert_eq!(read(&[("OTEL_EXPORTER_OTLP_ENDPOINT", url)]), traces);
        let slash = format!("{url}/");
        assert_eq!(read(&[("OTEL_EXPORTER_OTLP_ENDPOINT", &slash)]), traces);
        let full = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://x/y");
        let both = [full, ("OTEL_EXPORTER_OTLP_ENDPOINT", url)];
        assert_eq!(read(&both), Ok(Some("http://x/y".into())));
    }

    #[test]
    fn the_agent_has_a_host_and_perhaps_a_port() {
        let agent = |address| read(&[("DD_TRACING_ENABLED", "true"), ("AGENT_ADDRESS", address)]);
        let endpoint = |authority: &str| Ok(Some(format!("http://{authority}/v1/traces")));
        assert_eq!(agent("127.0.0.1"), endpoint("127.0.0.1:4318"));
        assert_eq!(agent("agent:9999"), endpoint("agent:9999"));
        for wrong in ["", "127.0.0.1:8126", "http://agent"] {
            assert!(
                agent(wrong).unwrap_err().contains("AGENT_ADDRESS"),
                "{wrong}"
            );
        }
    }

    #[test]
    fn what_can_not_work_is_said_at_the_start() {
        let url = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318");
        for (pairs, variable) in [
            ([("DD_TRACING_ENABLED", "maybe"), url], "DD_TRACING_ENABLED"),
            ([("DD_TRACING_ENABLED", "true"), url], url.0),
            (
                [("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"), url],
                "OTEL_EXPORTER_OTLP_PROTOCOL",
            ),
            ([url, ("OTEL_EXPORTER_OTLP_ENDPOINT", "https://x")], url.0),
        ] {
            assert!(read(&pairs).unwrap_err().contains(variable), "{pairs:?}");
        }
    }
}
