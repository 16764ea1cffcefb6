//! One full copy of the app for a set of orgs. A cell knows no other cell and is not told of any.
//!
//! Read `tenancy` first: how a request gets at one org's rows and no other's. Then `app` and `routes`,
//! then `auth` and `idempotency` (what every write goes through), `jobs` (what happens later), and
//! the slices.

pub mod tenancy;

pub mod app;

pub mod routes;

pub mod auth;

pub mod idempotency;

pub mod jobs;

pub mod work;

pub mod orgs;

pub mod metering;

pub mod search;

pub mod attention;

pub mod documents;

pub mod config_docs;

pub mod moves;

pub mod global;

pub mod ingestion;

pub mod connections;

pub mod modules;

pub mod migrate;

pub mod metrics;

pub mod config;

pub mod cli;
