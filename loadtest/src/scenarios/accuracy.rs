//! Claims: over seeded histories of three advertisers in three time zones and currencies, with late
//! figures, credits, month close, changing clocks and people's edits, silver equals the source's
//! truth in every additive metric once it is settled, and at least 99.99 % of what the source shows
//! inside the window, with the provisional flag right; and faults in 20 % of the reports together
//! with kill -9 of the worker, of Postgres and of the source change nothing about it and order no
//! report twice.
//!
//! Each history is walked twice through the same months by the real processes, once undisturbed.
//! A walk takes a few dozen histories in a process of its own, because it moves its own calendar;
//! several walks run side by side. `--histories`, `--seed` and `--from` say which. With `--parts` the
//! result of each chunk is kept in a folder: what is there already is not walked again, and all that
//! is there is added up.

mod check;

mod time;

mod walk;

mod weather;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use chrono::{DateTime, Utc};
use futures::StreamExt as _;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use test_kit::parts::Part;
use test_kit::rig::{Clock, Rig};

use crate::report::{Report, Row};
use check::Tally;
use walk::{Order, Outcome};

/// How many histories a run without a wish walks.
const USUAL: u32 = 100;
const QUICK: u32 = 4;
const CHUNK: u32 = 50;
/// A walk waits now and then, for a part that comes back; the others go on meanwhile.
const SIDE_BY_SIDE: usize = 6;

/// Which histories are walked.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Wish {
    /// How many seeded histories (accuracy)
    #[arg(long)]
    histories: Option<u32>,
    /// Which world they are of (accuracy)
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The number of the first (accuracy)
    #[arg(long, default_value_t = 0)]
    from: u32,
    /// A folder that keeps the result of each chunk (accuracy)
    #[arg(long)]
    parts: Option<PathBuf>,
}

/// Some histories, walked both ways.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Chunk {
    seed: u64,
    from: u32,
    histories: u32,
    undisturbed: Option<Outcome>,
    disturbed: Option<Outcome>,
    /// Why one of them came to no end.
    errors: Vec<String>,
}

impl Chunk {
    fn name(&self) -> String {
        format!(
            "part-{}-{:05}-{}.json",
            self.seed, self.from, self.histories
        )
    }

    fn is_walked(&self) -> bool {
        self.undisturbed.is_some() && self.disturbed.is_some()
    }
}

pub(crate) async fn run(quick: bool, wish: &Wish) -> Result<Report> {
    let histories = wish.histories.unwrap_or(if quick { QUICK } else { USUAL });
    let folder = tempfile::Builder::new().prefix("accuracy-").tempdir()?;
    let kept = wish.parts.clone();
    let kept = kept.unwrap_or_else(|| folder.path().to_owned());
    std::fs::create_dir_all(&kept)?;
    let end = wish.from + histories;
    let starts = (wish.from..end).step_by(CHUNK as usize);
    let mut chunks: Vec<Chunk> = starts
        .map(|from| Chunk {
            seed: wish.seed,
            from,
            histories: CHUNK.min(end - from),
            undisturbed: None,
            disturbed: None,
            errors: Vec::new(),
        })
        .collect();
    chunks.retain(|chunk| !read(&kept.join(chunk.name())).is_ok_and(|had| had.is_walked()));
    walk_all(&mut chunks, &kept).await?;
    let mut all = Vec::new();
    for entry in std::fs::read_dir(&kept)? {
        let path = entry?.path();
        if path.extension().is_some_and(|kind| kind == "json") {
            all.push(read(&path)?);
        }
    }
    ensure!(!all.is_empty(), "nothing was walked");
    Ok(Report::new("accuracy", quick, rows(&all)))
}

fn read(path: &Path) -> Result<Chunk> {
    let text = std::fs::read(path).with_context(|| format!("read {}", path.display()))?;
    Ok(serde_json::from_slice(&text)?)
}

