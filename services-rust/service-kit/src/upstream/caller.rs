//! What the calls of one service have in common: a client, and how long a call may take.

use std::sync::Arc;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use tokio::sync::Semaphore;

use super::Upstream;
use crate::environment::{ConfigError, Environment};

/// Half of the requests that a service takes on by default (`MAX_CONCURRENCY`): one upstream that hangs can't hold them
/// all.
const DEFAULT_MAX_CALLS: u16 = 128;

/// How long a call may take.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// Until there is a connection.
    pub connect: Duration,
    /// Until the whole answer is there.
    pub total: Duration,
}

impl Timeouts {
    /// These are inside the mesh's request timeout of 10 s, so that the caller gets our problem and not the proxy's bare
    /// 504. The connection is to the proxy on this host: a second is an eternity.
    pub const INSIDE_THE_MESH: Self = Self {
        connect: Duration::from_secs(1),
        total: Duration::from_secs(8),
    };
}

/// Makes upstreams, which share its connections.
#[derive(Debug)]
pub struct Caller {
    client: Client,
    total: Duration,
}

impl Caller {
    /// A client of these timeouts.
    ///
    /// # Panics
    /// Never: no TLS, no file and no proxy is configured, so that nothing can fail.
    #[must_use]
    pub fn new(timeouts: Timeouts) -> Self {
        let client = Client::builder()
            .connect_timeout(timeouts.connect)
            // Answers come from our own services; a redirect would be a mistake, or an attack.
            .redirect(Policy::none())
            .no_proxy()
            .build();
        Self {
            #[expect(clippy::expect_used)]
            client: client.expect("a client without TLS can be built"),
            total: timeouts.total,
        }
    }

    /// An upstream by its name in messages. Its variables begin with that name: those of `service-a` are `SERVICE_A_URL`,
    /// such as `http://service-a:8080`, and `SERVICE_A_MAX_CALLS`, how many calls may be under way, default 128.
    ///
    /// # Errors
    /// The variable that is missing, is no `http` URL or no number.
    pub fn upstream(
        &self,
        name: &'static str,
        environment: &Environment,
    ) -> Result<Upstream, ConfigError> {
        let prefix = name.to_uppercase().replace('-', "_");
        let base = base_url(environment, &format!("{prefix}_URL"), name)?;
        let max_calls = format!("{prefix}_MAX_CALLS");
        let max_calls = environment.parse::<u16>(&max_calls, "give a number of calls")?;
        Ok(Upstream {
            name,
            base,
            client: self.client.clone(),
            total: self.total,
            calls: Arc::new(Semaphore::new(
                max_calls.unwrap_or(DEFAULT_MAX_CALLS).into(),
            )),
        })
    }
}

fn base_url(environment: &Environment, variable: &str, name: &str) -> Result<Url, ConfigError> {
    let value = environment.text(variable).unwrap_or_default();
    let url = Url::parse(value)
        .ok()
        .filter(|url| url.scheme() == "http" && url.has_host());
    let remedy = format!("give a URL such as http://{name}:8080");
    url.ok_or_else(|| ConfigError::new(variable, value, &remedy))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upstream(pairs: &[(&str, &str)]) -> Result<Upstream, String> {
        let environment = pairs.iter().copied().collect();
        let upstream = Caller::new(Timeouts::INSIDE_THE_MESH).upstream("service-x", &environment);
        upstream.map_err(|error| error.to_string())
    }

    #[test]
    fn its_variables_begin_with_its_name() {
        let url = ("SERVICE_X_URL", "http://service-x:8080");
        let limited = upstream(&[url, ("SERVICE_X_MAX_CALLS", "2")]).unwrap();
        assert_eq!(limited.base.as_str(), "http://service-x:8080/");
        assert_eq!(limited.calls.available_permits(), 2);
        let default = upstream(&[url]).unwrap();
        assert_eq!(default.calls.available_permits(), 128);
    }

    #[test]
    fn an_error_names_the_variable_and_the_remedy() {
        for value in ["", "service-x:8080", "https://service-x", "http://"] {
            let error = upstream(&[("SERVICE_X_URL", value)]).unwrap_err();
            assert!(error.contains("SERVICE_X_URL"), "{error}");
            assert!(error.contains("http://service-x:8080"), "{error}");
        }
        let url = ("SERVICE_X_URL", "http://service-x:8080");
        let error = upstream(&[url, ("SERVICE_X_MAX_CALLS", "many")]).unwrap_err();
        assert!(error.contains("SERVICE_X_MAX_CALLS"), "{error}");
    }
}
