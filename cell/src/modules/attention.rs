//! Modules whose last run came to nothing.

use contracts::Action;

use super::store;
use crate::attention::{Item, Severity, Subject};
use crate::tenancy::OrgTx;

pub(crate) async fn list(tx: &mut OrgTx) -> Result<Vec<Item>, sqlx::Error> {
    let installed = super::list(tx).await?;
    let mut items = Vec::new();
    for failed in store::list_failed(tx).await? {
        let found = installed
            .iter()
            .find(|one| one.module.spec().module == failed.module);
        let Some(one) = found.filter(|one| one.enabled()) else {
            continue;
        };
        items.push(Item {
            severity: Severity::Warning,
            code: "module_failed",
            title: format!("{} could not be computed", one.module.spec().title),
            what_to_do: format!("Look at its runs: {}", failed.problem),
            since: Some(failed.since),
            subject: Subject::Module,
            subject_id: Some(failed.module),
            needs: Action::Read,
        });
    }
    Ok(items)
}
