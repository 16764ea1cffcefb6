//! A report as a CSV file: rows, totals row, blank line, footer, byte for byte as Google writes it.
//!
//! Rows come in no order a reader may rely on, and a row without any figure is left out.

use std::collections::HashMap;
use std::fmt::Write as _;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::catalogue::{Currency, Dimension, Form, Metric};
use super::ranges::{Span, resolve};
use super::{DataRange, Parameters, sheet};
use crate::clock::Now;
use crate::faults::FileFault;
use crate::world::facts::served;
use crate::world::{Advertiser, Facts, LineItem, Partner, World, mix};

const NO_DATA: &str = "No data returned by the reporting service.";
const MRC: &str = "MRC Accredited Metrics,\"Clicks(Desktop Video, Desktop Display, Desktop Rich \
                   Media, Mobile Video, Mobile Display, Mobile Rich Media, In-App Video, In-App \
                   Display, In-App Rich Media)\",Active View metrics are accredited only when \
                   Measurement Source = Measured";
const FINALIZED: &str = "\"Reporting numbers from the previous month are finalized (for billing \
                         purposes) on the first of each month, unless communicated otherwise. Some \
                         numbers in reports may fluctuate for up to seven days before matching \
                         billing numbers.\"";

/// Everything a file depends on besides the world.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Request {
    pub(crate) params: Parameters,
    pub(crate) range: DataRange,
    /// The advertisers the report covers; what its maker could see when it was run.
    pub(crate) advertisers: Vec<u64>,
    /// How many edits the world had seen.
    pub(crate) revision: usize,
    pub(crate) now: Now,
}

impl Request {
    /// The dates over all covered advertisers, whose days begin at different moments.
    pub(crate) fn span(&self, world: &World) -> Option<Span> {
        let all_time = self.range.range == "ALL_TIME";
        let spans = self.advertisers.iter().filter_map(|id| {
            let advertiser = world.find_advertiser(*id)?;
            let span = resolve(&self.range, self.now.today(advertiser.time_zone))?;
            let start = if all_time {
                advertiser.history_start
            } else {
                span.start
            };
            Some(Span { start, ..span })
        });
        let widest = |a: Span, b: Span| Span {
            start: a.start.min(b.start),
            end: a.end.max(b.end),
        };
        spans
            .reduce(widest)
            .or_else(|| resolve(&self.range, self.now.today(chrono_tz::UTC)))
    }

