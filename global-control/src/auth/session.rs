//! The session cookie of the app host: 256 random bits, nothing else.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cookie::{Cookie, SameSite};
use service_kit::keys;

const SECURE_NAME: &str = "__Host-cellplane_app";
const PLAIN_NAME: &str = "cellplane_app";

/// What the browser holds. Never printed, never stored.
pub struct Secret([u8; 32]);

impl Secret {
    #[expect(
        clippy::new_without_default,
        reason = "a default secret would be a trap"
    )]
    pub fn new() -> Self {
        Self(keys::random_32())
    }

    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The secret in a request's `cookie` header. A browser sends one; of several, the first counts.
    pub fn from_cookies(header: &str, secure: bool) -> Option<Self> {
        let value = Cookie::split_parse(header)
            .filter_map(Result::ok)
            .find(|cookie| cookie.name() == name(secure))?
            .value()
            .to_owned();
        let bytes = URL_SAFE_NO_PAD.decode(value).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// The `set-cookie` that signs a browser in.
    pub fn set_cookie(&self, secure: bool, max_age_seconds: u32) -> String {
        build(
            secure,
            URL_SAFE_NO_PAD.encode(self.0),
            i64::from(max_age_seconds),
        )
    }
}

/// The `set-cookie` that signs a browser out.
pub fn clear_cookie(secure: bool) -> String {
    build(secure, String::new(), 0)
}

const fn name(secure: bool) -> &'static str {
    if secure { SECURE_NAME } else { PLAIN_NAME }
}

fn build(secure: bool, value: String, max_age_seconds: i64) -> String {
    Cookie::build((name(secure), value))
        .http_only(true)
        .secure(secure)
        .same_site(SameSite::Lax)
        .path("/")
        .max_age(cookie::time::Duration::seconds(max_age_seconds))
        .build()
        .to_string()
}

#[cfg(test)]
mod tests {
    //! Cookies carry the right attributes and come back as sent.

    use super::{Secret, clear_cookie};

    #[test]
    fn a_cookie_is_strict_and_reads_back() {
        let secret = Secret::new();
        let header = secret.set_cookie(true, 60);
        for part in [
            "__Host-cellplane_app=",
            "HttpOnly",
            "Secure",
            "SameSite=Lax",
            "Path=/",
        ] {
            assert!(header.contains(part), "{header}");
        }
        assert!(!header.contains("Domain"), "{header}");
        let pair = header.split(';').next().unwrap();
        let back = Secret::from_cookies(&format!("theme=dark; {pair}; x=y"), true).unwrap();
        assert_eq!(back.bytes(), secret.bytes());
        assert!(Secret::from_cookies(pair, false).is_none());
    }

    #[test]
    fn anything_else_is_no_secret() {
        for value in ["", "abc", "AAAA", &"A".repeat(44), "%00%00"] {
            let header = format!("cellplane_app={value}");
            assert!(Secret::from_cookies(&header, false).is_none(), "{value}");
        }
        assert!(clear_cookie(false).contains("Max-Age=0"));
    }
}
