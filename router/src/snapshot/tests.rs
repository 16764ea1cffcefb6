//! Only what global-control signed is used, and one whole generation always is.

use std::fs;
use std::path::Path;

use contracts::routes::{RouteEntry, SNAPSHOT_FORMAT, SnapshotHeader, signed_text};
use contracts::{CellId, OrgId};
use proptest::prelude::*;
use service_kit::config::HexKey;
use service_kit::tokens::{SigningKey, VerifyingKeys};

use super::{Error, Snapshot, load, sha256_hex, store};

fn signer() -> SigningKey {
    SigningKey::from_seed(&HexKey::new([9; 32]))
}

fn trusted() -> VerifyingKeys {
    VerifyingKeys::new(vec![signer().public_key()])
}

fn signed(seq: i64, signer: &SigningKey) -> Vec<u8> {
    let entries = [
        RouteEntry::CellRemoved {
            cell: CellId::new(),
        },
        RouteEntry::OrgRemoved { org: OrgId::new() },
    ];
    let lines: Vec<String> = entries
        .iter()
        .map(|entry| serde_json::to_string(entry).unwrap() + "\n")
        .collect();
    signed_body(seq, 2, &lines.concat(), signer)
}

fn signed_body(seq: i64, entries: u64, body: &str, signer: &SigningKey) -> Vec<u8> {
    let sha256 = sha256_hex(body.as_bytes());
    let header = SnapshotHeader {
        format: SNAPSHOT_FORMAT,
        seq,
        entries,
        signature: signer
            .sign_bytes(signed_text(SNAPSHOT_FORMAT, seq, entries, &sha256).as_bytes()),
        sha256,
    };
    let header = serde_json::to_string(&header).unwrap();
    format!("{header}\n{body}").into_bytes()
}

#[test]
fn a_signed_snapshot_is_read() {
    let bytes = signed(5, &signer());
    let snapshot = Snapshot::check(&bytes, &trusted()).unwrap();
    assert_eq!((snapshot.seq, entries(&snapshot).unwrap().len()), (5, 2));
}

fn entries(snapshot: &Snapshot<'_>) -> Result<Vec<RouteEntry>, Error> {
    let mut entries = Vec::new();
    snapshot.read(|mut batch| {
        entries.append(&mut batch);
        true
    })?;
    Ok(entries)
}

fn newest(path: &Path) -> Option<i64> {
    load(path, &trusted(), |snapshot| {
        entries(snapshot).map(|_| snapshot.seq)
    })
}

#[test]
fn a_signed_body_that_does_not_parse_is_refused() {
    let bad = signed_body(5, 1, "{\"org\":{}}\n", &signer());
    let refused = entries(&Snapshot::check(&bad, &trusted()).unwrap());
    assert!(
        matches!(refused, Err(Error::Entry { line: 1, .. })),
        "{refused:?}"
    );
    let short = signed_body(5, 1, "\n", &signer());
    let refused = entries(&Snapshot::check(&short, &trusted()).unwrap());
    assert!(
        matches!(
            refused,
            Err(Error::Count {
                announced: 1,
                found: 0
            })
        ),
        "{refused:?}"
    );
}

#[test]
fn another_signer_is_refused() {
    let forger = SigningKey::from_seed(&HexKey::new([8; 32]));
    let forged = signed(5, &forger);
    let refused = Snapshot::check(&forged, &trusted());
    assert!(matches!(refused, Err(Error::Signature)), "{refused:?}");
}

#[test]
fn a_raised_seq_is_refused() {
    let text = String::from_utf8(signed(5, &signer())).unwrap();
    let raised = text.replace("\"seq\":5", "\"seq\":6");
    let refused = Snapshot::check(raised.as_bytes(), &trusted());
    assert!(matches!(refused, Err(Error::Signature)), "{refused:?}");
}

#[test]
fn a_torn_newest_file_gives_way_to_the_previous_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("routes");
    store(&path, &signed(1, &signer())).unwrap();
    store(&path, &signed(2, &signer())).unwrap();
    assert_eq!(newest(&path), Some(2));

    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() - 10]).unwrap();
    assert_eq!(newest(&path), Some(1));
    assert!(folder.path().join("routes.refused").exists());

    // The refused file never becomes the one to fall back on.
    store(&path, &signed(3, &signer())).unwrap();
    assert!(folder.path().join("routes.previous").exists());
    fs::remove_file(&path).unwrap();
    assert_eq!(newest(&path), Some(1));
}

#[test]
fn no_file_is_no_snapshot() {
    let folder = tempfile::tempdir().unwrap();
    assert!(newest(&folder.path().join("routes")).is_none());
}

proptest! {
    #[test]
    fn any_changed_byte_is_refused_or_means_nothing(at in any::<prop::sample::Index>(), flip in 1..=255_u8) {
        let whole = signed(5, &signer());
        let original = Snapshot::check(&whole, &trusted()).unwrap();
        let mut bytes = whole.clone();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        // The signature's hex digits may be of either case; nothing else may change.
        if let Ok(read) = Snapshot::check(&bytes, &trusted()) {
            prop_assert_eq!(read, original);
        }
    }

    #[test]
    fn any_cut_is_refused(at in any::<prop::sample::Index>()) {
        let bytes = signed(5, &signer());
        prop_assert!(Snapshot::check(&bytes[..at.index(bytes.len())], &trusted()).is_err());
    }

    #[test]
    fn noise_never_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(Snapshot::check(&bytes, &trusted()).is_err());
    }
}
