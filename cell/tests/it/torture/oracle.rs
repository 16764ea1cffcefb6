//! A report's figures by the simplest means there are, and files that are almost right.
//!
//! Shared with the long run of `cargo x bench fuzz`, so it knows nothing of the cell: what it says
//! is worth something because it shares no line with the reader it is compared with.

use std::collections::BTreeMap;

/// A file with everything in it that makes files hard: quotes, line feeds and emoji in names,
/// thousands, nothing, and what is withheld.
pub(crate) const REPORT: &str = "\
Date,Partner ID,Advertiser ID,Advertiser Currency,Advertiser Time Zone,Campaign ID,Insertion Order ID,Line Item ID,Impressions,Billable Impressions,Clicks,Total Conversions,Revenue (Adv Currency),Media Cost (Advertiser Currency),Billable Cost (Adv Currency)
2026/10/01,995544,630317194,EUR,Europe/Berlin,11,21,31,1200,1200.00,12,1.5,10.500000,8.250000,9.000001
2026/10/01,995544,630317194,EUR,\"Europe, \"\"Berlin\"\"\",11,21,32,\"1,300\",1299,0,0,-0.020020,0,0
2026/10/02,995544,630317194,EUR,\"Eur\nope 🎈\",11,21,31,7,7,-,,0.000001,0.1,Unknown
2026/10/02,995544,630317195,USD,America/New_York,12,22,33,90,90,1,0,1,1,1
,,,,,,,,2597,2596,13,1.5,11.479981,9.350000,10.000001

Report Time:,2026/10/03 04:12 GMT
Date Range:,2026/10/01 to 2026/10/02
Group By:,Date
Group By:,Partner ID
Group By:,Advertiser ID
Group By:,Advertiser Currency
Group By:,Advertiser Time Zone
Group By:,Campaign ID
Group By:,Insertion Order ID
Group By:,Line Item ID
\"Reporting numbers from the previous month are finalized on the first of each month.\"
Filter by Partner ID:,995544
Filter by Advertiser ID:,Acme (630317194),630317195
";

/// Our names of the metrics and the headers they come under.
const METRICS: [(&str, &[&str]); 7] = [
    ("impressions", &["Impressions"]),
    ("billable_impressions", &["Billable Impressions"]),
    ("clicks", &["Clicks"]),
    ("conversions", &["Total Conversions"]),
    (
        "revenue",
        &["Revenue (Adv Currency)", "Revenue (Advertiser Currency)"],
    ),
    (
        "media_cost",
        &[
            "Media Cost (Advertiser Currency)",
            "Media Cost (Adv Currency)",
        ],
    ),
    (
        "billable_cost",
        &[
            "Billable Cost (Adv Currency)",
            "Billable Cost (Advertiser Currency)",
        ],
    ),
];

/// Rows, and sums in millionths by our names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Figures {
    pub(crate) rows: u64,
    pub(crate) sums: BTreeMap<String, i128>,
}

/// `None`: this is no file to draw figures from.
pub(crate) fn read(bytes: &[u8]) -> Option<Figures> {
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let records = records(text);
    let header = records.first()?;
    let place = |names: &[&str]| {
        header
            .iter()
            .position(|cell| names.contains(&cell.as_str()))
    };
    let metrics: Option<Vec<usize>> = METRICS.iter().map(|(_, names)| place(names)).collect();
    let metrics = metrics?;
    let mut rows: Vec<&Vec<String>> = Vec::new();
    for record in &records[1..] {
        if record.is_empty() {
            break;
        }
        rows.push(record);
    }
    if rows.len() == 1 && rows[0].len() == 1 {
        rows.clear();
    }
    let dimensions = |row: &[String]| {
        let cells = row.iter().enumerate();
        cells
            .filter(|(at, _)| !metrics.contains(at))
            .all(|(_, cell)| cell.is_empty())
    };
    if rows.last().is_some_and(|row| dimensions(row)) {
        rows.pop();
    }
    let mut sums = BTreeMap::new();
    for ((name, _), at) in METRICS.iter().zip(&metrics) {
        let mut sum = 0;
        for row in &rows {
            sum += micros(row.get(*at)?)?;
        }
        sums.insert((*name).to_owned(), sum);
    }
    Some(Figures {
        rows: rows.len() as u64,
        sums,
    })
}

