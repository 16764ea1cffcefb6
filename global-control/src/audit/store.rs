//! SQL of the audit log.

use contracts::{AuditId, OrgId};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Entry;
use crate::db::{Error, GlobalTx};

pub(super) async fn insert(
    tx: &mut GlobalTx,
    id: AuditId,
    entry: &Entry,
    request: Option<Uuid>,
) -> Result<(), Error> {
    let details = match &entry.details {
        Value::Null => json!({}),
        details => details.clone(),
    };
    sqlx::query!(
        r#"
        insert into audit_log (audit_id, action, actor, org_id, client, request_id, details)
        values ($1, $2, $3, $4, $5, $6, $7)
        "#,
        id.as_uuid(),
        entry.action.as_str(),
        entry.actor.text(),
        entry.org.map(OrgId::as_uuid),
        entry.client.map(|client| client.to_string()),
        request,
        details,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}
