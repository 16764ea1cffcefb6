//! From kept answers to entities in our words. Pure: the same bytes always give the same entities.
//!
//! An entity that cannot be put into our words does not hold up the others: history keeps it with the
//! reason, and what is computed with stays as it was.

use std::io::{BufRead, Write};

use chrono::{DateTime, Utc};
use contracts::Currency;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::super::client;
use super::Kept;
use crate::ingestion::connector::{
    Advertiser, Entity, EntityKind, EntityPage, EntityPages, Error, Partner, Typed,
};

mod below;

/// A page of at most 200 entities.
const LONGEST_LINE: u64 = 65 << 20;

/// `{"path":…,"body":<the answer, byte for byte>}` and a line feed.
pub(super) fn keep(path: &str, bytes: &[u8], cut: bool, to: &mut impl Write) -> Result<(), Error> {
    let kept = Kept {
        path: path.into(),
        cut,
        body: client::parse(bytes)?,
    };
    let mut text =
        serde_json::to_vec(&kept).map_err(|error| Error::Unexpected(error.to_string()))?;
    // An answer may be printed over several lines; outside of texts a line feed means nothing, and
    // inside of them it cannot be.
    for byte in &mut text {
        if *byte == b'\n' {
            *byte = b' ';
        }
    }
    text.push(b'\n');
    Ok(to.write_all(&text)?)
}

pub(crate) fn pages(input: Box<dyn BufRead + Send>) -> EntityPages {
    Box::new(Pages(input))
}

struct Pages(Box<dyn BufRead + Send>);

impl Iterator for Pages {
    type Item = Result<EntityPage, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut line = Vec::new();
        let mut bounded = std::io::Read::take(&mut self.0, LONGEST_LINE);
        match bounded.read_until(b'\n', &mut line) {
            Ok(0) => None,
            Ok(_) if line.last() != Some(&b'\n') => {
                let message = "a kept answer has no end".to_owned();
                Some(Err(Error::Unexpected(message)))
            }
            Ok(_) => Some(page(&line)),
            Err(error) => Some(Err(error.into())),
        }
    }
}

#[derive(Deserialize)]
struct List<'a> {
    #[serde(
        borrow,
        default,
        alias = "campaigns",
        alias = "insertionOrders",
        alias = "lineItems",
        alias = "creatives"
    )]
    items: Vec<&'a RawValue>,
}

fn page(line: &[u8]) -> Result<EntityPage, Error> {
    let kept: Kept<'_> = client::parse(line)?;
    let unknown = || Error::Unexpected(format!("{:?} was not asked for", kept.path));
    let parts: Vec<&str> = kept.path.split('/').collect();
    let (kind, advertiser) = match parts[..] {
        ["v4", "partners", _] => (EntityKind::Partner, None),
        ["v4", "advertisers", id] => (EntityKind::Advertiser, Some(id)),
        ["v4", "advertisers", id, list] => {
            let kind = match list {
                "campaigns" => EntityKind::Campaign,
                "insertionOrders" => EntityKind::InsertionOrder,
                "lineItems" => EntityKind::LineItem,
                "creatives" => EntityKind::Creative,
                _ => return Err(unknown()),
            };
            (kind, Some(id))
        }
        _ => return Err(unknown()),
    };
    let whole = kept.body.get();
    let items = match kind {
        EntityKind::Partner | EntityKind::Advertiser => vec![kept.body],
        _ => client::parse::<List<'_>>(whole.as_bytes())?.items,
    };
    let entities = items.into_iter().map(|item| entity(kind, advertiser, item));
    Ok(EntityPage {
        entities: entities.collect::<Result<_, _>>()?,
        cut: kept.cut.then_some(kind),
    })
}

/// What every kind has.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Common {
    partner_id: Option<String>,
    advertiser_id: Option<String>,
    campaign_id: Option<String>,
    insertion_order_id: Option<String>,
    line_item_id: Option<String>,
    creative_id: Option<String>,
    #[serde(default)]
    display_name: String,
    #[serde(default)]
    entity_status: String,
    update_time: Option<String>,
}

