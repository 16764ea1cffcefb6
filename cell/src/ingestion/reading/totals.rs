//! The control total: what the file says its rows add up to, against what they do.

use super::Error;
use super::cells::Cells;
use super::numbers::{Number, NumberError};
use super::records::Record;
use crate::ingestion::pipelines::spec::{Kind, Role, To};

/// Whether a column's total has to be the sum of its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Proof {
    /// A metric of the unified model.
    Must,
    /// Kept beside them: if the file has a total, it has to agree.
    IfThere,
    /// Rates are no sums.
    None,
}

/// Sums of the metric columns in millionths.
pub(super) struct Totals {
    /// By the place of the column in the spec.
    sums: Vec<i128>,
    pub(super) proven: bool,
}

impl Totals {
    pub(super) fn new(columns: usize) -> Self {
        Self {
            sums: vec![0; columns],
            proven: false,
        }
    }

    pub(super) fn add(&mut self, values: &[Option<i64>]) {
        for (sum, value) in self.sums.iter_mut().zip(values) {
            *sum += i128::from(value.unwrap_or(0));
        }
    }

    /// Equal to the last micro, save where the source withheld cells: there the total lies between
    /// the sum and what those cells may add at most.
    pub(super) fn check(&mut self, cells: &Cells<'_>, record: Record<'_>) -> Result<(), Error> {
        for plan in &cells.plans {
            let column = plan.column;
            let proof = match (column.role, column.kind, column.to) {
                (Role::Metric, Kind::Decimal, To::Extra | To::Nothing) => Proof::None,
                (Role::Metric, _, To::Extra | To::Nothing) => Proof::IfThere,
                (Role::Metric, _, _) => Proof::Must,
                (Role::Dimension, _, _) => Proof::None,
            };
            let seen = &cells.seen[plan.index];
            if proof == Proof::None || !plan.is_number() || seen.retyped() {
                continue;
            }
            let text = record.field(plan.field);
            let total = cells.number(column, text);
            let total =
                total.map_err(|NumberError| super::cells::not(record.line, column, text))?;
            let name = || column.headers.first().unwrap_or(&column.name).clone();
            let sum = self.sums[plan.index];
            match total {
                Some(Number::Micros(total)) => {
                    let total = i128::from(total);
                    if total < sum || total > sum + seen.below {
                        let column = name();
                        return Err(Error::ControlTotal { column, total, sum });
                    }
                }
                Some(Number::Below(_)) if seen.censored > 0 => {}
                None if proof == Proof::IfThere || seen.censored > 0 => {}
                Some(Number::Below(_)) | None => return Err(Error::NoTotal(name())),
            }
        }
        self.proven = true;
        Ok(())
    }

    /// By the spec's names.
    pub(super) fn into_sums(self, cells: &Cells<'_>) -> Vec<(String, i128)> {
        let numbers = cells.plans.iter().filter(|plan| plan.is_number());
        numbers
            .map(|plan| (plan.column.name.clone(), self.sums[plan.index]))
            .collect()
    }
}
