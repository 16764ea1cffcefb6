//! `GET /api/data/retention`: what is kept, and what the next run would drop without dropping it; and
//! `GET /api/data/retention/drops`: what runs have dropped.

use axum::extract::State;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use service_kit::ApiError;
use service_kit::extract::Query;
use uuid::Uuid;

use super::{Amount, Bounds, Dropped, job_id, plan, store};
use crate::app::App;
use crate::auth::Member;
use crate::jobs;
use crate::tenancy::{self, OrgTx};

const PAGE: usize = 50;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RetentionPlan {
    /// Absent: nothing was ever loaded, so there is nothing to drop.
    pub next_run_at: Option<DateTime<Utc>>,
    pub items: Vec<RetentionLine>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RetentionLine {
    pub pipeline: String,
    /// For how long the pipeline says that days are kept.
    pub silver_days: u32,
    /// Earlier days are dropped, each advertiser's.
    pub silver_before: NaiveDate,
    /// The source may change this day and later ones: they are kept whatever the pipeline says.
    pub settled_before: NaiveDate,
    /// The oldest day that is there.
    pub kept_since: Option<NaiveDate>,
    pub days_kept: i64,
    pub rows_kept: i64,
    pub days_due: i64,
    pub rows_due: i64,
    /// For how long the pipeline says that files are kept.
    pub bronze_days: u32,
    /// Files fetched earlier expire, unless a day that may still change came from them.
    pub bronze_before: DateTime<Utc>,
    pub files_kept: i64,
    pub bytes_kept: i64,
    pub files_due: i64,
    pub bytes_due: i64,
}

impl RetentionLine {
    fn new(bounds: Bounds, (kept, since): (Amount, Option<NaiveDate>), due: Amount) -> Self {
        Self {
            pipeline: bounds.pipeline,
            silver_days: bounds.silver_days,
            silver_before: bounds.silver_before,
            settled_before: bounds.settled_before,
            kept_since: since,
            days_kept: kept.days,
            rows_kept: kept.rows,
            days_due: due.days,
            rows_due: due.rows,
            bronze_days: bounds.bronze_days,
            bronze_before: bounds.bronze_before,
            files_kept: kept.files,
            bytes_kept: kept.bytes,
            files_due: due.files,
            bytes_due: due.bytes,
        }
    }
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DropsQuery {
    cursor: Option<Uuid>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RetentionDropList {
    /// Newest first.
    pub items: Vec<RetentionDrop>,
    pub next_cursor: Option<String>,
}

/// What one run dropped of a pipeline's data.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RetentionDrop {
    pub pipeline: String,
    pub days: i64,
    pub rows: i64,
    pub files: i64,
    pub bytes: i64,
    pub dropped_at: DateTime<Utc>,
}

impl From<Dropped> for RetentionDrop {
    fn from(drop: Dropped) -> Self {
        Self {
            pipeline: drop.pipeline,
            days: drop.amount.days,
            rows: drop.amount.rows,
            files: drop.amount.files,
            bytes: drop.amount.bytes,
            dropped_at: drop.dropped_at,
        }
    }
}

/// What is kept, and what no longer
///
/// Dropped once a day, by what the pipelines say of retention. Nothing is changed by asking.
#[utoipa::path(get, path = "/api/data/retention", tag = "data",
    responses((status = 200, body = RetentionPlan)))]
pub async fn show(
    State(app): State<App>,
    member: Member,
) -> Result<axum::Json<RetentionPlan>, ApiError> {
    let mut tx = app.db.begin_read(&member.scope).await?;
    let plan = read(&mut tx).await.map_err(tenancy::Error::from)?;
    tx.commit().await?;
    Ok(axum::Json(plan))
}

async fn read(tx: &mut OrgTx) -> Result<RetentionPlan, sqlx::Error> {
    let mut items = Vec::new();
    for bounds in plan(tx, Utc::now()).await? {
        let kept = store::fetch_kept(tx, &bounds).await?;
        let due = store::count_due(tx, &bounds).await?;
        items.push(RetentionLine::new(bounds, kept, due));
    }
    let job = job_id(tx);
    Ok(RetentionPlan {
        next_run_at: jobs::next_run(tx, job).await?,
        items,
    })
}

/// What runs have dropped, newest first
#[utoipa::path(get, path = "/api/data/retention/drops", tag = "data", params(DropsQuery),
    responses((status = 200, body = RetentionDropList), (status = 400, description = "`invalid_query`")))]
pub async fn drops(
    State(app): State<App>,
    member: Member,
    Query(query): Query<DropsQuery>,
) -> Result<axum::Json<RetentionDropList>, ApiError> {
    let mut tx = app.db.begin_read(&member.scope).await?;
    let found = store::list_drops(&mut tx, query.cursor, PAGE as i64 + 1).await;
    let mut found = found.map_err(tenancy::Error::from)?;
    tx.commit().await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let last = found.last().filter(|_| more);
    Ok(axum::Json(RetentionDropList {
        next_cursor: last.map(|one| one.drop_id.to_string()),
        items: found.into_iter().map(RetentionDrop::from).collect(),
    }))
}
