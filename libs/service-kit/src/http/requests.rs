//! Request counts and durations of this process. One set per process, like its log.
//!
//! Labels are the route's pattern and the class of the status, both closed sets. Buckets are those
//! of OpenTelemetry's `http.server.request.duration`, in seconds.

use std::sync::LazyLock;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;

use crate::metrics::Metrics;

const BUCKETS: [f64; 14] = [
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0,
];

static REQUESTS: LazyLock<Requests> = LazyLock::new(|| Requests {
    total: Family::default(),
    duration: Family::new_with_constructor(|| Histogram::new(BUCKETS)),
});

struct Requests {
    total: Family<Answered, Counter>,
    duration: Family<Route, Histogram, fn() -> Histogram>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    route: String,
    status: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

pub(super) fn register(metrics: &Metrics) {
    metrics.register(|registry| {
        registry.register(
            "http_requests",
            "Answered requests, by route and class of status",
            REQUESTS.total.clone(),
        );
        registry.register(
            "http_request_duration_seconds",
            "Time until the answer began, by route",
            REQUESTS.duration.clone(),
        );
    });
}

/// `route` is the pattern that matched; what matched nothing is one label together.
pub(super) fn count(route: Option<&str>, status: u16, took: Duration) {
    let route = route.unwrap_or("other").to_owned();
    let status = match status {
        0..200 => "1xx",
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        _ => "5xx",
    };
    let answered = Answered {
        route: route.clone(),
        status,
    };
    REQUESTS.total.get_or_create(&answered).inc();
    let duration = REQUESTS.duration.get_or_create(&Route { route });
    duration.observe(took.as_secs_f64());
}
