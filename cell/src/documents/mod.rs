//! Documents that people write: pipelines, naming conventions, settings of modules. Read without
//! trust, told what is wrong and where, compared, and kept as versions that are never changed.
//!
//! What a document means is its slice's to know; this is what all of them have in common.

use serde::de::DeserializeOwned;
use serde_json::Value;

pub mod finding;

pub mod strict;

pub mod schema;

pub mod limits;

pub mod diff;

pub mod http;

#[cfg(test)]
mod tests;

pub use diff::{Change, diff};
pub use finding::{Finding, Findings, Weight, prevents};
pub use strict::Document;

/// Of a document as compact JSON.
pub const MOST_BYTES: usize = 64 << 10;
pub const LONGEST_COMMENT: usize = 500;

const LONGEST_NAME: usize = 63;

/// How long the value is as compact JSON.
pub fn bytes_of(value: &Value) -> usize {
    serde_json::to_vec(value).map_or(usize::MAX, |text| text.len())
}

/// Lower case letters, digits and `_`, beginning with a letter.
pub fn is_name(text: &str) -> bool {
    let first = text
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_lowercase());
    let rest = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    first && text.len() <= LONGEST_NAME && text.bytes().all(rest)
}

/// Reads a document. A part that is not as the vocabulary says is named.
pub fn read<T: DeserializeOwned>(value: &Value, most_bytes: usize) -> Result<T, Finding> {
    if bytes_of(value) > most_bytes {
        let message = format!("a document has at most {} KiB", most_bytes >> 10);
        return Err(Finding::error("", message));
    }
    serde_path_to_error::deserialize(value)
        .map_err(|error| Finding::error(pointer(error.path()), error.inner().to_string()))
}

/// A key as a step of a JSON pointer.
pub fn step(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut text = String::new();
    for segment in path {
        text.push('/');
        match segment {
            Segment::Seq { index } => text.push_str(&index.to_string()),
            Segment::Map { key } => text.push_str(&step(key)),
            // Below it nothing is known by name.
            Segment::Enum { .. } | Segment::Unknown => {
                text.pop();
                break;
            }
        }
    }
    text
}

/// Says of a comment why it cannot be kept.
pub fn refuse_comment(comment: &str) -> Option<String> {
    let wrong = comment.chars().count() > LONGEST_COMMENT || comment.chars().any(char::is_control);
    wrong.then(|| format!("a comment has at most {LONGEST_COMMENT} plain characters"))
}
