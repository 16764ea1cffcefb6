//! Files in quarantine that still hold something up.

use contracts::Action;

use super::store;
use crate::attention::{Item, Severity, Subject};
use crate::tenancy::OrgTx;

pub(crate) async fn find(tx: &mut OrgTx) -> Result<Option<Item>, sqlx::Error> {
    let Some(waiting) = store::fetch_waiting(tx).await? else {
        return Ok(None);
    };
    let title = if waiting.files == 1 {
        "A file was refused and is not loaded".to_owned()
    } else {
        format!("{} files were refused and are not loaded", waiting.files)
    };
    Ok(Some(Item {
        severity: Severity::Warning,
        code: "file_refused",
        title,
        what_to_do: "See why, and load it again once the cause is mended.".to_owned(),
        since: Some(waiting.since),
        subject: Subject::Quarantine,
        subject_id: (waiting.files == 1).then(|| waiting.newest.to_string()),
        needs: Action::StartSync,
    }))
}
