//! Running a query: what it reaches, what becomes of it, and the runs its schedule owes.

use super::render::Request;
use super::store::Report;
use super::{DataRange, Parameters, Query};
use crate::app::{App, Caller};
use crate::clock::Now;
use crate::error::Error;
use crate::faults::ReportFault;
use crate::params::path_id;

/// What a query reaches, as far as the person who made it may see it.
pub(crate) struct Covered {
    pub(crate) seen: Vec<u64>,
    /// A partner or advertiser was named that this person cannot see.
    overreaches: bool,
}

impl Covered {
    /// v2 has no reason for a failure: a report over what one may not see simply fails.
    fn failure(&self) -> Option<ReportFault> {
        self.overreaches.then_some(ReportFault::Failed)
    }
}

pub(crate) fn covered(app: &App, caller: &Caller, params: &Parameters) -> Covered {
    let named = |kind: &str| -> Vec<u64> {
        let wanted = params.filters.iter().filter(|filter| filter.r#type == kind);
        wanted
            .filter_map(|filter| filter.value.parse().ok())
            .collect()
    };
    let (partners, advertisers) = (named("FILTER_PARTNER"), named("FILTER_ADVERTISER"));
    let visible = |id: &u64| app.world.sees(&caller.email, *id);
    let known = |id: &u64| {
        let advertiser = app.world.find_advertiser(*id);
        advertiser.is_some_and(|one| visible(&one.partner_id))
    };
    let overreaches = !partners.iter().all(visible) || !advertisers.iter().all(known);
    let wanted = app.world.advertisers.iter().filter(|one| {
        visible(&one.partner_id)
            && (partners.is_empty() || partners.contains(&one.partner_id))
            && (advertisers.is_empty() || advertisers.contains(&one.id))
    });
    Covered {
        seen: wanted.map(|one| one.id).collect(),
        overreaches,
    }
}

pub(crate) fn start(
    app: &App,
    caller: &Caller,
    saved: &Query,
    range: DataRange,
    covered: Covered,
    now: Now,
) -> Result<Report, Error> {
    let struck = app.faults.draw_report(&covered.seen);
    let fault = covered.failure().or(struck);
    let request = Request {
        params: saved.params.clone(),
        range,
        advertisers: covered.seen,
        now,
    };
    let id = path_id("query_id", &saved.query_id)?;
    let delay_ms = app.report_delay_ms();
    app.reports
        .add_report(&caller.email, id, request, delay_ms, fault)
}

/// Makes the reports the query's schedule owes since the last time.
pub(crate) fn catch_up(app: &App, caller: &Caller, query_id: u64) -> Result<(), Error> {
    let due = app
        .reports
        .take_due(&caller.email, query_id, app.clock.now())?;
    let saved = app.reports.fetch(&caller.email, query_id)?;
    for now in due {
        let covered = covered(app, caller, &saved.params);
        let range = saved.metadata.data_range.clone();
        start(app, caller, &saved, range, covered, now)?;
    }
    Ok(())
}
