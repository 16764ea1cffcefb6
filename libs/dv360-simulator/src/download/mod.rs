//! Signed links to report files, standing in for Google's storage.
//!
//! The signature is the only permission: whoever holds the link may fetch the file until it
//! expires. The host of the link is not signed, so a link also works behind another name.

pub(crate) mod http;

#[cfg(test)]
mod tests;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use parking_lot::Mutex;
use ring::hmac;

use crate::bid_manager::store::Report;

const ACCESS_ID: &str = "dbm-reports@simulated-display-video.iam.gserviceaccount.com";
const BUCKET: &str = "simulated-dbm-reports";

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Error {
    #[error("the link is not signed")]
    AccessDenied,
    #[error("the signature does not match")]
    SignatureDoesNotMatch,
    #[error("the link has expired")]
    ExpiredToken,
    #[error("the file has no such part")]
    RangeNotSatisfiable,
    #[error("there is no such file")]
    NoSuchKey,
    #[error("storage is unavailable")]
    ServiceUnavailable,
}

#[derive(Debug)]
pub(crate) struct Links {
    key: hmac::Key,
    lifetime_s: Mutex<i64>,
}

impl Links {
    pub(crate) fn new(seed: u64, lifetime_s: i64) -> Self {
        let secret = format!("dv360-simulator/links/{seed}");
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        Self {
            key,
            lifetime_s: Mutex::new(lifetime_s),
        }
    }

    pub(crate) fn set_lifetime(&self, seconds: i64) {
        *self.lifetime_s.lock() = seconds;
    }

    pub(crate) fn sign(&self, base_url: &str, path: &str, now: i64) -> String {
        let expires = now + *self.lifetime_s.lock();
        let signature = hmac::sign(&self.key, to_sign(path, expires).as_bytes());
        let query = serde_urlencoded::to_string([
            ("GoogleAccessId", ACCESS_ID.to_owned()),
            ("Expires", expires.to_string()),
            ("Signature", STANDARD.encode(signature)),
        ]);
        format!("{base_url}{path}?{}", query.unwrap_or_default())
    }

    pub(crate) fn check(
        &self,
        path: &str,
        expires: Option<&str>,
        signature: Option<&str>,
        now: i64,
    ) -> Result<(), Error> {
        let (Some(expires), Some(signature)) = (expires, signature) else {
            return Err(Error::AccessDenied);
        };
        let mismatch = || Error::SignatureDoesNotMatch;
        let expires: i64 = expires.parse().map_err(|_| mismatch())?;
        let signature = STANDARD.decode(signature).map_err(|_| mismatch())?;
        hmac::verify(&self.key, to_sign(path, expires).as_bytes(), &signature)
            .map_err(|_| mismatch())?;
        if expires <= now {
            Err(Error::ExpiredToken)
        } else {
            Ok(())
        }
    }
}

fn to_sign(path: &str, expires: i64) -> String {
    format!("GET\n\n\n{expires}\n{path}")
}

/// `/download/<bucket>/<title>_<date>_<query>_<report>.csv`.
pub(crate) fn path(report: &Report) -> String {
    let letter = |character: char| {
        if character.is_ascii_alphanumeric() {
            character
        } else {
            '_'
        }
    };
    let title: String = report.title.chars().take(60).map(letter).collect();
    let made = report.request.now.shown().format("%Y%m%d_%H%M%S");
    format!(
        "/download/{BUCKET}/{title}_{made}_{}_{}.csv",
        report.query_id, report.id
    )
}

/// The query and report a file belongs to.
pub(crate) fn find_ids(file: &str) -> Option<(u64, u64)> {
    let mut parts = file.strip_suffix(".csv")?.rsplit('_');
    let report = parts.next()?.parse().ok()?;
    Some((parts.next()?.parse().ok()?, report))
}
