//! How the list is narrowed and put in order. The default order answers: what needs me first?

use std::borrow::Borrow;
use std::cmp::Ordering;

use chrono::NaiveDate;

use super::Error;
use super::figures::Status;
use super::rows::PacingRow;

/// The largest share of a budget at risk first: money of any currency, and impressions, compare.
pub const DEFAULT: &str = "-at_risk_percent";

/// What people narrow the list by.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub status: Vec<Status>,
    /// Part of a name of it or of what it is below, or an id; in lower case.
    pub search: Option<String>,
    pub advertiser_id: Option<String>,
    pub campaign_id: Option<String>,
    pub insertion_order_id: Option<String>,
    pub portfolio_id: Option<String>,
}

impl Filter {
    /// Whether an order or a line item is below what is named.
    pub fn is_below(&self, row: &PacingRow) -> bool {
        let is = |wanted: &Option<String>, id: &str| wanted.as_deref().is_none_or(|one| one == id);
        is(&self.advertiser_id, &row.advertiser_id)
            && is(&self.campaign_id, &row.campaign_id)
            && is(&self.insertion_order_id, &row.insertion_order_id)
    }

    pub fn keeps(&self, row: &PacingRow) -> bool {
        let search = self.search.as_deref().unwrap_or_default();
        let found = |text: &str| search.is_empty() || text.to_lowercase().contains(search);
        (self.status.is_empty() || self.status.contains(&row.status))
            && (found(&row.name)
                || found(&row.campaign_name)
                || found(&row.advertiser_name)
                || found(&row.insertion_order_name)
                || found(&row.id))
    }
}

/// A column and its direction: `name`, or `-at_risk_percent` for the largest first.
#[derive(Debug, Clone, Copy)]
pub struct Sort {
    key: fn(&PacingRow) -> Key,
    descending: bool,
    /// Amounts of one unit stay together: a pound is not less than two euros or three impressions.
    by_unit: bool,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Text(String),
    Number(i64),
    /// Last in either direction.
    Missing,
}

impl Key {
    fn number(value: Option<i64>) -> Self {
        value.map_or(Self::Missing, Self::Number)
    }

    /// Two digits always, so the text without its point is a number of hundredths.
    fn decimal(text: Option<&str>) -> Self {
        Self::number(text.and_then(|text| text.replace('.', "").parse().ok()))
    }
}

impl Sort {
    pub fn parse(text: &str) -> Result<Self, Error> {
        let (name, descending) = match text.strip_prefix('-') {
            Some(name) => (name, true),
            None => (text, false),
        };
        let key: fn(&PacingRow) -> Key = match name {
            "name" => |row| Key::Text(row.name.to_lowercase()),
            "advertiser_name" => |row| Key::Text(row.advertiser_name.to_lowercase()),
            "campaign_name" => |row| Key::Text(row.campaign_name.to_lowercase()),
            "currency" => |row| Key::Text(unit_name(row)),
            "entity_status" => |row| Key::Text(row.entity_status.clone()),
            "pacing_type" => |row| Key::Text(row.pacing_type.clone()),
            "pacing_period" => |row| Key::Text(row.pacing_period.clone()),
            "status" => |row| Key::Number(row.status as i64),
            "start" | "start_date" => |row| Key::number(row.start_date.map(days)),
            "end" | "end_date" => |row| Key::number(row.end_date.map(days)),
            "budget_micros" => |row| Key::number(row.budget_micros),
            "ahead_micros" => |row| Key::Number(row.ahead_micros),
            "insertion_order_name" => |row| Key::Text(row.insertion_order_name.to_lowercase()),
            "last_week_per_day_micros" => |row| Key::number(row.last_week_per_day_micros),
            "target_next_day_micros" => |row| Key::number(row.target_next_day_micros),
            "cap_short_micros" => |row| Key::number(row.cap_short_micros),
            "used_up_on" => |row| Key::number(row.used_up_on.map(days)),
            "provisional_days" => |row| Key::Number(row.provisional_days),
            "order_count" => |row| Key::Number(row.order_count),
            "spend_micros" => |row| Key::Number(row.spend_micros),
            "expected_micros" => |row| Key::Number(row.expected_micros),
            "pacing_percent" => |row| Key::decimal(row.pacing_percent.as_deref()),
            "percent_ahead" => |row| Key::decimal(row.percent_ahead.as_deref()),
            "days_ahead" => |row| Key::decimal(row.days_ahead.as_deref()),
            "remaining_micros" => |row| Key::Number(row.remaining_micros),
            "needed_per_day_micros" => |row| Key::number(row.needed_per_day_micros),
            "average_per_day_micros" => |row| Key::number(row.average_per_day_micros),
            "yesterday_micros" => |row| Key::Number(row.yesterday_micros),
            "projected_end_micros" => |row| Key::number(row.projected_end_micros),
            "at_risk_percent" => |row| Key::decimal(row.at_risk_percent.as_deref()),
            "underspend_at_risk_micros" => |row| Key::Number(row.underspend_at_risk_micros),
            "days_total" => |row| Key::Number(row.days_total),
            "days_elapsed" => |row| Key::Number(row.days_elapsed),
            _ => return Err(Error::UnknownColumn(name.to_owned())),
        };
        let by_unit = name.ends_with("_micros");
        Ok(Self {
            key,
            descending,
            by_unit,
        })
    }

    /// Ties are broken by how much the row wants a person, then by id, so that pages never overlap.
    pub fn apply<R: Borrow<PacingRow>>(self, rows: Vec<R>) -> Vec<R> {
        let keyed = rows.into_iter().map(|row| ((self.key)(row.borrow()), row));
        let mut keyed: Vec<(Key, R)> = keyed.collect();
        keyed.sort_by(|(key, one), (other_key, other)| {
            let (one, other) = (one.borrow(), other.borrow());
            self.units(one, other)
                .then_with(|| self.keys(key, other_key))
                .then_with(|| urgency(one.status).cmp(&urgency(other.status)))
                .then_with(|| one.row_key.cmp(&other.row_key))
        });
        keyed.into_iter().map(|(_, row)| row).collect()
    }

    fn units(self, a: &PacingRow, b: &PacingRow) -> Ordering {
        if self.by_unit {
            a.counted_in().cmp(&b.counted_in())
        } else {
            Ordering::Equal
        }
    }

    fn keys(self, a: &Key, b: &Key) -> Ordering {
        match (*a == Key::Missing, *b == Key::Missing) {
            (false, false) if self.descending => b.cmp(a),
            (false, false) => a.cmp(b),
            (true, true) => Ordering::Equal,
            (missing, _) => missing.cmp(&!missing),
        }
    }
}

fn unit_name(row: &PacingRow) -> String {
    match row.counted_in() {
        (true, _) => "impressions".to_owned(),
        (false, currency) => currency.to_owned(),
    }
}

/// What a person can still do something about comes first.
fn urgency(status: Status) -> u8 {
    match status {
        Status::Behind => 0,
        Status::Ahead => 1,
        Status::NoData => 2,
        Status::NoBudget => 3,
        Status::OnPace => 4,
        Status::NotStarted => 5,
        Status::Ended => 6,
    }
}

fn days(date: NaiveDate) -> i64 {
    (date - NaiveDate::default()).num_days()
}

#[cfg(test)]
mod tests;
