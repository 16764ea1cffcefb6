//! The last requests, and how many of each kind there were; for whoever watches a connector work.

use std::collections::{BTreeMap, VecDeque};
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use chrono::{DateTime, Utc};
use parking_lot::Mutex;
use serde::Serialize;

use crate::app::Shared;

const KEPT: usize = 1_000;

#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    state: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    made: u64,
    lines: VecDeque<Line>,
    counts: BTreeMap<String, u64>,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Line {
    number: u64,
    /// When it came, by the simulated clock.
    at: DateTime<Utc>,
    method: String,
    /// Without its query, which may hold a signature.
    path: String,
    status: u16,
    took_ms: u64,
}

impl RequestLog {
    /// The lines after a number, oldest first.
    pub(crate) fn since(&self, number: u64) -> Vec<Line> {
        let state = self.state.lock();
        let lines = state.lines.iter().filter(|line| line.number > number);
        lines.cloned().collect()
    }

    /// Requests by method and route.
    pub(crate) fn counts(&self) -> BTreeMap<String, u64> {
        self.state.lock().counts.clone()
    }
}

pub(crate) async fn note(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let (method, path) = (
        request.method().to_string(),
        request.uri().path().to_owned(),
    );
    let route = request.extensions().get::<MatchedPath>();
    let route = format!(
        "{method} {}",
        route.map_or(path.as_str(), MatchedPath::as_str)
    );
    let (began, at) = (Instant::now(), app.clock.now().shown());
    let response = next.run(request).await;
    let mut state = app.log.state.lock();
    state.made += 1;
    *state.counts.entry(route).or_default() += 1;
    if state.lines.len() == KEPT {
        state.lines.pop_front();
    }
    let line = Line {
        number: state.made,
        at,
        method,
        path,
        status: response.status().as_u16(),
        took_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
    };
    state.lines.push_back(line);
    response
}
