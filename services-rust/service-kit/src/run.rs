//! From the command line to the exit code.

use std::net::SocketAddr;
use std::process::ExitCode;

use axum::{Extension, Router};
use lexopt::prelude::Long;
use tower::Layer;
use tower::util::option_layer;

use crate::config::Config;
use crate::environment::{ConfigError, Environment};
use crate::serve::Connection;
use crate::shed::Gate;
use crate::telemetry::Telemetry;
use crate::{health, serve};

/// Exit code for a wrong use: `EX_USAGE` of sysexits.h.
const EX_USAGE: u8 = 64;

enum Command {
    Serve,
    HealthCheck,
    Help,
}

/// Runs a service: serves by default, or answers `healthcheck`.
///
/// `configure` makes the service's router from its own part of the environment.
pub fn run(
    name: &'static str,
    configure: fn(&Environment) -> Result<Router, ConfigError>,
) -> ExitCode {
    run_connections(name, |environment| {
        let router = configure(environment)?;
        Ok(move |_| router.clone())
    })
}

/// The same for a server that must know the connection of a request: `configure` makes what answers each connection.
pub fn run_connections<C: Connection, M: Fn(SocketAddr) -> C>(
    name: &'static str,
    configure: impl FnOnce(&Environment) -> Result<M, ConfigError>,
) -> ExitCode {
    let environment = Environment::of_process();
    let outcome = command().and_then(|command| {
        let config = Config::from_environment(&environment).map_err(|error| error.to_string())?;
        Ok((command, config))
    });
    match outcome {
        Err(complaint) => usage(name, &complaint),
        Ok((Command::Help, _)) => {
            println!("usage: {name} [healthcheck]");
            ExitCode::SUCCESS
        }
        Ok((Command::HealthCheck, config)) => match health::check(config.bind_address) {
            Ok(()) => ExitCode::SUCCESS,
            Err(complaint) => {
                eprintln!("{name}: {complaint}");
                ExitCode::FAILURE
            }
        },
        Ok((Command::Serve, config)) => match configure(&environment) {
            Err(error) => usage(name, &error.to_string()),
            Ok(connection) => serve_until_stopped(name, &config, connection),
        },
    }
}

fn command() -> Result<Command, String> {
    let mut parser = lexopt::Parser::from_env();
    let mut command = Command::Serve;
    while let Some(argument) = parser.next().map_err(|error| error.to_string())? {
        command = match argument {
            lexopt::Arg::Value(value) if value == "healthcheck" => Command::HealthCheck,
            Long("help") => Command::Help,
            other => return Err(other.unexpected().to_string()),
        };
    }
    Ok(command)
}

fn usage(name: &str, complaint: &str) -> ExitCode {
    eprintln!("{name}: {complaint}");
    ExitCode::from(EX_USAGE)
}

fn serve_until_stopped<C: Connection>(
    name: &'static str,
    config: &Config,
    connection: impl Fn(SocketAddr) -> C,
) -> ExitCode {
    let telemetry = match Telemetry::start(name, &config.log_filter, config.trace_export.as_ref()) {
        Ok(telemetry) => telemetry,
        Err(error) => return usage(name, &error.to_string()),
    };
    let gate = Gate::new(&config.limits);
    let gated = |peer| option_layer(gate.clone().map(Extension)).layer(connection(peer));
    let served = serve::blocking(name, config.bind_address, gated);
    telemetry.flush();
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{name}: {}: {error}", config.bind_address);
            ExitCode::FAILURE
        }
    }
}
