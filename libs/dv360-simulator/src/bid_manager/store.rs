//! The saved queries and their reports, in memory. Everything here belongs to the person who made
//! it; to anyone else it does not exist.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use parking_lot::Mutex;

use super::render::Request;
use super::{Query, schedule};
use crate::clock::Now;
use crate::error::Error;
use crate::faults::ReportFault;

#[derive(Debug)]
pub(crate) struct Store {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    next_id: u64,
    queries: BTreeMap<u64, Saved>,
}

#[derive(Debug)]
struct Saved {
    owner: String,
    query: Query,
    reports: BTreeMap<u64, Report>,
    /// The last day whose scheduled run is made or not owed.
    scheduled_through: Option<NaiveDate>,
}

#[derive(Debug, Clone)]
pub(crate) struct Report {
    pub(crate) id: u64,
    pub(crate) query_id: u64,
    pub(crate) title: String,
    pub(crate) request: Request,
    pub(crate) delay_ms: u64,
    pub(crate) fault: Option<ReportFault>,
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
    pub(crate) fn state(&self, at: DateTime<Utc>) -> Progress {
        let waited = (at - self.request.now.instant).num_milliseconds();
        let started = i64::try_from(self.delay_ms / 10 * 7).unwrap_or(i64::MAX);
        match self.fault {
            Some(ReportFault::QueuedForever) => Progress::Queued,
            _ if waited < started => Progress::Queued,
            Some(ReportFault::RunningForever) => Progress::Running,
            _ if at < self.finished_at() => Progress::Running,
            Some(ReportFault::Failed) => Progress::Failed,
            Some(ReportFault::DoneWithoutPath) | None => Progress::Done,
        }
    }
}

impl Store {
    /// Ids begin at the start time, so that one from before a restart never names another query.
    pub(crate) fn new(now: DateTime<Utc>) -> Self {
        let next_id = u64::try_from(now.timestamp()).unwrap_or(1) * 1000;
        Self {
            state: Mutex::new(State {
                next_id,
                queries: BTreeMap::new(),
            }),
        }
    }

    pub(crate) fn create(&self, owner: &str, query: Query, now: Now) -> Query {
        let mut state = self.state.lock();
        let id = state.take_id();
        let query = Query {
            query_id: id.to_string(),
            ..query
        };
        let saved = Saved {
            owner: owner.to_owned(),
            query: query.clone(),
            reports: BTreeMap::new(),
            scheduled_through: query
                .schedule
                .as_ref()
                .map(|one| schedule::last_morning(one, now)),
        };
        state.queries.insert(id, saved);
        query
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

    /// Deletes the query and every report it made.
    pub(crate) fn delete(&self, owner: &str, id: u64) -> Result<(), Error> {
        let mut state = self.state.lock();
        state.own(owner, id)?;
        state.queries.remove(&id);
        Ok(())
    }

    pub(crate) fn add_report(
        &self,
        owner: &str,
        query_id: u64,
        request: Request,
        delay_ms: u64,
        fault: Option<ReportFault>,
    ) -> Result<Report, Error> {
        let mut state = self.state.lock();
        let title = state.own(owner, query_id)?.query.metadata.title.clone();
        let id = state.take_id();
        let report = Report {
            id,
            query_id,
            title,
            request,
            delay_ms,
            fault,
        };
        if let Some(saved) = state.queries.get_mut(&query_id) {
            saved.reports.insert(id, report.clone());
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
        Ok(due)
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
