//! `cellctl local-status`: what runs where, and how it is doing.

use std::process::ExitCode;

use anyhow::Result;

use super::{Asked, UNHEALTHY, print};
use crate::local::platform::PlatformPhase;
use crate::local::status::{ProcessState, ProcessStatus, Status};

pub(super) async fn run(args: &Asked) -> Result<ExitCode> {
    let status = args.place.open()?.status().await?;
    if args.json {
        // A program reads `healthy`; that it got an answer is success.
        print::json(&status)?;
        return Ok(ExitCode::SUCCESS);
    }
    print::out(&text(&status));
    Ok(if status.healthy {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(UNHEALTHY)
    })
}

fn text(status: &Status) -> String {
    let state = match status.state {
        PlatformPhase::Starting => "starting",
        PlatformPhase::Ready if status.healthy => "ready",
        PlatformPhase::Ready => "up, but not everything is ready",
        PlatformPhase::Stopping => "stopping",
    };
    let versions = status
        .versions
        .iter()
        .map(|(name, version)| format!("{name} {version}"));
    let summary = print::table(&[
        print::row(&[&"state", &state]),
        print::row(&[&"up for", &print::duration(status.uptime_seconds)]),
        print::row(&[&"app", &status.urls.app]),
        print::row(&[&"orgs", &status.urls.org.replace("{slug}", "<org>")]),
        print::row(&[&"data", &status.data]),
        print::row(&[&"versions", &versions.collect::<Vec<_>>().join(", ")]),
        print::row(&[&"memory", &print::mebibytes(status.total.pss_bytes)]),
    ]);
    let headings = [
        "PROCESS", "STATE", "PID", "UP", "RESTARTS", "MEMORY", "LISTENS",
    ];
    let mut rows = vec![headings.map(ToOwned::to_owned).to_vec()];
    rows.extend(status.processes.iter().map(process_row));
    rows.push(print::row(&[
        &"cellctl",
        &"ready",
        &status.supervisor.pid,
        &print::duration(status.uptime_seconds),
        &0,
        &print::mebibytes(status.supervisor.usage.pss_bytes),
    ]));
    format!("{summary}\n\n{}", print::table(&rows))
}

fn process_row(process: &ProcessStatus) -> Vec<String> {
    let listens = process
        .listens
        .iter()
        .map(|(purpose, addr)| match purpose.as_str() {
            "main" => addr.port().to_string(),
            _ => format!("{purpose} {}", addr.port()),
        });
    let state = match process.state {
        ProcessState::Starting => "starting",
        ProcessState::Ready => "ready",
        ProcessState::NotReady => "not ready",
        ProcessState::Restarting => "restarting",
        ProcessState::Stopped => "stopped",
    };
    print::row(&[
        &process.name,
        &state,
        &process.pid.map_or("-".to_owned(), |pid| pid.to_string()),
        &print::duration(process.uptime_seconds),
        &process.restarts,
        &print::mebibytes(process.usage.pss_bytes),
        &listens.collect::<Vec<_>>().join(", "),
    ])
}
