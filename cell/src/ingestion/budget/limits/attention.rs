//! Budgets that are used up.

use contracts::Action;

use super::{Budgets, Line, Resource, Standing};
use crate::attention::{Item, Severity, Subject};

pub(crate) fn list(budgets: &Budgets) -> Vec<Item> {
    budgets.lines.iter().filter_map(judge).collect()
}

fn judge(line: &Line) -> Option<Item> {
    let what = match line.resource {
        Resource::Calls => "Requests to the source",
        Resource::Rows => "Rows to load",
        Resource::Bytes => "Bytes to fetch",
        Resource::CostMicrosUsd => "Money to spend on data",
    };
    let (severity, code, title) = match line.standing() {
        Standing::Within => return None,
        Standing::Soft => (
            Severity::Notice,
            "budget_soft",
            format!("{what}: the soft limit is reached, backfills wait"),
        ),
        Standing::UsedUp => (
            Severity::Warning,
            "budget_used_up",
            format!("{what}: the limit is reached, nothing more is brought in"),
        ),
    };
    Some(Item {
        severity,
        code,
        title,
        what_to_do: format!(
            "It goes on by itself at {} UTC, or raise the limit.",
            line.resets_at.format("%-d %B, %H:%M")
        ),
        since: None,
        subject: Subject::Budgets,
        subject_id: None,
        needs: Action::ManageSettings,
    })
}
