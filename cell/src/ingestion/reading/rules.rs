//! The spec's rules about single rows. Rules about the days before need the database.

use super::cells::Cells;
use super::records::Record;
use super::{Error, Warning};
use crate::ingestion::pipelines::spec::{Rule, Severity, Spec};

enum Check {
    NotNegative(usize),
    /// Place in the spec.
    HasNumber(usize),
    /// Field of the file.
    HasText(usize),
    AtMost(usize, usize),
}

struct Running {
    check: Check,
    severity: Severity,
    column: String,
    words: String,
    rows: u64,
    line: Option<u64>,
}

pub(super) struct Rules(Vec<Running>);

impl Rules {
    /// Rules about columns the file does not have cannot be broken.
    pub(super) fn new(spec: &Spec, cells: &Cells<'_>) -> Self {
        let running = |rule: &Rule| {
            let find = |name: &str| cells.plans.iter().find(|plan| plan.column.name == name);
            let (check, severity, column, words) = match rule {
                Rule::NotNegative { column, severity } => (
                    Check::NotNegative(find(column)?.index),
                    severity,
                    column,
                    format!("{column} is negative"),
                ),
                Rule::NotNull { column, severity } => {
                    let plan = find(column)?;
                    let check = match plan.is_number() {
                        true => Check::HasNumber(plan.index),
                        false => Check::HasText(plan.field),
                    };
                    (check, severity, column, format!("{column} has no value"))
                }
                Rule::AtMost {
                    column,
                    other,
                    severity,
                } => (
                    Check::AtMost(find(column)?.index, find(other)?.index),
                    severity,
                    column,
                    format!("{column} is more than {other}"),
                ),
                Rule::WentToZero { .. } | Rule::FewerRows { .. } => return None,
            };
            Some(Running {
                check,
                severity: *severity,
                column: column.clone(),
                words,
                rows: 0,
                line: None,
            })
        };
        Self(spec.quality.iter().filter_map(running).collect())
    }

    pub(super) fn check(&mut self, cells: &Cells<'_>, record: Record<'_>) -> Result<(), Error> {
        let value = |at: usize| cells.values[at];
        for rule in &mut self.0 {
            let broken = match rule.check {
                Check::NotNegative(at) => value(at).is_some_and(|value| value < 0),
                Check::HasNumber(at) => value(at).is_none(),
                Check::HasText(field) => record.field(field).is_empty(),
                Check::AtMost(at, other) => {
                    matches!((value(at), value(other)), (Some(less), Some(more)) if less > more)
                }
            };
            if !broken {
                continue;
            }
            if rule.severity == Severity::Quarantine {
                return Err(Error::Rule {
                    line: Some(record.line),
                    message: format!("line {}: {}", record.line, rule.words),
                });
            }
            rule.rows += 1;
            rule.line.get_or_insert(record.line);
        }
        Ok(())
    }

    pub(super) fn into_warnings(self) -> Vec<Warning> {
        let broken = self.0.into_iter().filter(|rule| rule.rows > 0);
        let warning = |rule: Running| Warning {
            column: rule.column,
            message: rule.words,
            rows: rule.rows,
            line: rule.line,
        };
        broken.map(warning).collect()
    }
}
