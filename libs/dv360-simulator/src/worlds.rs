//! The world after each edit, so that a report keeps showing the one it was made in.

use std::sync::Arc;

use parking_lot::RwLock;

use crate::clock::Now;
use crate::world::{Edit, World, edits};

#[derive(Debug)]
pub(crate) struct Worlds {
    /// Never empty; unchanged advertisers are shared between them.
    all: RwLock<Vec<Arc<World>>>,
}

impl Worlds {
    pub(crate) fn new(world: World) -> Self {
        Self {
            all: RwLock::new(vec![Arc::new(world)]),
        }
    }

    pub(crate) fn latest(&self) -> Arc<World> {
        let all = self.all.read();
        all.last().expect("there is a first world").clone()
    }

    /// How many edits there were.
    pub(crate) fn revision(&self) -> usize {
        self.all.read().len() - 1
    }

    /// The world after so many edits.
    pub(crate) fn at(&self, revision: usize) -> Arc<World> {
        let found = self.all.read().get(revision).cloned();
        found.unwrap_or_else(|| self.latest())
    }

    pub(crate) fn edit(&self, edit: &Edit, now: Now) -> Result<(), edits::Error> {
        let mut all = self.all.write();
        let last = all.last().expect("there is a first world");
        let next = Arc::new(last.edited(edit, now)?);
        all.push(next);
        Ok(())
    }
}
