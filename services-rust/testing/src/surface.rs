//! Any request that HTTP allows, and what every answer must be.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri, header};
use http_body_util::BodyExt;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use service_kit::problem;
use tower::ServiceExt;
use utoipa::openapi::{HttpMethod, OpenApi};

/// Headers that the services read: they get odd values more often than chance would give them.
const READ: [&str; 7] = [
    "x-envoy-expected-rq-timeout-ms",
    "x-request-timeout-ms",
    "x-request-id",
    "traceparent",
    "tracestate",
    "content-type",
    "accept",
];

/// A request, as text where that is possible so that a failure can be read.
#[derive(Debug, Clone)]
pub struct Asked {
    pub method: Method,
    pub uri: Uri,
    pub headers: Vec<(HeaderName, HeaderValue)>,
    pub body: Vec<u8>,
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// Requests for one of these paths, or for any other.
pub fn requests(paths: &'static [&'static str]) -> impl Strategy<Value = Asked> {
    let method = prop_oneof![
        4 => Just("GET"),
        1 => prop::sample::select(vec!["HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "ODD"]),
    ];
    let path = prop_oneof![
        2 => prop::sample::select(paths).prop_map(ToOwned::to_owned),
        1 => "(/[!-~&&[^?#]]{0,12}){1,4}",
    ];
    // Raw query text, percent-encoded bytes that need not be UTF-8, and long values.
    let query = prop_oneof![
        "[!-~&&[^#]]{0,40}",
        "(p|name)=(%[0-9a-fA-F]{2}){0,30}",
        "(p|name)=[a-z]{250,300}",
        "((p|name)=[a-z]{0,3}&?){1,4}",
    ];
    let name = prop_oneof![
        prop::sample::select(&READ[..]).prop_map(ToOwned::to_owned),
        "[a-z][a-z0-9-]{0,20}",
    ];
    let value = prop_oneof![
        any::<u64>().prop_map(|number| number.to_string().into_bytes()),
        "[0-9a-f]{2}-[0-9a-f]{30,34}-[0-9a-f]{14,18}-[0-9a-f]{2}".prop_map(String::into_bytes),
        vec(prop_oneof![Just(b'\t'), 32..=126_u8, 128..=255_u8], 0..60),
    ];
    let headers = vec((name, value), 0..6);
    (
        method,
        path,
        option::of(query),
        headers,
        vec(any::<u8>(), 0..30),
    )
        .prop_filter_map(
            "what is no URI or header never comes through a server",
            |(method, path, query, headers, body)| {
                let uri = query.map_or(path.clone(), |query| format!("{path}?{query}"));
                let headers = headers.into_iter().map(|(name, value)| {
                    Some((name.parse().ok()?, HeaderValue::from_bytes(&value).ok()?))
                });
                Some(Asked {
                    method: method.parse().ok()?,
                    uri: uri.parse().ok()?,
                    headers: headers.collect::<Option<_>>()?,
                    body,
                })
            },
        )
}

/// Asks a router.
///
/// # Panics
/// When the body of the answer breaks off.
pub async fn send(router: Router, asked: Asked) -> Answer {
    let mut request = Request::new(Body::from(asked.body));
    *request.method_mut() = asked.method;
    *request.uri_mut() = asked.uri;
    request.headers_mut().extend(asked.headers);
    let Ok(response) = router.oneshot(request).await;
    let (parts, body) = response.into_parts();
    Answer {
        status: parts.status,
        headers: parts.headers,
        #[expect(clippy::expect_used)] // a test that can't go on has failed
        body: body.collect().await.expect("a body that is complete").to_bytes(),
    }
}

/// Asserts what holds for every answer: no failure of the service's own, JSON for what is good and problems for what is not,
/// and no status of a described route that the description does not have.
///
/// # Errors
/// What does not hold.
pub fn assert_robust(
    asked: &Asked,
    answer: &Answer,
    description: &OpenApi,
) -> Result<(), TestCaseError> {
    let described = description
        .paths
        .get_path_operation(asked.uri.path(), HttpMethod::Get);
    if let Some(operation) = described.filter(|_| asked.method == Method::GET) {
        let statuses = &operation.responses.responses;
        prop_assert!(
            statuses.contains_key(answer.status.as_str()),
            "{}",
            answer.status
        );
    }
    let kind = answer.headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    // A deadline that has passed is the caller's own wish.
    let late = answer.status == StatusCode::GATEWAY_TIMEOUT
        && asked
            .headers
            .iter()
            .any(|(name, _)| name.as_str().ends_with("-timeout-ms"));
    prop_assert!(
        late || !answer.status.is_server_error(),
        "{}",
        answer.status
    );
    let expected = match answer.status {
        StatusCode::OK if asked.uri.path() == service_kit::health::PATH => return Ok(()),
        StatusCode::OK => "application/json",
        _ => problem::MEDIA_TYPE,
    };
    prop_assert_eq!(kind, expected);
    if asked.method != Method::HEAD {
        let body: Result<serde_json::Value, _> = serde_json::from_slice(&answer.body);
        prop_assert!(body.is_ok(), "{:?}", answer.body);
    }
    if answer.status == StatusCode::METHOD_NOT_ALLOWED {
        prop_assert!(answer.headers.contains_key(header::ALLOW));
    }
    Ok(())
}
