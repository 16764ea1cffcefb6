//! A report of half a million rows and 21 columns, as DV360 writes it, and its spec.

use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result};
use cell::ingestion::pipelines::find_built_in;
use cell::ingestion::pipelines::spec::{Column, Kind, Role, Spec, To};
use chrono::{Days, NaiveDate};

pub(super) const ADVERTISERS: u64 = 10;
const DAYS: u64 = 50;
pub(super) const HEADER: &str = "Date,Partner ID,Advertiser ID,Advertiser,Advertiser Currency,\
    Advertiser Time Zone,Campaign ID,Campaign,Insertion Order ID,Insertion Order,Line Item ID,\
    Line Item,Impressions,Billable Impressions,Clicks,Total Conversions,Revenue (Adv Currency),\
    Media Cost (Advertiser Currency),Billable Cost (Adv Currency),\
    Active View: Viewable Impressions,Complete Views (Video)";
const DIMENSIONS: usize = 12;
const METRICS: usize = 9;

pub(super) fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 9, 1).expect("a day of the calendar")
}

pub(super) fn last_day() -> NaiveDate {
    first_day() + Days::new(DAYS - 1)
}

pub(super) fn advertiser_ids() -> Vec<String> {
    let ids = 0..ADVERTISERS;
    ids.map(|number| (630_317_000 + number).to_string())
        .collect()
}

/// The shipped spec with what else the file has: names, which are read and not kept, and two
/// metrics of no column of their own.
pub(super) fn spec() -> Result<Spec> {
    let shipped = find_built_in("dv360_line_item_days");
    let mut spec = shipped.context("find the shipped pipeline")?;
    let column = |header: &str, role, kind, to| Column {
        name: header.to_lowercase().replace([' ', ':', '(', ')'], "_"),
        ask: None,
        headers: vec![header.to_owned()],
        role,
        kind,
        to,
        required: true,
    };
    for name in ["Advertiser", "Campaign", "Insertion Order", "Line Item"] {
        spec.columns
            .push(column(name, Role::Dimension, Kind::Text, To::Nothing));
    }
    for name in [
        "Active View: Viewable Impressions",
        "Complete Views (Video)",
    ] {
        spec.columns
            .push(column(name, Role::Metric, Kind::Count, To::Extra));
    }
    Ok(spec)
}

/// Sums in the units of the file, money in millionths.
pub(super) type Sums = [u64; METRICS];

/// The figures of a row, from nothing but its number.
fn figures(number: u64) -> Sums {
    let mut bits = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d;
    bits ^= bits >> 29;
    let impressions = 100 + bits % 90_000;
    [
        impressions,
        impressions - bits % 7,
        impressions / 300,
        impressions / 9_000,
        impressions * 4_523,
        impressions * 3_517,
        impressions * 4_011,
        impressions * 6 / 10,
        impressions / 5,
    ]
}

fn write_figures(out: &mut impl Write, sums: &Sums) -> std::io::Result<()> {
    for (at, value) in sums.iter().enumerate() {
        match at {
            4..=6 => write!(out, ",{}.{:06}", value / 1_000_000, value % 1_000_000)?,
            _ => write!(out, ",{value}")?,
        }
    }
    writeln!(out)
}

/// How the rows of a file follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sequence {
    /// By the key that they have in silver.
    Sorted,
    /// As a source might give them: by no key in particular.
    Any,
}

fn write_row(
    out: &mut impl Write,
    number: u64,
    (rows, sequence): (u64, Sequence),
    sums: &mut Sums,
) -> std::io::Result<()> {
    let key = match sequence {
        Sequence::Sorted => number,
        // A permutation, because the factor has no divisor in common with a product of 2s and 5s.
        Sequence::Any => number * 7_919 % rows,
    };
    let items = rows / (ADVERTISERS * DAYS);
    let (advertiser, day, item) = (key / (DAYS * items), key / items % DAYS, key % items);
    let date = first_day() + Days::new(day);
    let (campaign, order) = (advertiser * 10 + item / 100, advertiser * 100 + item / 10);
    write!(
        out,
        "{},995544,{},Advertiser {advertiser},USD,America/New_York,{},Campaign {campaign},{},\
         Insertion Order {order},{},Line_Item_{item}",
        date.format("%Y/%m/%d"),
        630_317_000 + advertiser,
        56_929_400 + campaign,
        1_028_293_000 + order,
        23_882_600_000 + advertiser * 10_000 + item,
    )?;
    let figures = figures(key);
    for (sum, value) in sums.iter_mut().zip(figures) {
        *sum += value;
    }
    write_figures(out, &figures)
}

fn footer() -> String {
    let groups: Vec<&str> = HEADER.split(',').take(DIMENSIONS).collect();
    format!(
        "\nReport Time:,2026/10/25 04:12 GMT\nDate Range:,{} to {}\n{}Filter by Partner ID:,995544\n\
         Filter by Advertiser ID:,{}\n",
        first_day().format("%Y/%m/%d"),
        last_day().format("%Y/%m/%d"),
        groups
            .iter()
            .map(|group| format!("Group By:,{}\n", group))
            .collect::<String>(),
        advertiser_ids().join(",")
    )
}

/// Writes the report, and beside it the rows alone. What they add up to.
pub(super) fn write(report: &Path, trimmed: &Path, rows: u64, sequence: Sequence) -> Result<Sums> {
    let file = |path: &Path| std::fs::File::create(path).context("create a file");
    let mut report = BufWriter::new(file(report)?);
    let mut trimmed = BufWriter::new(file(trimmed)?);
    let mut sums = [0; METRICS];
    let mut row = Vec::new();
    writeln!(report, "{HEADER}")?;
    for number in 0..rows {
        row.clear();
        write_row(&mut row, number, (rows, sequence), &mut sums)?;
        report.write_all(&row)?;
        trimmed.write_all(&row)?;
    }
    write!(report, "{}", ",".repeat(DIMENSIONS - 1))?;
    write_figures(&mut report, &sums)?;
    report.write_all(footer().as_bytes())?;
    report.flush()?;
    trimmed.flush().context("write a file")?;
    Ok(sums)
}

/// Writes a report of at least so many bytes, each row once. How many rows it has.
pub(super) fn write_large(report: &Path, bytes: u64, sequence: Sequence) -> Result<u64> {
    let mut out = BufWriter::new(std::fs::File::create(report).context("create a file")?);
    let (mut sums, mut row, mut written, mut rows) = ([0; METRICS], Vec::new(), 0, 0);
    writeln!(out, "{HEADER}")?;
    // More than will be needed, so that no key comes twice.
    let keys = (bytes / 100).next_multiple_of(ADVERTISERS * DAYS);
    while written < bytes {
        row.clear();
        write_row(&mut row, rows, (keys, sequence), &mut sums)?;
        out.write_all(&row)?;
        written += row.len() as u64;
        rows += 1;
    }
    write!(out, "{}", ",".repeat(DIMENSIONS - 1))?;
    write_figures(&mut out, &sums)?;
    out.write_all(footer().as_bytes())?;
    out.flush().context("write a file")?;
    Ok(rows)
}
