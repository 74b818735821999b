//! Where the upstreams are.

use reqwest::{Client, Url};
use service_kit::environment::{ConfigError, Environment};

use crate::upstream::{DEFAULT_MAX_CALLS, Timeouts, Upstream};

/// The services that B calls, through one client.
#[derive(Debug, Clone)]
pub struct Upstreams {
    pub a: Upstream,
    pub c: Upstream,
}

impl Upstreams {
    /// Reads `SERVICE_A_URL` and `SERVICE_C_URL`, such as `http://service-a:8080`, and how many calls of each may be under
    /// way: `SERVICE_A_MAX_CALLS` and `SERVICE_C_MAX_CALLS`, default 128 each.
    ///
    /// # Errors
    /// The variable that is missing, is no `http` URL or no number.
    pub fn from_environment(
        environment: &Environment,
        timeouts: Timeouts,
    ) -> Result<Self, ConfigError> {
        let a = base_url(environment, "SERVICE_A_URL", "http://service-a:8080")?;
        let c = base_url(environment, "SERVICE_C_URL", "http://service-c:8081")?;
        let client = client(timeouts);
        let max_calls = |variable: &str| {
            let number = environment.parse(variable, "give a number of calls")?;
            Ok(number.unwrap_or(DEFAULT_MAX_CALLS))
        };
        Ok(Self {
            a: Upstream::new("service-a", a, client.clone())
                .limited(timeouts.total, max_calls("SERVICE_A_MAX_CALLS")?),
            c: Upstream::new("service-c", c, client)
                .limited(timeouts.total, max_calls("SERVICE_C_MAX_CALLS")?),
        })
    }
}

fn base_url(environment: &Environment, variable: &str, example: &str) -> Result<Url, ConfigError> {
    let value = environment.text(variable).unwrap_or_default();
    Url::parse(value)
        .ok()
        .filter(|url| url.scheme() == "http" && url.has_host())
        .ok_or_else(|| ConfigError::new(variable, value, &format!("give a URL such as {example}")))
}

#[allow(clippy::expect_used)] // no TLS, no file, no proxy: nothing that could fail is configured
fn client(timeouts: Timeouts) -> Client {
    Client::builder()
        .connect_timeout(timeouts.connect)
        .timeout(timeouts.total)
        // Answers come from our own services; a redirect would be a mistake, or an attack.
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .expect("a client without TLS can be built")
}
