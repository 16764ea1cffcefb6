//! How data comes in: connector, sync, bronze, silver.
pub mod connectors;
mod delimited;
