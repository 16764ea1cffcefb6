//! Signs the org context that row-level security verifies: `org|epoch|backend pid|expiry|mac`.
//!
//! The backend's pid ties it to one connection, the expiry to one transaction's length. It travels
//! as a bound parameter only, so it stands in no statement text that others could read.

use std::fmt::Write as _;

use ring::{digest, hmac};

use super::OrgScope;

/// HMAC-SHA256 works on blocks of this many bytes.
const BLOCK: usize = 64;

pub(super) struct Signer {
    key: hmac::Key,
}

impl Signer {
    pub(super) fn new(key: &[u8; 32]) -> Self {
        Self {
            key: hmac::Key::new(hmac::HMAC_SHA256, key),
        }
    }

    /// `expires_at` is in seconds since the Unix epoch.
    pub(super) fn sign(&self, scope: &OrgScope, pid: i32, expires_at: i64) -> String {
        let org = scope.org().as_uuid();
        self.seal(format!("{org}|{}|{pid}|{expires_at}", scope.epoch()))
    }

    /// The context of a transaction that belongs to no org.
    pub(super) fn sign_cell(&self, pid: i32, expires_at: i64) -> String {
        self.seal(format!("cell|0|{pid}|{expires_at}"))
    }

    fn seal(&self, mut text: String) -> String {
        let tag = hmac::sign(&self.key, text.as_bytes());
        // Writing to a String cannot fail.
        let _ = write!(text, "|{}", hex::encode(tag));
        text
    }
}

/// The key as the database keeps it: padded to a block and mixed with HMAC's two constants.
pub(crate) fn key_blocks(key: &[u8; 32]) -> (Vec<u8>, Vec<u8>) {
    let padded = |pad: u8| {
        let mut block = vec![pad; BLOCK];
        for (byte, key) in block.iter_mut().zip(key) {
            *byte ^= key;
        }
        block
    };
    (padded(0x36), padded(0x5c))
}

/// SHA-256, for tokens that are stored only hashed.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    digest::digest(&digest::SHA256, bytes)
        .as_ref()
        .try_into()
        .expect("SHA-256 has 32 bytes")
}
