//! What needs somebody, over all of an org: each slice tells its own, and the worst comes first.
//!
//! Nothing is kept here. What is told goes away by itself once its cause has.

use chrono::{DateTime, Utc};
use contracts::Action;
use serde::Serialize;

use crate::app::App;
use crate::tenancy::{self, OrgTx};
use crate::{connections, ingestion, modules};

pub mod http;

/// How much it presses. The order is the one people see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AttentionSeverity)]
pub enum Severity {
    /// Data has stopped, or will be wrong.
    Critical,
    /// Something is late, refused or used up.
    Warning,
    /// A next step to take.
    Notice,
}

/// What it is about, and so where to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AttentionSubject)]
pub enum Subject {
    /// `subject_id` is the connection, or absent: there is none yet.
    Connection,
    Calendar,
    /// `subject_id` is the sync whose file was refused, if it is one.
    Quarantine,
    Budgets,
    /// `subject_id` is the module's name.
    Module,
}

/// One thing that needs somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = AttentionItem)]
pub struct Item {
    pub severity: Severity,
    /// Stays the same while texts change.
    pub code: &'static str,
    /// In one sentence, without a full stop.
    pub title: String,
    pub what_to_do: String,
    /// As far as it is known.
    pub since: Option<DateTime<Utc>>,
    pub subject: Subject,
    pub subject_id: Option<String>,
    /// Who sees this may not be who can do something about it.
    pub needs: Action,
}

/// Everything, the worst first and of that the longest known.
async fn list(app: &App, tx: &mut OrgTx, now: DateTime<Utc>) -> Result<Vec<Item>, tenancy::Error> {
    let mut items = connections::attention::list(tx).await?;
    items.extend(ingestion::quality::attention::find(tx, now).await?);
    items.extend(ingestion::quarantine::attention::find(tx).await?);
    let budgets = app.ingestion.budget.read_in(tx, now).await?;
    items.extend(ingestion::budget::limits::attention::list(&budgets));
    items.extend(modules::attention::list(tx).await?);
    rank(&mut items);
    Ok(items)
}

fn rank(items: &mut [Item]) {
    items.sort_by_key(|one| (one.severity, one.since.is_none(), one.since));
}

#[cfg(test)]
mod tests {
    //! What presses most is read first.

    use super::{Action, Item, Severity, Subject, rank};

    #[test]
    fn the_worst_comes_first_and_of_that_the_longest_known() {
        let item = |severity, code, since: Option<&str>| Item {
            severity,
            code,
            title: String::new(),
            what_to_do: String::new(),
            since: since.map(|text| text.parse().unwrap()),
            subject: Subject::Calendar,
            subject_id: None,
            needs: Action::Read,
        };
        let (today, yesterday) = ("2026-11-24T08:00:00Z", "2026-11-23T08:00:00Z");
        let mut items = [
            item(Severity::Notice, "step", Some(yesterday)),
            item(Severity::Warning, "since whenever", None),
            item(Severity::Warning, "new", Some(today)),
            item(Severity::Warning, "old", Some(yesterday)),
            item(Severity::Critical, "stopped", Some(today)),
        ];
        rank(&mut items);
        let codes = items.map(|one| one.code);
        assert_eq!(codes, ["stopped", "old", "new", "since whenever", "step"]);
    }
}
