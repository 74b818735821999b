//! The binary as ECS runs it: exit codes, the health check, and SIGTERM.

#![expect(clippy::unwrap_used)] // a test that can't go on has failed

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Output, Stdio};

const BINARY: &str = env!("CARGO_BIN_EXE_service-a");

fn run(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    Command::new(BINARY)
        .args(arguments)
        .envs(environment.iter().copied())
        .output()
        .unwrap()
}

/// Ends the process however the test ends.
struct Service(Child);

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the service on a free port and returns the address that its first log line names.
fn start() -> (Service, String) {
    let mut child = Command::new(BINARY)
        .env("BIND_ADDRESS", "127.0.0.1:0")
        .env("RUST_LOG", "info")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap())
        .read_line(&mut line)
        .unwrap();
    let log: serde_json::Value = serde_json::from_str(&line).unwrap();
    let address = log["address"].as_str().unwrap().to_owned();
    (Service(child), address)
}

#[test]
fn bad_configuration_is_exit_64_and_one_line() {
    let output = run(&[], &[("BIND_ADDRESS", "nonsense")]);
    assert_eq!(output.status.code(), Some(64));
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert_eq!(complaint.lines().count(), 1, "{complaint}");
    assert!(
        complaint.contains("BIND_ADDRESS=\"nonsense\""),
        "{complaint}"
    );
    assert_eq!(run(&[], &[("RUST_LOG", "=,=")]).status.code(), Some(64));
    assert_eq!(run(&["--what"], &[]).status.code(), Some(64));
}

#[test]
fn the_health_check_asks_the_service() {
    let (service, address) = start();
    assert_eq!(
        run(&["healthcheck"], &[("BIND_ADDRESS", &address)])
            .status
            .code(),
        Some(0)
    );
    drop(service);
    let output = run(&["healthcheck"], &[("BIND_ADDRESS", &address)]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("/health")
    );
}

#[test]
fn sigterm_ends_it_with_exit_0() {
    let (mut service, _) = start();
    let ended = Command::new("kill")
        .args(["-TERM", &service.0.id().to_string()])
        .status()
        .unwrap();
    assert!(ended.success());
    assert_eq!(service.0.wait().unwrap().code(), Some(0));
    let mut rest = String::new();
    service
        .0
        .stdout
        .as_mut()
        .unwrap()
        .read_to_string(&mut rest)
        .unwrap();
    assert!(rest.contains("stopped"), "{rest}");
}
