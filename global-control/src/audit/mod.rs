//! The audit log: who did what, from where. Written in the transaction of the act itself.

use std::net::IpAddr;

use contracts::{AuditId, CellId, OrgId, RequestId, UserId};
use serde_json::Value;

use crate::db::{Error, GlobalTx};

mod store;

/// Every act that leaves a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    UserSignedUp,
    LoginSucceeded,
    LoginFailed,
    LoggedOut,
    OrgRequested,
    OrgActivated,
    OrgFailed,
    OrgEntered,
    CellRegistered,
    CellDeleted,
    CellSilent,
    ConfigChanged,
    QuotaChanged,
    ReplayStarted,
    ReplayCancelled,
}

impl Action {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UserSignedUp => "user.signed_up",
            Self::LoginSucceeded => "login.succeeded",
            Self::LoginFailed => "login.failed",
            Self::LoggedOut => "logged_out",
            Self::OrgRequested => "org.requested",
            Self::OrgActivated => "org.activated",
            Self::OrgFailed => "org.failed",
            Self::OrgEntered => "org.entered",
            Self::CellRegistered => "cell.registered",
            Self::CellDeleted => "cell.deleted",
            Self::CellSilent => "cell.silent",
            Self::ConfigChanged => "config.changed",
            Self::QuotaChanged => "quota.changed",
            Self::ReplayStarted => "replay.started",
            Self::ReplayCancelled => "replay.cancelled",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// Nobody who proved who they are.
    Anonymous,
    User(UserId),
    Cell(CellId),
    Operator,
    /// global-control by itself.
    System,
}

impl Actor {
    fn text(self) -> String {
        match self {
            Self::Anonymous => "anonymous".into(),
            Self::User(user) => user.to_string(),
            Self::Cell(cell) => cell.to_string(),
            Self::Operator => "operator".into(),
            Self::System => "system".into(),
        }
    }
}

#[derive(Debug)]
pub struct Entry {
    pub action: Action,
    pub actor: Actor,
    pub org: Option<OrgId>,
    pub client: Option<IpAddr>,
    pub details: Value,
}

impl Entry {
    pub const fn new(action: Action, actor: Actor) -> Self {
        Self {
            action,
            actor,
            org: None,
            client: None,
            details: Value::Null,
        }
    }

    #[must_use]
    pub const fn org(mut self, org: OrgId) -> Self {
        self.org = Some(org);
        self
    }

    #[must_use]
    pub const fn client(mut self, client: IpAddr) -> Self {
        self.client = Some(client);
        self
    }

    #[must_use]
    pub fn details(mut self, details: Value) -> Self {
        self.details = details;
        self
    }
}

/// Adds the row, with the id of the request that is being answered.
pub async fn record(tx: &mut GlobalTx, entry: Entry) -> Result<(), Error> {
    let request = service_kit::http::current_request_id().map(RequestId::as_uuid);
    store::insert(tx, AuditId::new(), &entry, request).await
}
