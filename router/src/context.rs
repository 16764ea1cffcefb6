//! What is remembered of one request from its first phase to its access log line.

use std::time::Instant;

use contracts::RequestId;
use tokio_util::task::task_tracker::TaskTrackerToken;

use crate::decide::{Forward, Reject};
use crate::hold::Place;

pub(crate) struct RequestContext {
    pub(crate) started: Instant,
    pub(crate) id: RequestId,
    pub(crate) target: Target,
    /// Why the router answered itself.
    pub(crate) refused: Option<Reject>,
    /// Bytes of the request body seen so far.
    pub(crate) body_bytes: u64,
    /// Kept from the end of a hold to the first word of the answer.
    pub(crate) place: Option<Place>,
    /// How often a connection was asked for.
    pub(crate) tries: u32,
    /// A graceful stop waits until every request has dropped this.
    _open: TaskTrackerToken,
}

#[derive(Debug, Clone)]
pub(crate) enum Target {
    /// Not decided, or answered by the router itself.
    None,
    App,
    Org(Forward),
}

impl RequestContext {
    pub(crate) fn new(open: TaskTrackerToken) -> Self {
        Self {
            started: Instant::now(),
            id: RequestId::new(),
            target: Target::None,
            refused: None,
            body_bytes: 0,
            place: None,
            tries: 0,
            _open: open,
        }
    }
}

impl Target {
    /// What an answer says about who made it.
    pub(crate) fn served_by(&self) -> &str {
        match self {
            Self::None => "router",
            Self::App => "global-control",
            Self::Org(forward) => &forward.cell.name,
        }
    }
}
