//! Claims due jobs and due cases, for as long as the program runs.
//!
//! Some loops under one roof: sending (one for each lane), escalating, sweeping, and the one that
//! wakes them. Permits are taken before jobs are claimed, so that a lease never runs while its job
//! waits.

use std::sync::Arc;
use std::time::Duration;

use entity::job::Model;
use entity::kinds::Timestamp;
use rand::RngExt;
use tokio::sync::{Notify, OwnedSemaphorePermit};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::in_time::{self, InTime};
use super::lane::{self, Lane, Permits};
use super::record::Recorder;
use super::{finish, sweep};
use crate::app::case::reconcile;
use crate::app::notice::letter::Letter;
use crate::app::notice::quota;
use crate::app::renewal;
use crate::crash;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::job::{Claim, Which};
use crate::store::{self};

/// A clock that goes back farther was put back.
const STEP: Duration = Duration::from_secs(1);
/// How often the day's quotas are asked for.
const HOUR: Duration = Duration::from_hours(1);
/// How long a loop rests after the database failed it.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// Runs the engine until `stop`: then it claims nothing more, waits for the jobs under way (each
/// has its hard limit) and gives back what was claimed and not started.
pub async fn run(s: Services, stop: CancellationToken) {
    let worker = Worker::new(s, stop);
    let [pressing, ordinary, checks, bulk] = &worker.lanes;
    tokio::join!(
        worker.sending(pressing),
        worker.sending(ordinary),
        worker.sending(checks),
        worker.sending(bulk),
        worker.suspecting(),
        worker.escalating(),
        worker.sweeping(),
        worker.waking(),
        worker.vouching(),
        worker.counting()
    );
    worker.all_permits().await;
}

/// Claims and runs everything that is due now, jobs and cases, until nothing is; returns how much
/// that was. For tests and tools: it waits for nothing but the work itself.
pub async fn run_due(s: &Services) -> Result<usize> {
    let worker = Worker::new(s.clone(), CancellationToken::new());
    let mut done = 0;
    loop {
        let before = done;
        while reconcile::run_one(s, s.clock.now()).await? {
            done += 1;
        }
        let mut jobs = Vec::new();
        for lane in &worker.lanes {
            let most = i64::from(lane.size);
            jobs.extend(worker.claim(Which::Fresh(lane.lane.priorities(), most)).await?);
        }
        jobs.extend(worker.claim(Which::Suspect).await?);
        done += jobs.len();
        let mut letters = finish::prepare(s, &jobs).await;
        for job in jobs {
            let letter = letters.remove(&job.id);
            finish::run(s, job, letter, &worker.recorder).await;
        }
        if done == before {
            return Ok(done);
        }
    }
}

struct Worker {
    s: Services,
    stop: CancellationToken,
    /// Names this process in the leases it holds.
    owner: String,
    lanes: [Permits; Lane::ALL.len()],
    cases_due: Arc<Notify>,
    recorder: Recorder,
    in_time: InTime,
}

impl Worker {
    fn new(s: Services, stop: CancellationToken) -> Self {
        let mark: u64 = rand::rng().random();
        Self {
            owner: format!("{}-{mark:016x}", std::process::id()),
            lanes: Lane::ALL.map(|lane| Permits::new(lane, s.settings.permits)),
            cases_due: Arc::new(Notify::new()),
            recorder: Recorder::start(&s),
            in_time: InTime::new(&s),
            s,
            stop,
        }
    }

    async fn claim(&self, which: Which) -> Result<Vec<Model>> {
        let now = self.s.clock.now();
        let until = now + self.s.settings.lease;
        let owner = self.owner.clone();
        self.s
            .writer
            .commit(move |tx| {
                Box::pin(async move {
                    let claim = Claim { owner: &owner, now, until, which };
                    Ok::<_, Error>(store::job::claim(tx, &claim).await?)
                })
            })
            .await
    }

    async fn sending(&self, lane: &Permits) {
        let mut more = false;
        while !self.stop.is_cancelled() {
            let Some(permits) = lane.free(more, &self.stop).await else { return };
            more = self.send_some(lane, permits).await;
            if !more {
                self.rest(&lane.due).await;
            }
        }
    }

    /// Claims as many jobs as there are permits and starts them; tells whether all permits were
    /// used, so that more may be due.
    async fn send_some(&self, lane: &Permits, mut permits: OwnedSemaphorePermit) -> bool {
        if !self.in_time.check().await {
            return false;
        }
        let free = i64::try_from(permits.num_permits()).unwrap_or(1);
        let jobs = match self.claim(Which::Fresh(lane.lane.priorities(), free)).await {
            Ok(jobs) => jobs,
            Err(error) => return self.failed("claiming jobs", &error).await,
        };
        let full = jobs.len() >= permits.num_permits();
        if !jobs.is_empty() {
            crash::hold("job.claimed", self.stop.cancelled()).await;
            crash::point("job.claimed");
        }
        // Asked between the claim and the start: what was not started goes back. What is marked as
        // being sent is sent, or the next worker would be in doubt about it.
        if self.stop.is_cancelled() {
            for job in &jobs {
                finish::give_back(&self.s, job, None).await;
            }
            return full;
        }
        let mut letters = finish::prepare(&self.s, &jobs).await;
        for job in jobs {
            let letter = letters.remove(&job.id);
            match permits.split(1) {
                Some(permit) => self.start(job, letter, permit),
                None => finish::give_back(&self.s, &job, letter.as_ref()).await,
            }
        }
        full
    }

