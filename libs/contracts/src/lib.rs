//! What the services say to each other: ids, wire types and the rules they obey.
//!
//! Nothing here does I/O, reads a clock or draws randomness except `new()` of an id. Read in this
//! order: the words (`ids`, `epoch`, `slug`, `custom_host`, `roles`, `money`), then the wires (`edge`,
//! `routes`, `provisioning`, `handoff`, `config_docs`, `quota`, `replays`).

pub mod ids;

pub mod epoch;

pub mod slug;

pub mod custom_host;

pub mod roles;

pub mod money;

pub mod edge;

pub mod routes;

pub mod provisioning;

pub mod handoff;

pub mod config_docs;

pub mod quota;

pub mod replays;

mod text;

pub use custom_host::CustomHost;
pub use epoch::Epoch;
pub use ids::{
    AuditId, BackfillId, BronzeId, CellId, ConnectionId, JobId, LeaseId, MoveId, OperationId,
    OrgId, ReplayId, RequestId, RouterId, SessionId, SyncId, UserId,
};
pub use money::{Currency, Micros};
pub use roles::{Action, Role};
pub use slug::Slug;
