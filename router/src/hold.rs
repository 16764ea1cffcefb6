//! Requests of an org that is changing cells wait here, before anything of them was sent.
//!
//! A gate belongs to one org and opens when the table no longer says that the org is held. Who
//! waited leaves in the order of coming and a few at a time, so that the new cell is not met by all
//! at once. Every wait has caps and a deadline; beyond them the answer is `org_moving`.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use contracts::OrgId;
use http::header::CONTENT_LENGTH;
use parking_lot::Mutex;
use pingora::proxy::Session;
use pingora::{Error, ErrorType, Result};
use serde::{Deserialize, Serialize};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::metrics::{HoldEnd, Metrics};
use crate::route_table::{RouteTable, Routes};

/// The largest body that is read during the wait. Pingora keeps 64 KiB to send later and drops all
/// of it when there is more.
const MAX_READ_AHEAD: usize = 48 * 1024;

/// What may wait, and for how long.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    pub deadline_ms: u64,
    /// Requests of one org.
    pub per_org: usize,
    /// Requests of all orgs.
    pub total: usize,
    /// Bytes of small bodies that are read ahead, for one org.
    pub bytes_per_org: usize,
    /// How many requests of an org may be with the new cell, unanswered, while others still wait.
    pub released_at_once: usize,
    /// Only count what would wait, and send it on.
    pub dry_run: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            deadline_ms: 2_000,
            per_org: 10_000,
            total: 20_000,
            bytes_per_org: 32 * 1024 * 1024,
            released_at_once: 64,
            dry_run: false,
        }
    }
}

pub(crate) struct Holds {
    limits: Limits,
    waiting: AtomicUsize,
    gates: Mutex<HashMap<OrgId, Arc<Gate>>>,
    metrics: Arc<Metrics>,
}

/// Closed at first; opened once and for all.
struct Gate {
    since: Instant,
    /// No permits until it opens, then as many as may be let through at once.
    places: Arc<Semaphore>,
    waiting: AtomicUsize,
    bytes: AtomicUsize,
}

/// A released request keeps its place until it is answered.
pub(crate) type Place = OwnedSemaphorePermit;

/// Why a request did not get through a gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refused {
    Full,
    Late,
}

/// An org whose requests wait.
#[derive(Debug, Serialize)]
pub(crate) struct Held {
    org: OrgId,
    waiting: usize,
    waiting_ms: u64,
    read_ahead_bytes: usize,
}

impl Holds {
    pub(crate) fn new(limits: Limits, metrics: Arc<Metrics>) -> Self {
        Self {
            limits,
            waiting: AtomicUsize::new(0),
            gates: Mutex::default(),
            metrics,
        }
    }

    /// Opens the gates of all orgs that this table no longer holds.
    pub(crate) fn follow(&self, table: &RouteTable) {
        let mut gates = self.gates.lock();
        gates.retain(|org, gate| {
            let held = is_held(table, *org);
            if !held {
                gate.places.add_permits(self.limits.released_at_once.max(1));
            }
            held
        });
    }

    /// Who waits now, longest first.
    pub(crate) fn list(&self) -> Vec<Held> {
        let gates = self.gates.lock();
        let mut held: Vec<Held> = gates
            .iter()
            .map(|(org, gate)| Held {
                org: *org,
                waiting: gate.waiting.load(Ordering::Relaxed),
                waiting_ms: u64::try_from(gate.since.elapsed().as_millis()).unwrap_or(u64::MAX),
                read_ahead_bytes: gate.bytes.load(Ordering::Relaxed),
            })
            .collect();
        held.sort_by_key(|held| std::cmp::Reverse(held.waiting_ms));
        held
    }

