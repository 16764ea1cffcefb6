//! What loads left behind for replays to be planned from, and what replays leave there themselves.

pub(super) mod store;
