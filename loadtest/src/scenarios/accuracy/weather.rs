//! What goes wrong, and what people do meanwhile. Every fault that the simulator knows is here, but
//! for refused scopes: they concern a consent, and nobody has one half given.

use chrono::{Datelike, NaiveDate};
use rand::Rng;
use rand::rngs::StdRng;
use serde_json::{Value, json};

/// Faults of a report that leave nothing to load: another one has to be ordered.
pub(super) const COME_TO_NOTHING: [&str; 6] = [
    // A file; the same bytes each time, so bronze keeps only the first.
    "html",
    "failed",
    "done_without_path",
    "queued_forever",
    "running_forever",
    "expired_link",
];

/// Faults for everybody. Of the reports 20 % meet one that has to be noticed and got over, of all
/// calls 2 %; as many files again have a shape that is only unusual.
pub(super) fn faults() -> Value {
    json!({"everyone": {
        "api": api_faults(),
        "report": [
            {"kind": "failed", "rate": 0.025},
            {"kind": "done_without_path", "rate": 0.008},
            {"kind": "queued_forever", "rate": 0.005},
            {"kind": "running_forever", "rate": 0.005},
            {"kind": "expired_link", "rate": 0.01},
            {"kind": {"delay": {"ms": 7_200_000}}, "rate": 0.01},
        ],
        "download": [
            {"kind": {"cut_connection": {"at": 700}}, "rate": 0.02},
            {"kind": {"cut_body": {"at": 900}}, "rate": 0.02},
            {"kind": {"long_length": {"by": 17}}, "rate": 0.01},
            {"kind": "unavailable", "rate": 0.01},
            {"kind": "html", "rate": 0.01},
            {"kind": "expired", "rate": 0.02},
            {"kind": "redirect", "rate": 0.003},
            {"kind": "gzip", "rate": 0.02},
            {"kind": "without_length", "rate": 0.02},
            {"kind": "no_ranges", "rate": 0.02},
            {"kind": {"slow": {"ms": 5}}, "rate": 0.02},
        ],
        "file": file_faults(),
        "page": [
            {"kind": "repeated_token", "rate": 0.01},
            {"kind": "token_refused", "rate": 0.01},
        ],
    }})
}

fn api_faults() -> Value {
    let runs = ["run_query", "create_query"];
    let creates = ["create_query"];
    // Were it said of a report that is waited for, ordering another one would be right.
    let unknown = ["run_query", "delete_query", "entities"];
    json!([
        {"kind": "unavailable", "rate": 0.005},
        {"kind": "internal", "rate": 0.004},
        {"kind": "deadline_exceeded", "rate": 0.003},
        {"kind": "resource_exhausted", "rate": 0.002},
        {"kind": "user_rate_limit_exceeded", "rate": 0.002},
        {"kind": "daily_limit_exceeded", "rate": 0.000_02},
        {"kind": "bad_gateway", "rate": 0.002},
        {"kind": "reset", "rate": 0.003},
        {"kind": "unauthenticated", "rate": 0.001},
        {"kind": "permission_denied", "rate": 0.000_2},
        {"kind": "not_found", "rate": 0.000_5, "on": unknown},
        {"kind": {"slow": {"ms": 300}}, "rate": 0.002},
        {"kind": "invalid_combination", "rate": 0.002, "on": creates},
        {"kind": "currency_missing", "rate": 0.002, "on": creates},
        {"kind": "range_too_long", "rate": 0.002, "on": creates},
        {"kind": "goal_without_order", "rate": 0.002, "on": creates},
        {"kind": "lost_answer", "rate": 0.03, "on": runs},
    ])
}

