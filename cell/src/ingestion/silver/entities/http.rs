//! The history of an entity over HTTP: what it was, since when, and what changed.

use axum::extract::State;
use chrono::{DateTime, Utc};
use contracts::BronzeId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use service_kit::ApiError;
use service_kit::extract::{Path, Query};

use super::store::{self, VersionRow};
use crate::app::App;
use crate::auth::Member;
use crate::ingestion::connector::EntityKind;
use crate::tenancy;

const MOST: i64 = 500;
/// A version that differs in more places is told by its source.
const MOST_CHANGES: usize = 200;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct VersionsQuery {
    /// `partner`, `advertiser`, `campaign`, `insertion_order`, `line_item` or `creative`; absent:
    /// whatever has this id.
    kind: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct EntityVersionList {
    /// Newest first, at most 500.
    pub(crate) items: Vec<EntityVersion>,
    pub(crate) next_cursor: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct EntityVersion {
    pub(crate) kind: String,
    pub(crate) entity_id: String,
    pub(crate) advertiser_id: Option<String>,
    pub(crate) name: String,
    pub(crate) entity_status: String,
    /// By the source's clock where it says when it changed, else when it was first seen so.
    pub(crate) valid_from: DateTime<Utc>,
    /// Absent: it is so now.
    pub(crate) valid_to: Option<DateTime<Utc>>,
    /// `replaced` by another version, or `vanished` from the source.
    pub(crate) ended: Option<String>,
    /// In our words.
    #[schema(value_type = Option<Object>)]
    pub(crate) attributes: Option<Value>,
    /// Why it could not be put into our words.
    pub(crate) problem: Option<String>,
    /// In the source's words.
    #[schema(value_type = Object)]
    pub(crate) source: Value,
    /// From the version before, in the source's words.
    pub(crate) changes: Vec<EntityChange>,
    pub(crate) observed_at: DateTime<Utc>,
    /// The file that showed it first.
    pub(crate) bronze_id: BronzeId,
}

#[derive(Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct EntityChange {
    /// A JSON pointer.
    pub(crate) path: String,
    #[schema(value_type = Option<Object>)]
    pub(crate) before: Option<Value>,
    #[schema(value_type = Option<Object>)]
    pub(crate) after: Option<Value>,
}

/// What an entity was, and when
#[utoipa::path(get, path = "/api/entities/{dsp}/{entity_id}/versions", tag = "data",
    params(("dsp" = String, Path), ("entity_id" = String, Path), VersionsQuery),
    responses((status = 200, body = EntityVersionList), (status = 400, description = "`invalid_kind`"),
        (status = 404, description = "`entity_not_found`")))]
pub(crate) async fn versions(
    State(app): State<App>,
    member: Member,
    Path((dsp, entity_id)): Path<(String, String)>,
    Query(query): Query<VersionsQuery>,
) -> Result<axum::Json<EntityVersionList>, ApiError> {
    let kind = query.kind.as_deref();
    if let Some(kind) = kind.filter(|kind| EntityKind::parse(kind).is_none()) {
        let message = format!("{kind:?} is not a kind of entity");
        return Err(ApiError::bad_request("invalid_kind", message));
    }
    let mut tx = app.db.begin_read(&member.scope).await?;
    let rows = store::list_versions(&mut tx, (&dsp, &entity_id), kind, MOST).await;
    let rows = rows.map_err(tenancy::Error::from)?;
    tx.commit().await?;
    if rows.is_empty() {
        let message = "nothing is known of an entity with this id";
        return Err(ApiError::not_found("entity_not_found", message));
    }
    Ok(axum::Json(EntityVersionList {
        items: rows.into_iter().map(EntityVersion::from).collect(),
        next_cursor: None,
    }))
}

impl From<VersionRow> for EntityVersion {
    fn from(row: VersionRow) -> Self {
        let mut changes = Vec::new();
        if let Some(before) = &row.before {
            differ("", before, &row.source, &mut changes);
            changes.truncate(MOST_CHANGES);
        }
        Self {
            kind: row.kind,
            entity_id: row.entity_id,
            advertiser_id: row.advertiser_id,
            name: row.name,
            entity_status: row.entity_status,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            ended: row.ended,
            attributes: row.attributes,
            problem: row.problem,
            source: row.source,
            changes,
            observed_at: row.observed_at,
            bronze_id: BronzeId::from_uuid(row.bronze_id),
        }
    }
}

/// The smallest parts that differ. Lists are compared place by place, because a budget's segments
/// are edited where they stand.
fn differ(path: &str, before: &Value, after: &Value, into: &mut Vec<EntityChange>) {
    match (before, after) {
        (Value::Object(old), Value::Object(new)) => {
            let added = new.keys().filter(|key| !old.contains_key(*key));
            for key in old.keys().chain(added) {
                let below = format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"));
                compare(&below, old.get(key), new.get(key), into);
            }
        }
        (Value::Array(old), Value::Array(new)) => {
            for place in 0..old.len().max(new.len()) {
                let below = format!("{path}/{place}");
                compare(&below, old.get(place), new.get(place), into);
            }
        }
        _ => compare(path, Some(before), Some(after), into),
    }
}

fn compare(
    path: &str,
    before: Option<&Value>,
    after: Option<&Value>,
    into: &mut Vec<EntityChange>,
) {
    match (before, after) {
        (before, after) if before == after => {}
        (Some(old), Some(new))
            if (old.is_object() && new.is_object()) || (old.is_array() && new.is_array()) =>
        {
            differ(path, old, new, into);
        }
        _ => into.push(EntityChange {
            path: path.to_owned(),
            before: before.cloned(),
            after: after.cloned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    //! What is told of a change.

    use serde_json::json;

    use super::{EntityChange, differ};

    #[test]
    fn a_change_is_told_by_its_smallest_part() {
        let before = json!({"budget": {"segments": [{"amount": "1", "end": 3}]}, "a/b": 1, "c": 2});
        let after =
            json!({"budget": {"segments": [{"amount": "2", "end": 3}, {"amount": "5"}]}, "c": 2});
        let mut changes = Vec::new();
        differ("", &before, &after, &mut changes);
        let change = |path: &str, before, after| EntityChange {
            path: path.to_owned(),
            before,
            after,
        };
        let expected = [
            change("/a~1b", Some(json!(1)), None),
            change(
                "/budget/segments/0/amount",
                Some(json!("1")),
                Some(json!("2")),
            ),
            change("/budget/segments/1", None, Some(json!({"amount": "5"}))),
        ];
        assert_eq!(changes, expected);
    }
}
