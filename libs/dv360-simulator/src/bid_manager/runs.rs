//! Running a query: what it reaches, what becomes of it, and the runs its schedule owes.

use super::render::Request;
use super::store::{Draft, Report};
use super::{DataRange, Parameters, Query};
use crate::app::{App, Caller};
use crate::clock::Now;
use crate::error::Error;
use crate::faults::ReportFault;
use crate::params::path_id;
use crate::world::World;

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

/// `roster` is what the person could see when the query was made: a later advertiser is silently
/// left out. Without one nothing is.
pub(crate) fn covered(
    world: &World,
    caller: &Caller,
    params: &Parameters,
    roster: Option<&[u64]>,
) -> Covered {
    let named = |kind: &str| -> Vec<u64> {
        let wanted = params.filters.iter().filter(|filter| filter.r#type == kind);
        wanted
            .filter_map(|filter| filter.value.parse().ok())
            .collect()
    };
    let (partners, advertisers) = (named("FILTER_PARTNER"), named("FILTER_ADVERTISER"));
    let visible = |id: &u64| world.sees(&caller.email, *id);
    let known = |id: &u64| {
        let advertiser = world.find_advertiser(*id);
        advertiser.is_some_and(|one| world.sees_advertiser(&caller.email, one))
    };
    let overreaches = !partners.iter().all(visible) || !advertisers.iter().all(known);
    let wanted = world.advertisers.iter().filter(|one| {
        world.sees_advertiser(&caller.email, one)
            && (partners.is_empty() || partners.contains(&one.partner_id))
            && (advertisers.is_empty() || advertisers.contains(&one.id))
            && roster.is_none_or(|roster| roster.contains(&one.id))
    });
    Covered {
        seen: wanted.map(|one| one.id).collect(),
        overreaches,
    }
}

/// Whatever the person can see now.
pub(crate) fn roster(world: &World, caller: &Caller) -> Vec<u64> {
    let seen = world.advertisers.iter();
    let seen = seen.filter(|one| world.sees_advertiser(&caller.email, one));
    seen.map(|one| one.id).collect()
}

pub(crate) fn start(
    app: &App,
    caller: &Caller,
    saved: &Query,
    range: DataRange,
    covered: Covered,
    now: Now,
    scheduled: bool,
) -> Result<Report, Error> {
    let struck = app.faults.draw_report(&covered.seen);
    let fault = covered.failure().or(struck);
    let file = app.faults.draw_files(&covered.seen);
    let id = path_id("query_id", &saved.query_id)?;
    let delay_ms = match fault {
        Some(ReportFault::Delay { ms }) => ms,
        _ => app.draw_delay_ms(),
    };
    // A scheduled run has waited since its morning.
    let late_ms = (app.clock.now().instant - now.instant).num_milliseconds();
    let request = Request {
        params: saved.params.clone(),
        range,
        advertisers: covered.seen,
        revision: app.worlds.revision(),
        now,
    };
    let draft = Draft {
        request,
        asked_ms: app.clock.passed_ms() - late_ms.max(0),
        delay_ms,
        fault,
        file,
        scheduled,
    };
    app.reports.add_report(&caller.email, id, draft)
}

/// Makes the reports the query's schedule owes since the last time.
pub(crate) fn catch_up(app: &App, caller: &Caller, query_id: u64) -> Result<(), Error> {
    let now = app.clock.now();
    let due = app.reports.take_due(&caller.email, query_id, now)?;
    if due.is_empty() {
        return Ok(());
    }
    let saved = app.reports.fetch(&caller.email, query_id)?;
    let roster = app.reports.roster(&caller.email, query_id)?;
    for now in due {
        let covered = covered(&app.world(), caller, &saved.params, Some(&roster));
        let range = saved.metadata.data_range.clone();
        start(app, caller, &saved, range, covered, now, true)?;
    }
    app.reports.note_schedule(query_id);
    Ok(())
}
