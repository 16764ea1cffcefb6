//! Taking up the lines of an earlier process, one after another, while nothing is written.

use super::{Entry, Error};
use crate::app::App;
use crate::control;

pub(crate) fn apply(app: &App, entry: Entry) -> Result<(), Error> {
    match entry {
        Entry::Begun { seed, built_on } => {
            let world = app.world();
            if (seed, built_on) != (world.seed, world.built_on) {
                return Err(Error::OtherWorld { seed, built_on });
            }
        }
        Entry::Query(id, saved) => app.reports.restore(id, saved),
        Entry::QueryDeleted(id) => app.reports.forget(id),
        Entry::Report(report) => app.reports.restore_report(report),
        Entry::Scheduled(id, through) => app.reports.restore_schedule(id, through),
        Entry::Edited(edit, now) => app.worlds.edit(&edit, now)?,
        Entry::Clock(state) => app.clock.restore(state),
        Entry::Changed(change) => control::change::apply(app, &change),
        Entry::Fault(order) => {
            // It was accepted once.
            let _ = app.faults.apply(order);
        }
        Entry::FaultsCleared => app.faults.clear(),
        Entry::Struck(id, part, at) => app.faults.wear(id, part, at),
        Entry::CodeUsed(grant) => drop_first(app.tokens.note_code(grant)),
        Entry::Revoked(grant) => drop_first(app.tokens.note_revoked(grant)),
        Entry::Consented(client, email) => drop_first(app.tokens.note_consent(client, email)),
        Entry::Taken(window, key, position) => app.quota.retake(window, &key, position),
    }
    Ok(())
}

/// Whether it was the first time mattered only when it happened.
fn drop_first(_first: bool) {}