    fn start(&self, job: Model, letter: Option<Letter>, permit: OwnedSemaphorePermit) {
        let (s, recorder) = (self.s.clone(), self.recorder.clone());
        let dues = self.lanes.each_ref().map(|lane| Arc::clone(&lane.due));
        let cases_due = Arc::clone(&self.cases_due);
        self.s.lifecycle.spawn(async move {
            let plain = finish::run(&s, job, letter, &recorder).await;
            drop(permit);
            if !plain {
                // A message that failed makes its case due, one that changes its channel a job.
                for due in dues {
                    due.notify_one();
                }
                cases_due.notify_one();
            }
        });
    }

    /// Runs jobs that already cost two leases while nothing else runs here: if one ends the
    /// process, no neighbour is lost with it.
    async fn suspecting(&self) {
        while !self.stop.is_cancelled() {
            let due = store::job::suspect_due(&self.s.db.read, self.s.clock.now()).await;
            let sent = due.unwrap_or(false) && self.in_time.check().await && self.suspect().await;
            // One poison message makes suspects of all that were held beside it: as long as there
            // are some, none waits for the next look.
            if !sent {
                self.pause(self.s.settings.poll).await;
            }
        }
    }

    /// Runs one suspect alone; tells whether there was one.
    async fn suspect(&self) -> bool {
        let everything = self.all_permits().await;
        if self.stop.is_cancelled() {
            return false;
        }
        let jobs = match self.claim(Which::Suspect).await {
            Ok(jobs) => jobs,
            Err(error) => {
                self.failed("claiming a suspect", &error).await;
                Vec::new()
            }
        };
        let sent = !jobs.is_empty();
        for job in jobs {
            finish::run(&self.s, job, None, &self.recorder).await;
        }
        drop(everything);
        self.jobs_due();
        sent
    }

    async fn all_permits(&self) -> Vec<OwnedSemaphorePermit> {
        lane::everything(&self.lanes).await
    }

    fn jobs_due(&self) {
        for lane in &self.lanes {
            lane.due.notify_one();
        }
    }

    async fn escalating(&self) {
        while !self.stop.is_cancelled() {
            if !self.in_time.check().await {
                self.rest(&self.cases_due).await;
                continue;
            }
            match reconcile::run_one(&self.s, self.s.clock.now()).await {
                Ok(true) => self.jobs_due(),
                Ok(false) => self.rest(&self.cases_due).await,
                Err(error) => {
                    self.failed("looking at due cases", &error).await;
                }
            }
        }
    }

    async fn sweeping(&self) {
        while !self.stop.is_cancelled() {
            if self.in_time.check().await {
                self.sweep().await;
            }
            self.pause(sweep::EVERY).await;
        }
    }

    async fn sweep(&self) {
        if let Err(error) = sweep::run(&self.s).await {
            self.failed("sweeping", &error).await;
        }
        if let Err(error) = renewal::run(&self.s).await {
            self.failed("reminding of consents", &error).await;
        }
    }

    /// Says that an engine is there whose clock is the database server's.
    async fn vouching(&self) {
        while !self.stop.is_cancelled() {
            if let Err(error) = self.in_time.vouch().await {
                self.failed("vouching for the clock", &error).await;
            }
            self.pause(in_time::VOUCH_EVERY).await;
        }
    }

    /// Asks for the day's quotas at the start and every hour.
    async fn counting(&self) {
        while !self.stop.is_cancelled() {
            quota::ask(&self.s).await;
            self.pause(HOUR).await;
        }
    }

    /// Wakes the loops when somebody says that there is work, when something becomes due, and in
    /// any case after the poll interval.
    async fn waking(&self) {
        let mut latest = self.s.clock.now();
        while !self.stop.is_cancelled() {
            latest = self.notice_step_back(latest).await;
            let wait = self.next_turn().await;
            tokio::select! {
                () = self.s.wake.wait() => {}
                () = self.pause(wait) => {}
            }
            self.jobs_due();
            self.cases_due.notify_one();
        }
    }

    /// Does not wait for the sweep when the clock was put back; returns the instant, or the one
    /// from before as long as the database keeps us from following.
    async fn notice_step_back(&self, latest: Timestamp) -> Timestamp {
        let now = self.s.clock.now();
        if now + STEP < latest
            && self.in_time.check().await
            && let Err(error) = sweep::bring_back(&self.s).await
        {
            self.failed("following the clock", &error).await;
            return latest;
        }
        now
    }

    async fn next_turn(&self) -> Duration {
        // Ten per cent either way, so that processes do not ask in step.
        let poll = self.s.settings.poll.mul_f64(rand::rng().random_range(0.9..1.1));
        let now = self.s.clock.now();
        let reads = &self.s.db.read;
        let jobs = store::job::earliest_due(reads).await.ok().flatten();
        let cases = store::case::earliest_check(reads).await.ok().flatten();
        let ahead = |at: Timestamp| (at > now).then(|| at.since(now));
        [jobs, cases].into_iter().flatten().filter_map(ahead).fold(poll, Duration::min)
    }

    async fn rest(&self, until: &Notify) {
        tokio::select! {
            () = until.notified() => {}
            () = self.stop.cancelled() => {}
        }
    }

    async fn pause(&self, wait: Duration) {
        tokio::select! {
            () = sleep(wait) => {}
            () = self.stop.cancelled() => {}
        }
    }

    /// Says once per try that the database failed a loop; always `false`.
    async fn failed(&self, doing: &str, error: &Error) -> bool {
        tracing::warn!(error = %error.chain(), "{doing} failed");
        self.pause(AFTER_FAILURE).await;
        false
    }
}
