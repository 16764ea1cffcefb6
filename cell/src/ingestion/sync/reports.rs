//! The steps from a wish to a report that is ready: a query, a run of it or a morning's report, and
//! as few questions as will do in between.

use std::time::Duration;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use super::queries::{self, Ensured, Purpose};
use super::run::Error;
use super::sightings::{self, Question};
use super::steps::{Source, Step};
use super::{Kind, Problem, Report, State, Sync, Waiting, latency, store};
use crate::ingestion::connector::{self, Repeat, ReportState, SeenReport};
use crate::jobs;
use crate::tenancy::OrgTx;

/// A report that takes longer is given up.
const REPORT_DEADLINE: TimeDelta = TimeDelta::hours(6);
/// A morning's report that is not there so long after midnight is run by hand.
const MORNING_DEADLINE: TimeDelta = TimeDelta::hours(14);
/// Between two looks for a morning's report; doubles.
const FIRST_LOOK_AGAIN: Duration = Duration::from_secs(900);
const LAST_LOOK_AGAIN: Duration = Duration::from_secs(7_200);
/// The worker is not kept for longer pauses between questions; the job is queued again instead.
const LONGEST_PAUSE: Duration = Duration::from_secs(4);
const MAX_REPORTS: usize = 3;
/// Stands among the failed reports for one that never came.
const NO_SHOW: &str = "none in the morning";
pub(super) const GONE: &str = "the query was gone";

/// Chooses between the source's own morning report, which costs one request, and a run.
pub(super) async fn ensure_query(
    source: &Source<'_>,
    sync: &Sync,
    failed: &[String],
    resumed: bool,
) -> Result<Step, Error> {
    if failed.is_empty()
        && let Some(repeat) = morning(sync)
    {
        let ensured = queries::ensure(source, sync, Some(repeat), resumed).await?;
        let midnight = midnight_after(sync.record.request.end, repeat.zone);
        // The first report of a new query comes the morning after.
        if ensured.created_at < midnight {
            return Ok(wait_for_the_morning(sync, ensured, midnight));
        }
        ensured.tx.commit().await?;
    }
    let Ensured { query_id, tx, .. } = queries::ensure(source, sync, None, resumed).await?;
    let record = sync.record.moved_to(State::Requesting {
        query_id: Some(query_id),
        failed: failed.to_vec(),
    });
    Ok(Step::With(record, Box::new(tx)))
}

/// How the source's own schedule would serve this sync; none if it cannot. What a person waits for,
/// what fills gaps and what is asked more than once a day is run.
fn morning(sync: &Sync) -> Option<Repeat> {
    let record = &sync.record;
    // The look-back is counted from the last day there is, and a morning adds one to it. One more:
    // where it is a day later already, the range begins a day later too.
    let days = record.spec.window.look_back_days + 2;
    let first = record.request.end - Days::new(u64::from(days) - 1);
    let fits = sync.kind == Kind::Daily
        && !record.watched
        && record.spec.schedule.every_hours == 24
        && first < record.request.start;
    fits.then_some(Repeat {
        zone: record.zone?,
        days,
    })
}

pub(super) fn midnight_after(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let next = (day + Days::new(1)).and_time(NaiveTime::MIN);
    // A zone that skips midnight begins its day an hour later.
    let local = zone.from_local_datetime(&next).earliest();
    let local = local.or_else(|| {
        zone.from_local_datetime(&(next + TimeDelta::hours(1)))
            .earliest()
    });
    local.map_or_else(|| next.and_utc(), |local| local.with_timezone(&Utc))
}

fn wait_for_the_morning(sync: &Sync, ensured: Ensured, midnight: DateTime<Utc>) -> Step {
    let waiting = State::Waiting(Waiting {
        report: Report {
            query_id: ensured.query_id,
            report_id: String::new(),
            failed: Vec::new(),
        },
        since: midnight,
        polls: 0,
        ask_at: None,
        scheduled: true,
    });
    Step::With(sync.record.moved_to(waiting), Box::new(ensured.tx))
}

