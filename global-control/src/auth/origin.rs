//! Writes come from our own pages: what browsers say about a request's origin is believed when it
//! speaks against it. Programs send neither header and carry no ambient cookies.

/// Whether a write may go on, given the request's `origin` and `sec-fetch-site`.
pub fn is_allowed(own_origin: &str, origin: Option<&str>, fetch_site: Option<&str>) -> bool {
    let origin_fits = origin.is_none_or(|origin| origin == own_origin);
    let site_fits = fetch_site.is_none_or(|site| matches!(site, "same-origin" | "none"));
    origin_fits && site_fits
}

#[cfg(test)]
mod tests {
    //! Another origin, a sibling host and an opaque origin are refused.

    use super::is_allowed;

    const OWN: &str = "https://app.example.com";

    #[test]
    fn only_our_own_pages_write() {
        assert!(is_allowed(OWN, None, None));
        assert!(is_allowed(OWN, Some(OWN), Some("same-origin")));
        for (origin, site) in [
            (Some("https://acme.example.com"), Some("same-site")),
            (Some("https://evil.example"), None),
            (Some("null"), None),
            (Some("http://app.example.com"), None),
            (Some("https://app.example.com:444"), None),
            (None, Some("cross-site")),
            (None, Some("same-site")),
            (Some(OWN), Some("cross-site")),
            (Some(""), None),
        ] {
            assert!(!is_allowed(OWN, origin, site), "{origin:?} {site:?}");
        }
    }
}