    pub(crate) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Waits until the org is where it belongs. An error says that the client is gone, or that it
    /// has to come back later.
    pub(crate) async fn wait(
        &self,
        org: OrgId,
        routes: &Routes,
        session: &mut Session,
    ) -> Result<Option<Place>> {
        if self.limits.dry_run {
            self.metrics.hold_ended(HoldEnd::DryRun, Duration::ZERO);
            return Ok(None);
        }
        let Some(mut waiting) = self.enter(org) else {
            return Err(self.refused(Refused::Full, Duration::ZERO));
        };
        // Opened between the decision and the gate: whoever opens looks for gates after the swap.
        if !is_held(&routes.load(), org) {
            return Ok(None);
        }
        let began = Instant::now();
        let small = waiting.reserve(announced_length(session), self.limits.bytes_per_org);
        let place = tokio::select! {
            biased;
            place = waiting.place(self.limits.deadline_ms) => place,
            gone = read_ahead(session, small) => {
                self.metrics.hold_ended(HoldEnd::Gone, began.elapsed());
                return Err(gone);
            }
        };
        match place {
            Ok(place) => {
                self.metrics.hold_ended(HoldEnd::Released, began.elapsed());
                Ok(Some(place))
            }
            Err(refused) => Err(self.refused(refused, began.elapsed())),
        }
    }

    fn enter(&self, org: OrgId) -> Option<Waiting<'_>> {
        let mut gates = self.gates.lock();
        let gate = gates.entry(org).or_insert_with(|| {
            Arc::new(Gate {
                since: Instant::now(),
                places: Arc::new(Semaphore::new(0)),
                waiting: AtomicUsize::new(0),
                bytes: AtomicUsize::new(0),
            })
        });
        let full = gate.waiting.load(Ordering::Relaxed) >= self.limits.per_org
            || self.waiting.load(Ordering::Relaxed) >= self.limits.total;
        if full {
            return None;
        }
        gate.waiting.fetch_add(1, Ordering::Relaxed);
        self.waiting.fetch_add(1, Ordering::Relaxed);
        Some(Waiting {
            holds: self,
            gate: Arc::clone(gate),
            bytes: 0,
        })
    }

    fn refused(&self, refused: Refused, after: Duration) -> Box<Error> {
        let (end, text) = match refused {
            Refused::Full => (HoldEnd::Full, "too many requests wait for this org"),
            Refused::Late => (HoldEnd::Late, "the org was held for too long"),
        };
        self.metrics.hold_ended(end, after);
        Error::explain(ErrorType::HTTPStatus(503), text)
    }
}

/// A request in line; leaving it, however that happens, makes room.
struct Waiting<'h> {
    holds: &'h Holds,
    gate: Arc<Gate>,
    /// Of its body, read ahead.
    bytes: usize,
}

impl Waiting<'_> {
    /// Whether a body of this length may be read ahead.
    fn reserve(&mut self, length: Option<usize>, limit: usize) -> bool {
        let Some(length) = length.filter(|length| *length <= MAX_READ_AHEAD) else {
            return false;
        };
        let before = self.gate.bytes.fetch_add(length, Ordering::Relaxed);
        self.bytes = length;
        before + length <= limit
    }

    async fn place(&self, deadline_ms: u64) -> Result<Place, Refused> {
        let place = Arc::clone(&self.gate.places).acquire_owned();
        match timeout(Duration::from_millis(deadline_ms), place).await {
            Ok(Ok(place)) => Ok(place),
            // Nobody closes the semaphore, so only the deadline is left.
            Ok(Err(_)) | Err(_) => Err(Refused::Late),
        }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.gate.bytes.fetch_sub(self.bytes, Ordering::Relaxed);
        self.gate.waiting.fetch_sub(1, Ordering::Relaxed);
        self.holds.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

fn is_held(table: &RouteTable, org: OrgId) -> bool {
    table.find_org(org).is_some_and(|found| found.held)
}

/// Reads a small body meanwhile, for reading is the only way to hear that the client left. A larger
/// one, or one of unknown length, stays with the client until the wait is over. Ends only with an
/// error.
async fn read_ahead(session: &mut Session, small: bool) -> Box<Error> {
    let session = session.as_downstream_mut();
    session.enable_retry_buffering();
    loop {
        let bodiless = session.is_body_done();
        if !bodiless && !small {
            return std::future::pending().await;
        }
        if let Err(mut gone) = session.read_body_or_idle(bodiless).await {
            gone.as_down();
            return gone;
        }
    }
}

fn announced_length(session: &Session) -> Option<usize> {
    let length = session.req_header().headers.get(CONTENT_LENGTH)?;
    length.to_str().ok()?.parse().ok()
}
