#![expect(clippy::unwrap_used)] // a test that can't go on has failed

use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tower::ServiceExt;

async fn get(path: &str) -> (StatusCode, Value) {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = service_c::router().oneshot(request).await.unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

#[tokio::test]
async fn answers_the_time_in_rfc_3339_with_nanoseconds() {
    let before = OffsetDateTime::now_utc();
    let (status, body) = get("/time").await;
    let after = OffsetDateTime::now_utc();
    assert_eq!(status, StatusCode::OK);
    let text = body["key_time"].as_str().unwrap();
    assert_eq!(text.len(), "2024-07-07T02:44:59.984673361Z".len(), "{text}");
    assert!(text.ends_with('Z'), "{text}");
    let time = OffsetDateTime::parse(text, &Rfc3339).unwrap();
    assert!(before <= time && time <= after, "{text}");
}

#[tokio::test]
async fn health_is_there_and_the_rest_is_not() {
    assert_eq!(get("/health").await.0, StatusCode::OK);
    assert_eq!(get("/").await.0, StatusCode::NOT_FOUND);
}
