//! A server for proving what a mesh does: it says what it saw, and fails, stalls or runs short when it is told to.
//!
//! `BIND_ADDRESS` takes HTTP/1.1, and HTTP/2 with prior knowledge. [`Config`] has the rest of the environment.

mod as_told;
mod beside;
mod config;
mod counts;
mod faults;
mod grpc;
mod reset;
mod routes;
mod state;
mod walls;

use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use axum::{Extension, Router};
use service_kit::environment::{ConfigError, Environment};
use tower::Layer;
use tower::util::MapResult;

pub use beside::Listeners;
pub use config::Config;
pub use reset::Answering;

/// Reads the environment, starts what is beside HTTP, and makes what answers each HTTP connection.
///
/// # Errors
/// The variable that can't be used, also when its address can't be bound.
pub fn configure(
    environment: &Environment,
) -> Result<impl Fn(SocketAddr) -> Answering + use<>, ConfigError> {
    let config = Config::from_environment(environment)?;
    if let Some((file, text)) = &config.write {
        as_told::write_and_exit(file, text)?;
    }
    if let Some(url) = config.call_url.clone() {
        as_told::call_again_and_again(url);
    }
    Listeners::bind(&config)?.serve(&config.instance);
    beside::exit_after(config.exit_after);
    beside::exit_on_sigterm(config.exit_on_sigterm);
    Ok(connections(&config))
}

/// What answers the requests of a connection from a peer.
pub fn connections(config: &Config) -> impl Fn(SocketAddr) -> Answering + use<> {
    let router: Router = routes::router(config);
    move |peer| {
        let router = Extension(ConnectInfo(peer)).layer(router.clone());
        MapResult::new(router, reset::or_answer)
    }
}
