//! Gathers what is handed in at the same time, so that one piece of work serves all of it.
//!
//! Nobody waits for company while nothing is worked on; what arrives meanwhile is the next batch.

use std::future::Future;
use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until};

/// How things are gathered.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// How many are one batch at most.
    pub most: usize,
    /// How many batches are worked on side by side.
    pub width: usize,
    /// How many must wait until a batch begins beside another: each costs something whatever its
    /// size.
    pub beside: usize,
    /// How long fewer than that wait for a batch under way.
    pub patience: Duration,
}

impl Size {
    /// One batch after the other, each of what has come.
    pub const fn one_by_one(most: usize) -> Self {
        Self { most, width: 1, beside: 1, patience: Duration::ZERO }
    }
}

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
    /// `work` gets at most `size.most` things and answers each of them, in their order.
    pub fn new<F, W>(size: Size, mut work: F) -> (Self, BoxFuture<'static, ()>)
    where
        F: FnMut(Vec<T>) -> W + Send + 'static,
        W: Future<Output = Vec<R>> + Send + 'static,
    {
        let Size { most, width, beside, patience } = size;
        let (sender, mut handed_in) = mpsc::channel(most);
        let keep = async move {
            let (mut batch, mut open) = (Vec::with_capacity(most), true);
            let mut working = FuturesUnordered::new();
            let mut until = Instant::now();
            loop {
                let patient = !working.is_empty() && Instant::now() < until;
                let least = if patient { beside.max(1) } else { 1 };
                if batch.len() >= least && working.len() < width {
                    until = Instant::now() + patience;
                    let (things, told): (Vec<T>, Vec<_>) = batch.drain(..).unzip();
                    working.push(answer(work(things), told));
                }
                let room = most - batch.len();
                tokio::select! {
                    Some(()) = working.next(), if !working.is_empty() => {}
                    came = handed_in.recv_many(&mut batch, room), if open && room > 0 => {
                        open = came > 0;
                    }
                    () = sleep_until(until), if patient && working.len() < width => {}
                    else => return,
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

async fn answer<R>(work: impl Future<Output = Vec<R>>, told: Vec<oneshot::Sender<R>>) {
    for (told, answer) in told.into_iter().zip(work.await) {
        // Whoever went away wants no answer; the work is done all the same.
        let _gone = told.send(answer);
    }
}

#[cfg(test)]
mod tests {
    use futures::future::join_all;

    use super::*;

    fn sized() -> (Gather<u32, (u32, usize)>, BoxFuture<'static, ()>) {
        Gather::new(Size::one_by_one(3), |batch: Vec<u32>| async move {
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

    #[tokio::test]
    async fn a_batch_that_hangs_holds_up_nobody_while_another_may_run() {
        let (gather, keep) =
            Gather::new(Size { width: 2, ..Size::one_by_one(1) }, |batch: Vec<u32>| async move {
                if batch.contains(&0) {
                    futures::future::pending::<()>().await;
                }
                batch
            });
        let asking = async {
            let _hung = futures::poll!(Box::pin(gather.hand_in(0)));
            (gather.hand_in(1).await, gather.hand_in(2).await)
        };
        let answers = tokio::select! { answers = asking => Some(answers), () = keep => None };
        assert_eq!(answers, Some((Some(1), Some(2))));
    }

    #[tokio::test]
    async fn a_second_batch_begins_beside_the_first_when_enough_wait() {
        let patience = Duration::from_hours(1);
        let size = Size { width: 2, beside: 3, patience, ..Size::one_by_one(8) };
        let (gather, keep) = Gather::new(size, |batch: Vec<u32>| async move {
            if batch.contains(&0) {
                futures::future::pending::<()>().await;
            }
            let size = batch.len();
            batch.into_iter().map(|_| size).collect()
        });
        let asking = async {
            let _hung = futures::poll!(Box::pin(gather.hand_in(0)));
            tokio::task::yield_now().await;
            join_all((1..=3).map(|one| gather.hand_in(one))).await
        };
        let answers = tokio::select! {
            biased;
            () = keep => panic!("it ended"),
            answers = asking => answers,
        };
        assert_eq!(answers, [Some(3); 3]);
    }

    #[tokio::test]
    async fn a_batch_that_takes_long_holds_up_the_few_no_longer_than_their_patience() {
        let patience = Duration::from_millis(20);
        let size = Size { width: 2, beside: 3, patience, ..Size::one_by_one(8) };
        let (gather, keep) = Gather::new(size, |batch: Vec<u32>| async move {
            if batch.contains(&0) {
                futures::future::pending::<()>().await;
            }
            batch
        });
        let asking = async {
            let began = Instant::now();
            let _hung = futures::poll!(Box::pin(gather.hand_in(0)));
            // The keeper, polled first, takes it before the next one comes.
            tokio::task::yield_now().await;
            (gather.hand_in(1).await, began.elapsed())
        };
        let (answer, waited) = tokio::select! {
            biased;
            () = keep => panic!("it ended"),
            answered = asking => answered,
        };
        assert_eq!(answer, Some(1));
        assert!(waited >= patience, "{waited:?}");
    }
}
