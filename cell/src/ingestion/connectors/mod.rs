//! One folder per connector, nothing of a source outside its folder, and the list of them all.

use std::sync::Arc;

use super::connector::{Connector, Error, Remote};

pub mod dv360;

pub mod file_drop;

/// The platforms that are asked themselves: nobody else delivers rows in their name.
pub(crate) const ASKED: [&str; 1] = ["dv360"];

/// The kinds of source this version knows, by name.
pub struct Connectors(Vec<Arc<dyn Connector>>);

impl Connectors {
    pub fn new(all: Vec<Arc<dyn Connector>>) -> Self {
        Self(all)
    }

    pub fn find(&self, name: &str) -> Option<&Arc<dyn Connector>> {
        self.0.iter().find(|one| one.name() == name)
    }

    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|one| one.name())
    }

    /// A kind of source that can be asked.
    pub fn remote(&self, name: &str) -> Result<&dyn Remote, Error> {
        let remote = self.find(name).and_then(|one| one.remote());
        remote.ok_or_else(|| Error::NotAsked(name.to_owned()))
    }
}
