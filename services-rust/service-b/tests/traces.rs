//! Spans as a real collector gets them: the binary of service B sends its own, the test those of A and C.

#![expect(clippy::unwrap_used)] // a test that can't go on has failed

use std::process::Stdio;

use serde_json::Value;
use service_kit::telemetry::Telemetry;
use service_kit::trace_export::TraceExport;
use testing::{Collector, Received, serve};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER: &str = "00f067aa0ba902b7";
const SERVER: i32 = 2;
const CLIENT: i32 = 3;

struct ServiceB {
    child: Child,
    log: Lines<BufReader<ChildStdout>>,
    url: String,
}

impl ServiceB {
    async fn start(environment: &[(&str, &str)]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_service-b"))
            .env("BIND_ADDRESS", "127.0.0.1:0")
            .env("RUST_LOG", "info")
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stdout.take().unwrap()).lines();
        let line: Value = serde_json::from_str(&log.next_line().await.unwrap().unwrap()).unwrap();
        let url = format!("http://{}/", line["address"].as_str().unwrap());
        Self { child, log, url }
    }

    /// Tells it to stop; it exits when it has sent its spans. Returns what it logged.
    async fn stop(mut self) -> Vec<Value> {
        let id = self.child.id().unwrap().to_string();
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .await
            .unwrap();
        assert_eq!(self.child.wait().await.unwrap().code(), Some(0));
        let mut lines = Vec::new();
        while let Some(line) = self.log.next_line().await.unwrap() {
            lines.push(serde_json::from_str(&line).unwrap());
        }
        lines
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn one<'a>(spans: &'a [Received], kind: i32, name: &str) -> &'a Received {
    let mut found = spans
        .iter()
        .filter(|it| it.span.kind == kind && it.span.name == name);
    let one = found
        .next()
        .unwrap_or_else(|| panic!("no {name} in {spans:#?}"));
    assert!(found.next().is_none(), "more than one {name}");
    one
}

#[tokio::test(flavor = "multi_thread")]
async fn one_request_is_one_trace_through_all_three() {
    let mut collector = Collector::start().await;
    let export = TraceExport {
        endpoint: format!("{}/v1/traces", collector.url),
        service_name: None,
    };
    let telemetry = Telemetry::start("upstreams", "off", Some(&export)).unwrap();
    let a = serve(service_a::router()).await;
    let c = serve(service_c::router()).await;
    let b = ServiceB::start(&[
        ("SERVICE_A_URL", &a),
        ("SERVICE_C_URL", &c),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url),
    ])
    .await;
    let request = reqwest::Client::new()
        .get(&b.url)
        .query(&[("name", "secret")]);
    let request = request.header("traceparent", format!("00-{TRACE}-{CALLER}-01"));
    assert_eq!(request.send().await.unwrap().status(), 200);
    let log = b.stop().await;
    tokio::task::spawn_blocking(|| telemetry.flush())
        .await
        .unwrap();

    let spans = collector.received();
    assert_eq!(spans.len(), 5, "{spans:#?}");
    assert!(spans.iter().all(|it| hex(&it.span.trace_id) == TRACE));
    let server = one(&spans, SERVER, "GET /");
    assert_eq!(server.service, "service-b");
    assert_eq!(hex(&server.span.parent_span_id), CALLER);
    for path in ["/route", "/time"] {
        let name = format!("GET {path}");
        let call = one(&spans, CLIENT, &name);
        assert_eq!(call.service, "service-b");
        assert_eq!(call.span.parent_span_id, server.span.span_id);
        assert_eq!(call.attribute("http.response.status_code").unwrap(), "200");
        assert!(
            call.attribute("url.full").unwrap().ends_with(path),
            "no query"
        );
        let answer = one(&spans, SERVER, &name);
        assert_eq!(answer.service, "upstreams");
        assert_eq!(answer.span.parent_span_id, call.span.span_id);
        assert_eq!(answer.attribute("http.route").unwrap(), path);
        assert_eq!(answer.attribute("http.request.method").unwrap(), "GET");
    }
    let line = log
        .iter()
        .find(|line| line["message"] == "request")
        .unwrap();
    assert_eq!(line["span"]["trace_id"], TRACE);
    assert_eq!(line["span"]["span_id"], hex(&server.span.span_id));
    assert!(!format!("{spans:?}").contains("secret"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_datadog_agent_gets_failures_too() {
    let mut collector = Collector::start().await;
    let nobody = "http://127.0.0.1:1";
    let b = ServiceB::start(&[
        ("SERVICE_A_URL", nobody),
        ("SERVICE_C_URL", nobody),
        ("DD_TRACING_ENABLED", "true"),
        ("AGENT_ADDRESS", collector.url.trim_start_matches("http://")),
    ])
    .await;
    assert_eq!(reqwest::get(&b.url).await.unwrap().status(), 502);
    b.stop().await;

    let spans = collector.received();
    let server = one(&spans, SERVER, "GET /");
    assert!(server.span.parent_span_id.is_empty(), "it begins the trace");
    assert_eq!(server.attribute("error.type").unwrap(), "502");
    assert_eq!(server.span.status.as_ref().unwrap().code, 2);
    let failed = spans
        .iter()
        .filter(|it| it.attribute("error.type").as_deref() == Some("transport"));
    assert!(failed.clone().count() > 0, "{spans:#?}");
    assert!(failed.clone().all(|it| it.span.kind == CLIENT));
}

#[tokio::test(flavor = "multi_thread")]
async fn standard_variables_come_before_the_agents_and_turn_it_off() {
    let nobody = "http://127.0.0.1:1";
    for (variable, value, expected) in [
        (
            "OTEL_RESOURCE_ATTRIBUTES",
            "service.name=shop",
            Some("shop"),
        ),
        ("OTEL_SERVICE_NAME", "shop", Some("shop")),
        ("OTEL_SDK_DISABLED", "true", None),
    ] {
        let mut collector = Collector::start().await;
        let b = ServiceB::start(&[
            ("SERVICE_A_URL", nobody),
            ("SERVICE_C_URL", nobody),
            ("DD_TRACING_ENABLED", "true"),
            ("AGENT_ADDRESS", "127.0.0.1:1"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url),
            (variable, value),
        ])
        .await;
        assert_eq!(reqwest::get(&b.url).await.unwrap().status(), 502);
        b.stop().await;

        let spans = collector.received();
        let sender = spans.first().map(|it| it.service.as_str());
        assert_eq!(sender, expected, "{variable}");
    }
}
