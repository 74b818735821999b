//! How many requests came, and how many of them were said to be retries.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use axum::extract::Request;
use serde::Serialize;

/// More kinds of request than any scenario sends; the rest is counted together.
const MAX_KINDS: usize = 1_000;

#[derive(Debug, Default)]
pub(crate) struct Counts(Mutex<Snapshot>);

/// What `GET /count` answers.
#[derive(Debug, Default, Clone, Serialize)]
pub(crate) struct Snapshot {
    /// Every request, each attempt of a retried one by itself.
    total: u64,
    /// Those whose `x-envoy-attempt-count` is above 1; a proxy sends it only when it is told to.
    /// <https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-attempt-count>
    retries: u64,
    /// By method and path, such as `GET /status/503`.
    requests: BTreeMap<String, u64>,
}

impl Counts {
    pub(crate) fn note(&self, request: &Request) {
        let retry = request
            .headers()
            .get("x-envoy-attempt-count")
            .is_some_and(|attempt| attempt != "1");
        let mut kind = format!("{} {}", request.method(), request.uri().path());
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.requests.len() >= MAX_KINDS && !counts.requests.contains_key(&kind) {
            kind = "other".into();
        }
        counts.total += 1;
        counts.retries += u64::from(retry);
        *counts.requests.entry(kind).or_default() += 1;
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn clear(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Snapshot::default();
    }
}
