//! Applying the feed entry by entry gives the same table as building it from the whole.

use std::collections::{HashMap, HashSet};

use contracts::routes::{CellRoute, MAX_HOSTS, OrgRoute, RouteEntry};
use contracts::{CellId, Epoch, OrgId};
use proptest::prelude::*;
use uuid::Uuid;

use super::{EdgeKeys, RouteTable, compact};

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
        hosts: Vec::new(),
        cell: cell_id(cell),
        epoch: Epoch(epoch),
        held: false,
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
    assert_eq!(before.find_host("acme").unwrap().cell, cell_id(1));
    assert_eq!(after.find_host("acme").unwrap().cell, cell_id(2));
    assert_eq!((before.seq(), after.seq()), (Some(1), Some(2)));
    assert_eq!((before.cell_count(), after.cell_count()), (1, 2));
}

#[test]
fn an_older_epoch_is_refused() {
    let table = RouteTable::build(1, &[org(1, "acme", 1, 5)], &keys());
    let table = table.with(2, &[org(1, "acme", 2, 4)], &keys());
    assert_eq!(table.find_host("acme").unwrap().cell, cell_id(1));
}

#[test]
fn a_renamed_org_leaves_its_old_host() {
    let table = RouteTable::build(1, &[org(1, "acme", 1, 1)], &keys());
    let table = table.with(2, &[org(1, "acme-two", 1, 1)], &keys());
    assert!(table.find_host("acme").is_none());
    assert!(table.find_host("acme-two").is_some());
    assert_eq!(table.org_count(), 1);
}

