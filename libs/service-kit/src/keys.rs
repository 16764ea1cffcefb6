//! Keys derived from a master key, and HMAC in its printed form.
//!
//! One master per purpose lives in one place; everybody else holds only the key derived for them,
//! so a leaked cell key opens nothing but that cell.

use ring::hmac;

/// Router → cell: signs what the router vouches for. Subject: a cell id or `global-control`.
pub const EDGE: &str = "edge";
/// Internal calls between a service and global-control. Subject: the service's id.
pub const CONTROL: &str = "control";

/// HMAC-SHA256(master, `cellplane/v1/{purpose}/{subject}`).
pub fn derive(master: &[u8; 32], purpose: &str, subject: &str) -> [u8; 32] {
    let text = format!("cellplane/v1/{purpose}/{subject}");
    let tag = mac(master, text.as_bytes());
    tag.as_ref()
        .try_into()
        .expect("an HMAC-SHA256 tag has 32 bytes")
}

pub fn hmac_hex(key: &[u8; 32], text: &[u8]) -> String {
    hex::encode(mac(key, text))
}

/// Compares in constant time.
pub fn verify_hmac_hex(key: &[u8; 32], text: &[u8], tag_hex: &str) -> bool {
    let mut tag = [0; 32];
    hex::decode_to_slice(tag_hex, &mut tag).is_ok()
        && hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, key), text, &tag).is_ok()
}

/// A fresh 256-bit secret from the system's generator.
pub fn random_32() -> [u8; 32] {
    ring::rand::generate(&ring::rand::SystemRandom::new())
        .expect("the system's random generator works")
        .expose()
}

fn mac(key: &[u8; 32], text: &[u8]) -> hmac::Tag {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text)
}

#[cfg(test)]
mod tests {
    //! Derivation is pinned; verification refuses every other tag.

    use super::{derive, hmac_hex, verify_hmac_hex};

    #[test]
    fn derived_keys_differ_by_purpose_and_subject() {
        let master = [7; 32];
        let keys = [
            derive(&master, "edge", "a"),
            derive(&master, "edge", "b"),
            derive(&master, "control", "a"),
            derive(&[8; 32], "edge", "a"),
        ];
        for (i, key) in keys.iter().enumerate() {
            assert!(!keys[..i].contains(key));
        }
    }

    #[test]
    fn rfc_4231_shape_and_tamper_are_checked() {
        let key = [1; 32];
        let tag = hmac_hex(&key, b"text");
        assert!(verify_hmac_hex(&key, b"text", &tag));
        assert!(!verify_hmac_hex(&key, b"texT", &tag));
        assert!(!verify_hmac_hex(&[2; 32], b"text", &tag));
        assert!(!verify_hmac_hex(&key, b"text", &tag[2..]));
        assert!(!verify_hmac_hex(&key, b"text", ""));
    }
}
