//! Waiting for what the other side does by itself.

use std::time::Duration;

/// Many times what a busy machine needs; a test that waits for ever says nothing.
const PATIENCE: Duration = Duration::from_secs(60);
/// Short for a person, long for a processor.
const PAUSE: Duration = Duration::from_millis(10);

/// Waits until something holds.
///
/// # Panics
/// When it does not come true within a minute.
pub async fn until(what: &str, holds: impl AsyncFn() -> bool) {
    let holding = async {
        while !holds().await {
            tokio::time::sleep(PAUSE).await;
        }
    };
    in_time(what, holding).await;
}

/// What becomes of something that the other side brings about.
///
/// # Panics
/// When it does not come true within a minute.
pub async fn in_time<T>(what: &str, coming: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, coming)
        .await
        .unwrap_or_else(|_| panic!("it did not come true that {what}"))
}
