//! gRPC and TCP as their clients see them.

#![expect(clippy::unwrap_used)] // a test that can't go on has failed

use std::net::TcpListener as Bound;

use testbed::Listeners;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tonic::Code;
use tonic::transport::Endpoint;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

fn bound() -> (Option<Bound>, String) {
    let listener = Bound::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    (Some(listener), address)
}

#[tokio::test]
async fn grpc_is_unavailable_as_often_as_the_name_asks_and_watch_streams() {
    let (grpc, address) = bound();
    Listeners { grpc, tcp: None }.serve("i-1");
    let channel = Endpoint::from_shared(format!("http://{address}")).unwrap();
    let mut client = HealthClient::new(channel.connect().await.unwrap());
    let request = |name: &str| HealthCheckRequest {
        service: name.into(),
    };
    for _ in 0..2 {
        let status = client.check(request("unavailable:2")).await.unwrap_err();
        assert_eq!(status.code(), Code::Unavailable);
    }
    let answer = client.check(request("unavailable:2")).await.unwrap();
    assert_eq!(answer.metadata().get("x-instance").unwrap(), "i-1");
    let mut stream = client.watch(request("")).await.unwrap().into_inner();
    for _ in 0..2 {
        assert_eq!(stream.message().await.unwrap().unwrap().status, 1);
    }
}

#[tokio::test]
async fn tcp_names_the_instance_and_sends_bytes_back() {
    let (tcp, address) = bound();
    Listeners { grpc: None, tcp }.serve("i-1");
    let mut stream = BufReader::new(TcpStream::connect(address).await.unwrap());
    let mut line = String::new();
    stream.read_line(&mut line).await.unwrap();
    assert_eq!(line, "i-1\n");
    stream.write_all(b"any bytes").await.unwrap();
    stream.shutdown().await.unwrap();
    let mut back = String::new();
    stream.read_to_string(&mut back).await.unwrap();
    assert_eq!(back, "any bytes");
}
