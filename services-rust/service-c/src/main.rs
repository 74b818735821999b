//! Wires service-c: configuration, router, serve.

use std::process::ExitCode;

fn main() -> ExitCode {
    service_kit::run("service-c", service_c::configure)
}
