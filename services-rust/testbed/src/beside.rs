//! What listens beside HTTP: gRPC, and an echo of bytes.

use std::net::{SocketAddr, TcpListener as Bound};
use std::time::Duration;

use service_kit::environment::ConfigError;
use tokio::io::{AsyncWriteExt, copy, split};
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;

use crate::config::Config;
use crate::grpc::health_server;

/// The listeners, bound before anything is served: a wrong address is then an error of configuration.
#[derive(Debug, Default)]
pub struct Listeners {
    pub grpc: Option<Bound>,
    pub tcp: Option<Bound>,
}

impl Listeners {
    /// Binds what the configuration names.
    ///
    /// # Errors
    /// The variable whose address can't be bound.
    pub fn bind(config: &Config) -> Result<Self, ConfigError> {
        let bind = |variable: &str, address: Option<SocketAddr>| {
            let bound = address.map(|address| {
                let bound = Bound::bind(address)?;
                bound.set_nonblocking(true)?;
                Ok(bound)
            });
            bound.transpose().map_err(|error: std::io::Error| {
                let value = address.map(|address| address.to_string());
                ConfigError::new(variable, &value.unwrap_or_default(), &error.to_string())
            })
        };
        Ok(Self {
            grpc: bind("GRPC_BIND_ADDRESS", config.grpc_address)?,
            tcp: bind("TCP_BIND_ADDRESS", config.tcp_address)?,
        })
    }

    /// Serves on a thread of its own until the process ends: HTTP decides when that is.
    pub fn serve(self, instance: &str) {
        let instance = instance.to_owned();
        std::thread::spawn(move || {
            let served = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .and_then(|runtime| runtime.block_on(self.run(&instance)));
            if let Err(error) = served {
                eprintln!("testbed: beside HTTP: {error}");
                std::process::exit(1);
            }
        });
    }

    async fn run(self, instance: &str) -> std::io::Result<()> {
        tokio::try_join!(grpc(self.grpc, instance), tcp(self.tcp, instance))?;
        Ok(())
    }
}

async fn grpc(listener: Option<Bound>, instance: &str) -> std::io::Result<()> {
    let Some(listener) = listener else {
        return Ok(());
    };
    Server::builder()
        .add_service(health_server(instance))
        .serve_with_incoming(TcpIncoming::from(TcpListener::from_std(listener)?))
        .await
        .map_err(std::io::Error::other)
}

async fn tcp(listener: Option<Bound>, instance: &str) -> std::io::Result<()> {
    let Some(listener) = listener else {
        return Ok(());
    };
    let listener = TcpListener::from_std(listener)?;
    loop {
        let (stream, _) = listener.accept().await?;
        let greeting = format!("{instance}\n");
        tokio::spawn(async move {
            // A peer that goes away is the scenario's own doing.
            let _ = echo(stream, &greeting).await;
        });
    }
}

/// One line that names the instance, then every byte back.
async fn echo(stream: TcpStream, greeting: &str) -> std::io::Result<()> {
    let (mut reader, mut writer) = split(stream);
    writer.write_all(greeting.as_bytes()).await?;
    copy(&mut reader, &mut writer).await?;
    writer.shutdown().await
}

/// Ends the process as a crash does, after a time.
pub(crate) fn exit_after(time: Option<Duration>) {
    if let Some(time) = time {
        std::thread::spawn(move || {
            std::thread::sleep(time);
            eprintln!("testbed: EXIT_AFTER_MS is over");
            std::process::exit(1);
        });
    }
}

/// Ends the process on SIGTERM without a look at what is in flight, as many applications do.
pub(crate) fn exit_on_sigterm(wanted: bool) {
    if !wanted {
        return;
    }
    std::thread::spawn(|| {
        let asked = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .and_then(|runtime| {
                runtime.block_on(async { Ok(signal(SignalKind::terminate())?.recv().await) })
            });
        std::process::exit(i32::from(asked.is_err()));
    });
}
