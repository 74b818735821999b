//! Wires service-b: configuration, router, serve.

use std::process::ExitCode;

fn main() -> ExitCode {
    service_kit::run("service-b", service_b::configure)
}
