//! A year of files as DV360 writes them, and what they come to.

use cell::ingestion::pipelines::spec::{Role, Spec};
use chrono::{Days, NaiveDate};

const ADVERTISERS: u64 = 2;
const LINE_ITEMS: u64 = 25;
/// As the shipped pipeline asks: so many days at first, then each morning so many again.
const FIRST_DAYS: u64 = 90;
const LOOK_BACK: u64 = 7;

pub(super) struct Year {
    pub(super) days: u64,
}

/// What a file covers, in days of the year, both ends included.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub(super) start: u64,
    pub(super) end: u64,
}

pub(super) fn advertiser_ids() -> Vec<String> {
    let ids = 0..ADVERTISERS;
    ids.map(|number| (630_317_000 + number).to_string())
        .collect()
}

pub(super) fn day(number: u64) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(2025, 11, 1).expect("a day of the calendar");
    first + Days::new(number)
}

/// Impressions, clicks and revenue in millionths. They grow until the last look at the day.
fn figures(item: u64, date: u64, seen: u64) -> [u64; 3] {
    let mut bits = (date * 1_000 + item).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits ^= bits >> 29;
    let impressions = 100 + bits % 90_000 + 7 * (seen - date).min(LOOK_BACK);
    [impressions, impressions / 300, impressions * 4_523]
}

impl Year {
    pub(super) fn range(&self) -> (NaiveDate, NaiveDate) {
        (day(0), day(self.days - 1))
    }

    pub(super) fn rows(&self) -> u64 {
        self.days * ADVERTISERS * LINE_ITEMS
    }

    pub(super) fn files(&self) -> Vec<Window> {
        let first = Window {
            start: 0,
            end: FIRST_DAYS - 1,
        };
        let mornings = (FIRST_DAYS..self.days).map(|end| Window {
            start: end - LOOK_BACK,
            end,
        });
        std::iter::once(first).chain(mornings).collect()
    }

    /// Rows, impressions, clicks and revenue, each day as its last file has it.
    pub(super) fn truth(&self) -> [u64; 4] {
        let mut sums = [self.rows(), 0, 0, 0];
        for date in 0..self.days {
            let seen = (date + LOOK_BACK).max(FIRST_DAYS - 1).min(self.days - 1);
            // The first file is the only one that has seen its early days.
            let seen = if date + LOOK_BACK < FIRST_DAYS {
                FIRST_DAYS - 1
            } else {
                seen
            };
            for item in 0..ADVERTISERS * LINE_ITEMS {
                for (sum, figure) in sums[1..].iter_mut().zip(figures(item, date, seen)) {
                    *sum += figure;
                }
            }
        }
        sums
    }
}

/// The report of a window, with its totals and its footer.
pub(super) fn report(spec: &Spec, window: Window) -> Vec<u8> {
    let header: Vec<&str> = spec.columns.iter().map(|one| &*one.headers[0]).collect();
    let dimensions = spec
        .columns
        .iter()
        .filter(|one| one.role == Role::Dimension);
    let dimensions = dimensions.count();
    let mut text = format!("{}\n", header.join(","));
    let mut sums = [0; 3];
    for date in window.start..=window.end {
        for item in 0..ADVERTISERS * LINE_ITEMS {
            let advertiser = item / LINE_ITEMS;
            let figures = figures(item, date, window.end);
            for (sum, figure) in sums.iter_mut().zip(figures) {
                *sum += figure;
            }
            text += &format!(
                "{},995544,{},USD,America/New_York,{},{},{},{}\n",
                day(date).format("%Y/%m/%d"),
                630_317_000 + advertiser,
                56_929_400 + item / 10,
                1_028_293_000 + item / 5,
                23_882_600_000 + item,
                metrics(figures),
            );
        }
    }
    text += &format!("{}{}\n", ",".repeat(dimensions), metrics(sums));
    text += &format!(
        "\nReport Time:,{} 04:12 GMT\nDate Range:,{} to {}\n",
        day(window.end + 1).format("%Y/%m/%d"),
        day(window.start).format("%Y/%m/%d"),
        day(window.end).format("%Y/%m/%d"),
    );
    for name in &header[..dimensions] {
        text += &format!("Group By:,{name}\n");
    }
    text += "Filter by Partner ID:,995544\n";
    text += &format!("Filter by Advertiser ID:,{}\n", advertiser_ids().join(","));
    text.into_bytes()
}

/// In the order of the shipped pipeline.
fn metrics([impressions, clicks, revenue]: [u64; 3]) -> String {
    let money = |micros: u64| format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
    format!(
        "{impressions},{impressions},{clicks},{clicks},{},{},{}",
        money(revenue),
        money(impressions * 3_517),
        money(revenue),
    )
}
