//! The typed tables: what is so now. A row is written only if something in it has changed.

mod store;

pub(super) use store::{apply, mark_vanished};
