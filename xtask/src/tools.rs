//! The programs the platform needs besides Rust: found, or installed, or named.

pub(crate) mod find;
