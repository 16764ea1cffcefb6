//! What the source refuses in a report, or answers with something else than was meant, said before
//! it is asked: its own messages name no field, and each failed request costs quota.

use crate::documents::{Finding, Findings};
use crate::ingestion::pipelines::spec::{Column, Filter, Role, Source, Spec, To};

use super::names;

/// "A report with an active schedule cannot have a date range longer than 90 days."
const LONGEST_SCHEDULED_DAYS: u32 = 90;
/// Daily reports are scheduled at the source; more often costs a run each.
const LEAST_HOURS: u32 = 6;
const MOST_FILTERS: usize = 50;
const LONGEST_VALUE: usize = 256;
const CURRENCY: &str = "FILTER_ADVERTISER_CURRENCY";
/// Every report is limited to the connection's partner and advertisers already.
const LIMITED: [&str; 2] = ["FILTER_PARTNER", "FILTER_ADVERTISER"];

pub(crate) fn check(spec: &Spec) -> Vec<Finding> {
    let mut found = Findings::default();
    let Source::Dv360 {
        report_type,
        filters,
    } = &spec.source
    else {
        return found.into_vec();
    };
    check_type(report_type, &mut found);
    check_filters(filters, &mut found);
    for (at, column) in spec.columns.iter().enumerate() {
        check_column(spec, at, column, &mut found);
    }
    // A morning's report holds the new day besides, and one that not everybody has.
    if spec.window.look_back_days + 2 > LONGEST_SCHEDULED_DAYS {
        let message = format!(
            "a scheduled report of the source has {LONGEST_SCHEDULED_DAYS} days at most, and two of them are not looked back at"
        );
        found.error("/window/look_back_days", message);
    }
    if spec.schedule.every_hours < LEAST_HOURS {
        let message = format!("each run costs quota; let at least {LEAST_HOURS} hours pass");
        found.error("/schedule/every_hours", message);
    }
    found.into_vec()
}

fn check_type(report_type: &str, found: &mut Findings) {
    let path = "/source/report_type";
    if names::DEPRECATED_TYPES.contains(&report_type) {
        found.error(
            path,
            format!("the source makes no {report_type} reports any more"),
        );
    } else if !names::TYPES.contains(&report_type) {
        let message = format!("the source knows {}", names::TYPES.join(", "));
        found.error(path, message);
    } else if report_type != names::TYPES[0] {
        found.warn(
            path,
            "only STANDARD reports were seen to carry a total to check against",
        );
    }
}

fn check_filters(filters: &[Filter], found: &mut Findings) {
    if filters.len() > MOST_FILTERS {
        return found.error("/source/filters", format!("at most {MOST_FILTERS} filters"));
    }
    for (at, filter) in filters.iter().enumerate() {
        let path = format!("/source/filters/{at}");
        let name = filter.name.as_str();
        if LIMITED.contains(&name) {
            let message = "partner and advertisers are chosen on the connection";
            found.error(format!("{path}/name"), message);
        } else if !is_name(name, "FILTER_") {
            found.error(
                format!("{path}/name"),
                "a filter's name is like FILTER_COUNTRY",
            );
        } else if !names::DIMENSIONS.contains(&name) {
            found.warn(
                format!("{path}/name"),
                format!("{name} is not among those we know"),
            );
        }
        let value = &filter.value;
        if value.is_empty() || value.len() > LONGEST_VALUE || value.chars().any(char::is_control) {
            let message = format!("a filter's value has 1 to {LONGEST_VALUE} plain characters");
            found.error(format!("{path}/value"), message);
        }
        if filters[..at].contains(filter) {
            found.error(path, "this filter is there already");
        }
    }
}

fn check_column(spec: &Spec, at: usize, column: &Column, found: &mut Findings) {
    let path = format!("/columns/{at}/ask");
    let Some(ask) = column.ask.as_deref() else {
        return found.error(
            path,
            "say what to ask the source for, such as METRIC_CLICKS",
        );
    };
    let (prefix, known) = match column.role {
        Role::Dimension => ("FILTER_", &names::DIMENSIONS[..]),
        Role::Metric => ("METRIC_", &names::METRICS[..]),
    };
    if !is_name(ask, prefix) {
        return found.error(
            path,
            format!("a {} is asked for as {prefix}…", word(column.role)),
        );
    }
    if !known.contains(&ask) {
        found.warn(
            &path,
            format!("{ask} is not among those we know; try it with a dry run"),
        );
    }
    let asks = |name: &str| {
        spec.columns
            .iter()
            .any(|one| one.ask.as_deref() == Some(name))
    };
    let first = spec
        .columns
        .iter()
        .position(|one| one.ask.as_deref() == Some(ask));
    if first != Some(at) {
        found.error(&path, format!("{ask} is asked for twice"));
    }
    if names::is_cost(ask) && !asks(CURRENCY) {
        found.error(
            &path,
            format!("the source wants {CURRENCY} beside any cost"),
        );
    }
    if ask == names::IO_GOAL && !asks("FILTER_INSERTION_ORDER") {
        found.error(
            &path,
            format!("the source wants FILTER_INSERTION_ORDER beside {ask}"),
        );
    }
    check_meaning(column, ask, &path, found);
}

/// What fills one of the model's columns means the same for every source.
fn check_meaning(column: &Column, ask: &str, path: &str, found: &mut Findings) {
    let meant = names::meaning(column.to);
    if !meant.is_empty() && !meant.contains(&ask) {
        found.error(
            path,
            format!("this column is filled from {}", meant.join(" or ")),
        );
    }
    let elsewhere = matches!(column.to, To::Extra | To::Nothing | To::Breakdown);
    if elsewhere && LIMITED.contains(&ask) {
        found.error(path, "this is the partner or advertiser of the row");
    }
}

fn is_name(text: &str, prefix: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    text.len() <= 128
        && text
            .strip_prefix(prefix)
            .is_some_and(|rest| !rest.is_empty())
        && text.bytes().all(plain)
}

const fn word(role: Role) -> &'static str {
    match role {
        Role::Dimension => "dimension",
        Role::Metric => "metric",
    }
}

#[cfg(test)]
mod tests;