    fn selects(&self, line_item: &LineItem) -> bool {
        let one_of = |kind: &str, id: u64| {
            let mut wanted = self
                .params
                .filters
                .iter()
                .filter(|filter| filter.r#type == kind);
            let none = wanted.clone().next().is_none();
            none || wanted.any(|filter| filter.value.parse() == Ok(id))
        };
        one_of("FILTER_MEDIA_PLAN", line_item.campaign_id)
            && one_of("FILTER_INSERTION_ORDER", line_item.insertion_order_id)
            && one_of("FILTER_LINE_ITEM", line_item.id)
    }
}

/// Figures in the advertiser's own currency and converted.
#[derive(Debug, Clone, Copy, Default)]
struct Figures {
    own: Facts,
    partner: Facts,
    usd: Facts,
}

/// The rows under way: one cell per group of line items and group of days.
#[derive(Debug, Default)]
struct Table {
    entities: Groups,
    times: Groups,
    cells: HashMap<(usize, usize), Figures>,
}

#[derive(Debug, Default)]
struct Groups {
    positions: HashMap<Vec<String>, usize>,
    values: Vec<Vec<String>>,
}

impl Groups {
    fn position(&mut self, values: Vec<String>) -> usize {
        if let Some(position) = self.positions.get(&values) {
            return *position;
        }
        self.positions.insert(values.clone(), self.values.len());
        self.values.push(values);
        self.values.len() - 1
    }
}

/// The file as it is downloaded, with the faults it was made with.
pub(crate) fn bytes(world: &World, request: &Request, faults: &[FileFault]) -> Vec<u8> {
    let dimensions = request.params.group_bys.len();
    sheet::distort(file(world, request), dimensions, faults)
}

/// A part of a line item's day: its value in each dimension that splits, and its share.
#[derive(Debug, Clone)]
struct Split {
    parts: Vec<(Dimension, &'static str)>,
    permille: u64,
}

/// All combinations of the values of the dimensions that split; one whole without any.
fn splits(dimensions: &[Dimension], line_item: u64) -> Vec<Split> {
    let whole = Split {
        parts: Vec::new(),
        permille: 1_000,
    };
    let splitting = dimensions
        .iter()
        .filter_map(|one| Some((*one, one.parts()?)));
    splitting.fold(vec![whole], |splits, (dimension, values)| {
        let key = mix::pair(line_item, dimension as u64);
        let weights: Vec<u64> = (0..values.len())
            .map(|at| 1 + mix::pair(key, at as u64) % 9)
            .collect();
        let sum: u64 = weights.iter().sum();
        let each = |split: &Split| {
            let parts = values.iter().zip(&weights).map(|(value, weight)| Split {
                parts: [split.parts.as_slice(), &[(dimension, *value)]].concat(),
                permille: split.permille * weight / sum,
            });
            parts.collect::<Vec<_>>()
        };
        splits.iter().flat_map(each).collect()
    })
}

pub(crate) fn file(world: &World, request: &Request) -> String {
    let params = &request.params;
    let dimensions: Vec<Dimension> = params
        .group_bys
        .iter()
        .filter_map(|name| Dimension::find(name))
        .collect();
    let metrics: Vec<Metric> = params
        .metrics
        .iter()
        .filter_map(|name| Metric::find(name))
        .collect();
    let table = tabulate(world, request, &dimensions, &metrics);
    let mut out = String::with_capacity(table.cells.len() * 160 + 2048);
    let headers = dimensions
        .iter()
        .map(|one| one.header())
        .chain(metrics.iter().map(|one| one.header));
    push_line(&mut out, headers);
    if table.cells.is_empty() {
        out.push_str(NO_DATA);
        out.push('\n');
    } else {
        push_rows(&mut out, &table, &dimensions, &metrics);
    }
    out.push('\n');
    push_footer(&mut out, world, request, &dimensions);
    out
}

fn tabulate(
    world: &World,
    request: &Request,
    dimensions: &[Dimension],
    metrics: &[Metric],
) -> Table {
    let mut table = Table::default();
    let converts = metrics
        .iter()
        .any(|one| matches!(one.form, Form::Money(Currency::Partner | Currency::Usd)));
    for advertiser in request
        .advertisers
        .iter()
        .filter_map(|id| world.find_advertiser(*id))
    {
        let Some(partner) = world.find_partner(advertiser.partner_id) else {
            continue;
        };
        let today = request.now.today(advertiser.time_zone);
        let Some(span) = resolve(&request.range, today) else {
            continue;
        };
        let start = span.start.max(advertiser.history_start);
        let span = Span {
            start,
            end: span.end.min(today),
        };
        let days: Vec<(NaiveDate, usize)> = span
            .dates()
            .map(|date| (date, table.times.position(time_cells(dimensions, date))))
            .collect();
        for line_item in advertiser
            .line_items
            .iter()
            .filter(|one| request.selects(one))
        {
            let splits = splits(dimensions, line_item.id);
            let entities: Vec<usize> = splits
                .iter()
                .map(|split| entity_cells(dimensions, partner, advertiser, line_item, &split.parts))
                .map(|cells| table.entities.position(cells))
                .collect();
            let permilles: Vec<u64> = splits.iter().map(|split| split.permille).collect();
            for (date, time) in &days {
                let facts = served(world, advertiser, line_item, *date, request.now);
                if facts.nothing() {
                    continue;
                }
                for (entity, part) in entities.iter().zip(facts.split(&permilles)) {
                    if part.nothing() {
                        continue;
                    }
                    let figures = table.cells.entry((*entity, *time)).or_default();
                    figures.own += part;
                    if converts {
                        let usd = world.in_usd(advertiser, part);
                        figures.usd += usd;
                        figures.partner += world.in_partner_currency(partner, usd);
                    }
                }
            }
        }
    }
    table
}

fn time_cells(dimensions: &[Dimension], date: NaiveDate) -> Vec<String> {
    let cell = |dimension: &Dimension| match dimension {
        Dimension::Date => date.format("%Y/%m/%d").to_string(),
        Dimension::Month => date.format("%Y/%m").to_string(),
        _ => date.year().to_string(),
    };
    dimensions
        .iter()
        .filter(|one| one.of_time())
        .map(cell)
        .collect()
}

fn entity_cells(
    dimensions: &[Dimension],
    partner: &Partner,
    advertiser: &Advertiser,
    line_item: &LineItem,
    split: &[(Dimension, &'static str)],
) -> Vec<String> {
    let order = &advertiser.insertion_orders[line_item.order];
    let campaign = || advertiser.find_campaign(line_item.campaign_id);
    let cell = |dimension: &Dimension| match dimension {
        Dimension::Date | Dimension::Month | Dimension::Year => String::new(),
        Dimension::Partner => partner.id.to_string(),
        Dimension::PartnerName => quoted(&partner.name),
        Dimension::PartnerCurrency => partner.currency.clone(),
        Dimension::Advertiser => advertiser.id.to_string(),
        Dimension::AdvertiserName => quoted(&advertiser.name),
        Dimension::AdvertiserCurrency => advertiser.currency.clone(),
        Dimension::AdvertiserTimeZone => advertiser.time_zone.name().to_owned(),
        Dimension::AdvertiserIntegrationCode => {
            quoted(advertiser.integration_code.as_deref().unwrap_or("-"))
        }
        Dimension::Campaign => line_item.campaign_id.to_string(),
        Dimension::CampaignName => campaign().map_or_else(String::new, |one| quoted(&one.name)),
        Dimension::InsertionOrder => order.id.to_string(),
        Dimension::InsertionOrderName => quoted(&order.name),
        Dimension::LineItem => line_item.id.to_string(),
        Dimension::LineItemName => quoted(&line_item.name),
        Dimension::Device | Dimension::Country | Dimension::TimeOfDay => {
            let part = split.iter().find(|(one, _)| one == dimension);
            quoted(part.map_or("", |(_, value)| value))
        }
    };
    dimensions
        .iter()
        .filter(|one| !one.of_time())
        .map(cell)
        .collect()
}

fn push_rows(out: &mut String, table: &Table, dimensions: &[Dimension], metrics: &[Metric]) {
    let mut keys: Vec<(usize, usize)> = table.cells.keys().copied().collect();
    keys.sort_by_cached_key(|(entity, time)| (mix::pair(*entity as u64, *time as u64), *entity));
    let mut totals = vec![0_u64; metrics.len()];
    for key in keys {
        let figures = &table.cells[&key];
        let mut entity = table.entities.values[key.0].iter();
        let mut time = table.times.values[key.1].iter();
        for dimension in dimensions {
            let cell = if dimension.of_time() {
                time.next()
            } else {
                entity.next()
            };
            out.push_str(cell.map_or("", String::as_str));
            out.push(',');
        }
        for (position, metric) in metrics.iter().enumerate() {
            let facts = match metric.form {
                Form::Money(Currency::Partner) => &figures.partner,
                Form::Money(Currency::Usd) => &figures.usd,
                Form::Money(Currency::Advertiser) | Form::Count | Form::Fraction | Form::Rate => {
                    &figures.own
                }
            };
            let value = (metric.value)(facts);
            totals[position] += value;
            push_figure(out, metric.form, value);
            out.push(if position + 1 == metrics.len() {
                '\n'
            } else {
                ','
            });
        }
    }
    out.extend(std::iter::repeat_n(',', dimensions.len()));
    for (position, metric) in metrics.iter().enumerate() {
        if metric.form != Form::Rate {
            push_figure(out, metric.form, totals[position]);
        }
        out.push(if position + 1 == metrics.len() {
            '\n'
        } else {
            ','
        });
    }
}

fn push_figure(out: &mut String, form: Form, value: u64) {
    let written = match form {
        Form::Count => write!(out, "{value}"),
        Form::Fraction => write!(out, "{value}.00"),
        Form::Money(_) => write!(out, "{}.{:06}", value / 1_000_000, value % 1_000_000),
        Form::Rate => write!(out, "{}.{:02}%", value / 10_000, value % 10_000 / 100),
    };
    written.expect("a string takes any text");
}

fn push_footer(out: &mut String, world: &World, request: &Request, dimensions: &[Dimension]) {
    let report_time = request.now.shown().format("%Y/%m/%d %H:%M GMT").to_string();
    push_line(out, ["Report Time:", &report_time].into_iter());
    let dates = match request.span(world) {
        Some(span) if request.range.range != "ALL_TIME" => {
            format!(
                "{} to {}",
                span.start.format("%Y/%m/%d"),
                span.end.format("%Y/%m/%d")
            )
        }
        _ => "All Time".to_owned(),
    };
    push_line(out, ["Date Range:", &dates].into_iter());
    for dimension in dimensions {
        push_line(out, ["Group By:", dimension.header()].into_iter());
    }
    if request
        .params
        .metrics
        .iter()
        .any(|name| name == "METRIC_CLICKS")
    {
        out.push_str(MRC);
        out.push('\n');
    }
    out.push_str(FINALIZED);
    out.push('\n');
    for (header, values) in filter_lines(world, request) {
        let title = format!("Filter by {header}:");
        let cells = values.iter().map(|value| quoted(value)).collect::<Vec<_>>();
        push_line(
            out,
            std::iter::once(title.as_str()).chain(cells.iter().map(String::as_str)),
        );
    }
}

/// One line a filter type, by header; the partner shows bare ids, everything else `Name (ID)`.
fn filter_lines(world: &World, request: &Request) -> Vec<(&'static str, Vec<String>)> {
    let mut lines: Vec<(&'static str, Vec<String>)> = Vec::new();
    for filter in &request.params.filters {
        let Some(dimension) = Dimension::find(&filter.r#type) else {
            continue;
        };
        let name = filter
            .value
            .parse()
            .ok()
            .and_then(|id| entity_name(world, request, dimension, id));
        let shown = match name {
            Some(name) => format!("{name} ({})", filter.value),
            None => filter.value.clone(),
        };
        match lines
            .iter_mut()
            .find(|(header, _)| *header == dimension.header())
        {
            Some((_, values)) => values.push(shown),
            None => lines.push((dimension.header(), vec![shown])),
        }
    }
    lines.sort_by_key(|(header, _)| *header);
    lines
}

fn entity_name(world: &World, request: &Request, kind: Dimension, id: u64) -> Option<String> {
    let mut advertisers = request
        .advertisers
        .iter()
        .filter_map(|one| world.find_advertiser(*one));
    match kind {
        Dimension::Advertiser => world.find_advertiser(id).map(|one| one.name.clone()),
        Dimension::Campaign => advertisers
            .find_map(|one| one.find_campaign(id))
            .map(|one| one.name.clone()),
        Dimension::InsertionOrder => advertisers
            .find_map(|one| one.find_insertion_order(id))
            .map(|one| one.name.clone()),
        Dimension::LineItem => advertisers
            .find_map(|one| one.find_line_item(id))
            .map(|one| one.name.clone()),
        _ => None,
    }
}

fn push_line<'a>(out: &mut String, cells: impl Iterator<Item = &'a str>) {
    for (position, cell) in cells.enumerate() {
        if position > 0 {
            out.push(',');
        }
        out.push_str(cell);
    }
    out.push('\n');
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
