//! One full copy of the app for a set of orgs. A cell knows no other cell and is not told of any.
//!
//! Read `tenancy` first: how a request gets at one org's rows and no other's.

pub mod tenancy;

pub mod ingestion;

pub mod modules;
