//! Sends a DSP's answer on to the org that asked. Nothing is stored and nothing is exchanged here:
//! the cell of the org holds the secrets.

use contracts::Slug;
use service_kit::config::PublicUrls;
use url::Url;

pub mod http;

/// Google's codes and states are far shorter.
const VALUE_MAX: usize = 2_048;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("this answer belongs to no org; start again from your org's connections")]
    State,
    #[error("this answer is longer than any should be")]
    TooLong,
}

/// What the DSP sends back.
#[derive(Debug, Clone, Copy, Default)]
pub struct Callback<'a> {
    pub state: Option<&'a str>,
    pub code: Option<&'a str>,
    pub error: Option<&'a str>,
    pub scope: Option<&'a str>,
}

/// The org's own callback. `state` is `<slug>.<opaque>`; only a valid slug names a host.
pub fn target(urls: &PublicUrls, callback: Callback<'_>) -> Result<String, Error> {
    let state = callback.state.ok_or(Error::State)?;
    let (slug, _) = state.split_once('.').ok_or(Error::State)?;
    let slug: Slug = slug.parse().map_err(|_| Error::State)?;
    let base = format!("{}/connections/dv360/callback", urls.of(slug.as_str()));
    let mut url = Url::parse(&base).map_err(|_| Error::State)?;
    let named = [
        ("state", callback.state),
        ("code", callback.code),
        ("error", callback.error),
        ("scope", callback.scope),
    ];
    for (name, value) in named {
        let Some(value) = value else { continue };
        if value.len() > VALUE_MAX {
            return Err(Error::TooLong);
        }
        url.query_pairs_mut().append_pair(name, value);
    }
    Ok(url.into())
}

#[cfg(test)]
mod tests {
    //! The answer goes to the org's host and nowhere else.

    use expect_test::expect;

    use super::{Callback, Error, target};

    fn go(state: &str, code: &str) -> Result<String, Error> {
        let urls = "http://{host}.localhost:8080".parse().unwrap();
        let callback = Callback {
            state: Some(state),
            code: Some(code),
            ..Callback::default()
        };
        target(&urls, callback)
    }

    #[test]
    fn the_answer_goes_to_the_org_that_asked() {
        expect![
            "http://acme.localhost:8080/connections/dv360/callback?state=acme.x%26y&code=4%2F0A%23"
        ]
        .assert_eq(&go("acme.x&y", "4/0A#").unwrap());
    }

    #[test]
    fn a_state_that_names_no_org_goes_nowhere() {
        for state in [
            "",
            "acme",
            ".x",
            "evil.example.x/",
            "app.x",
            "a b.x",
            "acme@evil.x",
            "../x.y",
        ] {
            let gone = go(state, "c");
            assert!(
                gone.is_err()
                    || gone
                        .clone()
                        .unwrap()
                        .starts_with("http://evil.localhost:8080/"),
                "{state}: {gone:?}"
            );
        }
        assert_eq!(go("acme.x", &"c".repeat(3_000)), Err(Error::TooLong));
    }
}
