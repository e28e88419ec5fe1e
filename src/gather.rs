//! Gathers what is handed in at the same time, so that one piece of work serves all of it.
//!
//! Nobody waits for company: what arrives while a batch is worked on is the next batch.

use std::future::Future;

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::{mpsc, oneshot};

/// Takes things in and gives each its answer; cheap to clone.
#[derive(Debug)]
pub struct Gather<T, R> {
    waiting: mpsc::Sender<(T, oneshot::Sender<R>)>,
}

impl<T, R> Clone for Gather<T, R> {
    fn clone(&self) -> Self {
        Self { waiting: self.waiting.clone() }
    }
}

impl<T, R> Gather<T, R>
where
    T: Send + 'static,
    R: Send + 'static,
{
    /// Makes a handle and the task that somebody must drive; it ends when every handle is dropped.
    /// `work` gets at most `most` things and answers each of them, in their order.
    pub fn new<F, W>(most: usize, mut work: F) -> (Self, BoxFuture<'static, ()>)
    where
        F: FnMut(Vec<T>) -> W + Send + 'static,
        W: Future<Output = Vec<R>> + Send + 'static,
    {
        let (sender, mut handed_in) = mpsc::channel(most);
        let keep = async move {
            let mut batch = Vec::with_capacity(most);
            while handed_in.recv_many(&mut batch, most).await > 0 {
                let (things, told): (Vec<T>, Vec<oneshot::Sender<R>>) = batch.drain(..).unzip();
                for (told, answer) in told.into_iter().zip(work(things).await) {
                    // Whoever went away wants no answer; the work is done all the same.
                    let _gone = told.send(answer);
                }
            }
        };
        (Self { waiting: sender }, keep.boxed())
    }

    /// Hands one thing in and waits for its answer; `None` when nobody works any more.
    pub async fn hand_in(&self, one: T) -> Option<R> {
        let (told, wait) = oneshot::channel();
        self.waiting.send((one, told)).await.ok()?;
        wait.await.ok()
    }
}

#[cfg(test)]
mod tests {
    use futures::future::join_all;

    use super::*;

    fn sized() -> (Gather<u32, (u32, usize)>, BoxFuture<'static, ()>) {
        Gather::new(3, |batch: Vec<u32>| async move {
            let size = batch.len();
            batch.into_iter().map(|one| (one, size)).collect()
        })
    }

    #[tokio::test]
    async fn what_waits_is_one_batch_and_each_gets_its_own_answer() {
        let (gather, keep) = sized();
        let asking = join_all((1..=5).map(|one| gather.hand_in(one)));
        let answers = tokio::select! {
            biased;
            answers = asking => answers,
            () = keep => Vec::new(),
        };
        let answers: Vec<_> = answers.into_iter().flatten().collect();
        assert_eq!(answers, [(1, 3), (2, 3), (3, 3), (4, 2), (5, 2)]);
    }

    #[tokio::test]
    async fn it_ends_with_the_last_handle_and_a_dropped_keeper_answers_nobody() {
        let (gather, keep) = sized();
        drop(gather);
        keep.await;
        let (gather, keep) = sized();
        drop(keep);
        assert_eq!(gather.hand_in(1).await, None);
    }
}
