//! Rows as files: NDJSON as the API tells them, and CSV in whole units for a spreadsheet.

use std::borrow::Borrow;

use super::rows::{Level, PacingRow};

/// What a column says of a row.
type Column = (&'static str, fn(&PacingRow) -> String);

const COLUMNS: [Column; 34] = [
    ("level", |row| row.level.as_str().to_owned()),
    ("id", |row| text(&row.id)),
    ("name", |row| text(&row.name)),
    ("status", |row| word(row.status)),
    ("advertiser_id", |row| text(&row.advertiser_id)),
    ("advertiser", |row| text(&row.advertiser_name)),
    ("campaign_id", |row| text(&row.campaign_id)),
    ("campaign", |row| text(&row.campaign_name)),
    ("insertion_order_id", |row| text(&row.insertion_order_id)),
    ("unit", |row| match row.counted_in() {
        (true, _) => "impressions".to_owned(),
        (false, currency) => currency.to_owned(),
    }),
    ("start", |row| shown(row.start_date.as_ref())),
    ("end", |row| shown(row.end_date.as_ref())),
    ("days", |row| row.days_total.to_string()),
    ("complete_days", |row| row.days_elapsed.to_string()),
    ("provisional_days", |row| row.provisional_days.to_string()),
    ("through", |row| shown(row.through.as_ref())),
    ("budget", |row| units(row.budget_micros)),
    ("spent", |row| units(Some(row.spend_micros))),
    ("expected", |row| units(Some(row.expected_micros))),
    ("ahead", |row| units(Some(row.ahead_micros))),
    ("pacing_percent", |row| shown(row.pacing_percent.as_ref())),
    ("days_ahead", |row| shown(row.days_ahead.as_ref())),
    ("remaining", |row| units(Some(row.remaining_micros))),
    ("needed_per_day", |row| units(row.needed_per_day_micros)),
    ("target_next_day", |row| units(row.target_next_day_micros)),
    ("average_per_day", |row| units(row.average_per_day_micros)),
    ("last_week_per_day", |row| {
        units(row.last_week_per_day_micros)
    }),
    ("yesterday", |row| units(Some(row.yesterday_micros))),
    ("projected_end", |row| units(row.projected_end_micros)),
    ("projected_low", |row| units(row.projected_low_micros)),
    ("projected_high", |row| units(row.projected_high_micros)),
    ("used_up_on", |row| shown(row.used_up_on.as_ref())),
    ("at_risk", |row| units(Some(row.underspend_at_risk_micros))),
    ("at_risk_percent", |row| shown(row.at_risk_percent.as_ref())),
];

/// With a mark that makes spreadsheets read it as UTF-8.
pub fn csv(rows: &[impl Borrow<PacingRow>]) -> String {
    let mut file = String::from("\u{feff}");
    let names: Vec<&str> = COLUMNS.iter().map(|(name, _)| *name).collect();
    file.push_str(&names.join(","));
    file.push_str("\r\n");
    for row in rows {
        let cells: Vec<String> = (COLUMNS.iter())
            .map(|(_, value)| value(row.borrow()))
            .collect();
        file.push_str(&cells.join(","));
        file.push_str("\r\n");
    }
    file
}

/// One row a line.
pub fn ndjson(rows: &[impl Borrow<PacingRow>]) -> Result<Vec<u8>, serde_json::Error> {
    let mut file = Vec::new();
    for row in rows {
        serde_json::to_writer(&mut file, row.borrow())?;
        file.push(b'\n');
    }
    Ok(file)
}

/// The name of the file, without its ending.
pub fn file_name(level: Level) -> String {
    format!("pacing-{}", level.as_str().replace('_', "-"))
}

/// A name that begins like a formula must not become one: somebody else may have given it.
fn text(value: &str) -> String {
    let formula = value.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let value = if formula {
        format!("'{value}")
    } else {
        value.to_owned()
    };
    if value.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", value.replace('"', "\"\""))
    } else {
        value
    }
}

fn shown(value: Option<&impl ToString>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

fn word(value: impl serde::Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

/// Millionths as a number that a spreadsheet counts with, exact.
fn units(micros: Option<i64>) -> String {
    let Some(micros) = micros else {
        return String::new();
    };
    let sign = if micros < 0 { "-" } else { "" };
    let whole = micros.unsigned_abs() / 1_000_000;
    let part = format!("{:06}", micros.unsigned_abs() % 1_000_000);
    match part.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        part => format!("{sign}{whole}.{part}"),
    }
}

#[cfg(test)]
mod tests {
    //! What a spreadsheet would make of a cell.

    use super::{text, units};

    #[test]
    fn names_stay_names() {
        assert_eq!(text("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
        assert_eq!(text("-1"), "'-1");
        assert_eq!(text("a, b"), "\"a, b\"");
        assert_eq!(text("Autumn"), "Autumn");
    }

    #[test]
    fn amounts_are_exact() {
        assert_eq!(units(Some(-1_500_000)), "-1.5");
        assert_eq!(units(Some(9_677_419_355)), "9677.419355");
        assert_eq!(units(Some(3_000_000)), "3");
        assert_eq!(units(Some(-1)), "-0.000001");
        assert_eq!(units(None), "");
    }
}
