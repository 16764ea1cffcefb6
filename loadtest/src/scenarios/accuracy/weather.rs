//! What goes wrong, and what people do meanwhile.

use chrono::{DateTime, Datelike, Utc};
use rand::Rng;
use rand::rngs::StdRng;
use serde_json::{Value, json};

/// Faults for everybody. Of the reports 20 % meet one that has to be noticed and got over, of all
/// calls 2 %; a tenth of the files has a shape that is only unusual.
pub(super) fn faults() -> Value {
    let runs = ["run_query", "create_query"];
    json!({"everyone": {
        "api": [
            {"kind": "unavailable", "rate": 0.005},
            {"kind": "internal", "rate": 0.004},
            {"kind": "deadline_exceeded", "rate": 0.003},
            {"kind": "resource_exhausted", "rate": 0.003},
            {"kind": "reset", "rate": 0.003},
            {"kind": {"slow": {"ms": 300}}, "rate": 0.002},
            {"kind": "lost_answer", "rate": 0.03, "on": runs},
        ],
        "report": [
            {"kind": "failed", "rate": 0.03},
            {"kind": "done_without_path", "rate": 0.01},
        ],
        "download": [
            {"kind": {"cut_connection": {"at": 700}}, "rate": 0.03},
            {"kind": {"cut_body": {"at": 900}}, "rate": 0.02},
            {"kind": "unavailable", "rate": 0.02},
            {"kind": "html", "rate": 0.01},
            {"kind": "expired", "rate": 0.02},
            {"kind": "gzip", "rate": 0.02},
            {"kind": "without_length", "rate": 0.02},
        ],
        "file": [
            {"kind": "wrong_totals", "rate": 0.015},
            {"kind": "wrong_dates", "rate": 0.01},
            {"kind": "no_footer", "rate": 0.01},
            {"kind": {"duplicate_rows": {"counted": true}}, "rate": 0.015},
            {"kind": {"renamed_header": {"from": "Clicks", "to": "Taps"}}, "rate": 0.01},
            {"kind": {"zero_column": {"header": "Revenue (Adv Currency)"}}, "rate": 0.01},
            {"kind": "bom", "rate": 0.03},
            {"kind": "crlf", "rate": 0.03},
            {"kind": "shuffled_columns", "rate": 0.02},
            {"kind": "thousands", "rate": 0.02},
            {"kind": "iso_dates", "rate": 0.02},
        ],
    }})
}

/// Something a person does to the line item of a row, or to its insertion order.
pub(super) fn edit(row: &Value, now: DateTime<Utc>, people: &mut StdRng) -> Value {
    let id = &row["line_item_id"];
    match people.random_range(0..4) {
        0 | 1 => {
            // Plans are monthly from February on.
            let segment = now.month() - 2;
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
