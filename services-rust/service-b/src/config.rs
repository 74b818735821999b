//! Where the upstreams are.

use service_kit::environment::{ConfigError, Environment};
use service_kit::upstream::{Caller, Timeouts, Upstream};

/// The services that B calls.
#[derive(Debug, Clone)]
pub struct Upstreams {
    pub a: Upstream,
    pub c: Upstream,
}

impl Upstreams {
    /// Reads the variables of both, as [`Caller::upstream`] has them.
    ///
    /// # Errors
    /// The first variable that can't be used.
    pub fn from_environment(
        environment: &Environment,
        timeouts: Timeouts,
    ) -> Result<Self, ConfigError> {
        let caller = Caller::new(timeouts);
        Ok(Self {
            a: caller.upstream("service-a", environment)?,
            c: caller.upstream("service-c", environment)?,
        })
    }
}
