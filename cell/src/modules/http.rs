//! Modules over HTTP: which there are, trying other settings, changing them, and what ran.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use service_kit::ApiError;
use service_kit::extract::{Json, Path, Query};

use super::answers::{
    ModuleAnswer, ModuleList, ModuleRunList, ModuleSummary, ModuleVersion, ModuleVersionList,
    TrialAnswer,
};
use super::change::{self, NewVersion};
use super::{Error, Template, find, store};
use crate::app::App;
use crate::auth::Member;
use crate::documents::http::{IfMatch, changed, etag};
use crate::documents::{self, Document, diff};
use crate::idempotency::Write;
use crate::idempotency::http::Started;

/// The most versions or runs of one page.
const PAGE: usize = 50;

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TrySettings {
    #[serde(default)]
    pub template: Option<Template>,
    /// Absent: the template's.
    #[serde(default)]
    pub settings: Option<Document>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutModule {
    pub enabled: bool,
    #[serde(default)]
    pub template: Option<Template>,
    /// As far as they differ from the template's; absent: not at all.
    #[serde(default)]
    pub settings: Option<Document>,
    /// Why, for whoever asks later.
    #[serde(default)]
    pub comment: String,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ModuleVersionsQuery {
    /// From an earlier page.
    cursor: Option<u32>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ModuleRunsQuery {
    /// From an earlier page.
    cursor: Option<String>,
}

/// List modules
#[utoipa::path(get, path = "/api/modules", tag = "modules",
    responses((status = 200, body = ModuleList)))]
pub async fn list(
    State(app): State<App>,
    member: Member,
) -> Result<axum::Json<ModuleList>, ApiError> {
    let mut tx = app.db.begin_read(&member.scope).await?;
    let all = super::list(&mut tx).await.map_err(Error::from)?;
    tx.commit().await?;
    Ok(axum::Json(ModuleList {
        items: all.iter().map(ModuleSummary::new).collect(),
        next_cursor: None,
    }))
}

/// One module
///
/// Its `ETag` is the version that a change is made on.
#[utoipa::path(get, path = "/api/modules/{module}", tag = "modules",
    params(("module" = String, Path)),
    responses((status = 200, body = ModuleAnswer), (status = 404, description = "`module_not_found`")))]
pub async fn show(
    State(app): State<App>,
    member: Member,
    Path(name): Path<String>,
) -> Result<Response, ApiError> {
    let mut tx = app.db.begin_read(&member.scope).await?;
    let installed = find(&mut tx, &name).await?;
    tx.commit().await?;
    let answer = axum::Json(ModuleAnswer::new(&installed));
    Ok((etag(installed.number()), answer).into_response())
}

/// Try other settings
///
/// What is wrong with them, and what they would change on the org's own data. Nothing is kept.
#[utoipa::path(post, path = "/api/modules/{module}/preview", tag = "modules",
    params(("module" = String, Path), ("idempotency-key" = String, Header)),
    request_body = TrySettings,
    responses((status = 200, body = TrialAnswer), (status = 404, description = "`module_not_found`")))]
pub async fn preview(
    State(app): State<App>,
    member: Member,
    Path(name): Path<String>,
    Json(wish): Json<TrySettings>,
) -> Result<axum::Json<TrialAnswer>, ApiError> {
    let mut tx = app.db.begin_read(&member.scope).await?;
    let installed = find(&mut tx, &name).await?;
    let settings = wish.settings.as_ref().map(|one| &one.0);
    let (after, problems) = change::try_settings(&installed, wish.template, settings);
    let before = installed.settings();
    let valid = !documents::prevents(&problems);
    let preview = if valid {
        let preview = installed.module.preview(&mut tx, &before, &after).await;
        Some(preview.map_err(Error::from)?)
    } else {
        None
    };
    tx.commit().await?;
    Ok(axum::Json(TrialAnswer {
        valid,
        problems,
        diff: diff(&before, &after),
        settings: after.is_object().then_some(Document(after)),
        preview,
    }))
}

