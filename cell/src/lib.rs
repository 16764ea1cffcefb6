//! Placeholder opened by the workspace; replaced by the first commit of this crate.

pub mod ingestion;
