//! From the text of a row to its values, cell by cell. Nothing is allocated for a row.

use std::fmt::Write as _;

use chrono::NaiveDate;
use contracts::Currency;

use super::dialect::Dialect;
use super::header::Layout;
use super::numbers::{self, MICROS, Number, NumberError};
use super::records::Record;
use super::{Change, Drift, Error, Fact, METRICS};
use crate::ingestion::pipelines::spec::{Column, Drift as Action, Kind, Role, To};

/// Beyond this Postgres cannot index it.
const MAX_BREAKDOWN_BYTES: usize = 2000;
const MAX_ID_BYTES: usize = 64;
const MAX_DIGITS: usize = 20;

/// What is done with the cells of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    Date,
    Currency,
    /// Place in `Ids`.
    Id(usize),
    Metric(usize),
    Breakdown,
    Extra,
    Nothing,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Plan<'s> {
    pub(super) column: &'s Column,
    pub(super) index: usize,
    pub(super) field: usize,
    target: Target,
}

impl Plan<'_> {
    pub(super) fn is_number(&self) -> bool {
        matches!(self.column.kind, Kind::Count | Kind::Decimal | Kind::Money)
    }
}

#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    /// Cells below a bound, and the sum of those bounds.
    pub(super) censored: u64,
    pub(super) below: i128,
    retyped: u64,
    line: u64,
    text: String,
}

impl Seen {
    pub(super) const fn retyped(&self) -> bool {
        self.retyped > 0
    }
}

const IDS: [To; 5] = [
    To::PartnerId,
    To::AdvertiserId,
    To::CampaignId,
    To::InsertionOrderId,
    To::LineItemId,
];

/// The columns of one file and the values of its current row.
pub(super) struct Cells<'s> {
    pub(super) plans: Vec<Plan<'s>>,
    /// Millionths, by the place of the column in the spec.
    pub(super) values: Vec<Option<i64>>,
    /// By the place of the column in the spec.
    pub(super) seen: Vec<Seen>,
    pub(super) nulls: u64,
    dialect: &'s Dialect<'s>,
    retyped: Action,
    /// Fields of columns that nobody asked for, with their names.
    kept: Vec<(usize, String)>,
    /// Plans of the breakdown, in the order of their names.
    breakdown_plans: Vec<usize>,
    id_fields: [Option<usize>; IDS.len()],
    date: NaiveDate,
    currency: Option<Currency>,
    breakdown: String,
    extra: String,
}

