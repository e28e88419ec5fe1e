//! Counters and histograms for Prometheus. Names carry their unit; labels never hold an id.

use prometheus::core::Collector;
use prometheus::{
    Encoder, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts,
    Registry, TextEncoder,
};

/// Everything the program counts; cheap to clone.
#[derive(Clone, Debug)]
pub struct Metrics {
    registry: Registry,
    /// Requests by method, route, status.
    pub requests: IntCounterVec,
    /// Seconds a request took, by route.
    pub request_seconds: HistogramVec,
    /// Finished jobs by kind and outcome.
    pub jobs: IntCounterVec,
    /// Leases that ran out before their job was finished, by kind.
    pub leases_lost: IntCounterVec,
    /// Notices by channel and final state.
    pub notices: IntCounterVec,
    /// Steps of escalation chains taken, by step.
    pub escalations: IntCounterVec,
    /// Messages that may have been delivered twice or not at all.
    pub doubtful_sends: IntCounterVec,
    /// Pushes from WeChat by account and what became of them.
    pub callbacks: IntCounterVec,
    /// Requests and jobs refused for a reason that lasts, by code.
    pub troubles: IntCounterVec,
    /// Authorizations that people took back, by account, kind and what became of it.
    pub taken_back: IntCounterVec,
    /// Warnings and punishments of the platform; every one needs an operator.
    pub punishments: IntCounter,
    /// What the last sweep found; every number should be zero.
    pub sweep: IntGaugeVec,
    /// Bytes that may still be written in the data folder.
    pub free_space_bytes: IntGauge,
    /// 1 when that is less than the configured least.
    pub low_space: IntGauge,
    /// Pings of the watcher outside, by whether he heard them.
    pub heartbeats: IntCounterVec,
    /// What was left of the day's quota when it was last asked for, by channel.
    pub quota_remain: IntGaugeVec,
    /// Messages of group robots by what became of them.
    pub robot_messages: IntCounterVec,
    /// Kinds of notices for which a channel is closed because its template was deleted or changed.
    pub closed_kinds: IntGaugeVec,
    /// Age of the oldest due job in seconds.
    pub oldest_due_seconds: IntGauge,
    /// Due jobs, by kind.
    pub due_jobs: IntGaugeVec,
    /// Age of the oldest due job in seconds, by kind.
    pub due_job_seconds: IntGaugeVec,
}

/// Registers metrics as they are made.
struct Maker(Registry);

impl Maker {
    fn keep<M: Collector + Clone + 'static>(&self, metric: M) -> Result<M, prometheus::Error> {
        self.0.register(Box::new(metric.clone()))?;
        Ok(metric)
    }

    fn counter(
        &self,
        name: &str,
        help: &str,
        labels: &[&str],
    ) -> Result<IntCounterVec, prometheus::Error> {
        self.keep(IntCounterVec::new(Opts::new(name, help), labels)?)
    }

    fn gauge(&self, name: &str, help: &str) -> Result<IntGauge, prometheus::Error> {
        self.keep(IntGauge::new(name, help)?)
    }

    fn gauges(
        &self,
        name: &str,
        help: &str,
        label: &str,
    ) -> Result<IntGaugeVec, prometheus::Error> {
        self.keep(IntGaugeVec::new(Opts::new(name, help), &[label])?)
    }

    fn seconds(&self, name: &str, help: &str) -> Result<HistogramVec, prometheus::Error> {
        let buckets = vec![0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];
        let options = HistogramOpts::new(name, help).buckets(buckets);
        self.keep(HistogramVec::new(options, &["route"])?)
    }
}

impl Metrics {
    /// Registers every metric; fails only when two share a name.
    pub fn new() -> Result<Self, prometheus::Error> {
        let make = Maker(Registry::new());
        let requests = ["method", "route", "status"];
        let punished = "Warnings and punishments of the platform";
        let left = "Messages that may still be sent today";
        let room = "Room left where our files are";
        let closed = "Kinds of notices without a right template";
        let due = "Age of the oldest due job of a kind";
        let pings = "Pings of engine.heartbeat_url";
        let pushes = "Pushes received from WeChat";
        let taken = ["app", "kind", "outcome"];
        Ok(Self {
            requests: make.counter("zhinan_requests_total", "Requests answered", &requests)?,
            request_seconds: make.seconds("zhinan_request_seconds", "Time to answer a request")?,
            jobs: make.counter("zhinan_jobs_total", "Jobs finished", &["kind", "outcome"])?,
            leases_lost: make.counter(
                "zhinan_leases_lost_total",
                "Leases that ran out",
                &["kind"],
            )?,
            notices: make.counter(
                "zhinan_notices_total",
                "Notices ended",
                &["channel", "state"],
            )?,
            escalations: make.counter(
                "zhinan_escalations_total",
                "Escalation steps taken",
                &["step"],
            )?,
            doubtful_sends: make.counter(
                "zhinan_doubtful_sends_total",
                "Sends whose answer never came",
                &["channel"],
            )?,
            callbacks: make.counter("zhinan_callbacks_total", pushes, &["app", "outcome"])?,
            taken_back: make.counter("zhinan_taken_back_total", "Withdrawals", &taken)?,
            troubles: make.counter(
                "zhinan_refused_total",
                "Requests and jobs that the database could not serve",
                &["code"],
            )?,
            robot_messages: make.counter(
                "zhinan_robot_messages_total",
                "Messages of group robots",
                &["outcome"],
            )?,
            closed_kinds: make.gauges("zhinan_closed_kinds", closed, "channel")?,
            heartbeats: make.counter("zhinan_heartbeats_total", pings, &["outcome"])?,
            punishments: make.keep(IntCounter::new("zhinan_punishments_total", punished)?)?,
            quota_remain: make.gauges("zhinan_quota_remain", left, "channel")?,
            sweep: make.gauges("zhinan_sweep_findings", "What should not be there", "finding")?,
            free_space_bytes: make.gauge("zhinan_free_space_bytes", room)?,
            low_space: make.gauge("zhinan_low_space", "1 when little room is left")?,
            oldest_due_seconds: make
                .gauge("zhinan_oldest_due_job_seconds", "Age of the oldest due job")?,
            due_jobs: make.gauges("zhinan_due_jobs", "Jobs that are due", "kind")?,
            due_job_seconds: make.gauges("zhinan_due_job_seconds", due, "kind")?,
            registry: make.0,
        })
    }

    /// Writes all metrics in Prometheus' text format.
    pub fn render(&self) -> Result<String, prometheus::Error> {
        let mut out = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut out)?;
        String::from_utf8(out).map_err(|e| prometheus::Error::Msg(e.to_string()))
    }
}
