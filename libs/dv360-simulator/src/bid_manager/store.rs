//! The saved queries and their reports, in memory. Everything here belongs to the person who made
//! it; to anyone else it does not exist.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use super::render::Request;
use super::{Query, schedule};
use crate::clock::Now;
use crate::error::Error;
use crate::faults::{FileFault, ReportFault};
use crate::journal::{Entry, Journal};

#[derive(Debug)]
pub(crate) struct Store {
    journal: Arc<Journal>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    next_id: u64,
    queries: BTreeMap<u64, Saved>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Saved {
    pub(crate) owner: String,
    pub(crate) query: Query,
    /// What its owner could see when it was made; whatever came later is silently left out.
    pub(crate) roster: Vec<u64>,
    #[serde(skip)]
    reports: BTreeMap<u64, Report>,
    /// The last day whose scheduled run is made or not owed.
    scheduled_through: Option<NaiveDate>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Report {
    pub(crate) id: u64,
    pub(crate) query_id: u64,
    pub(crate) title: String,
    pub(crate) request: Request,
    /// Milliseconds that had passed when it was asked for; `Clock::passed_ms`.
    pub(crate) asked_ms: i64,
    pub(crate) delay_ms: u64,
    pub(crate) fault: Option<ReportFault>,
    pub(crate) file: Vec<FileFault>,
    /// By its query's schedule, not by hand.
    pub(crate) scheduled: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    Queued,
    Running,
    Done,
    Failed,
}

impl Report {
    pub(crate) fn finished_at(&self) -> DateTime<Utc> {
        let delay = TimeDelta::milliseconds(i64::try_from(self.delay_ms).unwrap_or(i64::MAX / 2));
        self.request.now.instant + delay
    }

    /// Reports wait most of their time and are made quickly.
    pub(crate) fn state(&self, passed_ms: i64) -> Progress {
        let waited = u64::try_from(passed_ms - self.asked_ms).unwrap_or(0);
        match self.fault {
            Some(ReportFault::QueuedForever) => Progress::Queued,
            _ if waited < self.delay_ms / 10 * 7 => Progress::Queued,
            Some(ReportFault::RunningForever) => Progress::Running,
            _ if waited < self.delay_ms => Progress::Running,
            Some(ReportFault::Failed) => Progress::Failed,
            _ => Progress::Done,
        }
    }

    pub(crate) fn has_path(&self) -> bool {
        self.fault != Some(ReportFault::DoneWithoutPath)
    }
}

/// A report that is about to be made.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) request: Request,
    pub(crate) asked_ms: i64,
    pub(crate) delay_ms: u64,
    pub(crate) fault: Option<ReportFault>,
    pub(crate) file: Vec<FileFault>,
    pub(crate) scheduled: bool,
}

impl Store {
    /// Ids begin at the start time, so that one from before a restart never names another query.
    pub(crate) fn new(now: DateTime<Utc>, journal: Arc<Journal>) -> Self {
        let next_id = u64::try_from(now.timestamp()).unwrap_or(1) * 1000;
        Self {
            journal,
            state: Mutex::new(State {
                next_id,
                queries: BTreeMap::new(),
            }),
        }
    }

    pub(crate) fn create(&self, owner: &str, query: Query, roster: Vec<u64>, now: Now) -> Query {
        let mut state = self.state.lock();
        let id = state.take_id();
        let query = Query {
            query_id: id.to_string(),
            ..query
        };
        let saved = Saved {
            owner: owner.to_owned(),
            query: query.clone(),
            roster,
            reports: BTreeMap::new(),
            scheduled_through: query
                .schedule
                .as_ref()
                .map(|one| schedule::last_morning(one, now)),
        };
        self.journal.write(&Entry::Query(id, saved.clone()));
        state.queries.insert(id, saved);
        query
    }

    /// A query of an earlier process.
    pub(crate) fn restore(&self, id: u64, saved: Saved) {
        let mut state = self.state.lock();
        state.next_id = state.next_id.max(id);
        state.queries.insert(id, saved);
    }

    pub(crate) fn restore_report(&self, report: Report) {
        let mut state = self.state.lock();
        state.next_id = state.next_id.max(report.id);
        if let Some(saved) = state.queries.get_mut(&report.query_id) {
            saved.reports.insert(report.id, report);
        }
    }

    pub(crate) fn restore_schedule(&self, id: u64, through: NaiveDate) {
        if let Some(saved) = self.state.lock().queries.get_mut(&id) {
            saved.scheduled_through = Some(through);
        }
    }

    pub(crate) fn forget(&self, id: u64) {
        self.state.lock().queries.remove(&id);
    }

    /// Everybody's, for the controls.
    pub(crate) fn all(&self) -> Vec<(Saved, Vec<Report>)> {
        let state = self.state.lock();
        let saved = state.queries.values();
        saved
            .map(|one| (one.clone(), one.reports.values().cloned().collect()))
            .collect()
    }