fn entity(kind: EntityKind, advertiser: Option<&str>, item: &RawValue) -> Result<Entity, Error> {
    let source = without_nul(item)?;
    let common: Common = client::parse(source.get().as_bytes())?;
    if advertiser.is_some() && common.advertiser_id.as_deref() != advertiser {
        let found = common.advertiser_id.unwrap_or_default();
        let message = format!("asked for advertiser {advertiser:?}, got {found:?}");
        return Err(Error::Unexpected(message));
    }
    let id = match kind {
        EntityKind::Partner => common.partner_id,
        EntityKind::Advertiser => common.advertiser_id,
        EntityKind::Campaign => common.campaign_id,
        EntityKind::InsertionOrder => common.insertion_order_id,
        EntityKind::LineItem => common.line_item_id,
        EntityKind::Creative => common.creative_id,
    };
    let id = id.filter(|id| !id.is_empty());
    let id = id.ok_or_else(|| Error::Unexpected(format!("a {} without an id", kind.as_str())))?;
    let updated_at = common
        .update_time
        .as_deref()
        .map(DateTime::parse_from_rfc3339);
    Ok(Entity {
        kind,
        id,
        name: common.display_name,
        entity_status: word(&common.entity_status, "ENTITY_STATUS_"),
        updated_at: updated_at
            .and_then(Result::ok)
            .map(|at| at.with_timezone(&Utc)),
        typed: typed(kind, source.get()),
        source,
    })
}

/// No row can hold a NUL, which a name in JSON can.
fn without_nul(item: &RawValue) -> Result<Box<RawValue>, Error> {
    if !item.get().contains("\\u0000") {
        return Ok(item.to_owned());
    }
    let mut value: serde_json::Value = client::parse(item.get().as_bytes())?;
    replace_nul(&mut value);
    serde_json::value::to_raw_value(&value).map_err(|error| Error::Unexpected(error.to_string()))
}

fn replace_nul(value: &mut serde_json::Value) {
    use serde_json::Value;
    match value {
        Value::String(text) => *text = text.replace('\0', "\u{fffd}"),
        Value::Array(items) => items.iter_mut().for_each(replace_nul),
        Value::Object(fields) => {
            let replaced = std::mem::take(fields).into_iter().map(|(key, mut value)| {
                replace_nul(&mut value);
                (key.replace('\0', "\u{fffd}"), value)
            });
            *fields = replaced.collect();
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn typed(kind: EntityKind, source: &str) -> Result<Typed, String> {
    fn parsed<'a, T: Deserialize<'a>>(source: &'a str) -> Result<T, String> {
        serde_json::from_str(source).map_err(|error| error.to_string())
    }
    Ok(match kind {
        EntityKind::Partner => Typed::Partner(partner(parsed(source)?)),
        EntityKind::Advertiser => Typed::Advertiser(advertiser(parsed(source)?)?),
        EntityKind::Campaign => Typed::Campaign(below::campaign(parsed(source)?)),
        EntityKind::InsertionOrder => {
            Typed::InsertionOrder(below::insertion_order(parsed(source)?)?)
        }
        EntityKind::LineItem => Typed::LineItem(below::line_item(parsed(source)?)?),
        EntityKind::Creative => Typed::Creative(below::creative(parsed(source)?)),
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct PartnerAnswer {
    partner_id: String,
    #[serde(default)]
    display_name: String,
    #[serde(default)]
    entity_status: String,
    general_config: Option<GeneralConfig>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct AdvertiserAnswer {
    advertiser_id: String,
    partner_id: String,
    #[serde(default)]
    display_name: String,
    #[serde(default)]
    entity_status: String,
    general_config: GeneralConfig,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct GeneralConfig {
    #[serde(default)]
    time_zone: String,
    #[serde(default)]
    currency_code: String,
}

pub(super) fn partner(one: PartnerAnswer) -> Partner {
    let (currency, time_zone) = one
        .general_config
        .map(|config| (config.currency_code, config.time_zone))
        .unzip();
    Partner {
        partner_id: one.partner_id,
        name: one.display_name,
        entity_status: word(&one.entity_status, "ENTITY_STATUS_"),
        currency,
        time_zone,
    }
}

pub(super) fn advertiser(one: AdvertiserAnswer) -> Result<Advertiser, String> {
    let id = &one.advertiser_id;
    let unreadable = |what: &str| format!("advertiser {id} has {what}");
    let currency: Currency = one
        .general_config
        .currency_code
        .parse()
        .map_err(|_| unreadable("an unknown currency"))?;
    let time_zone = one
        .general_config
        .time_zone
        .parse()
        .map_err(|_| unreadable("an unknown time zone"))?;
    Ok(Advertiser {
        currency,
        time_zone,
        advertiser_id: one.advertiser_id,
        partner_id: one.partner_id,
        name: one.display_name,
        entity_status: word(&one.entity_status, "ENTITY_STATUS_"),
    })
}

/// `ENTITY_STATUS_ACTIVE` as `active`.
fn word(name: &str, prefix: &str) -> String {
    let word = name.strip_prefix(prefix).unwrap_or(name);
    match word {
        "" | "UNSPECIFIED" => "unknown".to_owned(),
        word => word.to_ascii_lowercase(),
    }
}
