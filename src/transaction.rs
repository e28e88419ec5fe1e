//! Knows whether the running task has a transaction open, so that nobody calls the network then.
//!
//! A slow WeChat must not hold a row lock, and on SQLite not the one lane that everybody writes
//! through. `store::writer` marks each unit; whatever leaves the house asks. Both may know this
//! module, neither the other.

tokio::task_local! {
    static OPEN: ();
}

/// Runs a unit of writes with the mark that a transaction is open.
pub async fn open<F: Future>(unit: F) -> F::Output {
    OPEN.scope((), unit).await
}

/// Says that the network is about to be called.
///
/// # Panics
///
/// In debug builds, when a transaction is open in this task: the caller waits for somebody else
/// while he holds locks.
pub fn forbid(call: &str) {
    debug_assert!(
        OPEN.try_with(|()| ()).is_err(),
        "no network inside a transaction: {call} was called by a unit of writes; \
         call before the unit, or let a job call after its commit"
    );
}