#[test]
fn a_removed_org_does_not_take_the_next_owner_of_its_slug_along() {
    let table = RouteTable::build(1, &[org(1, "acme", 1, 1)], &keys());
    let table = table.with(2, &[org(2, "acme", 1, 1)], &keys());
    let table = table.with(3, &[RouteEntry::OrgRemoved { org: org_id(1) }], &keys());
    assert_eq!(table.find_host("acme").unwrap().org, org_id(2));
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

/// A feed of few orgs that take and give up few names, so that they meet all the time.
fn feed() -> impl Strategy<Value = Vec<RouteEntry>> {
    let route = (
        1..60_u128,
        1..80_u32,
        proptest::collection::vec(1..40_u32, 0..4),
        1..5_i64,
    );
    let put = route.prop_map(|(id, slug, hosts, epoch)| {
        RouteEntry::Org(OrgRoute {
            org: org_id(id),
            slug: format!("org-{slug}").parse().unwrap(),
            hosts: hosts
                .iter()
                .map(|host| format!("h{host}.example").parse().unwrap())
                .collect(),
            cell: cell_id(u128::from(slug % 7)),
            epoch: Epoch(epoch),
            held: slug % 5 == 0,
        })
    });
    let removed = (1..60_u128).prop_map(|id| RouteEntry::OrgRemoved { org: org_id(id) });
    proptest::collection::vec(prop_oneof![4 => put, 1 => removed], 0..600)
}

/// The last entry of each org that is in force: epochs never go back.
fn apply(orgs: &mut HashMap<OrgId, OrgRoute>, entry: &RouteEntry) {
    match entry {
        RouteEntry::Org(route) => {
            let known = orgs.get(&route.org);
            if known.is_none_or(|known| known.epoch <= route.epoch) {
                orgs.insert(route.org, route.clone());
            }
        }
        RouteEntry::OrgRemoved { org } => drop(orgs.remove(org)),
        RouteEntry::Cell(_) | RouteEntry::CellRemoved { .. } => {}
    }
}

fn has_name(route: &OrgRoute, name: &str) -> bool {
    compact::names(route).any(|own| own == name)
}

fn all_names() -> impl Iterator<Item = String> {
    let slugs = (1..80).map(|slug| format!("org-{slug}"));
    slugs.chain((1..40).map(|host| format!("h{host}.example")))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// However the feed is cut and folded: nobody is found under a name that is not its own, and
    /// who is alone with a name is found under it.
    #[test]
    fn a_name_leads_to_who_last_claimed_it(feed in feed(), batch in 1..200_usize, fold: bool) {
        let mut table = RouteTable::default();
        for (seq, batch) in feed.chunks(batch).enumerate() {
            table = table.with(seq as i64, batch, &keys());
            if fold {
                table.fold();
            }
        }
        let whole = RouteTable::build(0, &feed, &keys());
        let mut orgs = HashMap::new();
        feed.iter().for_each(|entry| apply(&mut orgs, entry));
        let contested = contested(&feed);
        for table in [&table, &whole] {
            prop_assert_eq!(table.org_count(), orgs.len());
            for (org, route) in &orgs {
                let found = table.find_org(*org).unwrap();
                prop_assert_eq!((found.cell, found.epoch, found.held), (route.cell, route.epoch, route.held));
            }
            for name in all_names() {
                let claims = orgs.values().filter(|route| has_name(route, &name)).count();
                match table.find_host(&name) {
                    Some(found) => prop_assert!(has_name(&orgs[&found.org], &name), "{name}"),
                    None => prop_assert!(claims != 1 || contested.contains(&name), "{name}"),
                }
            }
        }
    }
}

/// Names that two orgs wanted at once, which global-control never says: then 404 is right too.
fn contested(feed: &[RouteEntry]) -> HashSet<String> {
    let mut contested = HashSet::new();
    let mut owners: HashMap<String, HashSet<OrgId>> = HashMap::new();
    let mut before = HashMap::new();
    for end in 1..=feed.len() {
        let org = match &feed[end - 1] {
            RouteEntry::Org(route) => route.org,
            RouteEntry::OrgRemoved { org } => *org,
            RouteEntry::Cell(_) | RouteEntry::CellRemoved { .. } => continue,
        };
        apply(&mut before, &feed[end - 1]);
        for owners in owners.values_mut() {
            owners.remove(&org);
        }
        for name in before.get(&org).into_iter().flat_map(compact::names) {
            let owners = owners.entry(name.to_owned()).or_default();
            owners.insert(org);
            if owners.len() > 1 {
                contested.insert(name.to_owned());
            }
        }
    }
    contested
}

/// Long enough to fold and tidy several times, with every org changed again and again.
#[test]
fn a_long_feed_stays_small_and_right() {
    let mut table = RouteTable::build(0, &[cell(1, 80)], &keys());
    let change = |number: u128, round: i64| {
        let id = number % 3_000 + 1;
        org(id, &format!("org-{id}-{}", round % 3), 1, round + 1)
    };
    for round in 0..8 {
        for start in (0..3_000_u128).step_by(100) {
            let batch: Vec<_> = (start..start + 100).map(|n| change(n, round)).collect();
            table = table.with(round, &batch, &keys());
        }
    }
    assert_eq!(table.org_count(), 3_000);
    for id in 1..=3_000_u128 {
        let found = |round: i64| table.find_host(&format!("org-{id}-{round}"));
        assert_eq!(
            found(7 % 3).map(|found| found.epoch),
            Some(Epoch(8)),
            "{id}"
        );
        assert_eq!((found(0), found(2)), (None, None), "{id}");
    }
    assert!(table.bytes() < 3_000 * 400, "{} bytes", table.bytes());
}

#[test]
fn too_many_hosts_are_refused_and_change_nothing() {
    let mut entry = org(1, "acme", 1, 1);
    let table = RouteTable::build(1, std::slice::from_ref(&entry), &keys());
    if let RouteEntry::Org(route) = &mut entry {
        route.hosts = (0..=MAX_HOSTS)
            .map(|n| format!("h{n}.example").parse().unwrap())
            .collect();
        route.epoch = Epoch(2);
    }
    let after = table.with(2, [&entry], &keys());
    assert_eq!(after.find_host("acme").unwrap().epoch, Epoch(1));
    assert!(after.find_host("h1.example").is_none());
}
