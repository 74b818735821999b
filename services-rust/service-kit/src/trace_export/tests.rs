use super::TraceExport;

const BASE: (&str, &str) = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318");
const FULL: (&str, &str) = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://full/y");
const DATADOG: (&str, &str) = ("DD_TRACING_ENABLED", "true");
const AGENT: (&str, &str) = ("AGENT_ADDRESS", "agent");
const OTLP: (&str, &str) = ("OTEL_TRACES_EXPORTER", "otlp");

/// The URL for traces; an error as its text.
fn read(pairs: &[(&str, &str)]) -> Result<Option<String>, String> {
    let export = TraceExport::from_environment(&pairs.iter().copied().collect());
    let endpoint = export.map(|export| export.map(|export| export.endpoint));
    endpoint.map_err(|error| error.to_string())
}

/// The URL where tracing is on.
fn on(pairs: &[(&str, &str)]) -> String {
    read(pairs).unwrap().unwrap()
}

#[test]
fn it_is_off_unless_it_is_asked_for() {
    assert_eq!(read(&[]), Ok(None));
    assert_eq!(read(&[("DD_TRACING_ENABLED", "false"), AGENT]), Ok(None));
    assert_eq!(read(&[AGENT, ("OTEL_SERVICE_NAME", "shop")]), Ok(None));
    assert_eq!(read(&[(BASE.0, ""), (FULL.0, ""), (OTLP.0, "")]), Ok(None));
}

#[test]
fn each_way_of_asking_turns_it_on_and_the_more_exact_one_comes_first() {
    let mut asked = vec![OTLP];
    assert_eq!(on(&asked), "http://localhost:4318/v1/traces");
    asked.extend([DATADOG, AGENT]);
    assert_eq!(on(&asked), "http://agent:4318/v1/traces");
    asked.push(BASE);
    assert_eq!(on(&asked), "http://collector:4318/v1/traces");
    asked.push(FULL);
    assert_eq!(on(&asked), "http://full/y");
    for alone in [BASE, FULL] {
        let off = ("DD_TRACING_ENABLED", "false");
        assert!(read(&[alone, off]).unwrap().is_some(), "{alone:?}");
    }
}

#[test]
fn it_can_be_turned_off_whatever_else_is_set() {
    let all = [OTLP, DATADOG, AGENT, BASE, FULL];
    for off in [
        ("OTEL_SDK_DISABLED", "true"),
        ("OTEL_SDK_DISABLED", "TRUE"),
        ("OTEL_TRACES_EXPORTER", "none"),
    ] {
        let pairs: Vec<_> = all.into_iter().chain([off]).collect();
        assert_eq!(read(&pairs), Ok(None), "{off:?}");
    }
    let on = [BASE, ("OTEL_SDK_DISABLED", "false")];
    assert!(read(&on).unwrap().is_some());
}

#[test]
fn a_base_url_may_end_in_a_slash() {
    let slash = (BASE.0, "http://collector:4318/");
    assert_eq!(on(&[slash]), "http://collector:4318/v1/traces");
}

#[test]
fn the_agent_has_a_host_and_perhaps_a_port() {
    let agent = |address| [DATADOG, ("AGENT_ADDRESS", address)];
    let host = on(&agent("127.0.0.1"));
    assert_eq!(host, "http://127.0.0.1:4318/v1/traces");
    assert_eq!(on(&agent("agent:9999")), "http://agent:9999/v1/traces");
    for wrong in ["", "127.0.0.1:8126", "http://agent"] {
        let error = read(&agent(wrong)).unwrap_err();
        assert!(error.contains("AGENT_ADDRESS"), "{wrong}: {error}");
    }
}

#[test]
fn the_name_of_the_service_may_be_another() {
    let pairs = [BASE, ("OTEL_SERVICE_NAME", "shop")];
    let export = TraceExport::from_environment(&pairs.into_iter().collect());
    let name = export.unwrap().unwrap().service_name;
    assert_eq!(name.as_deref(), Some("shop"));
}

#[test]
fn what_can_not_work_is_said_at_the_start() {
    for wrong in [
        ("DD_TRACING_ENABLED", "maybe"),
        ("OTEL_SDK_DISABLED", "1"),
        ("OTEL_TRACES_EXPORTER", "zipkin"),
        ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "grpc"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json"),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://x"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"),
    ] {
        let error = read(&[BASE, wrong]).unwrap_err();
        assert!(error.contains(wrong.0), "{error}");
    }
    let exact = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/protobuf");
    let pairs = [BASE, exact, ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")];
    assert!(read(&pairs).unwrap().is_some());
}