/// Switch a module on or off, and configure it
///
/// Keeps a new version; the module runs again over everything.
#[utoipa::path(put, path = "/api/modules/{module}", tag = "modules",
    params(("module" = String, Path), ("idempotency-key" = String, Header), ("if-match" = String, Header)),
    request_body = PutModule,
    responses((status = 200, body = ModuleAnswer), (status = 404, description = "`module_not_found`"),
        (status = 412, description = "`version_conflict`"), (status = 428, description = "`if_match_missing`"),
        (status = 422, description = "`invalid_settings`: the first thing that is wrong; all are the preview's")))]
pub async fn put(
    State(app): State<App>,
    member: Member,
    write: Write,
    if_match: IfMatch,
    Path(name): Path<String>,
    Json(wish): Json<PutModule>,
) -> Result<Response, ApiError> {
    let comment = wish.comment.trim();
    if let Some(message) = documents::refuse_comment(comment) {
        return Err(ApiError::unprocessable("invalid_comment", message));
    }
    let mut write = match write.begin(&app).await? {
        Started::Fresh(write) => write,
        Started::Repeated(answer) => return Ok(answer),
    };
    let new = NewVersion {
        module: &name,
        enabled: wish.enabled,
        template: wish.template,
        settings: wish.settings.as_ref().map(|one| &one.0),
        comment,
        expected_version: if_match.0,
        changed_by: member.user,
    };
    let installed = change::put(write.tx(), new).await?;
    let answer = ModuleAnswer::new(&installed);
    write.finish(StatusCode::OK, &answer).await
}

/// The changes of a module, newest first
#[utoipa::path(get, path = "/api/modules/{module}/versions", tag = "modules",
    params(("module" = String, Path), ModuleVersionsQuery),
    responses((status = 200, body = ModuleVersionList), (status = 404, description = "`module_not_found`")))]
pub async fn versions(
    State(app): State<App>,
    member: Member,
    Path(name): Path<String>,
    Query(query): Query<ModuleVersionsQuery>,
) -> Result<axum::Json<ModuleVersionList>, ApiError> {
    let mut tx = app.db.begin_read(&member.scope).await?;
    let installed = find(&mut tx, &name).await?;
    let before = query
        .cursor
        .map(|one| i32::try_from(one).unwrap_or(i32::MAX));
    // One more, which the last one is compared with.
    let found = store::list_versions(&mut tx, &name, before, PAGE as i64 + 1).await;
    let found = found.map_err(Error::from)?;
    tx.commit().await?;
    let next_cursor = (found.len() > PAGE).then(|| found[PAGE - 1].version.to_string());
    let items = found.iter().enumerate().take(PAGE);
    let item = |(at, one)| ModuleVersion::new(&installed, one, found.get(at + 1));
    Ok(axum::Json(ModuleVersionList {
        items: items.map(item).collect(),
        next_cursor,
    }))
}

/// The latest runs of a module, by advertiser
#[utoipa::path(get, path = "/api/modules/{module}/runs", tag = "modules",
    params(("module" = String, Path), ModuleRunsQuery),
    responses((status = 200, body = ModuleRunList), (status = 400, description = "`invalid_cursor`"),
        (status = 404, description = "`module_not_found`")))]
pub async fn runs(
    State(app): State<App>,
    member: Member,
    Path(name): Path<String>,
    Query(query): Query<ModuleRunsQuery>,
) -> Result<axum::Json<ModuleRunList>, ApiError> {
    let after = match &query.cursor {
        None => ("", ""),
        Some(cursor) => cursor.split_once('/').ok_or_else(|| {
            ApiError::bad_request(
                "invalid_cursor",
                "this cursor is not from a page of this list",
            )
        })?,
    };
    let mut tx = app.db.begin_read(&member.scope).await?;
    find(&mut tx, &name).await?;
    let found = store::list_runs(&mut tx, &name, after, PAGE as i64 + 1).await;
    let mut found = found.map_err(Error::from)?;
    tx.commit().await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let last = found.last().filter(|_| more);
    Ok(axum::Json(ModuleRunList {
        next_cursor: last.map(|run| format!("{}/{}", run.dsp, run.advertiser_id)),
        items: found.into_iter().map(Into::into).collect(),
    }))
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        let said = error.to_string();
        match error {
            Error::NotFound => Self::not_found("module_not_found", said),
            Error::Off => Self::conflict("module_off", said),
            Error::Changed(version) => changed(version),
            Error::Invalid(_) => Self::unprocessable("invalid_settings", said),
            Error::Tenancy(error) => error.into(),
        }
    }
}
