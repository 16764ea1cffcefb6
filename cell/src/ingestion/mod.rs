//! How data comes in: a connector fetches it, bronze keeps its exact bytes, silver holds it typed.
//!
//! `connector` is the seam to outside systems, `sync` the durable operation that brings an org's
//! data up to date. Silver is a function of bronze: the same bytes always give the same rows.

use std::ops::Deref;
use std::sync::Arc;

use crate::metering::Usage;
use crate::tenancy::OrgDb;
use crate::tenancy::envelope::CellKey;

pub mod connector;

pub mod permit;

pub mod budget;

pub mod backfill;

pub mod connectors;

pub mod pipelines;

pub mod deliveries;

pub mod bronze;

pub mod silver;

pub mod quarantine;

pub use silver::entities::rebuild as rebuild_entities;

pub mod quality;

pub mod sync;

pub mod live;

pub mod reading;

pub mod replay;

pub mod export;

pub mod retention;

/// What bringing data in takes. Cheap to clone.
#[derive(Clone)]
pub struct Ingestion(Arc<Parts>);

pub struct Parts {
    pub db: OrgDb,
    pub cell_key: CellKey,
    pub connectors: connectors::Connectors,
    pub bronze: bronze::Bronze,
    /// Where operators put files, if they do.
    pub drop_folder: Option<deliveries::folder::Root>,
    pub live: live::Live,
    pub usage: Usage,
    pub budget: budget::Budget,
}

impl Ingestion {
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for Ingestion {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
