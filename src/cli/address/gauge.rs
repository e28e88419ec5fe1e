//! How much memory an index takes, and how long texts took, as one line for a machine.

use std::time::Duration;

use serde::Serialize;

use crate::app::batch::resolve::percentile;

/// The line printed after a run.
#[derive(Debug, Serialize)]
pub struct Figures {
    texts: usize,
    p50_us: f64,
    p99_us: f64,
    build_ms: f64,
    index_bytes: usize,
    index_mib: f64,
    threads: usize,
}

impl Figures {
    /// Sums up a run; the order of `times` is free.
    pub fn new(
        mut times: Vec<Duration>,
        build: Duration,
        index_bytes: usize,
        threads: usize,
    ) -> Self {
        times.sort_unstable();
        let micros = |percent| rounded(percentile(&times, percent).as_secs_f64() * 1e6);
        // A quotient of whole KiB is exact enough and needs no cast.
        let kib = u32::try_from(index_bytes / 1024).unwrap_or(u32::MAX);
        Self {
            texts: times.len(),
            p50_us: micros(50),
            p99_us: micros(99),
            build_ms: rounded(build.as_secs_f64() * 1e3),
            index_bytes,
            index_mib: rounded(f64::from(kib) / 1024.0),
            threads,
        }
    }
}

fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_summed_up_in_microseconds_and_mebibytes() {
        let times = vec![Duration::from_nanos(9_120), Duration::from_micros(1)];
        let line = Figures::new(times, Duration::from_micros(1_234), 3 * 512 * 1024, 1);
        assert_eq!(
            serde_json::to_string(&line).expect("JSON"),
            "{\"texts\":2,\"p50_us\":1.0,\"p99_us\":9.12,\"build_ms\":1.23,\"index_bytes\":1572864,\"index_mib\":1.5,\"threads\":1}"
        );
    }
}
