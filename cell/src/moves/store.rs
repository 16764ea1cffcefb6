//! The watchdog's one question.

use contracts::OrgId;

use crate::tenancy::CellTx;

pub(super) async fn thaw_expired(tx: &mut CellTx) -> Result<Vec<OrgId>, sqlx::Error> {
    let orgs = sqlx::query_scalar!(r#"select cell.thaw_expired() as "org!""#)
        .fetch_all(&mut **tx)
        .await?;
    Ok(orgs.into_iter().map(OrgId::from_uuid).collect())
}
