//! How much a service takes on at once.

use std::time::Duration;

use axum::http::StatusCode;

use crate::environment::{ConfigError, Environment};

/// Limits of a service, the same for all its routes but health.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// `MAX_CONCURRENCY`, default 256: requests that are answered at the same time; 0 turns all of this off, which is for
    /// comparisons. By Little's law 256 are 2,560 requests a second if each takes a tenth of a second. In memory they are
    /// at most two bodies of 64 KiB from upstreams and the buffers of three connections each: about 50 MiB of the
    /// container's 1 GiB. A service in front of something scarcer, such as a pool of 10 database connections, needs that
    /// number instead: more only wait behind the gate, where no deadline ends it.
    pub max_concurrency: u32,
    /// `MAX_QUEUE`, default 64: requests that wait for their turn; a burst of a quarter more than is taken on at once.
    pub max_queue: u32,
    /// `QUEUE_DEADLINE_MS`, default 100: how long one may wait. As long as an answer takes: a caller that would wait twice
    /// as long as usual is better off with another task.
    pub queue_deadline: Duration,
    /// `OVERLOAD_STATUS`, default 503, or 429: what a request gets that is not taken on.
    ///
    /// Envoy's outlier detection counts a 503 like any failure: five in a row from one task, and its callers avoid the task
    /// for 30 seconds and more, although it answers as much as it can. Measured with Envoy 1.40, two tasks and four times
    /// the load that they can serve: with 503 one of them is avoided and half the answers are lost; with 429 none. So 503
    /// is right behind a load balancer, 429 for a service that is called through Service Connect alone.
    pub overload_status: StatusCode,
}

impl Limits {
    /// Reads the limits.
    ///
    /// # Errors
    /// The first variable that can't be used.
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        let number = |variable: &str, default: u32, remedy: &str| -> Result<u32, ConfigError> {
            Ok(environment.parse(variable, remedy)?.unwrap_or(default))
        };
        let milliseconds = number("QUEUE_DEADLINE_MS", 100, "give milliseconds")?;
        let remedy = "give 503 or 429";
        let status = environment.parse("OVERLOAD_STATUS", remedy)?;
        let status = status.unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
        if ![503, 429].contains(&status.as_u16()) {
            return Err(ConfigError::new("OVERLOAD_STATUS", status.as_str(), remedy));
        }
        Ok(Self {
            max_concurrency: number(
                "MAX_CONCURRENCY",
                256,
                "give a number of requests, or 0 for no limit",
            )?,
            max_queue: number("MAX_QUEUE", 64, "give a number of requests")?,
            queue_deadline: Duration::from_millis(milliseconds.into()),
            overload_status: status,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_the_variable() {
        for (variable, value) in [
            ("MAX_CONCURRENCY", "-1"),
            ("MAX_QUEUE", "many"),
            ("QUEUE_DEADLINE_MS", "0.5"),
            ("OVERLOAD_STATUS", "500"),
        ] {
            let environment = Environment::from_iter([(variable, value)]);
            let error = Limits::from_environment(&environment).unwrap_err();
            let error = error.to_string();
            assert!(error.contains(variable) && error.contains(value), "{error}");
        }
    }
}
