//! Wires service-c: router, serve.

use std::process::ExitCode;

fn main() -> ExitCode {
    service_kit::run("service-c", |_| Ok(service_c::router()))
}
