//! The spec's rules that compare a file with the days before it.

use super::store::{self, Before};
use super::{Error, Landed, Load};
use crate::ingestion::connector::FileError;
use crate::ingestion::pipelines::spec::{Rule, Severity, Spec, To};
use crate::ingestion::reading::{METRICS, Warning};
use crate::tenancy::OrgTx;

/// Adds what only warns to the summary; what does not refuses the file.
pub(super) async fn check(
    tx: &mut OrgTx,
    spec: &Spec,
    load: &Load,
    landed: &mut Landed,
) -> Result<Result<(), FileError>, Error> {
    let looks_back =
        |rule: &&Rule| matches!(rule, Rule::WentToZero { .. } | Rule::FewerRows { .. });
    let rules: Vec<&Rule> = spec.quality.iter().filter(looks_back).collect();
    if rules.is_empty() || landed.days.is_empty() {
        return Ok(Ok(()));
    }
    let before = store::fetch_before(tx, load, landed).await?;
    if before.rows == 0 {
        return Ok(Ok(()));
    }
    for rule in rules {
        let Some((severity, warning)) = judge(rule, spec, landed, &before) else {
            continue;
        };
        if severity == Severity::Quarantine {
            return Ok(Err(FileError {
                code: "rule_broken",
                message: warning.message,
                ..FileError::default()
            }));
        }
        landed.summary.warnings.push(warning);
    }
    Ok(Ok(()))
}

fn judge(
    rule: &Rule,
    spec: &Spec,
    landed: &Landed,
    before: &Before,
) -> Option<(Severity, Warning)> {
    let (severity, column, message) = match rule {
        Rule::WentToZero { column, severity } => {
            let to = to_of(spec, column)?;
            let slot = METRICS.iter().position(|metric| *metric == to)?;
            let mut sums = landed.days.iter().map(|day| day.sums.sums[slot]);
            let gone = sums.all(|sum| sum.unwrap_or(0) == 0);
            let had = before.nonzero[slot];
            let message =
                format!("{column} is zero or empty in every row and had values in the days before");
            (gone && had).then_some((severity, column.clone(), message))?
        }
        Rule::FewerRows { percent, severity } => {
            let mut dates: Vec<_> = landed.days.iter().map(|day| day.date).collect();
            dates.sort_unstable();
            dates.dedup();
            let (rows, days) = (u128::from(landed.rows()), dates.len() as u128);
            let (rows_before, days_before) = (u128::from(before.rows), u128::from(before.days));
            // rows / days < rows_before / days_before * (100 - percent) / 100, in whole numbers.
            let least = u128::from(100_u32.saturating_sub(*percent));
            let fewer = rows * days_before * 100 < rows_before * days * least;
            let message = format!(
                "{rows} rows on {days} days, {rows_before} on {days_before} in the days before: \
                 more than {percent} percent fewer"
            );
            fewer.then_some((severity, String::new(), message))?
        }
        _ => return None,
    };
    let warning = Warning {
        column,
        message,
        rows: landed.rows(),
        line: None,
    };
    Some((*severity, warning))
}

fn to_of(spec: &Spec, name: &str) -> Option<To> {
    let found = spec.columns.iter().find(|column| column.name == name);
    found.map(|column| column.to)
}
