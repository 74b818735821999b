//! Settings from the environment, read once before anything else starts.

use std::net::SocketAddr;
use std::str::FromStr;

use crate::limits::Limits;
use crate::trace_export::TraceExport;

/// A setting that can't be used: which variable, what it holds, and what to do.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{variable}={value:?} is not usable: {remedy}")]
pub struct ConfigError {
    variable: String,
    value: String,
    remedy: String,
}

impl ConfigError {
    /// An error about one variable.
    #[must_use]
    pub fn new(variable: &str, value: &str, remedy: &str) -> Self {
        Self {
            variable: variable.into(),
            value: value.into(),
            remedy: remedy.into(),
        }
    }
}

/// Where variables come from: the process environment, or a test's own.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// What every service is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// `BIND_ADDRESS`, default `0.0.0.0:3000`.
    pub bind_address: SocketAddr,
    /// `RUST_LOG`, default `info`: <https://docs.rs/tracing-subscriber/latest/tracing_subscriber/filter/struct.EnvFilter.html>
    pub log_filter: String,
    /// Where spans go, if anywhere.
    pub trace_export: Option<TraceExport>,
    /// How much is taken on at once.
    pub limits: Limits,
}

impl Config {
    /// Reads the common settings.
    ///
    /// # Errors
    /// The first variable that can't be used.
    pub fn from_environment(environment: Environment) -> Result<Self, ConfigError> {
        let bind_address = parse(
            environment,
            "BIND_ADDRESS",
            "0.0.0.0:3000",
            "give an address and a port such as 0.0.0.0:3000",
        )?;
        Ok(Self {
            bind_address,
            log_filter: environment("RUST_LOG").unwrap_or_else(|| "info".into()),
            trace_export: TraceExport::from_environment(environment)?,
            limits: Limits::from_environment(environment)?,
        })
    }
}

/// Reads one variable with a default.
///
/// # Errors
/// When the value does not parse.
pub fn parse<T: FromStr>(
    environment: Environment,
    variable: &str,
    default: &str,
    remedy: &str,
) -> Result<T, ConfigError> {
    let value = environment(variable).unwrap_or_else(|| default.into());
    value
        .parse()
        .map_err(|_| ConfigError::new(variable, &value, remedy))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::from_environment(&|name| {
            pairs
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn defaults_need_no_variable() {
        let config = read(&[]).unwrap();
        assert_eq!(config.bind_address.to_string(), "0.0.0.0:3000");
        assert_eq!(config.log_filter, "info");
        assert_eq!(config.trace_export, None);
    }

    #[test]
    fn an_error_names_the_variable_the_value_and_the_remedy() {
        let error = read(&[("BIND_ADDRESS", "nonsense")])
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("BIND_ADDRESS=\"nonsense\"") && error.contains("0.0.0.0:3000"),
            "{error}"
        );
    }
}