pub(super) async fn run_query(
    source: &Source<'_>,
    sync: &Sync,
    query_id: &str,
    failed: &[String],
    resumed: bool,
) -> Result<Step, Error> {
    let request = &sync.record.request;
    let session = source.session()?;
    // What was run for an earlier sync shows the same days as they were then.
    let made_since = resumed.then_some(sync.created_at);
    let running = session.ensure_report(query_id, request, failed, made_since);
    let report_id = match running.await {
        Ok(report_id) => report_id,
        // Somebody deleted it, or it is another account's.
        Err(connector::Error::NotFound(_)) if failed.iter().all(|one| one != GONE) => {
            return forget_query(source, sync, query_id, failed).await;
        }
        Err(error) => return Err(error.into()),
    };
    let mut tx = source.ingestion.db.begin_read(&source.job.scope).await?;
    let model = latency::store::model(&mut tx, sync.connection_id).await?;
    tx.commit().await?;
    let since = Utc::now();
    let first = question(sync, &model, Duration::ZERO);
    Ok(Step::To(sync.record.moved_to(State::Waiting(Waiting {
        report: Report {
            query_id: query_id.to_owned(),
            report_id,
            failed: failed.to_vec(),
        },
        since,
        polls: 0,
        ask_at: Some(since + first),
        scheduled: false,
    }))))
}

pub(super) async fn forget_query(
    source: &Source<'_>,
    sync: &Sync,
    query_id: &str,
    failed: &[String],
) -> Result<Step, Error> {
    let mut tx = source.ingestion.db.begin(&source.job.scope).await?;
    queries::store::forget(&mut tx, sync.connection_id, query_id).await?;
    let mut failed = failed.to_vec();
    failed.push(GONE.to_owned());
    let record = sync.record.moved_to(State::Requesting {
        query_id: None,
        failed,
    });
    Ok(Step::With(record, Box::new(tx)))
}

fn question(sync: &Sync, model: &latency::Model, elapsed: Duration) -> Duration {
    if sync.record.watched {
        model.next_question_of_somebody_watching(elapsed)
    } else {
        model.next_question(elapsed)
    }
}

/// Asks when it is time, and not before, however often the worker was restarted.
pub(super) async fn await_report(
    source: &Source<'_>,
    sync: &Sync,
    waiting: &Waiting,
) -> Result<Step, Error> {
    let mut waiting = waiting.clone();
    if waiting.polls == 0 && !waiting.scheduled {
        // Other reports of the connection may have come since, sooner than was thought.
        let first = next_question(source, sync, &waiting, Duration::ZERO).await?;
        waiting.ask_at = waiting.ask_at.map(|at| at.min(first));
    }
    loop {
        let now = Utc::now();
        if let Some(at) = waiting.ask_at
            && at > now
        {
            let pause = (at - now).to_std().unwrap_or_default();
            if pause > LONGEST_PAUSE {
                let record = sync.record.moved_to(State::Waiting(waiting));
                return Ok(Step::Later(record, pause));
            }
            tokio::time::sleep(pause).await;
        }
        let seen = match look(source, sync, &waiting).await {
            Err(Error::Source(connector::Error::NotFound(_))) => {
                let failed = &waiting.report.failed;
                return forget_query(source, sync, &waiting.report.query_id, failed).await;
            }
            seen => seen?,
        };
        match seen {
            Some(seen) if seen.state != ReportState::Pending => {
                return settled(source, sync, waiting, seen).await;
            }
            _ => {}
        }
        if let Some(state) = too_late(&waiting, Utc::now()) {
            return Ok(Step::To(sync.record.moved_to(state)));
        }
        waiting.polls += 1;
        let elapsed = (Utc::now() - waiting.since).to_std().unwrap_or_default();
        waiting.ask_at = Some(next_question(source, sync, &waiting, elapsed).await?);
    }
}

/// One request at most: the list of the query's reports shows all of them, with their links, and
/// another sync may have asked for it.
async fn look(
    source: &Source<'_>,
    sync: &Sync,
    waiting: &Waiting,
) -> Result<Option<SeenReport>, Error> {
    let Report {
        query_id,
        report_id,
        ..
    } = &waiting.report;
    let session = source.session()?;
    let request = &sync.record.request;
    let wanted = |seen: &SeenReport| {
        if waiting.scheduled {
            is_of_morning(seen, (request.start, request.end), waiting.since)
        } else {
            seen.report_id == *report_id
        }
    };
    let question = Question {
        connection: sync.connection_id,
        query_id,
        since: waiting.since,
    };
    let (db, scope) = (&source.ingestion.db, &source.job.scope);
    let reports = sightings::list(db, scope, question, wanted, session).await?;
    match reports.iter().find(|one| wanted(one)) {
        Some(seen) => Ok(Some(seen.clone())),
        None if waiting.scheduled => Ok(None),
        None => Ok(Some(session.fetch_report(query_id, report_id).await?)),
    }
}

