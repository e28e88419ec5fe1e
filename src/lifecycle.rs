//! Who runs, and how it ends.
//!
//! Every background task belongs to one `Lifecycle`: it hears of the end through a token and is
//! waited for. The writer's lane ends last, because everything else still needs it: it is spawned
//! apart and ends by itself when the last handle on it is dropped, or when the program does.

use std::future::Future;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Owns the tasks of one running program; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Lifecycle {
    tasks: TaskTracker,
    winding_down: CancellationToken,
    hanging_up: CancellationToken,
}

impl Lifecycle {
    /// Starts a task that is waited for at the end; it must end soon after `winding_down`.
    #[expect(clippy::disallowed_methods, reason = "this is the owner of every task")]
    pub fn spawn<F>(&self, task: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let _handle = tokio::spawn(self.tasks.track_future(task));
    }

    /// Starts a task that outlives the others and ends when nobody can give it work any more.
    #[expect(clippy::disallowed_methods, reason = "this is the owner of every task")]
    pub fn spawn_last<F>(&self, task: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let _handle = tokio::spawn(task);
    }

    /// Starts a task on this thread, for what cannot move to another; waited for at the end.
    #[expect(clippy::disallowed_methods, reason = "this is the owner of every task")]
    pub fn spawn_here<F>(&self, task: F)
    where
        F: Future<Output = ()> + 'static,
    {
        let _handle = actix_web::rt::spawn(self.tasks.track_future(task));
    }

    /// Returns the token that says: connections that would stay open end now.
    pub fn hanging_up(&self) -> CancellationToken {
        self.hanging_up.clone()
    }

    /// Ends the connections that would stay open, so that the server can stop.
    pub fn hang_up(&self) {
        self.hanging_up.cancel();
    }

    /// Returns the token that says: take no new work.
    pub fn winding_down(&self) -> CancellationToken {
        self.winding_down.clone()
    }

    /// Asks every task to end, and waits for none.
    pub fn wind_down(&self) {
        self.hanging_up.cancel();
        self.winding_down.cancel();
    }

    /// Asks every task to end and waits for them; `false` when some did not end in time.
    pub async fn finish(&self, within: Duration) -> bool {
        self.wind_down();
        self.tasks.close();
        tokio::time::timeout(within, self.tasks.wait()).await.is_ok()
    }
}

/// Waits until the operator or the service manager asks the program to stop.
pub async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut term) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = term.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
