//! The columns of a spec against the table they fill.

use std::collections::BTreeMap;

use super::super::spec::{Column, Dataset, Kind, Role, Source, Spec, To};
use crate::documents::{Findings, is_name};

const MOST_COLUMNS: usize = 200;
const MOST_BREAKDOWNS: usize = 8;
const MOST_HEADERS: usize = 16;
const LONGEST_HEADER: usize = 256;

pub(super) fn check(spec: &Spec, found: &mut Findings) {
    if spec.columns.is_empty() || spec.columns.len() > MOST_COLUMNS {
        return found.error(
            "/columns",
            format!("a spec has 1 to {MOST_COLUMNS} columns"),
        );
    }
    let mut names = BTreeMap::new();
    let mut headers = BTreeMap::new();
    for (at, column) in spec.columns.iter().enumerate() {
        let path = format!("/columns/{at}");
        if !is_name(&column.name) {
            let message = "a name has up to 63 lower case letters, digits and _, a letter first";
            found.error(format!("{path}/name"), message);
        }
        if let Some(other) = names.insert(column.name.as_str(), at) {
            let message = format!("{:?} is the name of column {other}, too", column.name);
            found.error(format!("{path}/name"), message);
        }
        check_headers(column, at, &mut headers, found);
        check_fit(spec, column, &path, found);
    }
    check_needs(spec, found);
}

/// A header is found by its exact text, so no two columns may claim the same.
fn check_headers<'a>(
    column: &'a Column,
    at: usize,
    taken: &mut BTreeMap<&'a str, usize>,
    found: &mut Findings,
) {
    let path = format!("/columns/{at}/headers");
    if column.headers.is_empty() || column.headers.len() > MOST_HEADERS {
        return found.error(path, format!("a column has 1 to {MOST_HEADERS} headers"));
    }
    for (number, header) in column.headers.iter().enumerate() {
        let path = format!("{path}/{number}");
        let plain = !header.chars().any(char::is_control) && header.trim() == header;
        if header.is_empty() || header.len() > LONGEST_HEADER || !plain {
            let message = format!(
                "a header has 1 to {LONGEST_HEADER} bytes, no control characters, no space around it"
            );
            found.error(&path, message);
        }
        if let Some(other) = taken.insert(header, at) {
            found.error(
                &path,
                format!("column {other} has the header {header:?} already"),
            );
        }
    }
}

/// Whether the column can be what it goes to.
fn check_fit(spec: &Spec, column: &Column, path: &str, found: &mut Findings) {
    let metric = column.role == Role::Metric;
    let is_metric = match column.to {
        To::Nothing | To::Extra => metric,
        to => metrics().contains(&to),
    };
    if metric != is_metric {
        let right = if is_metric { "metric" } else { "dimension" };
        found.error(format!("{path}/role"), format!("this goes to a {right}"));
    }
    let kinds = kinds_of(spec, column.to);
    if !kinds.is_empty() && !kinds.contains(&column.kind) {
        let words: Vec<String> = kinds.iter().map(|kind| word(*kind)).collect();
        let message = format!("{} takes {}", word(column.to), words.join(" or "));
        found.error(format!("{path}/kind"), message);
    }
    if metric && !matches!(column.kind, Kind::Count | Kind::Decimal | Kind::Money) {
        found.error(
            format!("{path}/kind"),
            "a metric is a count, a decimal or money",
        );
    }
    let is_key = needed(spec).contains(&column.to) && !metric;
    if !column.required && is_key {
        let message = format!("no row is without its {}", word(column.to));
        found.error(format!("{path}/required"), message);
    }
}

const fn metrics() -> [To; 7] {
    [
        To::Impressions,
        To::BillableImpressions,
        To::Clicks,
        To::Conversions,
        To::Revenue,
        To::MediaCost,
        To::BillableCost,
    ]
}

