//! The router's metrics. Labels come from closed sets: kinds, status classes and cells' names.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::context::Target;
use crate::route_table::RouteTable;

// Counters get their `_total` when they are written.
const REQUESTS: &str = "router_requests";
const DURATION: &str = "router_request_duration_seconds";
const UPSTREAM_ERRORS: &str = "router_upstream_errors";
const REQUESTS_OPEN: &str = "router_requests_open";
const TABLE_SEQ: &str = "router_route_table_seq";
const ORGS: &str = "router_orgs";
const CELLS: &str = "router_cells";
const HOLDS: &str = "router_holds";
const HOLD_DURATION: &str = "router_hold_duration_seconds";
const REQUESTS_HELD: &str = "router_requests_held";
const FEED_LAG: &str = "router_route_feed_lag_seconds";
const FEED_RECONNECTS: &str = "router_route_feed_reconnects";
const FEED_RESYNCS: &str = "router_route_feed_resyncs";

const BUCKETS_SECONDS: [f64; 12] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    target: &'static str,
    /// `2xx`, `5xx`, or `gone` when the client left before an answer.
    status: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct TargetLabels {
    target: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CellLabels {
    cell: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct HoldLabels {
    end: &'static str,
}

/// How a request's wait for its org ended.
#[derive(Debug, Clone, Copy)]
pub(crate) enum HoldEnd {
    Released,
    Late,
    Full,
    Gone,
    DryRun,
}

pub(crate) struct Metrics {
    requests: Family<RequestLabels, Counter>,
    duration: Family<TargetLabels, Histogram, fn() -> Histogram>,
    upstream_errors: Family<CellLabels, Counter>,
    open: Gauge,
    holds: Family<HoldLabels, Counter>,
    hold_duration: Histogram,
    held: Gauge,
    table_seq: Gauge,
    orgs: Gauge,
    cells: Gauge,
    feed_lag: Gauge<f64, AtomicU64>,
    pub(crate) feed_reconnects: Counter,
    pub(crate) feed_resyncs: Counter,
    started: Instant,
    /// Milliseconds after `started` at which the feed was last heard.
    feed_heard_ms: AtomicU64,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        Self {
            requests: Family::default(),
            duration: Family::new_with_constructor(|| Histogram::new(BUCKETS_SECONDS)),
            upstream_errors: Family::default(),
            open: Gauge::default(),
            holds: Family::default(),
            hold_duration: Histogram::new(BUCKETS_SECONDS),
            held: Gauge::default(),
            table_seq: Gauge::default(),
            orgs: Gauge::default(),
            cells: Gauge::default(),
            feed_lag: Gauge::default(),
            feed_reconnects: Counter::default(),
            feed_resyncs: Counter::default(),
            started: Instant::now(),
            feed_heard_ms: AtomicU64::new(0),
        }
    }

    pub(crate) fn register(&self, to: &mut Registry) {
        to.register(REQUESTS, "Requests answered", self.requests.clone());
        to.register(
            DURATION,
            "Time to the end of the answer",
            self.duration.clone(),
        );
        to.register(
            UPSTREAM_ERRORS,
            "Requests that a cell or global-control did not answer",
            self.upstream_errors.clone(),
        );
        to.register(REQUESTS_OPEN, "Requests being answered", self.open.clone());
        to.register(
            HOLDS,
            "Requests that waited while their org changed cells",
            self.holds.clone(),
        );
        to.register(
            HOLD_DURATION,
            "Time they waited",
            self.hold_duration.clone(),
        );
        to.register(REQUESTS_HELD, "Requests that wait now", self.held.clone());
        to.register(
            TABLE_SEQ,
            "Last update in the route table",
            self.table_seq.clone(),
        );
        to.register(ORGS, "Orgs in the route table", self.orgs.clone());
        to.register(CELLS, "Cells in the route table", self.cells.clone());
        to.register(
            FEED_LAG,
            "Time since the route feed was heard",
            self.feed_lag.clone(),
        );
        to.register(
            FEED_RECONNECTS,
            "Times the route feed was lost",
            self.feed_reconnects.clone(),
        );
        to.register(
            FEED_RESYNCS,
            "Times the whole snapshot was fetched to catch up",
            self.feed_resyncs.clone(),
        );
    }

    pub(crate) fn request(&self, target: &Target, status: Option<u16>, took: Duration) {
        let target = match target {
            Target::None => "router",
            Target::App => "app",
            Target::Org(_) => "org",
        };
        let status = match status.map(|status| status / 100) {
            Some(1) => "1xx",
            Some(2) => "2xx",
            Some(3) => "3xx",
            Some(4) => "4xx",
            Some(_) => "5xx",
            None => "gone",
        };
        self.requests
            .get_or_create(&RequestLabels { target, status })
            .inc();
        self.duration
            .get_or_create(&TargetLabels { target })
            .observe(took.as_secs_f64());
    }

    pub(crate) fn upstream_error(&self, cell: &str) {
        let labels = CellLabels {
            cell: cell.to_owned(),
        };
        self.upstream_errors.get_or_create(&labels).inc();
    }

    pub(crate) fn hold_ended(&self, end: HoldEnd, waited: Duration) {
        let end = match end {
            HoldEnd::Released => "released",
            HoldEnd::Late => "late",
            HoldEnd::Full => "full",
            HoldEnd::Gone => "gone",
            HoldEnd::DryRun => "dry_run",
        };
        self.holds.get_or_create(&HoldLabels { end }).inc();
        self.hold_duration.observe(waited.as_secs_f64());
    }

    pub(crate) fn table(&self, table: &RouteTable) {
        self.table_seq.set(table.seq().unwrap_or(0));
        self.orgs.set(count(table.org_count()));
        self.cells.set(count(table.cell_count()));
    }

    pub(crate) fn feed_heard(&self) {
        let now = self.started.elapsed().as_millis();
        let now = u64::try_from(now).unwrap_or(u64::MAX);
        self.feed_heard_ms.store(now, Ordering::Relaxed);
    }

    /// What changes all the time is worked out when somebody looks.
    pub(crate) fn refresh(&self, open: usize, held: usize) {
        self.open.set(count(open));
        self.held.set(count(held));
        let heard = Duration::from_millis(self.feed_heard_ms.load(Ordering::Relaxed));
        let lag = self.started.elapsed().saturating_sub(heard);
        self.feed_lag.set(lag.as_secs_f64());
    }
}

fn count(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
