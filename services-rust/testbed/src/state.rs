//! What the handlers share.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use axum::extract::State;
use tokio::sync::Semaphore;

use crate::config::Config;
use crate::counts::Counts;

pub(crate) struct Testbed {
    pub(crate) instance: String,
    pub(crate) version: String,
    /// From when on it is healthy, if ever.
    pub(crate) healthy_from: Option<Instant>,
    pub(crate) counts: Counts,
    /// How often each key of `/flaky` was asked for.
    pub(crate) flaky: Mutex<HashMap<String, u64>>,
    pub(crate) workers: Semaphore,
    pub(crate) token: Option<String>,
    pub(crate) file: Option<PathBuf>,
}

pub(crate) type Shared = State<Arc<Testbed>>;

impl Testbed {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            instance: config.instance.clone(),
            version: config.version.clone(),
            healthy_from: config
                .healthy
                .then(|| Instant::now() + config.healthy_after),
            counts: Counts::default(),
            flaky: Mutex::default(),
            workers: Semaphore::new(config.workers),
            token: config.token.clone(),
            file: config.file.clone(),
        }
    }

    /// What `/health` says.
    pub(crate) fn is_healthy(&self) -> bool {
        self.healthy_from.is_some_and(|from| from <= Instant::now())
    }
}
