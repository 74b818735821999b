//! Wires service-a: configuration, router, serve.

use std::process::ExitCode;

fn main() -> ExitCode {
    service_kit::run("service-a", service_a::configure)
}
