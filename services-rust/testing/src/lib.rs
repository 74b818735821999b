//! What the services' tests have in common.

mod collector;
mod golden;
mod serving;
mod surface;
mod until;

pub use collector::{Collector, Received};
pub use golden::assert_openapi;
pub use serving::serve;
pub use surface::{Answer, Asked, assert_robust, requests, send};
pub use until::{in_time, until};
