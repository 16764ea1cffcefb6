//! What `cell work` can do: one line per kind of job.

use crate::app::App;
use crate::ingestion::deliveries::scan;
use crate::ingestion::{backfill, replay, retention, sync};
use crate::jobs::Registry;
use crate::modules;

pub fn registry(app: &App) -> Registry {
    let (for_syncs, for_daily) = (app.ingestion.clone(), app.ingestion.clone());
    let for_backfills = app.ingestion.clone();
    let for_retention = app.ingestion.clone();
    let for_scans = app.ingestion.clone();
    let for_replays = app.ingestion.clone();
    let for_modules = app.db.clone();
    Registry::default()
        .on(replay::REPLAY_JOB, move |job| {
            replay::run(for_replays.clone(), job)
        })
        .on(sync::SYNC_JOB, move |job| sync::run(for_syncs.clone(), job))
        .on(sync::DAILY_JOB, move |job| {
            sync::run_daily(for_daily.clone(), job)
        })
        .on(backfill::BACKFILL_JOB, move |job| {
            backfill::run(for_backfills.clone(), job)
        })
        .on(retention::RETENTION_JOB, move |job| {
            retention::run(for_retention.clone(), job)
        })
        .on(modules::run::RUN_JOB, move |job| {
            modules::run::run(for_modules.clone(), job)
        })
        .on(scan::SCAN_JOB, move |job| scan::run(for_scans.clone(), job))
}
