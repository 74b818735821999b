//! The standard health service, whose answer the name asked for decides.
//! <https://github.com/grpc/grpc/blob/master/doc/health-checking.md>

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio_stream::wrappers::IntervalStream;
use tokio_stream::{Stream, StreamExt};
use tonic::metadata::AsciiMetadataValue;
use tonic::{Request, Response, Status};
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_server::{Health, HealthServer};
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse};

/// How often `Watch` says something: a scenario that cuts a stream sees it soon, and a log stays readable.
const WATCH_EVERY: Duration = Duration::from_millis(100);

pub(crate) struct ScriptedHealth {
    instance: Option<AsciiMetadataValue>,
    /// How often each name was checked.
    checks: Mutex<HashMap<String, u64>>,
}

pub(crate) fn health_server(instance: &str) -> HealthServer<ScriptedHealth> {
    HealthServer::new(ScriptedHealth {
        instance: instance.parse().ok(),
        checks: Mutex::default(),
    })
}

impl ScriptedHealth {
    /// Names the instance in the metadata of an answer.
    fn signed<T>(&self, message: T) -> Response<T> {
        let mut response = Response::new(message);
        if let Some(instance) = &self.instance {
            response
                .metadata_mut()
                .insert("x-instance", instance.clone());
        }
        response
    }
}

fn serving() -> HealthCheckResponse {
    HealthCheckResponse {
        status: ServingStatus::Serving.into(),
    }
}

#[tonic::async_trait]
impl Health for ScriptedHealth {
    /// `unavailable:N` or `unavailable:N:KEY`: UNAVAILABLE for the first N calls of this name, then SERVING. Every other
    /// name is SERVING.
    async fn check(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<HealthCheckResponse>, Status> {
        let name = request.into_inner().service;
        let times = name
            .strip_prefix("unavailable:")
            .and_then(|rest| rest.split(':').next()?.parse().ok())
            .unwrap_or(0);
        let before = {
            let mut checks = self.checks.lock().unwrap_or_else(PoisonError::into_inner);
            let checks = checks.entry(name).or_default();
            *checks += 1;
            *checks - 1
        };
        if before < times {
            return Err(Status::unavailable("as the name asks"));
        }
        Ok(self.signed(serving()))
    }

    type WatchStream =
        Pin<Box<dyn Stream<Item = Result<HealthCheckResponse, Status>> + Send + 'static>>;

    /// SERVING at once and again and again, until the caller or the mesh ends the stream.
    async fn watch(
        &self,
        _: Request<HealthCheckRequest>,
    ) -> Result<Response<Self::WatchStream>, Status> {
        let ticks = IntervalStream::new(tokio::time::interval(WATCH_EVERY));
        Ok(self.signed(Box::pin(ticks.map(|_| Ok(serving())))))
    }
}
