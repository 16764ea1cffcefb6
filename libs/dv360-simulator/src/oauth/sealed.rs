//! Signed values: `<prefix><base64 of JSON>.<base64 of HMAC>`, the shape of every code and token.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub(crate) fn seal<T: Serialize>(key: &hmac::Key, prefix: &str, value: &T) -> String {
    let json = serde_json::to_vec(value).expect("plain structs serialise");
    let body = format!("{prefix}{}", URL_SAFE_NO_PAD.encode(json));
    let signature = hmac::sign(key, body.as_bytes());
    format!("{body}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// The value, if it was sealed with this key under this prefix.
pub(crate) fn open<T: DeserializeOwned>(key: &hmac::Key, prefix: &str, text: &str) -> Option<T> {
    let rest = text.strip_prefix(prefix)?;
    let (body, signature) = text.rsplit_once('.')?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    hmac::verify(key, body.as_bytes(), &signature).ok()?;
    let (json, _) = rest.rsplit_once('.')?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(json).ok()?).ok()
}
