//! Names and labels of the cell's metrics. Labels come from closed sets; an org's id is never one.

use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use service_kit::metrics::Metrics;

pub const JOBS_ENDED: &str = "cell_jobs_ended";
pub const WRITES_REPEATED: &str = "cell_writes_repeated";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EncodeLabelValue)]
pub enum JobOutcome {
    Done,
    Retried,
    Dead,
    LeaseLost,
    Released,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct JobLabels {
    /// The kinds of jobs are the code's own, so this set is closed too.
    kind: String,
    outcome: JobOutcome,
}

#[derive(Clone, Default)]
pub struct CellMetrics {
    jobs_ended: Family<JobLabels, Counter>,
    writes_repeated: Counter,
}

impl CellMetrics {
    pub fn register(&self, metrics: &Metrics) {
        metrics.register(|registry| {
            registry.register(
                JOBS_ENDED,
                "Runs of jobs, by kind and outcome",
                self.jobs_ended.clone(),
            );
            registry.register(
                WRITES_REPEATED,
                "Writes that were answered from a stored answer",
                self.writes_repeated.clone(),
            );
        });
    }

    pub fn count_job(&self, kind: &str, outcome: JobOutcome) {
        let labels = JobLabels {
            kind: kind.to_owned(),
            outcome,
        };
        self.jobs_ended.get_or_create(&labels).inc();
    }

    pub fn count_repeated_write(&self) {
        self.writes_repeated.inc();
    }
}
