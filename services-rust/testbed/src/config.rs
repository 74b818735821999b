//! What the testbed is told.

use std::hash::{BuildHasher, RandomState};
use std::net::SocketAddr;
use std::num::NonZero;
use std::path::PathBuf;
use std::time::Duration;

use service_kit::environment::{ConfigError, Environment};

/// Settings of the testbed beside those of every service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// `INSTANCE`, default the host's name and a random part: tasks on one machine may share its name.
    pub instance: String,
    /// `VERSION`, default `1`: tells deployments apart.
    pub version: String,
    /// `WORKERS`, default 4: how many `GET /work` run at once; the others wait.
    pub workers: usize,
    /// `HEALTHY`, default `true`; with `false` `GET /health` answers 503.
    pub healthy: bool,
    /// `HEALTHY_AFTER_MS`, default 0: `GET /health` answers 503 until then, as a service does that has to warm up.
    pub healthy_after: Duration,
    /// `EXIT_AFTER_MS`, default never: exits with code 1, as a crash does.
    pub exit_after: Option<Duration>,
    /// `EXIT_ON_SIGTERM`, default `false`; with `true` SIGTERM ends the process at once, whatever it is doing.
    pub exit_on_sigterm: bool,
    /// `TOKEN`, default none: what `GET /private` asks for.
    pub token: Option<String>,
    /// `FILE`, default none: what `GET /file` answers with.
    pub file: Option<PathBuf>,
    /// `WRITE_FILE` and `WRITE_TEXT`, default none: writes the text into the file and exits, as an init container does.
    pub write: Option<(PathBuf, String)>,
    /// `CALL_URL`, default none: asks for it once a second, as a worker does.
    pub call_url: Option<String>,
    /// `GRPC_BIND_ADDRESS`, default none.
    pub grpc_address: Option<SocketAddr>,
    /// `TCP_BIND_ADDRESS`, default none.
    pub tcp_address: Option<SocketAddr>,
}

impl Config {
    /// Reads the settings.
    ///
    /// # Errors
    /// The first variable that can't be used.
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        let text = |variable: &str| environment.text(variable).map(str::to_owned);
        let truth = |variable: &str| environment.parse(variable, "give true or false");
        let time = |variable: &str| -> Result<Option<Duration>, ConfigError> {
            let milliseconds = environment.parse(variable, "give milliseconds")?;
            Ok(milliseconds.map(Duration::from_millis))
        };
        let address = |variable: &str, remedy: &str| environment.parse(variable, remedy);
        let remedy = "give a number of at least 1";
        let workers = environment.parse::<NonZero<usize>>("WORKERS", remedy)?;
        Ok(Self {
            instance: text("INSTANCE").unwrap_or_else(random_instance),
            version: text("VERSION").unwrap_or_else(|| "1".into()),
            workers: workers.map_or(4, NonZero::get),
            healthy: truth("HEALTHY")?.unwrap_or(true),
            healthy_after: time("HEALTHY_AFTER_MS")?.unwrap_or_default(),
            exit_after: time("EXIT_AFTER_MS")?,
            exit_on_sigterm: truth("EXIT_ON_SIGTERM")?.unwrap_or(false),
            token: text("TOKEN"),
            file: text("FILE").map(PathBuf::from),
            write: text("WRITE_FILE")
                .map(|file| (file.into(), text("WRITE_TEXT").unwrap_or_default())),
            call_url: text("CALL_URL"),
            grpc_address: address("GRPC_BIND_ADDRESS", "give an address such as 0.0.0.0:3001")?,
            tcp_address: address("TCP_BIND_ADDRESS", "give an address such as 0.0.0.0:3002")?,
        })
    }
}

fn random_instance() -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let random = RandomState::new().hash_one(0) & 0xffff_ffff;
    format!("{}-{random:08x}", host.trim())
}
