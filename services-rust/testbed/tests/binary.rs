//! The binary as ECS runs it: its limits come from the environment, and it ends when it is told to.

#![expect(clippy::unwrap_used)] // a test that can't go on has failed

use std::process::Stdio;

use reqwest::{Client, StatusCode};
use serde_json::Value;
use testing::until;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

const BINARY: &str = env!("CARGO_BIN_EXE_testbed");

/// Starts the testbed on a free port and returns the URL that its log names. A worker may say what it called before that.
async fn start(environment: &[(&str, &str)]) -> (Child, String) {
    let mut child = Command::new(BINARY)
        .env("BIND_ADDRESS", "127.0.0.1:0")
        .env("RUST_LOG", "info")
        .envs(environment.iter().copied())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let address = loop {
        let line = lines.next_line().await.unwrap().unwrap();
        let log = serde_json::from_str::<Value>(&line).unwrap_or_default();
        if let Some(address) = log["address"].as_str() {
            break address.to_owned();
        }
    };
    // Read on, or the service stands still when the pipe is full.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    (child, format!("http://{address}"))
}

#[tokio::test]
async fn the_limits_of_the_environment_are_those_of_the_server() {
    let limits = [("MAX_CONCURRENCY", "1"), ("MAX_QUEUE", "0")];
    let (_child, base) = start(&limits).await;
    let client = Client::builder().no_proxy().build().unwrap();
    let status = async |path: &str| {
        let response = client.get(format!("{base}{path}")).send().await.unwrap();
        response.status()
    };
    // The one place may be taken by the other request just then.
    let hang = async { while status("/hang").await == StatusCode::SERVICE_UNAVAILABLE {} };
    let mut held = Box::pin(hang);
    let shed = until("another request is shed", async || {
        status("/version").await == StatusCode::SERVICE_UNAVAILABLE
    });
    tokio::select! {
        () = &mut held => panic!("/hang was answered"),
        () = shed => {}
    }
    assert_eq!(status("/health").await, StatusCode::OK);
    assert_eq!(status("/count").await, StatusCode::OK);
    // The server sees that the caller is gone, and the place is free.
    drop(held);
    until("the place is free", async || {
        status("/version").await == StatusCode::OK
    })
    .await;
}

#[tokio::test]
async fn exit_after_ends_it_like_a_crash() {
    let mut testbed = Command::new(BINARY);
    testbed.env("BIND_ADDRESS", "127.0.0.1:0");
    let status = testbed.env("EXIT_AFTER_MS", "1").status().await;
    assert_eq!(status.unwrap().code(), Some(1));
}

#[tokio::test]
async fn as_an_init_container_it_writes_its_file_and_ends() {
    let file = std::env::temp_dir().join(format!("testbed-init-{}", std::process::id()));
    let mut testbed = Command::new(BINARY);
    testbed.env("WRITE_FILE", &file).env("WRITE_TEXT", "ready");
    assert_eq!(testbed.status().await.unwrap().code(), Some(0));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "ready");
    std::fs::remove_file(&file).unwrap();
    testbed.env("WRITE_FILE", "/nowhere/file");
    assert_eq!(testbed.status().await.unwrap().code(), Some(64));
}

#[tokio::test]
async fn as_a_worker_it_calls() {
    let (_called, base) = start(&[]).await;
    let (_worker, _) = start(&[("CALL_URL", &format!("{base}/echo"))]).await;
    let client = Client::builder().no_proxy().build().unwrap();
    let counts = async || {
        let response = client.get(format!("{base}/count")).send().await.unwrap();
        response.text().await.unwrap()
    };
    until("the worker called", async || {
        counts().await.contains("/echo")
    })
    .await;
}

#[tokio::test]
async fn an_address_that_is_taken_is_exit_64_and_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let output = Command::new(BINARY)
        .env("GRPC_BIND_ADDRESS", taken.local_addr().unwrap().to_string())
        .output()
        .await
        .unwrap();
    assert_eq!(output.status.code(), Some(64));
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert!(complaint.contains("GRPC_BIND_ADDRESS"), "{complaint}");
}
