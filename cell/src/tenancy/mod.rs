//! Read this first: every touch of an org's rows goes through an [`OrgTx`] from an [`OrgDb`].
//!
//! Beginning one proves three things in the database itself: the org is owned by this cell at the
//! epoch the request came with (the fence), this process vouches for the org (the signed context that
//! row-level security verifies), and the transaction runs in READ COMMITTED, without which the fence
//! would not hold. Nobody else has the connection pool.

use std::fmt;

use contracts::{Epoch, OrgId};

mod context;

mod pool;

mod tx;

pub mod envelope;

mod http;

pub mod wake;

pub(crate) use context::{key_blocks, sha256};
pub use pool::DbSettings;
pub use tx::{CellTx, OrgDb, OrgTx};

/// An org and the epoch somebody proved for it: a router by its signature, a claimed job, or
/// global-control by its token. A handler gets one from an extractor and never makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrgScope {
    org: OrgId,
    epoch: Epoch,
}

impl OrgScope {
    /// For the few places that have just checked a proof; `tests/it/house.rs` lists them.
    pub const fn vouched(org: OrgId, epoch: Epoch) -> Self {
        Self { org, epoch }
    }

    /// The same org at the epoch that its own database just said is in force, if it is served
    /// here. For what belongs to the org whatever epoch it was counted under.
    pub fn renewed(&self, fence: &Fence) -> Option<Self> {
        let epoch = fence.epoch.filter(|_| fence.state == FenceState::Active)?;
        Some(Self {
            org: self.org,
            epoch,
        })
    }

    pub const fn org(&self) -> OrgId {
        self.org
    }

    pub const fn epoch(&self) -> Epoch {
        self.epoch
    }
}

/// What this cell says of an org that it would not let in. Nothing of the transaction was executed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fence {
    pub state: FenceState,
    /// The epoch in force here, if the org is known at all.
    pub epoch: Option<Epoch>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FenceState {
    /// Never heard of, or given up.
    Absent,
    /// Served here, but under another epoch than the caller's.
    Active,
    /// Being handed over; over in a moment.
    Frozen,
    Moved,
    Incoming,
}

impl FenceState {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Active => "active",
            Self::Frozen => "frozen",
            Self::Moved => "moved",
            Self::Incoming => "incoming",
        }
    }

    pub(crate) fn parse(text: &str) -> Self {
        [Self::Active, Self::Frozen, Self::Moved, Self::Incoming]
            .into_iter()
            .find(|state| state.as_str() == text)
            .unwrap_or(Self::Absent)
    }
}

impl fmt::Display for Fence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.epoch {
            Some(epoch) => write!(f, "{} at epoch {epoch}", self.state.as_str()),
            None => f.write_str(self.state.as_str()),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the org is {0} in this cell")]
    Fenced(Fence),
    #[error("all database connections are busy")]
    Busy,
    #[error("the database refused or failed")]
    Database(#[source] sqlx::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match Fence::of(&error) {
            Some(fence) => Self::Fenced(fence),
            None => Self::Database(error),
        }
    }
}

impl Error {
    /// The same transaction, tried again in a moment, may well pass.
    pub fn passes_by_itself(&self) -> bool {
        match self {
            Self::Busy => true,
            Self::Fenced(fence) => fence.state == FenceState::Frozen,
            Self::Database(sqlx::Error::Io(_) | sqlx::Error::Protocol(_)) => true,
            Self::Database(error) => matches!(
                sql_state(error).as_deref(),
                // Deadlock, lock timeout, statement timeout, server stopping or starting.
                Some("40P01" | "55P03" | "57014" | "57P01" | "57P02" | "57P03" | "53300")
            ),
        }
    }
}

impl Error {
    /// The database was asked for text that its encoding does not have.
    pub fn names_impossible_text(&self) -> bool {
        let Self::Database(error) = self else {
            return false;
        };
        sql_state(error).as_deref() == Some("22021")
    }
}

impl Fence {
    fn of(error: &sqlx::Error) -> Option<Self> {
        let database = error.as_database_error()?;
        if database.code().as_deref() != Some("MV001") {
            return None;
        }
        let postgres = database.try_downcast_ref::<sqlx::postgres::PgDatabaseError>()?;
        let mut words = postgres.detail().unwrap_or("").split(' ');
        Some(Self {
            state: FenceState::parse(words.next().unwrap_or("")),
            epoch: words.next().and_then(|word| word.parse().ok()).map(Epoch),
        })
    }
}

/// The five-character code Postgres gave, if it was Postgres that refused.
pub fn sql_state(error: &sqlx::Error) -> Option<String> {
    let code = error.as_database_error()?.code()?;
    Some(code.into_owned())
}
