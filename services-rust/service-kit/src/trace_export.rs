//! Where spans go, if anywhere. The README of `services-rust` has the same in a table.

mod endpoint;
#[cfg(test)]
mod tests;

use self::endpoint::endpoint;
use crate::environment::{ConfigError, Environment};

/// A receiver of OTLP over HTTP with protobuf.
///
/// Sampling, batching, headers and resource attributes are OpenTelemetry's own variables, which its SDK reads:
/// `OTEL_TRACES_SAMPLER`, `OTEL_BSP_*`, `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_RESOURCE_ATTRIBUTES` and so on.
/// <https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceExport {
    /// The full URL for traces.
    pub endpoint: String,
    /// `OTEL_SERVICE_NAME`, which comes before a `service.name` in `OTEL_RESOURCE_ATTRIBUTES`, and that before the service's
    /// own name.
    pub service_name: Option<String>,
}

impl TraceExport {
    /// None by default, and none whatever else is set with `OTEL_SDK_DISABLED=true` or `OTEL_TRACES_EXPORTER=none`. Otherwise
    /// the first of these that is set says where to:
    ///
    /// 1. `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`, the full URL for traces.
    /// 2. `OTEL_EXPORTER_OTLP_ENDPOINT`, a collector's base URL such as `http://127.0.0.1:4318`.
    /// 3. `DD_TRACING_ENABLED=true`: the Datadog agent at `AGENT_ADDRESS`, a host with or without a port, whose OTLP receiver
    ///    must be on: <https://docs.datadoghq.com/opentelemetry/setup/otlp_ingest_in_the_agent/>
    /// 4. `OTEL_TRACES_EXPORTER=otlp`: a collector on this host, at OTLP's default port.
    ///
    /// OpenTelemetry would ignore a value that it does not know. Here it ends the service at the start, as every other wrong
    /// setting does: a deployment that fails is seen, and spans that never come are not.
    ///
    /// # Errors
    /// The first variable that can't be used.
    pub fn from_environment(environment: &Environment) -> Result<Option<Self>, ConfigError> {
        if truth(environment, "OTEL_SDK_DISABLED")? {
            return Ok(None);
        }
        let exporter = one_of(environment, &["OTEL_TRACES_EXPORTER"], &["otlp", "none"])?;
        if exporter == Some("none") {
            return Ok(None);
        }
        let Some(endpoint) = endpoint(environment, exporter.is_some())? else {
            return Ok(None);
        };
        let protocol = [
            "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
            "OTEL_EXPORTER_OTLP_PROTOCOL",
        ];
        one_of(environment, &protocol, &["http/protobuf"])?;
        let service_name = environment.text("OTEL_SERVICE_NAME");
        Ok(Some(Self {
            endpoint,
            service_name: service_name.map(str::to_owned),
        }))
    }
}

/// `true` or `false` in letters of any case, as OpenTelemetry has it; absent is false.
fn truth(environment: &Environment, variable: &'static str) -> Result<bool, ConfigError> {
    let found = one_of(environment, &[variable], &["true", "false"])?;
    Ok(found == Some("true"))
}

/// The value of the first of some variables that is set, which must be one of some words in letters of any case.
fn one_of(
    environment: &Environment,
    variables: &[&str],
    words: &[&'static str],
) -> Result<Option<&'static str>, ConfigError> {
    let mut set = variables
        .iter()
        .filter_map(|&variable| Some((variable, environment.text(variable)?)));
    let Some((variable, value)) = set.next() else {
        return Ok(None);
    };
    let word = words.iter().find(|word| word.eq_ignore_ascii_case(value));
    let remedy = format!("take it away or give {}", words.join(" or "));
    word.map_or_else(
        || Err(ConfigError::new(variable, value, &remedy)),
        |&word| Ok(Some(word)),
    )
}
