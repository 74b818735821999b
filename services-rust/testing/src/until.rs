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
    let in_time = tokio::time::timeout(PATIENCE, holding).await;
    assert!(in_time.is_ok(), "it did not come true that {what}");
}
