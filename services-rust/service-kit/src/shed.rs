//! Load shedding: what can't be answered in time is refused at once, so that the rest is answered in time.
//!
//! Not tower's layers: `ConcurrencyLimit` in a `Buffer` behind `LoadShed` makes the limit and the queue, but its `Timeout`
//! counts from the outside, over waiting and answering together. A deadline for the queue alone needs the queue's own
//! hands: two semaphores.
//!
//! A refused request must not come back at once. Envoy retries a 503 twice, on other hosts that have no less to do, and
//! that makes three requests of one just when there are too many. `x-envoy-ratelimited` stops it (measured with Envoy
//! 1.40: one attempt with it, three without); `x-envoy-overloaded`, which sounds righter, has not since Envoy 1.15.
//! <https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-ratelimited>

use std::sync::Arc;

use axum::Extension;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout_at};

use crate::deadline;
use crate::limits::Limits;
use crate::problem::Problem;

/// Lets in as many requests as the limits allow. All connections of a server share one.
#[derive(Debug)]
pub struct Gate {
    running: Semaphore,
    waiting: Semaphore,
    limits: Limits,
}

/// Why a request is not taken on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refused {
    QueueFull,
    QueuedTooLong,
    DeadlinePassed,
}

impl Gate {
    /// A gate of these limits; none when they are turned off.
    #[must_use]
    pub fn new(limits: &Limits) -> Option<Arc<Self>> {
        (limits.max_concurrency > 0).then(|| {
            Arc::new(Self {
                running: Semaphore::new(limits.max_concurrency as usize),
                waiting: Semaphore::new(limits.max_queue as usize),
                limits: limits.clone(),
            })
        })
    }

    async fn enter(&self) -> Result<SemaphorePermit<'_>, Refused> {
        let begun = Instant::now();
        let caller = deadline::current();
        if caller.is_some_and(|deadline| deadline <= begun) {
            return Err(Refused::DeadlinePassed);
        }
        if let Ok(permit) = self.running.try_acquire() {
            return Ok(permit);
        }
        let _place = self.waiting.try_acquire().map_err(|_| Refused::QueueFull)?;
        let queue = begun + self.limits.queue_deadline;
        let until = caller.map_or(queue, |deadline| deadline.min(queue));
        // In order of arrival: a semaphore hands its permits to the first in line. It is never closed.
        match timeout_at(until, self.running.acquire()).await {
            Ok(Ok(permit)) => Ok(permit),
            _ if until < queue => Err(Refused::DeadlinePassed),
            _ => Err(Refused::QueuedTooLong),
        }
    }

    fn problem(&self, refused: Refused) -> Problem {
        let status = self.limits.overload_status;
        match refused {
            Refused::QueueFull => Problem::new(status, "too much to do").retry_later(),
            Refused::QueuedTooLong => {
                Problem::new(status, "too much to do: the turn did not come in time").retry_later()
            }
            // Nobody reads this: the caller has given up.
            Refused::DeadlinePassed => Problem::new(
                StatusCode::GATEWAY_TIMEOUT,
                "the caller's deadline passed before the request was begun",
            ),
        }
    }
}

/// Lets a request through the gate that its connection came with; without one, at once.
pub(crate) async fn pass(
    gate: Option<Extension<Arc<Gate>>>,
    request: Request,
    next: Next,
) -> Response {
    let Some(Extension(gate)) = gate else {
        return next.run(request).await;
    };
    match gate.enter().await {
        // Held until there is an answer, or until the caller goes away and the future is dropped.
        Ok(_permit) => next.run(request).await,
        Err(refused) => {
            tracing::debug!(?refused, "a request was not taken on");
            gate.problem(refused).into_response()
        }
    }
}
