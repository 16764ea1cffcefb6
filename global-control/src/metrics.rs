//! The service's own metrics; their names are here and nowhere else.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use service_kit::metrics::Metrics;

// The library adds `_total` to counters.
const SIGNUPS: &str = "global_signups";
const LOGINS: &str = "global_logins";
const LOGINS_REFUSED: &str = "global_logins_refused";
const PASSWORD_SECONDS: &str = "global_password_hash_seconds";
const PROVISIONED: &str = "global_orgs_provisioned";
const PROVISIONING_FAILED: &str = "global_orgs_provisioning_failed";
const PROVISIONING_SECONDS: &str = "global_provisioning_seconds";
const ROUTE_SEQ: &str = "global_route_feed_seq";
const ROUTE_STREAMS: &str = "global_route_feed_streams";
const CELLS_SILENCED: &str = "global_cells_silenced";

const SECONDS: [f64; 11] = [0.01, 0.025, 0.05, 0.1, 0.2, 0.35, 0.5, 1.0, 2.0, 5.0, 15.0];

#[derive(Debug, Clone)]
pub struct Meters {
    pub signups: Counter,
    pub logins: Counter,
    pub logins_refused: Counter,
    pub password_seconds: Histogram,
    pub provisioned: Counter,
    pub provisioning_failed: Counter,
    pub provisioning_seconds: Histogram,
    pub route_seq: Gauge,
    pub route_streams: Gauge,
    pub cells_silenced: Counter,
}

impl Meters {
    pub fn register(metrics: &Metrics) -> Self {
        let meters = Self {
            signups: Counter::default(),
            logins: Counter::default(),
            logins_refused: Counter::default(),
            password_seconds: Histogram::new(SECONDS),
            provisioned: Counter::default(),
            provisioning_failed: Counter::default(),
            provisioning_seconds: Histogram::new(SECONDS),
            route_seq: Gauge::default(),
            route_streams: Gauge::default(),
            cells_silenced: Counter::default(),
        };
        let own = meters.clone();
        metrics.register(move |registry| {
            registry.register(SIGNUPS, "People signed up", own.signups);
            registry.register(LOGINS, "Logins that succeeded", own.logins);
            registry.register(LOGINS_REFUSED, "Logins that failed", own.logins_refused);
            registry.register(
                PASSWORD_SECONDS,
                "Time of one password hash",
                own.password_seconds,
            );
            registry.register(PROVISIONED, "Orgs that became active", own.provisioned);
            registry.register(
                PROVISIONING_FAILED,
                "Orgs that failed",
                own.provisioning_failed,
            );
            registry.register(
                PROVISIONING_SECONDS,
                "From the request of an org to its end",
                own.provisioning_seconds,
            );
            registry.register(ROUTE_SEQ, "Last number of the route log", own.route_seq);
            registry.register(ROUTE_STREAMS, "Open route streams", own.route_streams);
            registry.register(
                CELLS_SILENCED,
                "Cells whose heartbeats stopped",
                own.cells_silenced,
            );
        });
        meters
    }
}