impl<'s> Cells<'s> {
    pub(super) fn new(
        layout: &Layout<'s>,
        columns: usize,
        dialect: &'s Dialect<'s>,
        retyped: Action,
    ) -> Self {
        let plan = |bound: &super::header::Bound<'s>| Plan {
            column: bound.column,
            index: bound.index,
            field: bound.field,
            target: target_of(bound.column.to),
        };
        let plans: Vec<Plan<'s>> = layout.bound.iter().map(plan).collect();
        let mut breakdown_plans: Vec<usize> = (0..plans.len())
            .filter(|at| plans[*at].target == Target::Breakdown)
            .collect();
        breakdown_plans.sort_by_key(|at| &plans[*at].column.name);
        let field_of = |to: To| {
            let found = plans.iter().find(|plan| plan.column.to == to);
            found.map(|plan| plan.field)
        };
        Self {
            values: vec![None; columns],
            seen: vec![Seen::default(); columns],
            nulls: 0,
            dialect,
            retyped,
            kept: layout.kept.clone(),
            breakdown_plans,
            id_fields: IDS.map(field_of),
            date: NaiveDate::MIN,
            currency: dialect.currency,
            breakdown: String::new(),
            extra: String::new(),
            plans,
        }
    }

    /// No dimension of the row has a value.
    pub(super) fn without_dimensions(&self, record: Record<'_>) -> bool {
        let mut dimensions = self
            .plans
            .iter()
            .filter(|plan| plan.column.role == Role::Dimension);
        dimensions.all(|plan| record.field(plan.field).is_empty())
    }

    /// Reads a row. Its values can be had until the next.
    pub(super) fn read(&mut self, record: Record<'_>) -> Result<(), Error> {
        self.extra.clear();
        for at in 0..self.plans.len() {
            let plan = self.plans[at];
            let text = record.field(plan.field);
            if plan.is_number() {
                self.read_number(plan, text, record.line)?;
                continue;
            }
            match plan.target {
                Target::Date => {
                    let date = numbers::parse_date(text, self.dialect.dates);
                    self.date = date.ok_or_else(|| not(record.line, plan.column, text))?;
                }
                Target::Currency => {
                    let currency = text.parse().ok();
                    let currency = currency.ok_or_else(|| not(record.line, plan.column, text))?;
                    self.currency = Some(currency);
                }
                Target::Id(_) => check_id(plan.column, text, record.line)?,
                Target::Extra => self.keep(&plan.column.name, text, record.line)?,
                Target::Metric(_) => return Err(not(record.line, plan.column, text)),
                Target::Breakdown | Target::Nothing => {}
            }
        }
        for at in 0..self.kept.len() {
            let (field, name) = std::mem::take(&mut self.kept[at]);
            let kept = self.keep(&name, record.field(field), record.line);
            self.kept[at] = (field, name);
            kept?;
        }
        if !self.extra.is_empty() {
            self.extra.push('}');
        }
        self.write_breakdown(record)
    }

    fn read_number(&mut self, plan: Plan<'_>, text: &str, line: u64) -> Result<(), Error> {
        let value = match self.number(plan.column, text) {
            Ok(value) => value,
            Err(NumberError) => {
                self.note_retyped(plan, text, line)?;
                self.values[plan.index] = None;
                return Ok(());
            }
        };
        self.values[plan.index] = match value {
            Some(Number::Micros(value)) => {
                if plan.target == Target::Extra {
                    self.keep_number(&plan.column.name, value);
                }
                Some(value)
            }
            Some(Number::Below(bound)) => {
                let seen = &mut self.seen[plan.index];
                seen.censored += 1;
                seen.below += i128::from(bound);
                None
            }
            None => {
                self.nulls += 1;
                None
            }
        };
        Ok(())
    }

    /// The number of a cell, whole where the column counts. `None`: there is no value.
    pub(super) fn number(
        &self,
        column: &Column,
        text: &str,
    ) -> Result<Option<Number>, NumberError> {
        let digit = text.as_bytes().first().is_some_and(u8::is_ascii_digit);
        if !digit && (text.is_empty() || self.dialect.nulls.contains(&text)) {
            return Ok(None);
        }
        let number = self.dialect.numbers.read(text)?;
        if let (Kind::Count, Number::Micros(value)) = (column.kind, number) {
            numbers::whole(value)?;
        }
        Ok(Some(number))
    }

    /// A cell that is not of its column's kind: the contract decides.
    fn note_retyped(&mut self, plan: Plan<'_>, text: &str, line: u64) -> Result<(), Error> {
        if self.retyped == Action::Quarantine {
            return Err(not(line, plan.column, text));
        }
        let seen = &mut self.seen[plan.index];
        seen.retyped += 1;
        if seen.retyped == 1 {
            seen.line = line;
            seen.text = text.chars().take(40).collect();
        }
        if self.retyped == Action::Evolve {
            self.keep(&plan.column.name, text, line)?;
        }
        Ok(())
    }

    fn start_extra(&mut self, name: &str) {
        self.extra
            .push(if self.extra.is_empty() { '{' } else { ',' });
        push_json(&mut self.extra, name);
        self.extra.push(':');
    }

    fn keep(&mut self, name: &str, text: &str, line: u64) -> Result<(), Error> {
        if text.is_empty() {
            return Ok(());
        }
        if self.extra.len() + text.len() > records_limit() {
            let reason = "what is kept besides the known columns is too long".to_owned();
            return Err(Error::Row { line, reason });
        }
        self.start_extra(name);
        push_json(&mut self.extra, text);
        Ok(())
    }

    fn keep_number(&mut self, name: &str, micros: i64) {
        self.start_extra(name);
        push_micros(&mut self.extra, micros);
    }

    fn write_breakdown(&mut self, record: Record<'_>) -> Result<(), Error> {
        self.breakdown.clear();
        for at in &self.breakdown_plans {
            let plan = &self.plans[*at];
            if !self.breakdown.is_empty() {
                self.breakdown.push(';');
            }
            push_escaped(&mut self.breakdown, &plan.column.name);
            self.breakdown.push('=');
            push_escaped(&mut self.breakdown, record.field(plan.field));
        }
        if self.breakdown.len() > MAX_BREAKDOWN_BYTES {
            let reason = format!("the breakdown is longer than {MAX_BREAKDOWN_BYTES} bytes");
            let line = record.line;
            return Err(Error::Row { line, reason });
        }
        Ok(())
    }

    /// The row that was read last.
    pub(super) fn fact<'a>(&'a self, record: Record<'a>) -> Fact<'a> {
        let id = |at: usize| self.id_fields[at].map_or("", |field| record.field(field));
        let mut metrics = [None; METRICS.len()];
        for plan in &self.plans {
            if let Target::Metric(slot) = plan.target {
                metrics[slot] = match plan.column.kind {
                    // `number` has seen to it that it is whole.
                    Kind::Count => self.values[plan.index].map(|value| value / MICROS),
                    _ => self.values[plan.index],
                };
            }
        }
        Fact {
            line: record.line,
            date: self.date,
            partner_id: id(0),
            advertiser_id: id(1),
            campaign_id: id(2),
            insertion_order_id: id(3),
            line_item_id: id(4),
            currency: self.currency,
            metrics,
            breakdown: &self.breakdown,
            extra: &self.extra,
        }
    }

    /// The columns with cells that were not of their kind.
    pub(super) fn retyped(&self) -> impl Iterator<Item = Drift> {
        let plans = self.plans.iter();
        plans.filter_map(|plan| {
            let seen = &self.seen[plan.index];
            seen.retyped().then(|| Drift {
                column: plan.column.name.clone(),
                change: Change::Retyped {
                    cells: seen.retyped,
                    line: seen.line,
                    text: seen.text.clone(),
                },
                action: self.retyped,
            })
        })
    }
}

