//! Orgs and their hosts in few bytes: one record an org, one text for all names, two indexes.
//!
//! A name is found by its hash and then compared as text, so two names whose hashes agree are never
//! taken for one another. Hashes are keyed anew in each process: nobody can choose names that meet.
//! What is removed leaves its bytes behind until the next [`Compact::tidied`].

use std::mem::size_of;

use ahash::RandomState;
use contracts::routes::{MAX_HOSTS, OrgRoute};
use contracts::{CellId, Epoch, OrgId};
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use super::Assignment;

#[derive(Debug, Clone, Default)]
pub(super) struct Compact {
    slots: Vec<Slot>,
    /// Each name behind one byte with its length; an org's names stand together, its slug first.
    names: Vec<u8>,
    by_host: HashTable<HostRef>,
    by_org: HashTable<u32>,
    /// A slot keeps a cell's place in this list.
    cells: Vec<CellId>,
    hasher: RandomState,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    org: OrgId,
    epoch: Epoch,
    /// Where the org's names begin.
    names: u32,
    cell: u16,
    hosts: u8,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Served,
    Held,
    /// Known to be gone, whatever a table below this one says.
    Gone,
}

#[derive(Debug, Clone, Copy)]
struct HostRef {
    name: u32,
    slot: u32,
}

/// What is kept of an org.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    Here(Assignment),
    Gone,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Full {
    #[error("an org has at most {MAX_HOSTS} custom hosts")]
    Hosts,
    #[error("the table holds at most 65,536 cells")]
    Cells,
    #[error("the table holds at most 4 GiB of names")]
    Names,
}

impl Compact {
    pub(super) fn with_capacity(orgs: usize) -> Self {
        Self {
            slots: Vec::with_capacity(orgs),
            by_host: HashTable::with_capacity(orgs),
            by_org: HashTable::with_capacity(orgs),
            ..Self::default()
        }
    }

    pub(super) fn find_host(&self, host: &str) -> Option<Assignment> {
        let hash = self.hasher.hash_one(host.as_bytes());
        let found = self
            .by_host
            .find(hash, |found| self.name(found.name) == host.as_bytes())?;
        Some(self.assignment(self.slot(found.slot)))
    }

    pub(super) fn find_org(&self, org: OrgId) -> Option<Known> {
        let slot = self.slot(self.place_of(org)?);
        Some(if slot.state == State::Gone {
            Known::Gone
        } else {
            Known::Here(self.assignment(slot))
        })
    }

