//! Logs: one event per request and per job, readable and with fields. Never personal data.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::prelude::*;

tokio::task_local! {
    static TRACE: String;
}

/// Starts logging to standard error: JSON in production, text for people otherwise. A second call
/// changes nothing.
pub fn start(json: bool, filter: &str) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_bad| EnvFilter::new("info"));
    let registry = tracing_subscriber::registry().with(filter);
    let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(false);
    let _already = if json {
        registry.with(layer.json()).try_init()
    } else {
        registry.with(layer.compact()).try_init()
    };
}

/// Runs a task under a trace id, which jobs and answers carry on.
pub async fn traced<F: Future>(id: String, task: F) -> F::Output {
    TRACE.scope(id, task).await
}

/// Returns the trace id of the running request or job, if there is one.
pub fn trace_id() -> Option<String> {
    TRACE.try_with(Clone::clone).ok()
}

/// The log that a thread writes to, to be handed to the threads it starts. A program has one log
/// for all threads; tests that run side by side in one process have one each.
#[derive(Clone, Debug)]
pub struct Log(tracing::Dispatch);

thread_local! {
    static ADOPTED: std::cell::RefCell<Option<tracing::dispatcher::DefaultGuard>> =
        const { std::cell::RefCell::new(None) };
}

impl Log {
    /// Takes the log of the calling thread.
    pub fn here() -> Self {
        Self(tracing::dispatcher::get_default(Clone::clone))
    }

    /// Makes the calling thread write to this log until it ends.
    pub fn adopt(&self) {
        let guard = tracing::dispatcher::set_default(&self.0);
        // Guards must be dropped newest first; forgetting the older one keeps that order.
        ADOPTED.with_borrow_mut(|held| std::mem::forget(held.replace(guard)));
    }
}
