//! Reports as DV360 writes them, made from a spec and the few cells a test is about.

use cell::ingestion::connector::ReportRequest;
use cell::ingestion::pipelines::Spec;
use cell::ingestion::pipelines::spec::{Column, Role};
use chrono::NaiveDate;

pub(super) const ADVERTISER: &str = "630317194";
pub(super) const OTHER: &str = "630317195";

/// Cells by the spec's names of their columns; the others are as usual.
pub(super) type Cells<'a> = &'a [(&'a str, &'a str)];

#[derive(Debug, Clone)]
pub(super) struct Sheet {
    header: Vec<String>,
    roles: Vec<Role>,
    rows: Vec<Vec<String>>,
    pub(super) reported: String,
    pub(super) request: ReportRequest,
}

fn usual(name: &str) -> &'static str {
    match name {
        "partner_id" => "995544",
        "advertiser_id" => ADVERTISER,
        "currency" => "EUR",
        "time_zone" => "Europe/Berlin",
        "campaign_id" => "11",
        "insertion_order_id" => "21",
        "line_item_id" => "31",
        "device" => "Smart Phone",
        "date" => "2026/10/01",
        _ => "0",
    }
}

/// A metric's total in millionths.
fn micros(text: &str) -> i64 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let whole: i64 = whole.parse().unwrap_or(0);
    let fraction: i64 = format!("{fraction:0<6}").parse().unwrap_or(0);
    whole * 1_000_000 + fraction
}

impl Sheet {
    /// Of October's first days, made on its fifth.
    pub(super) fn new(spec: &Spec, days: (u32, u32), rows: &[Cells<'_>]) -> Self {
        let day = |day| NaiveDate::from_ymd_opt(2026, 10, day).unwrap();
        let columns = &spec.columns;
        let row = |cells: &Cells<'_>| {
            let cell = |column: &Column| {
                let given = cells.iter().find(|(name, _)| *name == column.name);
                given
                    .map_or_else(|| usual(&column.name), |(_, text)| *text)
                    .to_owned()
            };
            columns.iter().map(cell).collect()
        };
        Self {
            header: columns.iter().map(|one| one.headers[0].clone()).collect(),
            roles: columns.iter().map(|one| one.role).collect(),
            rows: rows.iter().map(row).collect(),
            reported: "2026/10/05 04:12 GMT".to_owned(),
            request: ReportRequest {
                partner_id: "995544".into(),
                advertiser_ids: vec![ADVERTISER.into()],
                start: day(days.0),
                end: day(days.1),
            },
        }
    }

    pub(super) fn reported(mut self, at: &str) -> Self {
        self.reported = at.to_owned();
        self
    }

    fn place(&self, header: &str) -> usize {
        let found = self.header.iter().position(|one| one == header);
        found.unwrap_or_else(|| panic!("no column {header}"))
    }

    pub(super) fn without(mut self, header: &str) -> Self {
        let at = self.place(header);
        self.header.remove(at);
        self.roles.remove(at);
        for row in &mut self.rows {
            row.remove(at);
        }
        self
    }

    pub(super) fn renamed(mut self, header: &str, to: &str) -> Self {
        let at = self.place(header);
        self.header[at] = to.to_owned();
        self
    }

    /// Behind the others: a metric with the same text in each row.
    pub(super) fn with(mut self, header: &str, text: &str) -> Self {
        self.header.push(header.to_owned());
        self.roles.push(Role::Metric);
        for row in &mut self.rows {
            row.push(text.to_owned());
        }
        self
    }

    pub(super) fn text(&self) -> String {
        let sum = |at: usize| -> i64 { self.rows.iter().map(|row| micros(&row[at])).sum() };
        let total = |at: usize| match self.roles[at] {
            Role::Dimension => String::new(),
            Role::Metric => format!("{}.{:06}", sum(at) / 1_000_000, sum(at) % 1_000_000),
        };
        let totals: Vec<String> = (0..self.header.len()).map(total).collect();
        let mut text = self.header.join(",") + "\n";
        for row in self.rows.iter().chain([&totals]) {
            text += &(row.join(",") + "\n");
        }
        let date = |date: NaiveDate| date.format("%Y/%m/%d").to_string();
        let (from, to) = (date(self.request.start), date(self.request.end));
        text += &format!(
            "\nReport Time:,{}\nDate Range:,{from} to {to}\n",
            self.reported
        );
        let groups = self.header.iter().zip(&self.roles);
        for (header, _) in groups.filter(|(_, role)| **role == Role::Dimension) {
            text += &format!("Group By:,{header}\n");
        }
        text + &format!(
            "Filter by Partner ID:,995544\nFilter by Advertiser ID:,{}\n",
            self.request.advertiser_ids.join(",")
        )
    }
}
