//! The settings that every service has.

use std::net::{Ipv4Addr, SocketAddr};

use crate::environment::{ConfigError, Environment};
use crate::limits::Limits;
use crate::trace_export::TraceExport;

/// Port 3000 on every address.
const BIND_ADDRESS: (Ipv4Addr, u16) = (Ipv4Addr::UNSPECIFIED, 3000);

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
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        let remedy = "give an address and a port such as 0.0.0.0:3000";
        let bind_address = environment.parse("BIND_ADDRESS", remedy)?;
        Ok(Self {
            bind_address: bind_address.unwrap_or(BIND_ADDRESS.into()),
            log_filter: environment.text("RUST_LOG").unwrap_or("info").into(),
            trace_export: TraceExport::from_environment(environment)?,
            limits: Limits::from_environment(environment)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_need_no_variable() {
        let config = Config::from_environment(&Environment::default()).unwrap();
        assert_eq!(config.bind_address.to_string(), "0.0.0.0:3000");
        assert_eq!(config.log_filter, "info");
        assert_eq!(config.trace_export, None);
    }

    #[test]
    fn an_error_names_the_variable_the_value_and_the_remedy() {
        let environment = Environment::from_iter([("BIND_ADDRESS", "nonsense")]);
        let error = Config::from_environment(&environment).unwrap_err();
        let error = error.to_string();
        assert!(
            error.contains("BIND_ADDRESS=\"nonsense\"") && error.contains("0.0.0.0:3000"),
            "{error}"
        );
    }
}
