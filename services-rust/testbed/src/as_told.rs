//! What the testbed does besides answering: an init container's work, and a worker's.

use std::convert::Infallible;
use std::path::Path;
use std::time::Duration;

use service_kit::environment::ConfigError;

/// A person who watches sees a call soon, and a log stays readable.
const CALL_EVERY: Duration = Duration::from_secs(1);

/// Writes the file and ends the process.
///
/// # Errors
/// `WRITE_FILE` when it can't be written.
pub(crate) fn write_and_exit(file: &Path, text: &str) -> Result<Infallible, ConfigError> {
    std::fs::write(file, text).map_err(|error| {
        ConfigError::new(
            "WRITE_FILE",
            &file.display().to_string(),
            &error.to_string(),
        )
    })?;
    std::process::exit(0)
}

/// Calls on a thread of its own until the process ends, and says what came back.
pub(crate) fn call_again_and_again(url: String) {
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        match runtime {
            Ok(runtime) => runtime.block_on(calls(&url)),
            Err(error) => eprintln!("testbed: {url} is not called: {error}"),
        }
    });
}

async fn calls(url: &str) {
    let client = reqwest::Client::new();
    loop {
        match client.get(url).send().await {
            Ok(response) => println!("called {url}: {}", response.status()),
            Err(error) => println!("called {url}: {error}"),
        }
        tokio::time::sleep(CALL_EVERY).await;
    }
}