/// Whether the source made it after all of the wanted days had ended, at `midnight`. Covering them is not
/// enough: where some advertisers are a day ahead, the report of the morning before names the same
/// last day, which was not over for the others then.
pub(super) fn is_of_morning(
    seen: &SeenReport,
    wanted: (NaiveDate, NaiveDate),
    midnight: DateTime<Utc>,
) -> bool {
    // The first day is not there of whoever is a day ahead.
    let covers = |days: (NaiveDate, NaiveDate)| days.0 < wanted.0 && days.1 >= wanted.1;
    seen.days.is_some_and(covers) && seen.finished_at.is_none_or(|at| at >= midnight)
}

async fn settled(
    source: &Source<'_>,
    sync: &Sync,
    waiting: Waiting,
    seen: SeenReport,
) -> Result<Step, Error> {
    let mut tx = source.ingestion.db.begin(&source.job.scope).await?;
    note_latency(&mut tx, sync, &waiting, &seen).await?;
    let mut record = sync.record.clone();
    let scheduled = waiting.scheduled;
    let report = Report {
        report_id: seen.report_id.clone(),
        ..waiting.report
    };
    let state = match seen.state {
        ReportState::Ready => {
            if let Some((start, end)) = seen.days.filter(|_| scheduled) {
                record.taken = Some((record.request.start, record.request.end));
                (record.request.start, record.request.end) = (start, end);
                for target in &mut record.advertisers {
                    target.through = target.through.min(end);
                }
            }
            State::Downloading { report, attempt: 0 }
        }
        ReportState::Failed if scheduled => State::Requesting {
            query_id: None,
            failed: vec![report.report_id],
        },
        ReportState::Failed => run_again(report, made_in_vain),
        ReportState::WithoutFile => State::Quarantined {
            problem: Problem::new(
                "report_without_file",
                "the source says the report is done, but has no file for it",
            ),
        },
        ReportState::Pending => State::Waiting(Waiting { report, ..waiting }),
    };
    Ok(Step::With(record.moved_to(state), Box::new(tx)))
}

async fn note_latency(
    tx: &mut OrgTx,
    sync: &Sync,
    waiting: &Waiting,
    seen: &SeenReport,
) -> Result<(), Error> {
    if seen.state == ReportState::Failed {
        return Ok(());
    }
    let finished = seen.finished_at.unwrap_or_else(Utc::now);
    let took = (finished - waiting.since).to_std().unwrap_or_default();
    let purpose = if waiting.scheduled {
        Purpose::Scheduled
    } else {
        Purpose::AdHoc
    };
    let connection = sync.connection_id;
    latency::store::record(tx, connection, purpose, &seen.report_id, took).await?;
    if purpose == Purpose::AdHoc {
        // Those who were to ask when nothing was known yet think again.
        let waiting = store::list_not_asked(tx, sync).await?;
        jobs::wake(tx, &waiting).await?;
    }
    Ok(())
}

async fn next_question(
    source: &Source<'_>,
    sync: &Sync,
    waiting: &Waiting,
    elapsed: Duration,
) -> Result<DateTime<Utc>, Error> {
    if waiting.scheduled {
        return Ok(Utc::now() + look_again(waiting.polls));
    }
    let mut tx = source.ingestion.db.begin_read(&source.job.scope).await?;
    let model = latency::store::model(&mut tx, sync.connection_id).await?;
    tx.commit().await?;
    Ok(waiting.since + question(sync, &model, elapsed))
}

/// From the so-manieth look for a morning's report to the next.
pub(super) fn look_again(looks: u32) -> Duration {
    let doubled = FIRST_LOOK_AGAIN.saturating_mul(1 << looks.saturating_sub(1).min(8));
    doubled.min(LAST_LOOK_AGAIN)
}

fn too_late(waiting: &Waiting, now: DateTime<Utc>) -> Option<State> {
    if waiting.scheduled {
        let late = now - waiting.since > MORNING_DEADLINE;
        return late.then(|| State::Requesting {
            query_id: None,
            failed: vec![NO_SHOW.to_owned()],
        });
    }
    (now - waiting.since > REPORT_DEADLINE).then(|| State::Failed {
        problem: Problem::new("report_timeout", "the source did not finish the report"),
    })
}

/// Another run may succeed; after several of them, the last one's problem stands.
pub(super) fn run_again(report: Report, problem: impl FnOnce() -> Problem) -> State {
    let mut failed = report.failed;
    failed.push(report.report_id);
    if failed.len() < MAX_REPORTS {
        return State::Requesting {
            query_id: Some(report.query_id),
            failed,
        };
    }
    State::Failed { problem: problem() }
}

/// The source gives no reason for a failed report.
fn made_in_vain() -> Problem {
    Problem::new(
        "report_failed",
        "the source failed to make the report, repeatedly",
    )
}