    /// Takes the place of all that was known of the org. A name that another org has is taken from
    /// it: the last to claim a name is right.
    pub(super) fn put<'n>(
        &mut self,
        assignment: Assignment,
        names: impl Iterator<Item = &'n str>,
    ) -> Result<(), Full> {
        let cell = self.place_of_cell(assignment.cell)?;
        let (at, hosts) = self.push_names(names)?;
        let place = self.add(Slot {
            org: assignment.org,
            epoch: assignment.epoch,
            names: at,
            cell,
            hosts,
            state: if assignment.held {
                State::Held
            } else {
                State::Served
            },
        });
        for name in name_places(&self.names, at, hosts) {
            let host = HostRef { name, slot: place };
            point(&mut self.by_host, &self.names, &self.hasher, host);
        }
        Ok(())
    }

    /// Forgets the org. A name that has another owner by now stays with that one.
    pub(super) fn remove(&mut self, org: OrgId) {
        let hash = self.hasher.hash_one(org);
        let slots = &self.slots;
        let is_it = |place: &u32| slots[*place as usize].org == org;
        if let Ok(entry) = self.by_org.find_entry(hash, is_it) {
            let (place, _) = entry.remove();
            self.forget_names(place);
        }
    }

    fn forget_names(&mut self, place: u32) {
        let slot = self.slots[place as usize];
        for name in name_places(&self.names, slot.names, slot.hosts) {
            let hash = self.hasher.hash_one(text_at(&self.names, name));
            let own = |found: &HostRef| found.name == name;
            if let Ok(entry) = self.by_host.find_entry(hash, own) {
                entry.remove();
            }
        }
    }

    /// Remembers that the org is gone.
    pub(super) fn put_gone(&mut self, org: OrgId) {
        self.add(Slot {
            org,
            epoch: Epoch::FIRST,
            names: 0,
            cell: 0,
            hosts: 0,
            state: State::Gone,
        });
    }

    /// What a copy costs: every record since the last tidying, in force or not.
    pub(super) fn records(&self) -> usize {
        self.slots.len()
    }

    /// Applies all that `later` knows, in the order in which it was said.
    pub(super) fn take_over(&mut self, later: &Self) -> Result<(), Full> {
        for (place, slot) in later.slots.iter().enumerate() {
            if later.place_of(slot.org) != Some(place as u32) {
                continue;
            }
            if slot.state == State::Gone {
                self.remove(slot.org);
            } else {
                self.put(later.assignment(slot), later.names_of(slot))?;
            }
        }
        Ok(())
    }

    /// More than a quarter of the records are of orgs that were changed or removed.
    pub(super) fn is_untidy(&self) -> bool {
        let orgs = self.by_org.len();
        self.slots.len() > 1024 + orgs + orgs / 4
    }

    /// The same without what removals left behind.
    pub(super) fn tidied(&self) -> Result<Self, Full> {
        let mut tidied = Self::with_capacity(self.by_org.len());
        tidied.take_over(self)?;
        tidied.shrink();
        Ok(tidied)
    }

    /// Gives back what growing took in advance.
    pub(super) fn shrink(&mut self) {
        self.slots.shrink_to_fit();
        self.names.shrink_to_fit();
    }

    /// The memory that all of it takes.
    pub(super) fn bytes(&self) -> usize {
        self.slots.capacity() * size_of::<Slot>()
            + self.names.capacity()
            + self.by_host.allocation_size()
            + self.by_org.allocation_size()
            + self.cells.capacity() * size_of::<CellId>()
    }

    fn slot(&self, place: u32) -> &Slot {
        &self.slots[place as usize]
    }

    fn name(&self, at: u32) -> &[u8] {
        text_at(&self.names, at)
    }

    fn names_of<'c>(&'c self, slot: &Slot) -> impl Iterator<Item = &'c str> {
        name_places(&self.names, slot.names, slot.hosts)
            .filter_map(|at| str::from_utf8(self.name(at)).ok())
    }

    fn assignment(&self, slot: &Slot) -> Assignment {
        Assignment {
            org: slot.org,
            cell: self.cells[usize::from(slot.cell)],
            epoch: slot.epoch,
            held: slot.state == State::Held,
        }
    }

    fn place_of(&self, org: OrgId) -> Option<u32> {
        let hash = self.hasher.hash_one(org);
        let is_it = |place: &u32| self.slot(*place).org == org;
        self.by_org.find(hash, is_it).copied()
    }

    /// Cells are few and come in runs, so the last ones are looked at first.
    fn place_of_cell(&mut self, cell: CellId) -> Result<u16, Full> {
        if let Some(place) = self.cells.iter().rposition(|known| *known == cell) {
            return Ok(place as u16);
        }
        let place = u16::try_from(self.cells.len()).map_err(|_| Full::Cells)?;
        self.cells.push(cell);
        Ok(place)
    }

    /// Where the names now stand and how many they are.
    fn push_names<'n>(&mut self, names: impl Iterator<Item = &'n str>) -> Result<(u32, u8), Full> {
        let start = self.names.len();
        let mut count = 0;
        for name in names {
            self.names.push(name.len() as u8);
            self.names.extend_from_slice(name.as_bytes());
            count += 1;
        }
        let refused = if count > 1 + MAX_HOSTS {
            Full::Hosts
        } else if self.names.len() > u32::MAX as usize {
            Full::Names
        } else {
            return Ok((start as u32, count as u8));
        };
        self.names.truncate(start);
        Err(refused)
    }

    /// The org's record from now on; the names of an older one lead nowhere.
    fn add(&mut self, slot: Slot) -> u32 {
        let place = self.slots.len() as u32;
        self.slots.push(slot);
        let (hasher, slots) = (&self.hasher, &self.slots);
        let org_at = |place: &u32| slots[*place as usize].org;
        let entry = self.by_org.entry(
            hasher.hash_one(slot.org),
            |known| org_at(known) == slot.org,
            |known| hasher.hash_one(org_at(known)),
        );
        match entry {
            Entry::Occupied(mut known) => {
                let before = std::mem::replace(known.get_mut(), place);
                self.forget_names(before);
            }
            Entry::Vacant(free) => drop(free.insert(place)),
        }
        place
    }
}

/// Makes the host lead to its slot, whoever had the name before.
fn point(by_host: &mut HashTable<HostRef>, names: &[u8], hasher: &RandomState, host: HostRef) {
    let text = text_at(names, host.name);
    let entry = by_host.entry(
        hasher.hash_one(text),
        |found| text_at(names, found.name) == text,
        |found| hasher.hash_one(text_at(names, found.name)),
    );
    entry.insert(host);
}

fn text_at(names: &[u8], at: u32) -> &[u8] {
    let at = at as usize;
    let length = usize::from(names[at]);
    &names[at + 1..at + 1 + length]
}

/// Where each of `count` names that stand together begins.
fn name_places(names: &[u8], first: u32, count: u8) -> impl Iterator<Item = u32> {
    (0..count).scan(first, |next, _| {
        let at = *next;
        *next = at + 1 + u32::from(names[at as usize]);
        Some(at)
    })
}

/// Every name under which an org is found: its slug, then the hosts it brought.
pub(super) fn names(route: &OrgRoute) -> impl Iterator<Item = &str> {
    let hosts = route.hosts.iter().map(|host| host.as_str());
    std::iter::once(route.slug.as_str()).chain(hosts)
}
