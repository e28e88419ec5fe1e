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
