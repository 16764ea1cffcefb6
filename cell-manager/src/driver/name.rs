//! A cell's name: also the name of its folder, so it is short and plain.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CellName(String);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a cell's name: 1 to 32 lower-case letters, digits and hyphens, starting with a letter"
)]
pub struct NameError(String);

impl CellName {
    /// `cell-1`, `cell-2`, …
    pub fn numbered(number: u32) -> Self {
        Self(format!("cell-{number}"))
    }

    /// The first of `cell-1`, `cell-2`, … that is not taken.
    pub fn first_free(taken: &[Self]) -> Self {
        (1..)
            .map(Self::numbered)
            .find(|name| !taken.contains(name))
            .expect("there are more numbers than cells")
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Numbers count as numbers, so that `cell-10` comes after `cell-9`.
    pub fn sort_key(&self) -> (String, u64) {
        let stem = self.0.trim_end_matches(|c: char| c.is_ascii_digit());
        let number = self.0[stem.len()..].parse().unwrap_or(0);
        (stem.to_owned(), number)
    }
}

impl FromStr for CellName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let valid = text.len() <= 32
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && !text.ends_with('-')
            && text.bytes().all(plain);
        valid
            .then(|| Self(text.to_owned()))
            .ok_or_else(|| NameError(text.to_owned()))
    }
}

impl TryFrom<String> for CellName {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, NameError> {
        text.parse()
    }
}

impl From<CellName> for String {
    fn from(name: CellName) -> Self {
        name.0
    }
}

impl fmt::Display for CellName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    //! Names are safe as folder names and sort as people count.

    use super::CellName;

    #[test]
    fn only_plain_names_are_accepted() {
        for good in ["cell-1", "a", "eu-west-12"] {
            assert_eq!(good.parse::<CellName>().unwrap().as_str(), good);
        }
        for bad in [
            "",
            "1a",
            "-a",
            "a-",
            "a/b",
            "..",
            "Cell",
            "a b",
            &"a".repeat(33),
        ] {
            assert!(bad.parse::<CellName>().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_first_free_number_is_taken() {
        let taken = [CellName::numbered(1), CellName::numbered(3)];
        assert_eq!(CellName::first_free(&taken), CellName::numbered(2));
    }

    #[test]
    fn ten_comes_after_nine() {
        assert!(CellName::numbered(10).sort_key() > CellName::numbered(9).sort_key());
    }
}
