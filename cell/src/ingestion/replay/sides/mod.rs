//! The two sides of a replay inside one transaction: silver, and what the loader has just staged.
//! The database joins them in the order of keys and hands them on row by row.

pub(super) mod store;
