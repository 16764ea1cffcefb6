//! Applying the feed entry by entry gives the same table as building it from the whole.

use std::collections::HashMap;

use contracts::routes::{CellRoute, OrgRoute, RouteEntry};
use contracts::{CellId, Epoch, OrgId};
use proptest::prelude::*;
use uuid::Uuid;

use super::{EdgeKeys, RouteTable};

fn keys() -> EdgeKeys {
    EdgeKeys::new([1; 32])
}

fn org_id(number: u128) -> OrgId {
    OrgId::from_uuid(Uuid::from_u128(number))
}

fn cell_id(number: u128) -> CellId {
    CellId::from_uuid(Uuid::from_u128(number))
}

fn org(number: u128, slug: &str, cell: u128, epoch: i64) -> RouteEntry {
    RouteEntry::Org(OrgRoute {
        org: org_id(number),
        slug: slug.parse().unwrap(),
        cell: cell_id(cell),
        epoch: Epoch(epoch),
    })
}

fn cell(number: u128, port: u16) -> RouteEntry {
    RouteEntry::Cell(CellRoute {
        cell: cell_id(number),
        name: format!("cell-{number}"),
        addr: ([127, 0, 0, 1], port).into(),
    })
}

#[test]
fn an_update_makes_a_new_table_and_leaves_the_old_one() {
    let before = RouteTable::build(1, &[cell(1, 80), org(1, "acme", 1, 1)], &keys());
    let after = before.with(2, &[cell(2, 81), org(1, "acme", 2, 2)], &keys());
    assert_eq!(before.find_org("acme").unwrap().cell, cell_id(1));
    assert_eq!(after.find_org("acme").unwrap().cell, cell_id(2));
    assert_eq!((before.seq(), after.seq()), (Some(1), Some(2)));
    assert_eq!((before.cell_count(), after.cell_count()), (1, 2));
}

#[test]
fn an_older_epoch_is_refused() {
    let table = RouteTable::build(1, &[org(1, "acme", 1, 5)], &keys());
    let table = table.with(2, &[org(1, "acme", 2, 4)], &keys());
    assert_eq!(table.find_org("acme").unwrap().cell, cell_id(1));
}

#[test]
fn a_renamed_org_leaves_its_old_host() {
    let table = RouteTable::build(1, &[org(1, "acme", 1, 1)], &keys());
    let table = table.with(2, &[org(1, "acme-two", 1, 1)], &keys());
    assert!(table.find_org("acme").is_none());
    assert!(table.find_org("acme-two").is_some());
    assert_eq!(table.org_count(), 1);
}

#[test]
fn a_removed_org_does_not_take_the_next_owner_of_its_slug_along() {
    let table = RouteTable::build(1, &[org(1, "acme", 1, 1)], &keys());
    let table = table.with(2, &[org(2, "acme", 1, 1)], &keys());
    let table = table.with(3, &[RouteEntry::OrgRemoved { org: org_id(1) }], &keys());
    assert_eq!(table.find_org("acme").unwrap().org, org_id(2));
}

#[test]
fn a_removed_cell_is_unknown() {
    let table = RouteTable::build(1, &[cell(1, 80)], &keys());
    let table = table.with(2, &[RouteEntry::CellRemoved { cell: cell_id(1) }], &keys());
    assert!(table.find_cell(cell_id(1)).is_none());
}

#[test]
fn each_cell_has_its_own_signing_key() {
    let table = RouteTable::build(1, &[cell(1, 80), cell(2, 81)], &keys());
    let key = |number| table.find_cell(cell_id(number)).unwrap().edge_key;
    assert_ne!(key(1), key(2));
    assert_eq!(key(1), keys().derive(&cell_id(1).to_string()));
}

fn entries() -> impl Strategy<Value = Vec<(u128, bool)>> {
    proptest::collection::vec((1..900_u128, any::<bool>()), 0..2000)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Long enough to fold the overlay several times.
    #[test]
    fn batches_of_any_size_end_in_the_same_table(changes in entries(), batch in 1..200_usize) {
        let mut expected = HashMap::new();
        let mut feed = Vec::new();
        for (number, (id, present)) in changes.into_iter().enumerate() {
            let slug = format!("org-{id}");
            if present {
                expected.insert(slug.clone(), cell_id(number as u128));
                feed.push(org(id, &slug, number as u128, 1));
            } else {
                expected.remove(&slug);
                feed.push(RouteEntry::OrgRemoved { org: org_id(id) });
            }
        }
        let mut table = RouteTable::default();
        for (seq, batch) in feed.chunks(batch).enumerate() {
            table = table.with(seq as i64, batch, &keys());
        }
        let whole = RouteTable::build(0, &feed, &keys());
        prop_assert_eq!(table.org_count(), expected.len());
        for id in 1..900_u128 {
            let slug = format!("org-{id}");
            let found = |table: &RouteTable| table.find_org(&slug).map(|found| found.cell);
            prop_assert_eq!(found(&table), expected.get(&slug).copied());
            prop_assert_eq!(found(&table), found(&whole));
        }
    }
}
