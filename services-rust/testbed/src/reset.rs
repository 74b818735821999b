//! A request that ends without an answer.

use std::convert::Infallible;
use std::net::SocketAddr;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::middleware::AddExtension;
use axum::response::Response;
use tower::util::MapResult;

/// The router of one connection, whose answers may be resets.
pub type Answering = MapResult<
    AddExtension<Router, ConnectInfo<SocketAddr>>,
    fn(Result<Response, Infallible>) -> Result<Response, ResetRequested>,
>;

/// Closes the connection (HTTP/1.1) or resets the stream (HTTP/2).
#[derive(Debug, Clone, thiserror::Error)]
#[error("a reset was asked for")]
pub struct ResetRequested;

impl From<Infallible> for ResetRequested {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

/// `GET /reset`: a response that is none. A handler can't fail, so the wish goes up as an extension.
pub(crate) async fn reset() -> Response {
    let mut response = Response::default();
    response.extensions_mut().insert(ResetRequested);
    response
}

pub(crate) fn or_answer(result: Result<Response, Infallible>) -> Result<Response, ResetRequested> {
    let Ok(response) = result;
    match response.extensions().get::<ResetRequested>() {
        Some(reset) => Err(reset.clone()),
        None => Ok(response),
    }
}
