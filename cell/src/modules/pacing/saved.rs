//! What people keep by name: views of the page, which are its address, and portfolios, which say
//! which orders belong together. Everybody in the org sees them, so a link to one works for all.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use contracts::UserId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::rows::PacingRow;
use crate::tenancy;

pub mod http;

pub(super) mod store;

/// More would be a mistake, and would make the list of portfolios slow.
pub(super) const MOST: i64 = 200;
const MOST_IDS: usize = 5_000;
const MOST_PARAMETERS: usize = 30;
const LONGEST: usize = 500;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("nothing is kept under this id")]
    NotFound,
    #[error("{0}")]
    Invalid(&'static str),
    #[error("another one has this name")]
    NameTaken,
    #[error("there are {MOST} already; remove one first")]
    TooMany,
    #[error("somebody changed it in the meantime: its version is {0}")]
    Changed(i32),
    #[error("only whoever made it and admins may change it")]
    NotYours,
    #[error(transparent)]
    Tenancy(#[from] tenancy::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        let taken = error
            .as_database_error()
            .is_some_and(|error| error.constraint() == Some("pacing_saved_by_name"));
        if taken {
            Self::NameTaken
        } else {
            Self::Tenancy(error.into())
        }
    }
}

/// Orders that belong together: any that is named, or whose campaign or advertiser is, or whose name
/// has this in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = PacingPortfolio)]
pub struct Portfolio {
    pub advertiser_ids: Vec<String>,
    pub campaign_ids: Vec<String>,
    pub insertion_order_ids: Vec<String>,
    pub name_contains: String,
}

impl Portfolio {
    /// Whether it holds an order, or a line item of it.
    pub fn holds(&self, order: &PacingRow) -> bool {
        let has = |ids: &[String], id: &str| ids.iter().any(|one| one == id);
        let word = self.name_contains.to_lowercase();
        has(&self.advertiser_ids, &order.advertiser_id)
            || has(&self.campaign_ids, &order.campaign_id)
            || has(&self.insertion_order_ids, &order.insertion_order_id)
            || (!word.is_empty() && order.insertion_order_name.to_lowercase().contains(&word))
    }

    fn check(&self) -> Result<(), Error> {
        let ids = [
            &self.advertiser_ids,
            &self.campaign_ids,
            &self.insertion_order_ids,
        ];
        if ids.iter().all(|ids| ids.is_empty()) && self.name_contains.trim().is_empty() {
            return Err(Error::Invalid("a portfolio has to name some orders"));
        }
        if ids.iter().map(|ids| ids.len()).sum::<usize>() > MOST_IDS {
            return Err(Error::Invalid("a portfolio names at most 5,000 ids"));
        }
        let long = |text: &String| text.is_empty() || text.chars().count() > LONGEST;
        if ids.into_iter().flatten().any(long) || self.name_contains.chars().count() > LONGEST {
            return Err(Error::Invalid("an id or a name has 1 to 500 characters"));
        }
        Ok(())
    }
}

/// The parameters of the page's address.
pub type View = BTreeMap<String, String>;

/// Either of the two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    View(View),
    Portfolio(Portfolio),
}

impl Kept {
    fn check(&self) -> Result<(), Error> {
        match self {
            Self::Portfolio(portfolio) => portfolio.check(),
            Self::View(view) => {
                let long = |text: &String| text.chars().count() > LONGEST;
                let wrong = view.iter().any(|(name, value)| long(name) || long(value));
                if wrong || view.len() > MOST_PARAMETERS {
                    return Err(Error::Invalid(
                        "a view has at most 30 parameters of 500 characters",
                    ));
                }
                Ok(())
            }
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    pub saved_id: Uuid,
    pub name: String,
    pub kept: Kept,
    pub version: i32,
    pub created_by: UserId,
    pub changed_by: UserId,
    pub changed_at: DateTime<Utc>,
}

/// A name that people can tell from others.
fn checked_name(name: &str) -> Result<&str, Error> {
    let name = name.trim();
    let count = name.chars().count();
    if count == 0 || count > 100 || name.chars().any(char::is_control) {
        return Err(Error::Invalid("a name has 1 to 100 characters"));
    }
    Ok(name)
}
