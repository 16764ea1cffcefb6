//! Whether an address can still be had, and which one could be had instead.

use contracts::Slug;
use contracts::slug::SlugError;
use serde::Serialize;

use super::store;
use crate::db::{Error, GlobalTx};

/// How a wished slug meets a held one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clash {
    Same,
    LooksLike,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    Taken,
    Reserved,
    Invalid,
    Confusable,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Availability {
    /// As asked.
    pub slug: String,
    pub available: bool,
    pub reason: Option<Reason>,
    /// For people.
    pub message: String,
    /// A free address close to the wish.
    pub suggestion: Option<String>,
}

/// Nothing is promised: only claiming a slug holds it.
pub async fn check(tx: &mut GlobalTx, wish: &str) -> Result<Availability, Error> {
    let (reason, message) = match wish.parse::<Slug>() {
        Err(error @ SlugError::Reserved) => (Some(Reason::Reserved), error.to_string()),
        Err(error) => (Some(Reason::Invalid), error.to_string()),
        Ok(slug) => match store::find_slug_clash(tx, &slug).await? {
            None => (None, "this address is free".to_owned()),
            Some(Clash::Same) => (Some(Reason::Taken), "this address is taken".to_owned()),
            Some(Clash::LooksLike) => (
                Some(Reason::Confusable),
                "this address looks too much like one that is taken".to_owned(),
            ),
        },
    };
    let suggestion = match reason {
        None => None,
        Some(_) => suggest(tx, wish).await?,
    };
    Ok(Availability {
        slug: wish.to_owned(),
        available: reason.is_none(),
        reason,
        message,
        suggestion,
    })
}

async fn suggest(tx: &mut GlobalTx, wish: &str) -> Result<Option<String>, Error> {
    for candidate in candidates(wish) {
        if store::find_slug_clash(tx, &candidate).await?.is_none() {
            return Ok(Some(candidate.to_string()));
        }
    }
    Ok(None)
}

/// In order of preference; all valid.
fn candidates(wish: &str) -> Vec<Slug> {
    const ENDINGS: [&str; 9] = [
        "", "-media", "-team", "-group", "-hq", "-3", "-4", "-7", "-9",
    ];
    let short: String = wish.chars().take(200).collect();
    // A wish without one usable letter is no base for anything.
    let probe = Slug::suggest(&format!("{short} probe"));
    if probe.is_none_or(|probe| probe.as_str() == "probe") {
        return Vec::new();
    }
    ENDINGS
        .iter()
        .filter_map(|ending| {
            let room = contracts::slug::MAX_LEN - ending.len();
            let base: String = Slug::suggest(&short)
                .map_or(short.clone(), |slug| slug.to_string())
                .chars()
                .take(room)
                .collect();
            Slug::suggest(&format!("{base}{ending}"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    //! Suggestions are valid and close.

    use super::candidates;

    #[test]
    fn suggestions_stay_close_to_the_wish() {
        let first = |wish: &str| candidates(wish).first().map(ToString::to_string);
        assert_eq!(first("Acme Média"), Some("acme-media".into()));
        assert_eq!(first("admin"), Some("admin-media".into()));
        assert_eq!(first("ab"), Some("ab-media".into()));
        assert_eq!(first(&"x".repeat(5_000)), Some("x".repeat(40)));
        assert_eq!(first("北京"), None);
        assert_eq!(candidates(&"y".repeat(40))[1].as_str().len(), 40);
    }
}
