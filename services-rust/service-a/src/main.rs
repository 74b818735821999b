//! Wires service-a: router, serve.

use std::process::ExitCode;

fn main() -> ExitCode {
    service_kit::run("service-a", |_| Ok(service_a::router()))
}
