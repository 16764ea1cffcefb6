//! Which cell serves which host: an immutable value, swapped whole, read without a lock.
//!
//! Every change makes a new table that shares almost everything with the one before. A reader keeps
//! the table it loaded for the whole decision, so it never sees half a change. An org is found under
//! a name only if the last entry that named the org has that name.

use std::collections::HashMap;
use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, mpsc};
use std::thread;

use arc_swap::ArcSwap;
use contracts::routes::{CellRoute, OrgRoute, RouteEntry};
use contracts::{CellId, Epoch, OrgId};
use service_kit::keys;

use self::compact::{Compact, Known};
use crate::snapshot::{self, Snapshot};

mod compact;

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
    /// Nothing is sent to the cell for now.
    pub held: bool,
}

/// A large base that is shared by many tables, and above it the orgs that changed since.
#[derive(Debug, Clone, Default)]
pub struct RouteTable {
    seq: Option<i64>,
    base: Arc<Compact>,
    recent: Compact,
    orgs: usize,
    cells: Arc<HashMap<CellId, Arc<Cell>>>,
}

/// Folding costs a pass over the base, so it happens rarely; each change copies what is recent.
const RECENT_LIMIT: usize = 4096;

/// Batches of entries that wait for the table.
const PARSED_AHEAD: usize = 16;

impl RouteTable {
    /// A table of all these entries and no others.
    pub fn build(seq: i64, entries: &[RouteEntry], keys: &EdgeKeys) -> Self {
        let mut table = Self::with_capacity(entries.len());
        for entry in entries {
            table.change(entry, keys);
        }
        table.settled(seq)
    }

    /// A table of a whole snapshot. A router that starts has nothing to serve from until this is
    /// done, so one thread parses ahead of the one that builds.
    pub fn read(snapshot: &Snapshot<'_>, keys: &EdgeKeys) -> Result<Self, snapshot::Error> {
        let entries = usize::try_from(snapshot.entries).unwrap_or_default();
        let mut table = Self::with_capacity(entries);
        let (batches, parsed) = mpsc::sync_channel(PARSED_AHEAD);
        thread::scope(|scope| {
            let parser = scope.spawn(move || snapshot.read(|batch| batches.send(batch).is_ok()));
            for entry in parsed.iter().flatten() {
                table.change(&entry, keys);
            }
            parser.join().expect("a panic ends the process")
        })?;
        Ok(table.settled(snapshot.seq))
    }

    fn with_capacity(entries: usize) -> Self {
        Self {
            recent: Compact::with_capacity(entries),
            ..Self::default()
        }
    }

    /// All of it is the base that later tables share.
    fn settled(mut self, seq: i64) -> Self {
        let mut base = std::mem::take(&mut self.recent);
        base.shrink();
        Self {
            seq: Some(seq),
            base: Arc::new(base),
            ..self
        }
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
        if table.recent.records() > RECENT_LIMIT {
            table.fold();
        }
        table
    }

    /// The last update that is contained; `None` before the first snapshot.
    pub fn seq(&self) -> Option<i64> {
        self.seq
    }

    /// The org behind a slug or a custom host, in the one spelling of [`crate::host`].
    pub fn find_host(&self, host: &str) -> Option<Assignment> {
        if let Some(found) = self.recent.find_host(host) {
            return Some(found);
        }
        let found = self.base.find_host(host)?;
        // What changed since decides alone, so a name that was given up is not found below.
        self.recent.find_org(found.org).is_none().then_some(found)
    }

    pub fn find_org(&self, org: OrgId) -> Option<Assignment> {
        let known = self.recent.find_org(org);
        match known.or_else(|| self.base.find_org(org))? {
            Known::Here(assignment) => Some(assignment),
            Known::Gone => None,
        }
    }

    pub fn find_cell(&self, cell: CellId) -> Option<&Arc<Cell>> {
        self.cells.get(&cell)
    }

    pub fn org_count(&self) -> usize {
        self.orgs
    }

    pub fn cell_count(&self) -> usize {
        self.cells.len()
    }

    /// The memory that orgs and hosts take, in bytes.
    pub fn bytes(&self) -> usize {
        self.base.bytes() + self.recent.bytes()
    }

    fn change(&mut self, entry: &RouteEntry, keys: &EdgeKeys) {
        match entry {
            RouteEntry::Cell(route) => self.put_cell(route, keys),
            RouteEntry::CellRemoved { cell } => {
                Arc::make_mut(&mut self.cells).remove(cell);
            }
            RouteEntry::Org(route) => self.put_org(route),
            RouteEntry::OrgRemoved { org } => self.remove_org(*org),
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
        let known = self.find_org(route.org);
        if known.is_some_and(|known| known.epoch > route.epoch) {
            tracing::warn!(org.id = %route.org, epoch = %route.epoch, "refused an assignment with an older epoch");
            return;
        }
        let assignment = Assignment {
            org: route.org,
            cell: route.cell,
            epoch: route.epoch,
            held: route.held,
        };
        match self.recent.put(assignment, compact::names(route)) {
            Ok(()) => self.orgs += usize::from(known.is_none()),
            Err(error) => {
                tracing::error!(org.id = %route.org, %error, "refused an assignment");
            }
        }
    }

    fn remove_org(&mut self, org: OrgId) {
        self.orgs -= usize::from(self.find_org(org).is_some());
        if self.base.find_org(org).is_some() {
            self.recent.put_gone(org);
        } else {
            self.recent.remove(org);
        }
    }

    /// A new base with all that is recent; readers keep the tables that they have.
    fn fold(&mut self) {
        let recent = std::mem::take(&mut self.recent);
        let base = Arc::make_mut(&mut self.base);
        let folded = base.take_over(&recent).and_then(|()| {
            if base.is_untidy() {
                *base = base.tidied()?;
            }
            Ok(())
        });
        if let Err(error) = folded {
            tracing::error!(%error, "the route table is full");
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
