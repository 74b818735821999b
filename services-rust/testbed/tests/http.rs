//! The HTTP routes over real connections of both versions.

#![expect(clippy::unwrap_used)] // a test that can't go on has failed

use std::future::pending;

use reqwest::{Client, StatusCode};
use serde_json::Value;
use service_kit::environment::Environment;
use service_kit::serve;
use testbed::{Config, connections};
use testing::until;
use tokio::net::TcpListener;

fn config(pairs: &[(&str, &str)]) -> Config {
    let all = [("INSTANCE", "i-1")];
    let environment = all.iter().chain(pairs).copied().collect();
    Config::from_environment(&environment).unwrap()
}

async fn start(pairs: &[(&str, &str)]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let connections = connections(&config(pairs));
    tokio::spawn(async move { serve::until(listener, connections, pending()).await });
    base
}

fn http1() -> Client {
    Client::builder().no_proxy().build().unwrap()
}

fn http2() -> Client {
    let builder = Client::builder().no_proxy().http2_prior_knowledge();
    builder.build().unwrap()
}

async fn json(client: &Client, url: String) -> Value {
    let text = client.get(url).send().await.unwrap().text().await.unwrap();
    serde_json::from_str(&text).unwrap()
}

async fn code(client: &Client, url: String) -> StatusCode {
    client.get(url).send().await.unwrap().status()
}

#[tokio::test]
async fn echo_tells_what_came_in_both_versions() {
    let base = start(&[]).await;
    for (client, version) in [(http1(), "HTTP/1.1"), (http2(), "HTTP/2.0")] {
        let request = client
            .get(format!("{base}/echo?a=1"))
            .header("x-twice", "1");
        let response = request.header("x-twice", "2").send().await.unwrap();
        assert_eq!(response.headers()["x-instance"], "i-1");
        let body: Value = response.json().await.unwrap();
        assert_eq!(body["httpVersion"], version);
        assert_eq!(body["headers"]["x-twice"][1], "2");
        assert_eq!(
            (&body["path"], &body["query"]),
            (&"/echo".into(), &"a=1".into())
        );
        assert!(
            body["remoteAddress"]
                .as_str()
                .unwrap()
                .starts_with("127.0.0.1:")
        );
    }
}

#[tokio::test]
async fn a_reset_is_no_answer_and_the_server_goes_on() {
    let base = start(&[]).await;
    for client in [http1(), http2()] {
        let reset = client.get(format!("{base}/reset")).send().await;
        assert!(reset.unwrap_err().is_request());
        assert_eq!(
            code(&client, format!("{base}/version")).await,
            StatusCode::OK
        );
    }
}

#[tokio::test]
async fn statuses_are_answered_and_counted() {
    let base = start(&[]).await;
    let client = http1();
    assert_eq!(
        code(&client, format!("{base}/status/503")).await.as_u16(),
        503
    );
    let retry = client
        .post(format!("{base}/status/503"))
        .header("x-envoy-attempt-count", "2");
    assert_eq!(retry.send().await.unwrap().status().as_u16(), 503);
    assert_eq!(
        code(&client, format!("{base}/status/101")).await.as_u16(),
        400
    );
    let body = json(&client, format!("{base}/count")).await;
    assert_eq!(body["counts"]["total"], 3);
    assert_eq!(body["counts"]["retries"], 1);
    assert_eq!(body["counts"]["requests"]["POST /status/503"], 1);
    client.delete(format!("{base}/count")).send().await.unwrap();
    assert_eq!(
        json(&client, format!("{base}/count")).await["counts"]["total"],
        0
    );
}

#[tokio::test]
async fn flaky_fails_a_number_of_times_for_each_key() {
    let base = start(&[]).await;
    let client = http1();
    let ask = async |key: &str| {
        let url = format!("{base}/flaky?code=503&times=2&key={key}");
        code(&client, url).await.as_u16()
    };
    assert_eq!(
        [ask("a").await, ask("a").await, ask("a").await],
        [503, 503, 200]
    );
    assert_eq!(ask("b").await, 503);
}

#[tokio::test]
async fn work_waits_for_a_worker() {
    let base = start(&[("WORKERS", "1")]).await;
    let client = http1();
    let held = tokio::spawn(client.get(format!("{base}/work?ms=60000")).send());
    // Told apart by what ends: the free route does, the second work does not while the first holds the worker.
    until("the first one came", async || {
        json(&client, format!("{base}/count")).await["counts"]["total"] != 0
    })
    .await;
    let second = client.get(format!("{base}/work?ms=0")).send();
    tokio::select! {
        biased;
        _ = second => panic!("there was a second worker"),
        version = code(&client, format!("{base}/version")) => assert_eq!(version, StatusCode::OK),
    }
    held.abort();
}

#[tokio::test]
async fn health_is_what_the_environment_says() {
    assert_eq!(
        code(&http1(), format!("{}/health", start(&[]).await))
            .await
            .as_u16(),
        200
    );
    for (variable, value) in [("HEALTHY", "false"), ("HEALTHY_AFTER_MS", "60000")] {
        let sick = start(&[(variable, value)]).await;
        let ask = async |path| code(&http1(), format!("{sick}/{path}")).await.as_u16();
        assert_eq!((ask("health").await, ask("version").await), (503, 200));
    }
}

#[tokio::test]
async fn health_comes_after_the_time_it_was_told() {
    let base = start(&[("HEALTHY_AFTER_MS", "100")]).await;
    until("it is healthy", async || {
        code(&http1(), format!("{base}/health")).await == StatusCode::OK
    })
    .await;
}

#[test]
fn wrong_settings_name_the_variable() {
    for (variable, value) in [
        ("WORKERS", "0"),
        ("HEALTHY", "maybe"),
        ("HEALTHY_AFTER_MS", "soon"),
        ("GRPC_BIND_ADDRESS", "x"),
        ("EXIT_AFTER_MS", "-1"),
    ] {
        let environment = Environment::from_iter([(variable, value)]);
        let error = Config::from_environment(&environment)
            .unwrap_err()
            .to_string();
        assert!(error.contains(variable) && error.contains(value), "{error}");
    }
}

#[tokio::test]
async fn private_asks_for_the_token_and_file_is_what_the_file_says() {
    let file = std::env::temp_dir().join(format!("testbed-{}", std::process::id()));
    std::fs::write(&file, "from a file").unwrap();
    let base = start(&[("TOKEN", "secret"), ("FILE", file.to_str().unwrap())]).await;
    let client = http1();
    let private = format!("{base}/private");
    assert_eq!(
        code(&client, private.clone()).await,
        StatusCode::UNAUTHORIZED
    );
    for (token, status) in [("secret", StatusCode::OK), ("", StatusCode::UNAUTHORIZED)] {
        let response = client
            .get(&private)
            .bearer_auth(token)
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), status);
    }
    let text = client
        .get(format!("{base}/file"))
        .send()
        .await
        .unwrap()
        .text()
        .await;
    assert_eq!(text.unwrap(), "from a file");
    std::fs::remove_file(file).unwrap();
    assert_eq!(
        code(&client, format!("{base}/file")).await,
        StatusCode::NOT_FOUND
    );
    // Nobody is let in where no token is set.
    let open = format!("{}/private", start(&[]).await);
    assert_eq!(code(&client, open).await, StatusCode::UNAUTHORIZED);
}