/// A row's extra may be as long as a record may.
const fn records_limit() -> usize {
    super::records::MAX_RECORD_BYTES
}

fn target_of(to: To) -> Target {
    if let Some(slot) = METRICS.iter().position(|metric| *metric == to) {
        return Target::Metric(slot);
    }
    if let Some(at) = IDS.iter().position(|id| *id == to) {
        return Target::Id(at);
    }
    match to {
        To::Date => Target::Date,
        To::Currency => Target::Currency,
        To::Breakdown => Target::Breakdown,
        To::Extra => Target::Extra,
        _ => Target::Nothing,
    }
}

fn check_id(column: &Column, text: &str, line: u64) -> Result<(), Error> {
    let digits = || text.len() <= MAX_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit());
    let good = match column.kind {
        _ if text.is_empty() => !column.required && column.to != To::AdvertiserId,
        Kind::Id => digits(),
        _ => text.len() <= MAX_ID_BYTES,
    };
    if good {
        Ok(())
    } else {
        Err(not(line, column, text))
    }
}

/// The cell is not of the column's kind.
pub(super) fn not(line: u64, column: &Column, text: &str) -> Error {
    Error::Cell {
        line,
        column: column.headers.first().unwrap_or(&column.name).clone(),
        text: text.chars().take(40).collect(),
        kind: match column.kind {
            Kind::Date => "a date",
            Kind::Id => "an id",
            Kind::Text => "a short text",
            Kind::Currency => "a currency",
            Kind::TimeZone => "a time zone",
            Kind::Count => "a whole number this report may hold",
            Kind::Decimal | Kind::Money => "a number this report may hold",
        },
    }
}

/// Writing to a `String` cannot fail.
fn push_json(out: &mut String, text: &str) {
    out.push('"');
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            char if char < ' ' => _ = write!(out, "\\u{:04x}", char as u32),
            char => out.push(char),
        }
    }
    out.push('"');
}

/// As a decimal number, without zeros that say nothing.
fn push_micros(out: &mut String, micros: i64) {
    let sign = if micros < 0 { "-" } else { "" };
    let (whole, rest) = (
        micros.unsigned_abs() / MICROS.unsigned_abs(),
        micros.unsigned_abs() % MICROS.unsigned_abs(),
    );
    let _ = write!(out, "{sign}{whole}");
    if rest > 0 {
        let _ = write!(out, ".{rest:06}");
        out.truncate(out.trim_end_matches('0').len());
    }
}

/// `%`, `=`, `;` and control characters as `%XX`, so that a breakdown can be taken apart again.
fn push_escaped(out: &mut String, text: &str) {
    for char in text.chars() {
        match char {
            '%' | '=' | ';' => _ = write!(out, "%{:02X}", char as u32),
            char if char < ' ' => _ = write!(out, "%{:02X}", char as u32),
            char => out.push(char),
        }
    }
}
