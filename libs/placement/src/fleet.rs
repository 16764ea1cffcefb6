//! The fleet as placement sees it, with the ring that orders its cells for each org.
//!
//! The ring depends on the cells' ids alone: neither load nor capacity ever reshuffles it.

use std::collections::BTreeMap;

use consistent_hash::{DefaultHash, Node, StaticHashRing};
use contracts::provisioning::CellState;
use contracts::{CellId, OrgId};

/// Points of each cell on the ring: enough to share orgs evenly, few enough for thousands of cells.
const POINTS: usize = 40;

/// What placement knows of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    pub id: CellId,
    pub state: CellState,
    /// Orgs that live here or have been promised a place.
    pub orgs: u32,
    pub capacity_orgs: u32,
    /// Thousandths of one core in use, as last reported.
    pub load_milli: u32,
}

impl Cell {
    pub fn has_room(&self) -> bool {
        self.orgs < self.capacity_orgs
    }
}

#[derive(Debug)]
pub struct Fleet {
    cells: BTreeMap<CellId, Cell>,
    ring: StaticHashRing<'static, u128, CellId, DefaultHash>,
}

impl Fleet {
    /// Of two cells with one id, the later one counts.
    pub fn new(cells: impl IntoIterator<Item = Cell>) -> Self {
        let cells: BTreeMap<CellId, Cell> = cells.into_iter().map(|cell| (cell.id, cell)).collect();
        let nodes: Vec<_> = cells
            .keys()
            .map(|id| {
                Node::new(id.as_uuid().as_u128())
                    .value(*id)
                    .quantity(POINTS)
            })
            .collect();
        let ring = StaticHashRing::new(DefaultHash, nodes.into_iter());
        Self { cells, ring }
    }

    pub fn cells(&self) -> impl Iterator<Item = &Cell> {
        self.cells.values()
    }

    /// All cells in this org's own order. Another cell in the fleet only slides into it.
    pub fn candidates(&self, org: OrgId) -> impl Iterator<Item = &Cell> {
        self.ring
            .calc_candidates(&org.as_uuid().as_u128())
            .filter_map(|node| self.cells.get(&node.value))
    }
}