/// The kinds a column may be of; none: any.
fn kinds_of(spec: &Spec, to: To) -> &'static [Kind] {
    let delivered = matches!(spec.source, Source::FileDrop { .. });
    match to {
        To::Date => &[Kind::Date],
        // Not every platform has ids of digits.
        To::PartnerId
        | To::AdvertiserId
        | To::CampaignId
        | To::InsertionOrderId
        | To::LineItemId
            if delivered =>
        {
            &[Kind::Id, Kind::Text]
        }
        To::PartnerId
        | To::AdvertiserId
        | To::CampaignId
        | To::InsertionOrderId
        | To::LineItemId => &[Kind::Id],
        To::Currency => &[Kind::Currency],
        To::TimeZone => &[Kind::TimeZone],
        To::Breakdown => &[Kind::Text, Kind::Id],
        To::Impressions | To::BillableImpressions | To::Clicks => &[Kind::Count],
        To::Conversions => &[Kind::Decimal, Kind::Count],
        To::Revenue | To::MediaCost | To::BillableCost => &[Kind::Money],
        To::Extra | To::Nothing => &[],
    }
}

/// What a row of the table cannot be without.
fn needed(spec: &Spec) -> Vec<To> {
    let mut needed = vec![To::Date, To::AdvertiserId];
    if spec.dataset != Dataset::AdvertiserDays {
        needed.push(To::LineItemId);
    }
    match &spec.source {
        // What lies between advertiser and line item differs from platform to platform.
        Source::FileDrop { file } => {
            if file.currency.is_none() {
                needed.push(To::Currency);
            }
        }
        Source::Dv360 { .. } => {
            needed.extend([To::PartnerId, To::Currency]);
            if spec.dataset != Dataset::AdvertiserDays {
                needed.extend([To::CampaignId, To::InsertionOrderId]);
            }
        }
    }
    needed
}

fn check_needs(spec: &Spec, found: &mut Findings) {
    let of = |to: To| spec.columns.iter().filter(move |column| column.to == to);
    for to in needed(spec) {
        if of(to).next().is_none() {
            let message = format!("no column goes to {}, and rows are kept by it", word(to));
            found.error("/columns", message);
        }
    }
    for (at, column) in spec.columns.iter().enumerate() {
        let many = matches!(column.to, To::Breakdown | To::Extra | To::Nothing);
        let first = spec.columns.iter().position(|one| one.to == column.to);
        if !many && first != Some(at) {
            let message = format!("another column goes to {} already", word(column.to));
            found.error(format!("/columns/{at}/to"), message);
        }
        if !has(spec.dataset, column.to) {
            let message = format!("{} has no {}", word(spec.dataset), word(column.to));
            found.error(format!("/columns/{at}/to"), message);
        }
    }
    let breakdowns = of(To::Breakdown).count();
    if spec.dataset == Dataset::BreakdownDays && !(1..=MOST_BREAKDOWNS).contains(&breakdowns) {
        let message =
            format!("a breakdown has 1 to {MOST_BREAKDOWNS} columns that go to breakdown");
        found.error("/columns", message);
    }
    if !spec
        .columns
        .iter()
        .any(|column| metrics().contains(&column.to))
    {
        found.error("/columns", "no column goes to any metric");
    }
    if let Source::FileDrop { file } = &spec.source
        && file.currency.is_some()
        && of(To::Currency).next().is_some()
    {
        let message = "a column has the currency; one of the two has to go";
        found.error("/source/file/currency", message);
    }
}

/// Whether the table has the column.
fn has(dataset: Dataset, to: To) -> bool {
    match to {
        To::CampaignId | To::InsertionOrderId | To::LineItemId => {
            dataset != Dataset::AdvertiserDays
        }
        To::Breakdown => dataset == Dataset::BreakdownDays,
        To::Extra => dataset == Dataset::LineItemDays,
        _ => true,
    }
}

/// A rule is about a column that is there, and most are about numbers.
pub(super) fn check_rule_column(
    spec: &Spec,
    path: &str,
    name: &str,
    metric: bool,
    found: &mut Findings,
) {
    let column = spec.columns.iter().find(|column| column.name == name);
    match column {
        None => found.error(path, format!("there is no column {name:?}")),
        Some(column) if metric && column.role != Role::Metric => {
            found.error(path, format!("{name:?} is not a metric"));
        }
        Some(_) => {}
    }
}

/// As it stands in a spec.
fn word(value: impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