async fn walk_all(chunks: &mut [Chunk], kept: &Path) -> Result<()> {
    let orders: Vec<(usize, Order)> = chunks
        .iter()
        .enumerate()
        .flat_map(|(at, chunk)| {
            [false, true].map(|disturbed| {
                let order = Order {
                    seed: chunk.seed,
                    from: chunk.from,
                    histories: chunk.histories,
                    disturbed,
                };
                (at, order)
            })
        })
        .collect();
    let (began, count) = (Instant::now(), orders.len());
    let walks = futures::stream::iter(orders).map(|(at, order)| async move {
        let walked = tokio::task::spawn_blocking(move || walk_apart(order)).await;
        (at, order, walked)
    });
    let mut walks = std::pin::pin!(walks.buffer_unordered(SIDE_BY_SIDE));
    let mut done = 0;
    while let Some((at, order, walked)) = walks.next().await {
        done += 1;
        let chunk = &mut chunks[at];
        match walked? {
            Ok(outcome) if order.disturbed => chunk.disturbed = Some(outcome),
            Ok(outcome) => chunk.undisturbed = Some(outcome),
            Err(error) => chunk.errors.push(format!("{error:#}")),
        }
        std::fs::write(kept.join(chunk.name()), serde_json::to_vec(chunk)?)?;
        tell(chunks, began.elapsed().as_secs_f64(), (done, count));
    }
    Ok(())
}

/// One line: how far it is, what was found, how long it will take.
fn tell(chunks: &[Chunk], gone: f64, (done, count): (usize, usize)) {
    let walked = chunks.iter().filter(|one| one.is_walked());
    let histories: u32 = walked.map(|one| one.histories).sum();
    let outcomes = chunks.iter().flat_map(|one| {
        let both = [&one.undisturbed, &one.disturbed];
        both.into_iter().flatten()
    });
    let (mut wrong, mut repeated, mut twice) = (Tally::default(), 0, Vec::new());
    for outcome in outcomes {
        for tally in [&outcome.inside, &outcome.flags, &outcome.settled] {
            wrong.add(tally);
        }
        repeated += outcome.repeated;
        twice.extend(outcome.duplicates_of.iter().cloned());
    }
    let left = gone / done as f64 * (count - done) as f64;
    eprintln!(
        "{done} of {count} walks, {histories} histories both ways; {} of {} cells wrong, {repeated} syncs repeated; {:.0} min gone, about {:.0} left",
        wrong.wrong,
        wrong.cells,
        gone / 60.0,
        left / 60.0,
    );
    for example in wrong.examples.iter().chain(&twice) {
        eprintln!("  {example}");
    }
    let errors = chunks.iter().flat_map(|one| &one.errors);
    for error in errors {
        eprintln!(
            "  a walk came to no end: {}",
            error.lines().next().unwrap_or_default()
        );
    }
}

/// In a process of its own, whose calendar says that it is the first day.
fn walk_apart(order: Order) -> Result<Outcome> {
    apart(
        "accuracy",
        &serde_json::to_string(&order)?,
        walk::beginning(),
    )
}

/// Has a walk of a bench done by a process whose calendar says that it is `beginning`.
pub(super) fn apart<T: DeserializeOwned>(
    bench: &str,
    order: &str,
    beginning: DateTime<Utc>,
) -> Result<T> {
    let folder = tempfile::Builder::new().prefix("accuracy-").tempdir()?;
    std::fs::set_permissions(
        folder.path(),
        std::os::unix::fs::PermissionsExt::from_mode(0o711),
    )?;
    let ahead = beginning - Utc::now();
    let ahead = ahead.num_nanoseconds().context("the day is too far away")?;
    let clock = Clock::create(&folder.path().join("clock"), ahead)?;
    let mut command = Command::new(std::env::current_exe()?);
    Rig::build(folder.path())?.with_clock(&mut command, &clock);
    command.args([bench, "--walk", order]);
    let output = command.stderr(Stdio::piped()).output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("{}: {said}", output.status);
    }
    let text = String::from_utf8(output.stdout)?;
    let last = text.lines().last().context("the walk said nothing")?;
    Ok(serde_json::from_str(last)?)
}

