//! An org's name in its host (`<slug>.<domain>`): one DNS label, readable, not reserved.
//!
//! Two slugs that look alike have the same `skeleton`; global-control keeps skeletons unique, so
//! nobody can register a look-alike of another org's host.

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use serde::{Deserialize, Deserializer, Serialize};
use unicode_normalization::UnicodeNormalization;

pub const MIN_LEN: usize = 3;
pub const MAX_LEN: usize = 40;

/// Labels that belong to the platform or that people trust by habit (RFC 2142 and common hosts).
const RESERVED: &[&str] = &[
    "abuse",
    "account",
    "accounts",
    "admin",
    "administrator",
    "api",
    "app",
    "apps",
    "assets",
    "auth",
    "autoconfig",
    "autodiscover",
    "beta",
    "billing",
    "blog",
    "cdn",
    "cell",
    "cells",
    "cellplane",
    "console",
    "dashboard",
    "demo-app",
    "dev",
    "dns",
    "docs",
    "download",
    "edge",
    "email",
    "events",
    "fleet",
    "ftp",
    "git",
    "global",
    "global-control",
    "grafana",
    "health",
    "help",
    "hostmaster",
    "imap",
    "info",
    "internal",
    "invite",
    "legal",
    "livez",
    "localhost",
    "login",
    "logout",
    "mail",
    "metrics",
    "mx",
    "news",
    "noreply",
    "no-reply",
    "ns",
    "ns1",
    "ns2",
    "oauth",
    "official",
    "ops",
    "pay",
    "payment",
    "pop",
    "postmaster",
    "preview",
    "privacy",
    "prod",
    "production",
    "proxy",
    "readyz",
    "register",
    "root",
    "router",
    "sandbox",
    "security",
    "settings",
    "signin",
    "signup",
    "smtp",
    "sso",
    "staging",
    "static",
    "status",
    "support",
    "sysadmin",
    "system",
    "team",
    "test",
    "usenet",
    "uucp",
    "webhook",
    "webhooks",
    "webmaster",
    "wpad",
    "www",
    "www1",
    "www2",
];

/// A valid slug; the only way to get one is to parse it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, utoipa::ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", min_length = 3, max_length = 40)]
pub struct Slug(String);

/// Why a text is not a slug. The message is shown to the person who typed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SlugError {
    #[error("use at least {MIN_LEN} characters")]
    TooShort,
    #[error("use at most {MAX_LEN} characters")]
    TooLong,
    #[error("use only lower-case letters a to z, digits and hyphens")]
    Character,
    #[error("start and end with a letter or digit, and never put two hyphens together")]
    Hyphen,
    #[error("use at least one letter")]
    OnlyDigits,
    #[error("this name is reserved")]
    Reserved,
}

impl Slug {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the slug looks like at a glance: look-alike characters folded, hyphens dropped.
    pub fn skeleton(&self) -> String {
        skeleton(&self.0)
    }

    /// A valid slug close to any text a person may type (`"Acme Média GmbH"` → `acme-media-gmbh`).
    pub fn suggest(text: &str) -> Option<Self> {
        let mut label = String::new();
        for c in text.nfkd().flat_map(char::to_lowercase) {
            match c {
                'a'..='z' | '0'..='9' => label.push(c),
                'ß' => label.push_str("ss"),
                _ if unicode_normalization::char::is_combining_mark(c) => {}
                _ if label.ends_with('-') || label.is_empty() => {}
                _ => label.push('-'),
            }
            if label.len() >= MAX_LEN {
                break;
            }
        }
        label.truncate(MAX_LEN);
        label.trim_matches('-').parse().ok()
    }
}

impl FromStr for Slug {
    type Err = SlugError;

    fn from_str(text: &str) -> Result<Self, SlugError> {
        let slug = Self::held(text)?;
        if is_reserved(text) {
            return Err(SlugError::Reserved);
        }
        Ok(slug)
    }
}

impl Slug {
    /// A slug that somebody has: a word that was reserved later does not take it away.
    fn held(text: &str) -> Result<Self, SlugError> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if text.len() < MIN_LEN {
            Err(SlugError::TooShort)
        } else if text.len() > MAX_LEN {
            Err(SlugError::TooLong)
        } else if !text.bytes().all(allowed) {
            Err(SlugError::Character)
        } else if text.starts_with('-') || text.ends_with('-') || text.contains("--") {
            Err(SlugError::Hyphen)
        } else if !text.bytes().any(|byte| byte.is_ascii_lowercase()) {
            Err(SlugError::OnlyDigits)
        } else {
            Ok(Self(text.to_owned()))
        }
    }
}

/// A look-alike of a reserved word is as misleading as the word itself.
fn is_reserved(text: &str) -> bool {
    static SEEN: LazyLock<HashSet<String>> =
        LazyLock::new(|| RESERVED.iter().map(|word| skeleton(word)).collect());
    SEEN.contains(&skeleton(text))
}

/// In one pass, since every slug of a route table is read through here. No replacement makes the
/// beginning of another one.
fn skeleton(text: &str) -> String {
    let mut seen = String::with_capacity(text.len());
    let mut chars = text.chars().filter(|c| *c != '-').peekable();
    while let Some(c) = chars.next() {
        let looks = match (c, chars.peek()) {
            ('r', Some('n')) => Some('m'),
            ('v', Some('v')) => Some('w'),
            ('c', Some('l')) => Some('d'),
            _ => None,
        };
        seen.push(match (looks, c) {
            (Some(pair), _) => {
                chars.next();
                pair
            }
            (None, '0') => 'o',
            (None, '1' | 'i') => 'l',
            (None, '5') => 's',
            (None, '8') => 'b',
            (None, '2') => 'z',
            (None, other) => other,
        });
    }
    seen
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Reads a slug that somebody has, for wires that tell of orgs rather than make them.
pub(crate) fn deserialize_held<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Slug, D::Error> {
    struct Held(Slug);

    impl FromStr for Held {
        type Err = SlugError;

        fn from_str(text: &str) -> Result<Self, SlugError> {
            Slug::held(text).map(Self)
        }
    }

    crate::text::deserialize(deserializer).map(|Held(slug)| slug)
}

impl<'de> Deserialize<'de> for Slug {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::text::deserialize(deserializer)
    }
}

#[cfg(test)]
mod tests;
