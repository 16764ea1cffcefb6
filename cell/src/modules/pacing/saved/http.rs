//! Views and portfolios over HTTP.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use contracts::{Action, UserId};
use serde::{Deserialize, Serialize};
use service_kit::ApiError;
use service_kit::extract::{Json, Path, Query};
use uuid::Uuid;

use super::{Error, Kept, MOST, Portfolio, Saved, View, checked_name, store};
use crate::app::App;
use crate::auth::Member;
use crate::idempotency::Write;
use crate::idempotency::http::Started;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PacingSavedList {
    /// By name.
    pub items: Vec<PacingSaved>,
    pub next_cursor: Option<String>,
}

/// Either a view or a portfolio.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PacingSaved {
    pub saved_id: Uuid,
    pub name: String,
    /// The parameters of the page's address.
    #[schema(value_type = Option<std::collections::BTreeMap<String, String>>)]
    pub view: Option<View>,
    pub portfolio: Option<Portfolio>,
    pub version: i32,
    pub created_by: UserId,
    pub changed_by: UserId,
    pub changed_at: DateTime<Utc>,
}

impl From<Saved> for PacingSaved {
    fn from(saved: Saved) -> Self {
        let (view, portfolio) = match saved.kept {
            Kept::View(view) => (Some(view), None),
            Kept::Portfolio(portfolio) => (None, Some(portfolio)),
        };
        Self {
            saved_id: saved.saved_id,
            name: saved.name,
            view,
            portfolio,
            version: saved.version,
            created_by: saved.created_by,
            changed_by: saved.changed_by,
            changed_at: saved.changed_at,
        }
    }
}

/// A view or a portfolio, and not both.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SavePacing {
    pub name: String,
    #[serde(default)]
    #[schema(value_type = Option<std::collections::BTreeMap<String, String>>)]
    pub view: Option<View>,
    #[serde(default)]
    pub portfolio: Option<Portfolio>,
    /// Of the version that a change was made on; another one is a conflict.
    #[serde(default)]
    pub expected_version: Option<i32>,
}

impl SavePacing {
    fn checked(self) -> Result<(String, Kept), Error> {
        let kept = match (self.view, self.portfolio) {
            (Some(view), None) => Kept::View(view),
            (None, Some(portfolio)) => Kept::Portfolio(portfolio),
            _ => return Err(Error::Invalid("say either a view or a portfolio")),
        };
        kept.check()?;
        Ok((checked_name(&self.name)?.to_owned(), kept))
    }
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RemoveSavedQuery {
    expected_version: i32,
}

/// Views and portfolios of the org
#[utoipa::path(get, path = "/api/pacing/saved", tag = "pacing",
    responses((status = 200, body = PacingSavedList)))]
pub async fn list(
    State(app): State<App>,
    member: Member,
) -> Result<axum::Json<PacingSavedList>, ApiError> {
    let mut tx = app.db.begin_read(&member.scope).await?;
    let items = store::list(&mut tx).await.map_err(Error::from)?;
    tx.commit().await?;
    Ok(axum::Json(PacingSavedList {
        items: items.into_iter().map(PacingSaved::from).collect(),
        next_cursor: None,
    }))
}

/// Keep a view or a portfolio
#[utoipa::path(post, path = "/api/pacing/saved", tag = "pacing",
    params(("idempotency-key" = String, Header)), request_body = SavePacing,
    responses((status = 201, body = PacingSaved), (status = 409, description = "`name_taken`, `too_many_saved`"),
        (status = 422, description = "`invalid_saved`")))]
pub async fn create(
    State(app): State<App>,
    member: Member,
    write: Write,
    Json(wish): Json<SavePacing>,
) -> Result<Response, ApiError> {
    let (name, kept) = wish.checked()?;
    let mut write = match write.begin(&app).await? {
        Started::Fresh(write) => write,
        Started::Repeated(answer) => return Ok(answer),
    };
    let tx = write.tx();
    if store::count(tx).await.map_err(Error::from)? >= MOST {
        return Err(Error::TooMany.into());
    }
    let saved = store::insert(tx, (&name, &kept), member.user).await;
    let saved = saved.map_err(Error::from)?;
    write
        .finish(StatusCode::CREATED, &PacingSaved::from(saved))
        .await
}

/// Change what is kept
#[utoipa::path(put, path = "/api/pacing/saved/{saved_id}", tag = "pacing",
    params(("saved_id" = Uuid, Path), ("idempotency-key" = String, Header)), request_body = SavePacing,
    responses((status = 200, body = PacingSaved), (status = 404, description = "`saved_not_found`"),
        (status = 403, description = "`not_yours`"), (status = 409, description = "`name_taken`, `version_conflict`"),
        (status = 422, description = "`invalid_saved`")))]
pub async fn put(
    State(app): State<App>,
    member: Member,
    write: Write,
    Path(saved_id): Path<Uuid>,
    Json(wish): Json<SavePacing>,
) -> Result<Response, ApiError> {
    let expected = wish.expected_version;
    let checked = wish.checked();
    let mut write = match write.begin(&app).await? {
        Started::Fresh(write) => write,
        Started::Repeated(answer) => return Ok(answer),
    };
    let tx = write.tx();
    let found = store::find(tx, saved_id).await.map_err(Error::from)?;
    may_change(found, &member, expected)?;
    let (name, kept) = checked?;
    let saved = store::update(tx, saved_id, (&name, &kept), member.user).await;
    let saved = saved.map_err(Error::from)?;
    write
        .finish(StatusCode::OK, &PacingSaved::from(saved))
        .await
}

/// Remove what is kept
#[utoipa::path(delete, path = "/api/pacing/saved/{saved_id}", tag = "pacing",
    params(("saved_id" = Uuid, Path), RemoveSavedQuery, ("idempotency-key" = String, Header)),
    responses((status = 204), (status = 404, description = "`saved_not_found`"),
        (status = 403, description = "`not_yours`"), (status = 409, description = "`version_conflict`")))]
pub async fn remove(
    State(app): State<App>,
    member: Member,
    write: Write,
    Path(saved_id): Path<Uuid>,
    Query(query): Query<RemoveSavedQuery>,
) -> Result<Response, ApiError> {
    let mut write = match write.begin(&app).await? {
        Started::Fresh(write) => write,
        Started::Repeated(answer) => return Ok(answer),
    };
    let tx = write.tx();
    let found = store::find(tx, saved_id).await.map_err(Error::from)?;
    may_change(found, &member, Some(query.expected_version))?;
    let removed = store::delete(tx, saved_id).await;
    removed.map_err(Error::from)?;
    write.finish_empty().await
}

fn may_change(found: Option<Saved>, member: &Member, expected: Option<i32>) -> Result<(), Error> {
    let found = found.ok_or(Error::NotFound)?;
    if found.created_by != member.user && !member.may(Action::ManageSettings) {
        return Err(Error::NotYours);
    }
    if expected != Some(found.version) {
        return Err(Error::Changed(found.version));
    }
    Ok(())
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        let said = error.to_string();
        match error {
            Error::NotFound => Self::not_found("saved_not_found", said),
            Error::Invalid(_) => Self::unprocessable("invalid_saved", said),
            Error::NameTaken => Self::conflict("name_taken", said),
            Error::TooMany => Self::conflict("too_many_saved", said),
            Error::Changed(_) => Self::conflict("version_conflict", said),
            Error::NotYours => Self::forbidden("not_yours", said),
            Error::Tenancy(error) => error.into(),
        }
    }
}
