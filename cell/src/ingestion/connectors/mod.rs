//! One folder per connector, nothing of a source outside its folder, and the list of them all.

use std::sync::Arc;

use super::connector::{Connector, Error, Remote};
use super::pipelines::spec::{Source, Spec};
use crate::documents::Finding;

pub mod dv360;

pub mod file_drop;

/// The platforms that are asked themselves: nobody else delivers rows in their name.
pub(crate) const ASKED: [&str; 1] = ["dv360"];
/// What the names of shipped pipelines begin with, so that an org's own never are in their way.
pub(crate) const SHIPPED_FOR: [&str; 2] = ["dv360_", "file_drop_"];

/// What a spec must keep to besides the rules for all, because its source wants it so.
pub(crate) fn check(spec: &Spec) -> Vec<Finding> {
    match spec.source {
        Source::Dv360 { .. } => dv360::check(spec),
        Source::FileDrop { .. } => file_drop::check(spec),
    }
}

/// The kinds of source this version knows, by name.
pub struct Connectors(Vec<Arc<dyn Connector>>);

impl Connectors {
    pub fn new(all: Vec<Arc<dyn Connector>>) -> Self {
        Self(all)
    }

    pub fn find(&self, name: &str) -> Option<&Arc<dyn Connector>> {
        self.0.iter().find(|one| one.name() == name)
    }

    /// A kind of source that can be asked.
    pub fn remote(&self, name: &str) -> Result<&dyn Remote, Error> {
        let remote = self.find(name).and_then(|one| one.remote());
        remote.ok_or_else(|| Error::NotAsked(name.to_owned()))
    }
}
