//! What a move asks of a cell while nobody is asking: an org is never left frozen by a dead mover.
//!
//! The steps themselves are functions of schema `cell`, called by the mover's own role.

use std::time::Duration;

use contracts::OrgId;
use tokio_util::sync::CancellationToken;

use crate::tenancy::{self, OrgDb};

mod store;

/// An idle cell should sleep; a mover that dies in a freeze is rare and its org waits this long.
const WATCH_EVERY: Duration = Duration::from_secs(1);

/// Thaws, until `shutdown`, what is frozen beyond its deadline.
pub async fn watch(db: OrgDb, shutdown: CancellationToken) {
    service_kit::supervise::periodic(WATCH_EVERY, shutdown, || async {
        match thaw_expired(&db).await {
            Ok(orgs) => {
                for org in orgs {
                    tracing::warn!(org.id = %org, "thawed an org whose mover let the deadline pass");
                }
            }
            Err(error) => tracing::debug!(%error, "could not look for expired freezes"),
        }
    })
    .await;
}

pub async fn thaw_expired(db: &OrgDb) -> Result<Vec<OrgId>, tenancy::Error> {
    let mut tx = db.begin_cell().await?;
    let orgs = store::thaw_expired(&mut tx).await?;
    tx.commit().await?;
    Ok(orgs)
}
