//! `cellctl replay`: a dry run, a question, then the replay itself. It runs in the org's cell; this
//! command starts it, watches it and tells what came of it.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use chrono::NaiveDate;
use clap::Args;
use contracts::ReplayId;
use contracts::replays::{AS_LOADED, Replay, ReplayState, StartReplay};

use super::{Asked, parse_org, print, replay_text};
use crate::local::client::{Client, Error};

/// How often to look; a short replay should feel short.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// A cell that restarts is back by then.
const PATIENCE: Duration = Duration::from_secs(60);
/// Before anything has begun, an answer is wanted soon.
const START_TRIES: u32 = 3;
const BETWEEN_TRIES: Duration = Duration::from_millis(500);
/// Where lines cannot be overwritten.
const LINE_EVERY: Duration = Duration::from_secs(5);

#[derive(Debug, Args)]
pub(super) struct ReplayArgs {
    /// The org's address or id
    #[arg(long, value_parser = parse_org)]
    org: String,
    /// First and last day, in the advertisers' own time
    #[arg(long, value_name = "DAY..DAY", value_parser = parse_range)]
    range: (NaiveDate, NaiveDate),
    /// Needed where several pipelines gave these days
    #[arg(long, value_name = "NAME")]
    pipeline: Option<String>,
    /// Read with this version, as lineage names it, or `as_loaded` for each file's own; else with
    /// the one in force
    #[arg(long, value_name = "VERSION")]
    pipeline_version: Option<String>,
    /// Say what would change, and change nothing
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,
    /// No dry run, no question
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    asked: Asked,
}

/// `2026-01-01..2026-01-31`, or one day.
fn parse_range(text: &str) -> Result<(NaiveDate, NaiveDate), String> {
    let (start, end) = text.split_once("..").unwrap_or((text, text));
    let day = |day: &str| {
        let parsed = NaiveDate::parse_from_str(day.trim(), "%Y-%m-%d");
        parsed.map_err(|_| format!("`{day}` is no day; write 2026-01-01..2026-01-31"))
    };
    let (start, end) = (day(start)?, day(end)?);
    if end < start {
        return Err("the last day is before the first".to_owned());
    }
    Ok((start, end))
}

pub(super) async fn run(args: &ReplayArgs) -> Result<ExitCode> {
    let client = args.asked.place.open()?;
    let mut wish = StartReplay {
        pipeline: args.pipeline.clone(),
        start: args.range.0,
        end: args.range.1,
        pipeline_version: args.pipeline_version.clone(),
        dry_run: true,
    };
    if !args.yes {
        let found = carry_out(args, &client, &wish).await?;
        let ends_here = args.dry_run || found.state != ReplayState::Done || !would_change(&found);
        if ends_here || !args.asked.json {
            show(args, &found)?;
        }
        if ends_here {
            if !args.dry_run && found.state == ReplayState::Done {
                print::err("nothing to replace");
            }
            return Ok(code_of(&found));
        }
        if !print::confirm("This replaces the days that differ.", &args.org)? {
            print::err("nothing was changed; --yes replaces without asking");
            return Ok(ExitCode::FAILURE);
        }
        wish = as_shown(wish, &found);
    }
    wish.dry_run = false;
    let done = carry_out(args, &client, &wish).await?;
    show(args, &done)?;
    Ok(code_of(&done))
}

fn would_change(found: &Replay) -> bool {
    let diff = &found.diff;
    diff.rows_different + diff.rows_only_before + diff.rows_only_after > 0
}

/// What was agreed to, even if somebody changes the pipeline meanwhile.
fn as_shown(wish: StartReplay, found: &Replay) -> StartReplay {
    let shown = match &found.diff.versions[..] {
        [version] if wish.pipeline_version.as_deref() != Some(AS_LOADED) => Some(version.clone()),
        _ => wish.pipeline_version.clone(),
    };
    StartReplay {
        pipeline: Some(found.pipeline.clone()),
        pipeline_version: shown,
        ..wish
    }
}

