//! Wires the testbed: configuration, what is beside HTTP, connections, serve.

use std::process::ExitCode;

fn main() -> ExitCode {
    service_kit::run_connections("testbed", testbed::configure)
}