    /// How many reports of the person are under way, and how many queries have a schedule.
    pub(crate) fn load_of(&self, owner: &str, passed_ms: i64) -> (usize, usize) {
        let state = self.state.lock();
        let own = || state.queries.values().filter(|saved| saved.owner == owner);
        let waits =
            |one: &&Report| matches!(one.state(passed_ms), Progress::Queued | Progress::Running);
        let under_way = own()
            .map(|saved| saved.reports.values().filter(waits).count())
            .sum();
        (
            under_way,
            own()
                .filter(|saved| schedule::repeats(&saved.query))
                .count(),
        )
    }

    pub(crate) fn list(&self, owner: &str) -> Vec<Query> {
        let state = self.state.lock();
        let own = state.queries.values().filter(|saved| saved.owner == owner);
        own.map(|saved| saved.query.clone()).collect()
    }

    pub(crate) fn fetch(&self, owner: &str, id: u64) -> Result<Query, Error> {
        let state = self.state.lock();
        state.own(owner, id).map(|saved| saved.query.clone())
    }

    pub(crate) fn roster(&self, owner: &str, id: u64) -> Result<Vec<u64>, Error> {
        let state = self.state.lock();
        state.own(owner, id).map(|saved| saved.roster.clone())
    }

    /// Deletes the query and every report it made.
    pub(crate) fn delete(&self, owner: &str, id: u64) -> Result<(), Error> {
        let mut state = self.state.lock();
        state.own(owner, id)?;
        state.queries.remove(&id);
        self.journal.write(&Entry::QueryDeleted(id));
        Ok(())
    }

    pub(crate) fn add_report(
        &self,
        owner: &str,
        query: u64,
        draft: Draft,
    ) -> Result<Report, Error> {
        let mut state = self.state.lock();
        let title = state.own(owner, query)?.query.metadata.title.clone();
        let report = Report {
            id: state.take_id(),
            query_id: query,
            title,
            request: draft.request,
            asked_ms: draft.asked_ms,
            delay_ms: draft.delay_ms,
            fault: draft.fault,
            file: draft.file,
            scheduled: draft.scheduled,
        };
        self.journal.write(&Entry::Report(report.clone()));
        if let Some(saved) = state.queries.get_mut(&query) {
            saved.reports.insert(report.id, report.clone());
        }
        Ok(report)
    }

    /// The scheduled runs that fell due by now. They are given out once.
    pub(crate) fn take_due(&self, owner: &str, id: u64, now: Now) -> Result<Vec<Now>, Error> {
        let mut state = self.state.lock();
        state.own(owner, id)?;
        let Some(saved) = state.queries.get_mut(&id) else {
            return Ok(Vec::new());
        };
        let (Some(schedule), Some(done)) = (&saved.query.schedule, saved.scheduled_through) else {
            return Ok(Vec::new());
        };
        let due = schedule::due(schedule, done, now);
        saved.scheduled_through = Some(done.max(schedule::last_morning(schedule, now)));
        // A process that was killed while it made them may have made some already.
        let made = |one: &Now| {
            let mut reports = saved.reports.values();
            reports.any(|report| report.scheduled && report.request.now == *one)
        };
        Ok(due.into_iter().filter(|one| !made(one)).collect())
    }

    /// The runs that were given out are made now.
    pub(crate) fn note_schedule(&self, id: u64) {
        let state = self.state.lock();
        let through = state
            .queries
            .get(&id)
            .and_then(|saved| saved.scheduled_through);
        if let Some(through) = through {
            self.journal.write(&Entry::Scheduled(id, through));
        }
    }

    pub(crate) fn list_reports(&self, owner: &str, query_id: u64) -> Result<Vec<Report>, Error> {
        let state = self.state.lock();
        Ok(state
            .own(owner, query_id)?
            .reports
            .values()
            .cloned()
            .collect())
    }

    pub(crate) fn fetch_report(&self, owner: &str, query: u64, id: u64) -> Result<Report, Error> {
        let state = self.state.lock();
        state
            .own(owner, query)?
            .reports
            .get(&id)
            .cloned()
            .ok_or_else(Error::not_found)
    }

    /// For a download, which knows nobody: the signature in the link is the permission.
    pub(crate) fn find_report(&self, query: u64, id: u64) -> Option<Report> {
        self.state
            .lock()
            .queries
            .get(&query)?
            .reports
            .get(&id)
            .cloned()
    }
}

impl State {
    fn take_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    fn own(&self, owner: &str, id: u64) -> Result<&Saved, Error> {
        let saved = self.queries.get(&id).filter(|saved| saved.owner == owner);
        saved.ok_or_else(Error::not_found)
    }
}