/// A blank line is a record without cells.
fn records(text: &str) -> Vec<Vec<String>> {
    let mut records = Vec::new();
    let mut record: Vec<String> = Vec::new();
    let mut cell = String::new();
    let (mut quoted, mut any) = (false, false);
    let chars: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        let char = chars[at];
        at += 1;
        if quoted {
            if char != '"' {
                cell.push(char);
            } else if chars.get(at) == Some(&'"') {
                cell.push('"');
                at += 1;
            } else {
                quoted = false;
            }
            continue;
        }
        match char {
            '"' => (quoted, any) = (true, true),
            ',' => {
                record.push(std::mem::take(&mut cell));
                any = true;
            }
            '\r' if chars.get(at) == Some(&'\n') => {}
            '\n' => {
                if any {
                    record.push(std::mem::take(&mut cell));
                }
                records.push(std::mem::take(&mut record));
                any = false;
            }
            other => {
                cell.push(other);
                any = true;
            }
        }
    }
    if any {
        record.push(cell);
        records.push(record);
    }
    records
}

/// Nothing counts as nothing; so does what was withheld.
fn micros(cell: &str) -> Option<i128> {
    if matches!(cell, "" | "-" | "Unknown") || cell.starts_with('<') {
        return Some(0);
    }
    let (sign, digits) = match cell.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, cell),
    };
    let digits = digits.replace(',', "");
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let fraction = format!("{fraction:0<6}");
    let number: i128 = format!("{whole}{fraction}").parse().ok()?;
    (fraction.len() == 6).then_some(sign * number)
}

/// Numbers that look random and are the same each time.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound.max(1)
    }
}

const TOKENS: [&[u8]; 18] = [
    b",",
    b"\"",
    b"\"\"",
    b"\n",
    b"\n\n",
    b"\r\n",
    b"\r",
    b"\0",
    b"-",
    b"< 1000",
    b"Unknown",
    b"1,000",
    b".",
    b",,,,,,,,1,1,1,1,1,1,1\n",
    b"\xff",
    "\u{feff}".as_bytes(),
    b"Report Time:,2026/10/03 04:12 GMT\n",
    b"No data returned by the reporting service.\n",
];

/// A few things wrong with the file.
pub(crate) fn spoil(bytes: &mut Vec<u8>, dice: &mut Dice) {
    for _ in 0..=dice.below(3) {
        let at = dice.below(bytes.len());
        match dice.below(9) {
            0 => bytes[at] = dice.below(256) as u8,
            1 => {
                let digits: Vec<usize> = (0..bytes.len())
                    .filter(|at| bytes[*at].is_ascii_digit())
                    .collect();
                if let Some(at) = digits.get(dice.below(digits.len())) {
                    bytes[*at] = b'0' + dice.below(10) as u8;
                }
            }
            2 => {
                let end = (at + dice.below(40)).min(bytes.len());
                bytes.drain(at..end);
            }
            3 => {
                let end = (at + dice.below(200)).min(bytes.len());
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            4 | 5 => {
                let token = TOKENS[dice.below(TOKENS.len())];
                bytes.splice(at..at, token.iter().copied());
            }
            6 => bytes.truncate(at),
            _ => shuffle_lines(bytes, dice),
        }
        if bytes.is_empty() {
            return;
        }
    }
}

/// A line less, twice, or elsewhere.
fn shuffle_lines(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let mut lines: Vec<Vec<u8>> = bytes
        .split_inclusive(|byte| *byte == b'\n')
        .map(<[u8]>::to_vec)
        .collect();
    let (one, other) = (dice.below(lines.len()), dice.below(lines.len()));
    match dice.below(3) {
        0 => _ = lines.remove(one),
        1 => lines.insert(other, lines[one].clone()),
        _ => lines.swap(one, other),
    }
    *bytes = lines.concat();
}
