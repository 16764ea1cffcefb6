//! The cell against a real Postgres: one binary, one module per promise.

#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps")]

mod support;

mod fence;

mod isolation;

mod attention;

mod backfills;
mod budgets;
mod catalogue;

mod routes;

mod sign_in;

mod writes;

mod queue;
mod quota;

mod modules;
mod naming;

mod orgs;

mod usage;

mod config_copy;

mod reconsent;
mod retention;
mod search;
mod source;
mod starts;

mod connections;
mod conventions;

mod ingestion;

mod syncs;

mod recovery;

mod quarantine;

mod torture;

mod pacing;
mod pacing_oracle;

mod replay_days;
mod replays;

mod days;

mod pipelines;

mod pipeline_schema;

mod dry_run;

mod doubts;

mod entities;
mod exports;

mod quality;

mod deliveries;

mod loads;

mod hostile;

mod datasets;

mod house;
