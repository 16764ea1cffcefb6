//! Settings: read once from the environment over defaults, refused when a name is unknown.
//!
//! `CELL_DATABASE_URL` fills the field `database_url`, `CELL_DV360__TOKEN_URL` the field `token_url`
//! of `dv360`. Secrets are types that cannot be printed.

use std::fmt;
use std::str::FromStr;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Debug, thiserror::Error)]
#[error("read settings {prefix}_*: {source}")]
pub struct Error {
    prefix: String,
    source: Box<config::ConfigError>,
}

/// Reads `{prefix}_*` from the environment. `C` should deny unknown fields and default the rest.
pub fn load<C: DeserializeOwned>(prefix: &str) -> Result<C, Error> {
    from_source(prefix, None)
}

/// The same from given pairs, for tests.
pub fn load_from<C, I>(prefix: &str, pairs: I) -> Result<C, Error>
where
    C: DeserializeOwned,
    I: IntoIterator<Item = (String, String)>,
{
    from_source(prefix, Some(pairs.into_iter().collect()))
}

fn from_source<C: DeserializeOwned>(
    prefix: &str,
    source: Option<std::collections::HashMap<String, String>>,
) -> Result<C, Error> {
    let environment = config::Environment::with_prefix(prefix)
        .prefix_separator("_")
        .separator("__")
        .ignore_empty(true)
        .source(source);
    config::Config::builder()
        .add_source(environment)
        .build()
        .and_then(config::Config::try_deserialize)
        .map_err(|source| Error {
            prefix: prefix.to_owned(),
            source: Box::new(source),
        })
}

/// What `--print-config` shows: pretty JSON in which every secret reads `[hidden]`.
pub fn print<C: Serialize>(config: &C) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(config)
}

/// How a service logs and traces.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Telemetry {
    pub log_format: LogFormat,
    /// A `tracing_subscriber` filter such as `info` or `info,cell=debug`.
    pub log_filter: String,
    /// Where traces go by OTLP over HTTP (`http://collector:4318/v1/traces`); none: nowhere.
    pub otlp_endpoint: Option<String>,
}

impl Default for Telemetry {
    fn default() -> Self {
        Self {
            log_format: LogFormat::Json,
            log_filter: "info".into(),
            otlp_endpoint: None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Json,
    Compact,
}

/// A 256-bit secret, written as 64 hex digits. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct HexKey([u8; 32]);

impl HexKey {
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The text form, for handing the key to a child process.
    pub fn expose_hex(&self) -> String {
        hex::encode(self.0)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a key of 64 hex digits")]
pub struct KeyError;

impl FromStr for HexKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        parse_32(text).map(Self)
    }
}

impl fmt::Debug for HexKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[hidden]")
    }
}

impl Serialize for HexKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("[hidden]")
    }
}

impl<'de> Deserialize<'de> for HexKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_text(deserializer)
    }
}

/// An Ed25519 public key, written as 64 hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(pub [u8; 32]);

impl FromStr for PublicKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        parse_32(text).map(Self)
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

fn parse_32(text: &str) -> Result<[u8; 32], KeyError> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(text, &mut bytes).map_err(|_| KeyError)?;
    Ok(bytes)
}

/// A comma-separated list (`127.0.0.1:8080,[::1]:8080`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CommaList<T>(pub Vec<T>);

impl<T: FromStr> FromStr for CommaList<T> {
    type Err = T::Err;

    fn from_str(text: &str) -> Result<Self, T::Err> {
        text.split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl<T: fmt::Display> Serialize for CommaList<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let parts: Vec<String> = self.0.iter().map(T::to_string).collect();
        serializer.serialize_str(&parts.join(","))
    }
}

impl<'de, T> Deserialize<'de> for CommaList<T>
where
    T: FromStr<Err: fmt::Display>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_text(deserializer)
    }
}

fn from_text<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: fmt::Display>,
{
    String::deserialize(deserializer)?
        .parse()
        .map_err(serde::de::Error::custom)
}

/// Public addresses of the platform: `http://{host}.localhost:8080`, where `{host}` is `app` or a slug.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct PublicUrls(String);

impl PublicUrls {
    pub fn app(&self) -> String {
        self.of("app")
    }

    pub fn of(&self, host_label: &str) -> String {
        self.0.replace("{host}", host_label)
    }

    pub fn secure(&self) -> bool {
        self.0.starts_with("https://")
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a URL template such as https://{{host}}.example.com, without a path")]
pub struct PublicUrlsError;

impl FromStr for PublicUrls {
    type Err = PublicUrlsError;

    fn from_str(text: &str) -> Result<Self, PublicUrlsError> {
        let sample = text.replace("{host}", "app");
        let url = url::Url::parse(&sample).map_err(|_| PublicUrlsError)?;
        let plain = matches!(url.scheme(), "http" | "https")
            && url.path() == "/"
            && url.query().is_none()
            && !text.ends_with('/');
        if plain && text.matches("{host}.").count() == 1 {
            Ok(Self(text.to_owned()))
        } else {
            Err(PublicUrlsError)
        }
    }
}

impl<'de> Deserialize<'de> for PublicUrls {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_text(deserializer)
    }
}

#[cfg(test)]
mod tests;
