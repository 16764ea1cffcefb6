//! A host that an org brought itself, such as `ads.agency.example`: lower-case, fully qualified.
//!
//! Hosts under the platform's own domain are labels ([`crate::Slug`]) and never custom hosts; two
//! labels at least keep the two apart wherever both are keys of one table.

use std::fmt;
use std::net::Ipv4Addr;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

/// The longest name that DNS carries (RFC 1035, section 2.3.4), in its text form.
pub const MAX_NAME: usize = 253;
const MAX_LABEL: usize = 63;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct CustomHost(Box<str>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a lower-case host name of at least two labels, like ads.agency.example")]
pub struct CustomHostError;

impl CustomHost {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One label of a host name (RFC 1123, section 2.1), in either case.
pub fn is_label(label: &str) -> bool {
    (1..=MAX_LABEL).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

impl FromStr for CustomHost {
    type Err = CustomHostError;

    fn from_str(text: &str) -> Result<Self, CustomHostError> {
        let fits = text.len() <= MAX_NAME
            && text.contains('.')
            && text.split('.').all(is_label)
            && !text.bytes().any(|byte| byte.is_ascii_uppercase())
            && text.parse::<Ipv4Addr>().is_err();
        fits.then(|| Self(text.into())).ok_or(CustomHostError)
    }
}

impl fmt::Display for CustomHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for CustomHost {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::text::deserialize(deserializer)
    }
}

#[cfg(test)]
mod tests;