fn file_faults() -> Value {
    json!([
        {"kind": "wrong_totals", "rate": 0.01},
        {"kind": "wrong_dates", "rate": 0.005},
        {"kind": "wrong_groups", "rate": 0.005},
        {"kind": "no_footer", "rate": 0.005},
        {"kind": {"duplicate_rows": {"counted": true}}, "rate": 0.01},
        {"kind": {"duplicate_rows": {"counted": false}}, "rate": 0.005},
        {"kind": {"renamed_header": {"from": "Clicks", "to": "Taps"}}, "rate": 0.005},
        {"kind": {"extra_column": {"header": "Attention"}}, "rate": 0.005},
        {"kind": {"missing_column": {"header": "Clicks"}}, "rate": 0.005},
        {"kind": {"retyped_column": {"header": "Clicks"}}, "rate": 0.005},
        {"kind": {"censored": {"header": "Impressions"}}, "rate": 0.005},
        {"kind": {"zero_column": {"header": "Revenue (Adv Currency)"}}, "rate": 0.005},
        {"kind": "blank_first_dimension", "rate": 0.005},
        {"kind": {"missing_days": {"days": 2}}, "rate": 0.005},
        {"kind": "foreign_rows", "rate": 0.005},
        {"kind": "empty", "rate": 0.005},
        {"kind": "html", "rate": 0.003},
        {"kind": "nul", "rate": 0.003},
        {"kind": "latin1", "rate": 0.003},
        {"kind": {"long_line": {"bytes": 2_000_000}}, "rate": 0.002},
        {"kind": {"many_columns": {"count": 10_000}}, "rate": 0.001},
        {"kind": "formula", "rate": 0.01},
        {"kind": "unknown", "rate": 0.01},
        {"kind": "bom", "rate": 0.03},
        {"kind": "crlf", "rate": 0.03},
        {"kind": "no_totals", "rate": 0.01},
        {"kind": "shuffled_columns", "rate": 0.02},
        {"kind": "thousands", "rate": 0.02},
        {"kind": "dashes", "rate": 0.02},
        {"kind": "iso_dates", "rate": 0.02},
        {"kind": "missing_advertiser", "rate": 0.005},
    ])
}

/// What one person meets on one day when a token is asked for; mostly nothing comes of it.
pub(super) fn token_fault(email: &str, date: NaiveDate) -> Value {
    let kinds = [
        json!("unavailable"),
        json!("html"),
        json!("huge"),
        json!({"slow": {"ms": 200}}),
        json!("redirect"),
        json!("invalid_grant"),
    ];
    let kind = &kinds[date.ordinal0() as usize % kinds.len()];
    json!({"user": email, "token": {"kind": kind, "times": 1}})
}

/// The faults a report has met, as the simulator's journal has it, without their sizes.
pub(super) fn names(report: &Value) -> Vec<String> {
    let files = report["file"].as_array().into_iter().flatten();
    let all = files.chain(Some(&report["fault"]));
    let name = |fault: &Value| match fault {
        Value::String(name) => Some(name.clone()),
        Value::Object(fields) => fields.keys().next().cloned(),
        _ => None,
    };
    all.filter_map(name).collect()
}

/// Something a person does to the line item of a row, or to its insertion order.
pub(super) fn edit(row: &Value, date: NaiveDate, people: &mut StdRng) -> Value {
    let id = &row["line_item_id"];
    match people.random_range(0..4) {
        0 | 1 => {
            // Plans are monthly from February on.
            let segment = date.month() - 2;
            let amount: u64 = people.random_range(1_000..900_000) * 1_000_000;
            json!({"budget": {
                "insertion_order_id": row["insertion_order_id"],
                "segment": segment,
                "amount_micros": amount,
            }})
        }
        2 => {
            let status = if people.random_bool(0.4) {
                "archived"
            } else {
                "active"
            };
            json!({"status": {"id": id, "status": status}})
        }
        _ => {
            let names = [
                "Spring, \"late\" push\nsecond line 🎧".to_owned(),
                "=HYPERLINK(\"http://evil.example\")".to_owned(),
                "ü".repeat(120),
                "Unknown".to_owned(),
                "-".to_owned(),
            ];
            let name = &names[people.random_range(0..names.len())];
            json!({"rename": {"id": id, "name": name}})
        }
    }
}
