//! What every spec must keep to, whatever its source: limits, names, and that its columns fill the
//! table they go to. Pure; what a source wants besides is its connector's to say.

use serde_json::Value;

use super::spec::{Dataset, Drift, Rule, Spec};
use crate::documents::{self, Finding, Findings, MOST_BYTES, is_name};

mod columns;

#[cfg(test)]
mod tests;

const LONGEST_TITLE: usize = 120;
const LONGEST_DESCRIPTION: usize = 2_000;
const MOST_RULES: usize = 100;
const LONGEST_DAYS: u32 = 3_660;
const LONGEST_WINDOW_DAYS: u32 = 1_100;
/// A name that is a page of its own.
const RESERVED: [&str; 1] = ["schema"];

/// Reads a whole spec. A part that is not as the vocabulary says is named.
pub fn read(value: &Value) -> Result<Spec, Finding> {
    documents::read(value, MOST_BYTES)
}

/// Everything that is wrong with a spec, as far as no source has to be asked.
pub fn check(spec: &Spec) -> Vec<Finding> {
    let mut found = Findings::default();
    check_names(spec, &mut found);
    columns::check(spec, &mut found);
    check_times(spec, &mut found);
    check_contract(spec, &mut found);
    check_rules(spec, &mut found);
    check_budget(spec, &mut found);
    found.into_vec()
}

fn check_names(spec: &Spec, found: &mut Findings) {
    if !is_name(&spec.pipeline) || RESERVED.contains(&spec.pipeline.as_str()) {
        let message = "a name has up to 63 lower case letters, digits and _, a letter first";
        found.error("/pipeline", message);
    }
    if spec.version == 0 {
        found.error("/version", "versions begin at 1");
    }
    let title = spec.title.trim();
    if title.is_empty() || title.chars().count() > LONGEST_TITLE {
        found.error(
            "/title",
            format!("a title has 1 to {LONGEST_TITLE} characters"),
        );
    }
    if spec.description.chars().count() > LONGEST_DESCRIPTION {
        let message = format!("a description has at most {LONGEST_DESCRIPTION} characters");
        found.error("/description", message);
    }
}

fn check_times(spec: &Spec, found: &mut Findings) {
    let mut within = |path: &str, value: u32, from: u32, to: u32| {
        if value < from || value > to {
            found.error(path, format!("{value} is not from {from} to {to}"));
        }
    };
    let (window, retention) = (&spec.window, &spec.retention);
    within("/schedule/every_hours", spec.schedule.every_hours, 1, 168);
    within(
        "/schedule/not_before_hour",
        spec.schedule.not_before_hour,
        0,
        23,
    );
    within(
        "/window/first_days",
        window.first_days,
        1,
        LONGEST_WINDOW_DAYS,
    );
    within(
        "/window/look_back_days",
        window.look_back_days,
        1,
        LONGEST_WINDOW_DAYS,
    );
    // Every month has such a day.
    within("/window/month_close_day", window.month_close_day, 1, 28);
    within(
        "/retention/bronze_days",
        retention.bronze_days,
        1,
        LONGEST_DAYS,
    );
    within(
        "/retention/silver_days",
        retention.silver_days,
        1,
        LONGEST_DAYS,
    );
    if window.look_back_days > window.first_days {
        let message = "this is further back than the first sync reaches (first_days)";
        found.error("/window/look_back_days", message);
    }
    // The month before is read once more after its close, and replaced from its files until then.
    let open = 31 + window.month_close_day;
    for (path, days) in [
        ("/retention/bronze_days", retention.bronze_days),
        ("/retention/silver_days", retention.silver_days),
    ] {
        if days < open.max(window.look_back_days) {
            let message = format!("{days} days end before the source has certified them");
            found.error(path, message);
        }
    }
}

fn check_contract(spec: &Spec, found: &mut Findings) {
    if spec.contract.new_column == Drift::Evolve && spec.dataset != Dataset::LineItemDays {
        let message = "only line_item_days has room for further columns; say freeze or quarantine";
        found.error("/contract/new_column", message);
    }
}

fn check_rules(spec: &Spec, found: &mut Findings) {
    if spec.quality.len() > MOST_RULES {
        return found.error("/quality", format!("at most {MOST_RULES} rules"));
    }
    for (at, rule) in spec.quality.iter().enumerate() {
        let path = format!("/quality/{at}");
        if spec.quality[..at].contains(rule) {
            found.error(&path, "this rule is there already");
        }
        let mut metric = |field: &str, name: &str| {
            columns::check_rule_column(spec, &format!("{path}/{field}"), name, true, found);
        };
        match rule {
            Rule::NotNegative { column, .. } | Rule::WentToZero { column, .. } => {
                metric("column", column);
            }
            Rule::AtMost { column, other, .. } => {
                metric("column", column);
                metric("other", other);
                if column == other {
                    found.error(
                        format!("{path}/other"),
                        "a column is never more than itself",
                    );
                }
            }
            Rule::NotNull { column, .. } => {
                let path = format!("{path}/column");
                columns::check_rule_column(spec, &path, column, false, found);
            }
            Rule::FewerRows { percent, .. } if !(1..=99).contains(percent) => {
                found.error(format!("{path}/percent"), "percent is from 1 to 99");
            }
            Rule::FewerRows { .. } => {}
        }
    }
}

fn check_budget(spec: &Spec, found: &mut Findings) {
    let budget = &spec.budget;
    for (path, none) in [
        ("/budget/calls_per_day", budget.calls_per_day == Some(0)),
        ("/budget/rows_per_day", budget.rows_per_day == Some(0)),
        ("/budget/bytes_per_day", budget.bytes_per_day == Some(0)),
    ] {
        if none {
            found.error(path, "nothing could run; switch the pipeline off instead");
        }
    }
}
