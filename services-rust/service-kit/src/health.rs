//! Health: the route that the load balancer asks, and the subcommand that ECS runs inside the container.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use axum::Router;
use axum::routing::get;

/// The path of the health route.
pub const PATH: &str = "/health";

/// Well inside the container health check's own timeout, so that the answer is ours and not a kill.
const TIMEOUT: Duration = Duration::from_secs(2);

/// Adds `GET /health`. Merged last, outside the request log: a check every few seconds says nothing.
pub fn with_health(router: Router) -> Router {
    let route = Router::new().route(PATH, get(health));
    router.merge(route.method_not_allowed_fallback(crate::method_not_allowed))
}

/// Whether the service can answer.
#[utoipa::path(get, path = PATH, tag = "health", responses((status = OK, description = "It can.", body = str, content_type = "text/plain")))]
pub(crate) async fn health() -> &'static str {
    "ok"
}

/// Asks the service on this host for its health. A `scratch` image has no curl, so the binary asks itself.
///
/// # Errors
/// When the service does not answer 200 in time.
pub fn check(bind_address: SocketAddr) -> Result<(), String> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, bind_address.port()));
    let asked = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        stream.set_write_timeout(Some(TIMEOUT))?;
        write!(
            stream,
            "GET {PATH} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
        )?;
        let mut status_line = [0; 12];
        stream.read_exact(&mut status_line)?;
        Ok(String::from_utf8_lossy(&status_line).into_owned())
    };
    match asked() {
        Ok(status) if status == "HTTP/1.1 200" => Ok(()),
        Ok(status) => Err(format!("{address}{PATH} answered {status}")),
        Err(error) => Err(format!("{address}{PATH}: {error}")),
    }
}
