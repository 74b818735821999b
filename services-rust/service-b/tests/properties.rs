//! No request makes the service fail, every answer is JSON or a problem, and a name comes back as it was sent.
//! The upstreams are the real ones.

#![expect(clippy::unwrap_used)] // a test that can't go on has failed

use std::time::Duration;

use axum::Router;
use axum::http::{Method, StatusCode, Uri};
use proptest::prelude::*;
use serde_json::Value;
use service_b::Upstreams;
use service_kit::environment::Environment;
use service_kit::query::MAX_NAME_CHARACTERS;
use service_kit::upstream::Timeouts;
use testing::{Asked, assert_robust, requests, send, serve};
use tokio::runtime::Runtime;

/// Service B with a real A and C, and the runtime that they live on.
fn system() -> (Runtime, Router) {
    let runtime = Runtime::new().unwrap();
    let router = runtime.block_on(async {
        let a = serve(service_a::router()).await;
        let c = serve(service_c::router()).await;
        let environment = Environment::from_iter([("SERVICE_A_URL", a), ("SERVICE_C_URL", c)]);
        let patient = Timeouts {
            connect: Duration::from_secs(60),
            total: Duration::from_secs(60),
        };
        service_b::router(Upstreams::from_environment(&environment, patient).unwrap())
    });
    (runtime, router)
}

#[test]
fn every_request_gets_a_proper_answer() {
    let (runtime, router) = system();
    proptest!(|(asked in requests(&["/", "/health"]))| {
        let answer = runtime.block_on(send(router.clone(), asked.clone()));
        assert_robust(&asked, &answer, &service_b::openapi())?;
    });
}

#[test]
fn a_name_comes_back_as_it_was_sent() {
    let (runtime, router) = system();
    // Characters of one to four bytes, on both sides of the limit.
    proptest!(|(name in "\\PC{0,40}|\\PC{250,262}")| {
        let mut url = reqwest::Url::parse("http://b/").unwrap();
        url.query_pairs_mut().append_pair("name", &name);
        let uri: Uri = format!("/?{}", url.query().unwrap()).parse().unwrap();
        let asked = Asked { method: Method::GET, uri, headers: vec![], body: vec![] };
        let answer = runtime.block_on(send(router.clone(), asked));
        if name.chars().count() > MAX_NAME_CHARACTERS {
            prop_assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        } else {
            let body: Value = serde_json::from_slice(&answer.body).unwrap();
            prop_assert_eq!(&body["key_one"], &format!("({name})Field 1"));
        }
    });
}
