//! The single-use code that carries a signed-in person from the app host to an org host.
//!
//! global-control signs it (EdDSA), the org's cell redeems it offline and only once. Nothing but the
//! code ever stands in a URL, and it is worthless after a minute.

use serde::{Deserialize, Serialize};

use crate::{OrgId, Role, UserId};

pub const ISSUER: &str = "global-control";
/// JOSE `typ` of the code, so that no other token passes for one.
pub const TYP: &str = "cellplane-handoff+jwt";
pub const LIFETIME_SECONDS: i64 = 60;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoffClaims {
    pub iss: String,
    pub aud: OrgId,
    pub sub: UserId,
    /// Unique per code; a cell keeps it until the code has expired.
    pub jti: String,
    pub iat: i64,
    pub exp: i64,
    pub email: String,
    pub name: String,
    pub role: Role,
    /// Where to go on the org host; always starts with a single `/`.
    pub path: String,
}

/// A path is safe to redirect to when it stays on this host.
pub fn is_local_path(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && path.len() <= 2_048
        && path.bytes().all(|byte| byte > b' ' && byte < 0x7f)
}

#[cfg(test)]
mod tests {
    //! Open redirects are refused.

    use super::is_local_path;

    #[test]
    fn only_paths_of_this_host_are_followed() {
        for path in ["/", "/pacing", "/pacing?sort=-spend#top"] {
            assert!(is_local_path(path), "{path}");
        }
        for path in [
            "",
            "pacing",
            "//evil.example",
            "/\\evil.example",
            "https://x",
            "/a b",
            "/\n",
        ] {
            assert!(!is_local_path(path), "{path}");
        }
    }
}
