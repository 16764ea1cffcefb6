//! Display & Video v4: which lists are read, and how each answer is kept byte for byte. `read` turns
//! what was kept into our words.
//!
//! Archived entities are left out by the source unless asked for; without them a full refresh would
//! look like deletions, so they are asked for. Nothing is enumerated that can explode: audiences,
//! targeting and the like are not, and the list of creatives is left after so many pages.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::client::{self, Api, Call, Client};
use crate::ingestion::connector::{Advertiser, EntitiesRequest, EntityKind, Error, Partner};

pub(super) mod read;

/// Every status an entity can be in and still be read.
const ANY_STATUS: &str = concat!(
    "(entityStatus=\"ENTITY_STATUS_ACTIVE\" OR entityStatus=\"ENTITY_STATUS_PAUSED\"",
    " OR entityStatus=\"ENTITY_STATUS_DRAFT\" OR entityStatus=\"ENTITY_STATUS_ARCHIVED\")"
);
/// An advertiser may have any number of creatives; more than 50,000 are not looked through.
const MOST_CREATIVE_PAGES: u32 = 250;

pub(super) async fn list_partners(client: &Client) -> Result<Vec<Partner>, Error> {
    let query = [("pageSize", "200")];
    let partners = client
        .list::<read::PartnerAnswer>(Api::Entities, "v4/partners", &query)
        .await?;
    Ok(partners.into_iter().map(read::partner).collect())
}

/// The source lists the advertisers of one partner; the answer's own partner is kept, so that a
/// caller can insist on it.
pub(super) async fn list_advertisers(
    client: &Client,
    partner_id: &str,
) -> Result<Vec<Advertiser>, Error> {
    let query = [("partnerId", partner_id), ("pageSize", "200")];
    let found = client
        .list::<read::AdvertiserAnswer>(Api::Entities, "v4/advertisers", &query)
        .await?;
    let read = |one| read::advertiser(one).map_err(Error::Unexpected);
    found.into_iter().map(read).collect()
}

/// The advertiser, its partner and everything below it that the request wants, into a file.
pub(super) async fn fetch_entities(
    client: &Client,
    request: &EntitiesRequest,
    to: &Path,
) -> Result<(), Error> {
    let mut file = BufWriter::new(File::create(to)?);
    let advertiser = format!("v4/advertisers/{}", request.advertiser_id);
    keep_one(client, &advertiser, &mut file).await?;
    let partner = format!("v4/partners/{}", request.partner_id);
    match keep_one(client, &partner, &mut file).await {
        // Somebody may have rights on an advertiser and none on its partner.
        Ok(()) | Err(Error::Forbidden(_) | Error::NotFound(_)) => {}
        Err(error) => return Err(error),
    }
    for (kind, name, size) in [
        (EntityKind::Campaign, "campaigns", "200"),
        (EntityKind::InsertionOrder, "insertionOrders", "100"),
        (EntityKind::LineItem, "lineItems", "200"),
    ] {
        let filter = both(Some(ANY_STATUS), request.since.get(&kind));
        let list = List {
            path: format!("{advertiser}/{name}"),
            filter,
            page_size: size,
            most_pages: u32::MAX,
        };
        list.keep(client, &mut file).await?;
    }
    // Of creatives a filter may name one status only, and none means all but the archived.
    for status in [None, Some("entityStatus=\"ENTITY_STATUS_ARCHIVED\"")] {
        let list = List {
            path: format!("{advertiser}/creatives"),
            filter: both(status, request.since.get(&EntityKind::Creative)),
            page_size: "200",
            most_pages: MOST_CREATIVE_PAGES,
        };
        list.keep(client, &mut file).await?;
    }
    file.flush()?;
    Ok(())
}

/// The source compares whole seconds.
fn both(status: Option<&str>, since: Option<&DateTime<Utc>>) -> Option<String> {
    let since = since.map(|at| format!("updateTime>=\"{}\"", at.format("%Y-%m-%dT%H:%M:%SZ")));
    match (status, since) {
        (Some(status), Some(since)) => Some(format!("{status} AND {since}")),
        (Some(one), None) => Some(one.to_owned()),
        (None, since) => since,
    }
}

async fn keep_one(client: &Client, path: &str, to: &mut impl Write) -> Result<(), Error> {
    let answer = client.send(Call::get(Api::Entities, path, &[])).await?;
    let bytes = client::body(answer).await?;
    read::keep(path, &bytes, false, to)
}

struct List {
    path: String,
    filter: Option<String>,
    page_size: &'static str,
    most_pages: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    next_page_token: Option<String>,
}

impl List {
    /// A page's token stops working when the list changes under it, and a token that comes back
    /// would go round for ever. The list is then read from its start, once: what was kept before
    /// says the same twice and does no harm.
    async fn keep(&self, client: &Client, to: &mut impl Write) -> Result<(), Error> {
        match self.keep_pages(client, to).await {
            Err(Stopped::Token(reason)) => {
                tracing::warn!(path = self.path, %reason, "reading a list from its start again");
            }
            Err(Stopped::Failed(error)) => return Err(error),
            Ok(()) => return Ok(()),
        }
        self.keep_pages(client, to).await.map_err(|stopped| {
            let path = &self.path;
            match stopped {
                Stopped::Token(reason) => Error::Unexpected(format!("{path}, twice: {reason}")),
                Stopped::Failed(error) => error,
            }
        })
    }

    async fn keep_pages(&self, client: &Client, to: &mut impl Write) -> Result<(), Stopped> {
        let mut seen = HashSet::new();
        let mut token = String::new();
        for number in 1_u32.. {
            let mut query = vec![("pageSize", self.page_size)];
            query.extend(self.filter.as_deref().map(|filter| ("filter", filter)));
            if !token.is_empty() {
                query.push(("pageToken", &token));
            }
            let answer = client.send(Call::get(Api::Entities, &self.path, &query));
            let answer = answer.await.map_err(|error| match error {
                Error::Rejected(reason) if !token.is_empty() => Stopped::Token(reason),
                error => Stopped::Failed(error),
            })?;
            let bytes = client::body(answer).await?;
            let page: Page = client::parse(&bytes)?;
            let next = page.next_page_token.filter(|next| !next.is_empty());
            let cut = next.is_some() && number >= self.most_pages;
            read::keep(&self.path, &bytes, cut, to)?;
            match next {
                None => return Ok(()),
                Some(_) if cut => return Ok(()),
                Some(next) if !seen.insert(next.clone()) => {
                    return Err(Stopped::Token("a page token is repeated".to_owned()));
                }
                Some(next) => token = next,
            }
        }
        Ok(())
    }
}

enum Stopped {
    /// The pages cannot be followed any further.
    Token(String),
    Failed(Error),
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// What is kept of one answer.
#[derive(Deserialize, serde::Serialize)]
struct Kept<'a> {
    #[serde(borrow)]
    path: std::borrow::Cow<'a, str>,
    /// There were more pages, which were not asked for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    cut: bool,
    #[serde(borrow)]
    body: &'a RawValue,
}

#[cfg(test)]
mod tests;
