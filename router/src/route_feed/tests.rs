//! Updates are taken in order or not at all.

use contracts::OrgId;
use contracts::routes::{RouteEntry, RouteUpdate};

use super::{Error, consecutive};

fn lines(updates: &[(i64, bool)]) -> Vec<u8> {
    let lines: Vec<String> = updates
        .iter()
        .map(|(seq, has_entry)| {
            let entry = has_entry.then(|| RouteEntry::OrgRemoved { org: OrgId::new() });
            serde_json::to_string(&RouteUpdate { seq: *seq, entry }).unwrap() + "\n"
        })
        .collect();
    lines.concat().into_bytes()
}

fn taken(updates: &[(i64, bool)], seq: i64) -> Result<Vec<i64>, Error> {
    consecutive(&lines(updates), seq)
        .map(|entries| entries.into_iter().map(|(seq, _)| seq).collect())
}

#[test]
fn updates_in_order_are_taken_and_repeats_ignored() {
    let updates = [(4, true), (5, true), (5, false), (5, true), (6, true)];
    assert_eq!(taken(&updates, 4).unwrap(), [5, 6]);
}

#[test]
fn a_gap_is_noticed_by_an_update_or_a_heartbeat() {
    for updates in [[(5, true), (7, true)], [(5, true), (6, false)]] {
        let error = taken(&updates, 4).unwrap_err();
        assert!(matches!(error, Error::Gap { had: 5, .. }), "{error}");
    }
}

#[test]
fn a_heartbeat_may_say_that_it_is_one() {
    let line = b"{\"seq\":4,\"kind\":\"heartbeat\"}\n";
    assert!(consecutive(line, 4).unwrap().is_empty());
}

#[test]
fn nonsense_is_refused() {
    let error = consecutive(b"nonsense\n", 4).unwrap_err();
    assert!(matches!(error, Error::Line(_)), "{error}");
}
