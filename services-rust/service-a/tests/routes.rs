#![expect(clippy::unwrap_used)] // a test that can't go on has failed

use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

async fn send(method: &str, path: &str) -> (StatusCode, String, Value) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .body(Body::empty())
        .unwrap();
    let response = service_a::router().oneshot(request).await.unwrap();
    let status = response.status();
    let kind = response
        .headers()
        .get("content-type")
        .map_or("", |value| value.to_str().unwrap())
        .to_owned();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (
        status,
        kind,
        serde_json::from_slice(&body).unwrap_or(Value::Null),
    )
}

#[tokio::test]
async fn answers_two_fields_for_a_name() {
    let (status, _, body) = send("GET", "/route?p=Hello").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        body,
        json!({"key_one": "(Hello)Field 1", "key_two": "(Hello)Field 2"})
    );
}

#[tokio::test]
async fn a_missing_name_is_unknown_and_an_empty_one_is_empty() {
    assert_eq!(send("GET", "/route").await.2["key_one"], "(Unknown)Field 1");
    assert_eq!(send("GET", "/route?p=").await.2["key_one"], "()Field 1");
}

#[tokio::test]
async fn a_name_is_decoded() {
    let (_, _, body) = send("GET", "/route?p=a%26b%20%C3%A9%2B1").await;
    assert_eq!(body["key_one"], "(a&b é+1)Field 1");
}

#[tokio::test]
async fn names_are_bounded_by_characters() {
    let fits = "%C3%A9".repeat(256);
    assert_eq!(
        send("GET", &format!("/route?p={fits}")).await.0,
        StatusCode::OK
    );
    let (status, kind, body) = send("GET", &format!("/route?p={fits}y")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(kind, "application/problem+json");
    assert_eq!(
        body["detail"],
        "p has 257 characters; at most 256 are allowed"
    );
}

#[tokio::test]
async fn what_is_not_there_is_a_problem() {
    let (status, kind, body) = send("GET", "/nothing").await;
    assert_eq!(
        (status, kind.as_str()),
        (StatusCode::NOT_FOUND, "application/problem+json")
    );
    assert_eq!(body["status"], 404);
    assert_eq!(
        send("POST", "/route").await.0,
        StatusCode::METHOD_NOT_ALLOWED
    );
}

#[tokio::test]
async fn health_is_there() {
    assert_eq!(send("GET", "/health").await.0, StatusCode::OK);
}