/// The process that `walk_apart` starts.
pub(crate) async fn walk(order: &str) -> Result<()> {
    service_kit::install_crypto();
    let outcome = walk::run(serde_json::from_str(order)?).await?;
    println!("{}", serde_json::to_string(&outcome)?);
    Ok(())
}

/// All of one way, added up.
fn sum<'a>(outcomes: impl Iterator<Item = &'a Outcome>) -> Outcome {
    outcomes.fold(Outcome::default(), |mut sum, one| {
        sum.inside.add(&one.inside);
        sum.flags.add(&one.flags);
        sum.settled.add(&one.settled);
        sum.digests.extend(one.digests.iter().cloned());
        for (name, count) in &one.faults {
            *sum.faults.entry(name.clone()).or_default() += count;
        }
        for (sum, one) in sum.kills.iter_mut().zip(one.kills) {
            *sum += one;
        }
        sum.recoveries.extend(&one.recoveries);
        sum.syncs += one.syncs;
        sum.mornings += one.mornings;
        sum.repeated += one.repeated;
        sum.consents += one.consents;
        sum.ordered += one.ordered;
        sum.by_itself += one.by_itself;
        sum.duplicates += one.duplicates;
        sum.duplicates_of.extend(one.duplicates_of.iter().cloned());
        sum.seconds += one.seconds;
        sum
    })
}

fn rows(chunks: &[Chunk]) -> Vec<Row> {
    let walked: Vec<&Chunk> = chunks.iter().filter(|one| one.is_walked()).collect();
    let calm = sum(walked.iter().filter_map(|one| one.undisturbed.as_ref()));
    let rough = sum(walked.iter().filter_map(|one| one.disturbed.as_ref()));
    let differ = calm.digests.iter().zip(&rough.digests);
    let differ = differ.filter(|(calm, rough)| calm != rough).count();
    let failed = chunks.len() - walked.len();
    let shown = |name: &str, value: u64| Row::shown(name, "", &[value as f64]);
    let none = |name: &str, value: u64| Row::at_most(name, "", &[value as f64], 0.0);
    let mut rows = vec![
        shown("histories, each walked twice", rough.digests.len() as u64),
        none("chunks of them that came to no end", failed as u64),
    ];
    for (way, outcome) in [("undisturbed", &calm), ("disturbed", &rough)] {
        let tallies = [
            ("cells once settled", &outcome.settled, 0.0),
            ("cells inside the window", &outcome.inside, 0.01),
            ("days' provisional flags", &outcome.flags, 0.0),
        ];
        for (what, tally, limit) in tallies {
            let wrong = [tally.wrong_percent()];
            rows.push(shown(&format!("{way}: {what}"), tally.cells));
            rows.push(Row::at_most("  of them wrong", "%", &wrong, limit));
        }
        rows.push(shown(&format!("{way}: syncs"), outcome.syncs));
        rows.push(shown(
            "  that came to nothing and were repeated",
            outcome.repeated,
        ));
        rows.push(shown(
            "  with a report the source made by itself",
            outcome.mornings,
        ));
        rows.push(shown("  reports ordered", outcome.ordered));
        rows.push(none("  of them ordered twice", outcome.duplicates));
        let seconds = [outcome.seconds];
        rows.push(Row::shown("  seconds of all its walks", "s", &seconds));
    }
    rows.push(none(
        "histories whose hash differs from the undisturbed one",
        differ as u64,
    ));
    rows.push(shown(
        "consents that ended and were renewed",
        rough.consents,
    ));
    let met: u64 = rough.faults.values().sum();
    rows.push(shown("faults that reports and files had", met));
    for part in Part::ALL {
        let kills = rough.kills[part as usize];
        rows.push(shown(&format!("kill -9 of {}", part.name()), kills));
    }
    if !rough.recoveries.is_empty() {
        let all = &rough.recoveries;
        rows.push(Row::shown("from a kill until syncs move on", "s", all));
        rows.push(Row::quantile_at_most("  the longest", "s", all, 1.0, 60.0));
    }
    rows
}
