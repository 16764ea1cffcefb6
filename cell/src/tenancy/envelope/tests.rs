//! A sealed value opens only where it was put, and only with the right keys.

use contracts::{CellId, OrgId};
use service_kit::config::HexKey;

use super::{CellKey, DataKey, Place};

const PLACE: Place<'static> = Place {
    owner: "connection_1",
    field: "refresh_token",
    version: 3,
};

fn data_key(cell: &CellKey, org: OrgId) -> DataKey {
    cell.unwrap(org, 1, &cell.new_data_key(org, 1)).unwrap()
}

fn cell_key(byte: u8) -> CellKey {
    CellKey::new(CellId::new(), HexKey::new([byte; 32]))
}

#[test]
fn what_is_sealed_opens_in_its_place_only() {
    let key = data_key(&cell_key(1), OrgId::new());
    let sealed = key.seal(PLACE, b"secret");
    assert_eq!(*key.open(PLACE, &sealed).unwrap(), b"secret");
    let elsewhere = [
        Place {
            owner: "connection_2",
            ..PLACE
        },
        Place {
            field: "access_token",
            ..PLACE
        },
        Place {
            version: 2,
            ..PLACE
        },
    ];
    for place in elsewhere {
        assert!(key.open(place, &sealed).is_err(), "{place:?}");
    }
}

#[test]
fn a_changed_bit_or_a_cut_is_noticed() {
    let key = data_key(&cell_key(1), OrgId::new());
    let sealed = key.seal(PLACE, b"secret");
    for at in 0..sealed.len() {
        let mut bent = sealed.clone();
        bent[at] ^= 1;
        assert!(key.open(PLACE, &bent).is_err());
        assert!(key.open(PLACE, &sealed[..at]).is_err());
    }
}

#[test]
fn a_data_key_opens_for_its_org_and_cell_only() {
    let cell = cell_key(1);
    let (org, other) = (OrgId::new(), OrgId::new());
    let wrapped = cell.new_data_key(org, 1);
    assert!(cell.unwrap(org, 1, &wrapped).is_ok());
    assert!(cell.unwrap(other, 1, &wrapped).is_err());
    assert!(cell.unwrap(org, 2, &wrapped).is_err());
    assert!(cell_key(2).unwrap(org, 1, &wrapped).is_err());
}

#[test]
fn sealing_twice_gives_different_bytes() {
    let key = data_key(&cell_key(1), OrgId::new());
    assert_ne!(key.seal(PLACE, b"secret"), key.seal(PLACE, b"secret"));
}
