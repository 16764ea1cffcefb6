//! Which cell serves which host: an immutable value, swapped whole, read without a lock.
//!
//! Every change makes a new table that shares almost everything with the one before. A reader keeps
//! the table it loaded for the whole decision, so it never sees half a change.

use std::collections::HashMap;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use arc_swap::ArcSwap;
use contracts::routes::{CellRoute, OrgRoute, RouteEntry};
use contracts::{CellId, Epoch, OrgId};
use service_kit::keys;

use crate::layered::Layered;

/// global-control's name where keys and tokens are made for it.
pub const GLOBAL_CONTROL: &str = "global-control";

/// The master of the keys that the router signs requests with; one key per receiver is derived.
#[derive(Clone)]
pub struct EdgeKeys {
    master: [u8; 32],
}

impl EdgeKeys {
    pub fn new(master: [u8; 32]) -> Self {
        Self { master }
    }

    /// The key shared with one receiver: a cell's id or `global-control`.
    pub fn derive(&self, audience: &str) -> [u8; 32] {
        keys::derive(&self.master, keys::EDGE, audience)
    }
}

/// A cell as the router uses it; the signing key is derived once, when the cell is learned.
pub struct Cell {
    pub id: CellId,
    pub name: String,
    pub addr: SocketAddr,
    pub edge_key: [u8; 32],
}

impl fmt::Debug for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}, {})", self.name, self.id, self.addr)
    }
}

/// The fact in force: this org lives there, at this epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assignment {
    pub org: OrgId,
    pub cell: CellId,
    pub epoch: Epoch,
}

#[derive(Debug, Clone, Default)]
pub struct RouteTable {
    seq: Option<i64>,
    slugs: Layered<Box<str>, Assignment>,
    orgs: Layered<OrgId, Box<str>>,
    cells: Arc<HashMap<CellId, Arc<Cell>>>,
}

impl RouteTable {
    /// A table from a whole snapshot.
    pub fn build(seq: i64, entries: &[RouteEntry], keys: &EdgeKeys) -> Self {
        let mut table = Self::default();
        for entry in entries {
            table.change(entry, keys);
        }
        table.seq = Some(seq);
        table.slugs.compact(true);
        table.orgs.compact(true);
        table
    }

    /// This table with later entries applied, the last of which carries `seq`.
    #[must_use]
    pub fn with<'e>(
        &self,
        seq: i64,
        entries: impl IntoIterator<Item = &'e RouteEntry>,
        keys: &EdgeKeys,
    ) -> Self {
        let mut table = self.clone();
        for entry in entries {
            table.change(entry, keys);
        }
        table.seq = Some(seq);
        table.slugs.compact(false);
        table.orgs.compact(false);
        table
    }

    /// The last update that is contained; `None` before the first snapshot.
    pub fn seq(&self) -> Option<i64> {
        self.seq
    }

    pub fn find_org(&self, slug: &str) -> Option<Assignment> {
        self.slugs.get(slug).copied()
    }

    pub fn find_cell(&self, cell: CellId) -> Option<&Arc<Cell>> {
        self.cells.get(&cell)
    }

    pub fn org_count(&self) -> usize {
        self.orgs.len()
    }

    pub fn cell_count(&self) -> usize {
        self.cells.len()
    }

    fn change(&mut self, entry: &RouteEntry, keys: &EdgeKeys) {
        match entry {
            RouteEntry::Cell(route) => self.put_cell(route, keys),
            RouteEntry::CellRemoved { cell } => {
                Arc::make_mut(&mut self.cells).remove(cell);
            }
            RouteEntry::Org(route) => self.put_org(route),
            RouteEntry::OrgRemoved { org } => self.forget_org(*org),
        }
    }

    fn put_cell(&mut self, route: &CellRoute, keys: &EdgeKeys) {
        let cell = Cell {
            id: route.cell,
            name: route.name.clone(),
            addr: route.addr,
            edge_key: keys.derive(&route.cell.to_string()),
        };
        Arc::make_mut(&mut self.cells).insert(route.cell, Arc::new(cell));
    }

    /// An epoch never goes back: an older assignment that arrives late is not applied.
    fn put_org(&mut self, route: &OrgRoute) {
        let known = self.orgs.get(&route.org).and_then(|slug| {
            let assignment = self.slugs.get(slug)?;
            (assignment.org == route.org).then_some(assignment.epoch)
        });
        if known.is_some_and(|epoch| epoch > route.epoch) {
            tracing::warn!(org.id = %route.org, epoch = %route.epoch, "refused an assignment with an older epoch");
            return;
        }
        self.forget_org(route.org);
        let slug: Box<str> = route.slug.as_str().into();
        self.orgs.insert(route.org, slug.clone());
        self.slugs.insert(
            slug,
            Assignment {
                org: route.org,
                cell: route.cell,
                epoch: route.epoch,
            },
        );
    }

    /// The slug may already belong to another org; then only the org itself is forgotten.
    fn forget_org(&mut self, org: OrgId) {
        let Some(slug) = self.orgs.get(&org).cloned() else {
            return;
        };
        self.orgs.remove(&org);
        if self.slugs.get(&*slug).is_some_and(|found| found.org == org) {
            self.slugs.remove(&slug);
        }
    }
}

/// The table in force, shared by everything that decides.
#[derive(Debug, Default)]
pub struct Routes(ArcSwap<RouteTable>);

impl Routes {
    /// Cheap and lock-free; the value stays valid while newer ones are swapped in.
    pub fn load(&self) -> Arc<RouteTable> {
        self.0.load_full()
    }

    pub fn swap(&self, table: RouteTable) {
        self.0.store(Arc::new(table));
    }
}

#[cfg(test)]
mod tests;
