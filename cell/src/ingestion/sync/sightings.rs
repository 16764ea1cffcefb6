//! What lists of reports have shown lately. A list shows all reports of its query, so whoever asks for
//! it answers every sync that waits for one of them. In memory: not knowing costs a request, no more.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use contracts::ConnectionId;
use parking_lot::Mutex;

use crate::ingestion::connector::{self, ReportState, SeenReport, Session};

/// So many queries are remembered.
const MOST: usize = 1_000;
/// Somebody else's question is as good as one's own if it was put so shortly before, or within a
/// twentieth of the waiting so far.
const LONGEST_AGO: TimeDelta = TimeDelta::seconds(30);

/// The answer to the latest question about a query, and when it was put.
type Listed = (DateTime<Utc>, Arc<[SeenReport]>);
/// Held while the question is under way: who comes meanwhile waits for its answer.
type Held = Arc<tokio::sync::Mutex<Option<Listed>>>;

#[derive(Default)]
pub struct Sightings(Mutex<HashMap<(ConnectionId, String), Held>>);

/// What a sync wants to know of its query.
#[derive(Debug, Clone, Copy)]
pub(super) struct Question<'a> {
    pub(super) connection: ConnectionId,
    pub(super) query_id: &'a str,
    /// Since when it waits.
    pub(super) since: DateTime<Utc>,
}

impl Sightings {
    /// The query's reports: as they were seen last if that settles `wanted` or was just now, else as
    /// they are.
    pub(super) async fn list(
        &self,
        question: Question<'_>,
        wanted: impl Fn(&SeenReport) -> bool,
        session: &dyn Session,
    ) -> Result<Arc<[SeenReport]>, connector::Error> {
        let held = self.held(question.connection, question.query_id);
        let mut held = held.lock().await;
        let now = Utc::now();
        if let Some((at, reports)) = held.as_ref() {
            let settled = |one: &SeenReport| wanted(one) && one.state != ReportState::Pending;
            if reports.iter().any(settled) || *at >= now - recently(now - question.since) {
                return Ok(Arc::clone(reports));
            }
        }
        let reports: Arc<[SeenReport]> = session.latest_reports(question.query_id).await?.into();
        *held = Some((now, Arc::clone(&reports)));
        Ok(reports)
    }

    fn held(&self, connection: ConnectionId, query_id: &str) -> Held {
        let mut all = self.0.lock();
        let key = (connection, query_id.to_owned());
        if all.len() >= MOST && !all.contains_key(&key) {
            // Those in use are held by whoever asks.
            all.retain(|_, held| Arc::strong_count(held) > 1);
        }
        Arc::clone(all.entry(key).or_default())
    }
}

fn recently(waited: TimeDelta) -> TimeDelta {
    (waited / 20).clamp(TimeDelta::zero(), LONGEST_AGO)
}