fn show(args: &ReplayArgs, replay: &Replay) -> Result<()> {
    if args.asked.json {
        return print::json(replay);
    }
    print::out(&replay_text::whole(replay));
    Ok(())
}

fn code_of(replay: &Replay) -> ExitCode {
    match replay.state {
        ReplayState::Done => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

async fn carry_out(args: &ReplayArgs, client: &Client, wish: &StartReplay) -> Result<Replay> {
    let replay_id = ReplayId::new();
    start(client, &args.org, replay_id, wish).await?;
    tokio::select! {
        over = watch(client, &args.org, replay_id) => over,
        _ = tokio::signal::ctrl_c() => {
            // Below the line of progress.
            print::err("");
            if wish.dry_run {
                client.cancel_replay(&args.org, replay_id).await?;
                bail!("stopped; nothing was changed");
            }
            bail!("the replay goes on without us; {}", args.later(replay_id))
        }
    }
}

impl ReplayArgs {
    /// How to come back to a replay.
    fn later(&self, id: ReplayId) -> String {
        let data = self.asked.place.data.display();
        let org = &self.org;
        let command = |verb: &str| format!("cellctl replays {verb} {id} --org {org} --data {data}");
        format!(
            "look at it with\n  {}\nstop it with\n  {}",
            command("show"),
            command("cancel")
        )
    }
}

/// The replay's name is ours, so a lost answer is asked for again.
async fn start(client: &Client, org: &str, id: ReplayId, wish: &StartReplay) -> Result<(), Error> {
    let mut tries = 1;
    loop {
        match client.start_replay(org, id, wish).await {
            Err(Error::Unavailable(_) | Error::Transport(_)) if tries < START_TRIES => tries += 1,
            other => return other.map(|_| ()),
        }
        tokio::time::sleep(BETWEEN_TRIES).await;
    }
}

/// Until it is over. A cell that is away for a moment is waited for: the replay waits too.
async fn watch(client: &Client, org: &str, id: ReplayId) -> Result<Replay> {
    let mut line = Line::default();
    let mut answered = Instant::now();
    loop {
        match client.fetch_replay(org, id).await {
            Ok(replay) if replay.state.over() => {
                line.clear();
                return Ok(replay);
            }
            Ok(replay) => {
                answered = Instant::now();
                line.show(&replay_text::progress(&replay));
            }
            Err(Error::Unavailable(message)) if answered.elapsed() < PATIENCE => {
                line.show(&format!("{message}; waiting"));
            }
            Err(error) => {
                line.clear();
                return Err(error.into());
            }
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// The line of progress on standard error: one that changes on a terminal, else a few.
#[derive(Default)]
struct Line {
    shown: String,
    at: Option<Instant>,
}

impl Line {
    fn show(&mut self, text: &str) {
        if self.shown == text {
            return;
        }
        let mut stderr = std::io::stderr();
        if stderr.is_terminal() {
            let _ = write!(stderr, "\r\x1b[2K{text}");
            let _ = stderr.flush();
        } else if self.at.is_none_or(|at| at.elapsed() >= LINE_EVERY) {
            print::err(text);
            self.at = Some(Instant::now());
        } else {
            return;
        }
        text.clone_into(&mut self.shown);
    }

    fn clear(&self) {
        if std::io::stderr().is_terminal() && !self.shown.is_empty() {
            let _ = write!(std::io::stderr(), "\r\x1b[2K");
        }
    }
}

#[cfg(test)]
mod tests {
    //! A range is two days, in order.

    use super::parse_range;

    #[test]
    fn ranges_are_read_or_explained() {
        let (start, end) = parse_range("2026-01-01..2026-01-31").unwrap();
        assert_eq!((end - start).num_days(), 30);
        let (start, end) = parse_range("2026-02-28").unwrap();
        assert_eq!(start, end);
        for wrong in [
            "",
            "..",
            "2026-01-01..",
            "2026-02-30",
            "1.2.2026",
            "2026-01-02..2026-01-01",
        ] {
            let why = parse_range(wrong).unwrap_err();
            assert!(
                why.contains("is no day") || why.contains("before the first"),
                "{why}"
            );
        }
    }
}
