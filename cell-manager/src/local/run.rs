//! From the first check to the last process ended: one run of the supervisor.

use std::sync::Arc;
use std::time::Instant;

use tokio_util::sync::CancellationToken;

use super::admin;
use super::platform::{Platform, PlatformPhase};
use super::status::{self, Urls};
use super::{Error, Login, Options, preflight, seed, signals};
use crate::config::Config;
use crate::driver::Progress;
use crate::driver::process::processes::Processes;
use crate::driver::process::{files, ports};

/// What a person wants to know once everything is up.
#[derive(Debug)]
pub struct Ready {
    pub seconds: f64,
    pub urls: Urls,
    pub cells: usize,
    pub demo: Option<Login>,
}

/// Brings the platform up, says so, and keeps it up until a signal or `local-down` ends it.
pub async fn run(
    config: &Config,
    options: Options,
    progress: &Progress,
    announce: impl FnOnce(&Ready),
) -> Result<(), Error> {
    let started = Instant::now();
    let stop = signals::token()?;
    let tools = preflight::find_tools(config, &options)?;
    let (lock, layout) = preflight::open_data(&options)?;
    let (processes, ended) = progress
        .step(
            "ending what an earlier run left behind",
            Processes::open(&layout, &lock, progress),
        )
        .await?;
    if !ended.is_empty() {
        let count = ended.len();
        progress.note(format!(
            "an earlier run was cut off; ended the {count} processes it had left"
        ));
    }
    let layout = if options.fresh {
        preflight::empty(&layout)?
    } else {
        layout
    };
    let public = ports::public(options.port)?;
    let platform = Arc::new(Platform::new(options, layout, tools, processes, public)?);
    let stopped = CancellationToken::new();
    admin::serve(Arc::clone(&platform), stop.clone(), stopped.clone()).await?;
    let outcome = tokio::select! {
        outcome = up(&platform, progress) => outcome,
        () = stop.cancelled() => Err(Error::Interrupted),
    };
    if outcome.is_ok() {
        announce(&Ready {
            seconds: started.elapsed().as_secs_f64(),
            urls: status::urls(&platform),
            cells: platform.driver.list_specs()?.len(),
            demo: platform.login.get().cloned(),
        });
        // Whoever waits for the phase wants to have seen the announcement.
        tokio::task::yield_now().await;
        platform.set_phase(PlatformPhase::Ready);
        stop.cancelled().await;
    }
    progress.note("stopping");
    let stopping = async {
        platform.shut_down().await;
        files::remove_file(&admin::Access::path(&platform.layout.data))
    };
    progress.milestone("everything stopped", stopping).await?;
    stopped.cancel();
    drop(lock);
    outcome
}

async fn up(platform: &Platform, progress: &Progress) -> Result<(), Error> {
    Box::pin(platform.bring_up(progress)).await?;
    if platform.options.seed_demo {
        let seeding = seed::ensure_demo(platform, progress);
        match progress
            .milestone("the demo org is filled in", seeding)
            .await
        {
            Ok(login) => {
                // Set once: there is one run.
                let _ = platform.login.set(login);
            }
            // The platform itself is fine; without the demo it is still worth having.
            Err(err) => progress.note(format!("no demo org: {}", admin::text_of(&err))),
        }
    }
    Ok(())
}
