//! What an org has, by a part of its name or by its id: for the field that leads everywhere.

pub mod http;

mod store;

#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum FoundKind {
    Advertiser,
    InsertionOrder,
    LineItem,
}

/// Finds a text wherever it stands; what has a meaning in patterns stands for itself.
fn pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    //! Nothing typed is taken for a pattern.

    use super::pattern;

    #[test]
    fn signs_of_patterns_stand_for_themselves() {
        assert_eq!(pattern("Q4_100%"), r"%Q4\_100\%%");
        assert_eq!(pattern(r"a\b"), r"%a\\b%");
    }
}
