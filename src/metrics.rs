//! Counters and histograms for Prometheus. Names carry their unit; labels never hold an id.

use prometheus::{
    Encoder, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry,
    TextEncoder,
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
    /// What the last sweep found; every number should be zero.
    pub sweep: IntGaugeVec,
    /// Messages of group robots by what became of them.
    pub robot_messages: IntCounterVec,
    /// Kinds of notices for which a channel is closed because its template was deleted or changed.
    pub closed_kinds: IntGaugeVec,
    /// Age of the oldest due job in seconds.
    pub oldest_due_seconds: IntGauge,
}

impl Metrics {
    /// Registers every metric; fails only when two share a name.
    pub fn new() -> Result<Self, prometheus::Error> {
        let registry = Registry::new();
        let counter = |name: &str, help: &str, labels: &[&str]| {
            let vec = IntCounterVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(vec.clone()))?;
            Ok::<_, prometheus::Error>(vec)
        };
        let request_seconds = HistogramVec::new(
            HistogramOpts::new("zhinan_request_seconds", "Time to answer a request")
                .buckets(vec![0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0]),
            &["route"],
        )?;
        registry.register(Box::new(request_seconds.clone()))?;
        let oldest_due_seconds =
            IntGauge::new("zhinan_oldest_due_job_seconds", "Age of the oldest due job")?;
        registry.register(Box::new(oldest_due_seconds.clone()))?;
        let sweep = IntGaugeVec::new(
            Opts::new("zhinan_sweep_findings", "What should not be there"),
            &["finding"],
        )?;
        registry.register(Box::new(sweep.clone()))?;
        let closed_kinds = IntGaugeVec::new(
            Opts::new("zhinan_closed_kinds", "Kinds of notices without a right template"),
            &["channel"],
        )?;
        registry.register(Box::new(closed_kinds.clone()))?;
        Ok(Self {
            requests: counter(
                "zhinan_requests_total",
                "Requests answered",
                &["method", "route", "status"],
            )?,
            request_seconds,
            jobs: counter("zhinan_jobs_total", "Jobs finished", &["kind", "outcome"])?,
            leases_lost: counter("zhinan_leases_lost_total", "Leases that ran out", &["kind"])?,
            notices: counter("zhinan_notices_total", "Notices ended", &["channel", "state"])?,
            escalations: counter("zhinan_escalations_total", "Escalation steps taken", &["step"])?,
            doubtful_sends: counter(
                "zhinan_doubtful_sends_total",
                "Sends whose answer never came",
                &["channel"],
            )?,
            callbacks: counter(
                "zhinan_callbacks_total",
                "Pushes received from WeChat",
                &["app", "outcome"],
            )?,
            robot_messages: counter(
                "zhinan_robot_messages_total",
                "Messages of group robots",
                &["outcome"],
            )?,
            sweep,
            closed_kinds,
            oldest_due_seconds,
            registry,
        })
    }

    /// Writes all metrics in Prometheus' text format.
    pub fn render(&self) -> Result<String, prometheus::Error> {
        let mut out = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut out)?;
        String::from_utf8(out).map_err(|e| prometheus::Error::Msg(e.to_string()))
    }
}
