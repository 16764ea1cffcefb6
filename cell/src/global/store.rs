//! What the heartbeat asks the database.

use super::Load;
use crate::tenancy::CellTx;

pub(super) async fn observe_load(tx: &mut CellTx) -> Result<Load, sqlx::Error> {
    sqlx::query_as!(
        Load,
        r#"
        select orgs as "orgs!", jobs_queued as "jobs_queued!" from cell.observe_load()
        "#,
    )
    .fetch_one(&mut **tx)
    .await
}
