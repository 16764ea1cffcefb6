//! Conventions over HTTP: trying a document on the org's own names, keeping it, its history.

use std::collections::HashSet;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use service_kit::ApiError;
use service_kit::extract::{Json, Path, Query};
use uuid::Uuid;

use super::answers::{
    ConventionAnswer, NamingConventionList, NamingConventionTrial, NamingConventionVersion,
    NamingConventionVersionList, NamingPreview,
};
use super::{Error, InForce, NewVersion, list_in_force, put, store, try_document};
use crate::app::App;
use crate::auth::Member;
use crate::documents::http::{IfMatch, changed, etag};
use crate::documents::{self, Document, prevents};
use crate::idempotency::Write;
use crate::idempotency::http::Started;
use crate::modules;
use crate::modules::taxonomy::Taxonomy;
use crate::modules::taxonomy::compiled::Compiled;
use crate::modules::taxonomy::convention::Convention;
use crate::modules::taxonomy::names::http::NameAnswer;
use crate::modules::taxonomy::names::{self, Names};
use crate::modules::taxonomy::settings::Settings;
use crate::tenancy::OrgTx;

/// The most versions of one page.
const PAGE: usize = 50;
/// Names shown with a trial.
const SHOWN: usize = 50;
const RIGHT: usize = 10;

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TryConvention {
    pub document: Document,
    /// The convention that it would be a version of; absent: a new one.
    #[serde(default)]
    pub convention_id: Option<Uuid>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewConvention {
    pub document: Document,
    /// Why, for whoever asks later.
    #[serde(default)]
    pub comment: String,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutConvention {
    /// Null takes the convention away.
    pub document: Option<Document>,
    /// Why, for whoever asks later.
    #[serde(default)]
    pub comment: String,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ConventionVersionsQuery {
    /// From an earlier page.
    cursor: Option<u32>,
}

/// List naming conventions
#[utoipa::path(get, path = "/api/taxonomy/conventions", tag = "taxonomy",
    responses((status = 200, body = NamingConventionList), (status = 409, description = "`module_off`")))]
pub async fn list(
    State(app): State<App>,
    member: Member,
) -> Result<axum::Json<NamingConventionList>, ApiError> {
    let mut tx = app.db.begin_read(&member.scope).await?;
    modules::settings_of::<Settings>(&mut tx, &Taxonomy).await?;
    let all = store::list_newest(&mut tx).await.map_err(Error::from)?;
    tx.commit().await?;
    let there = all.into_iter().filter(|one| one.document.is_some());
    let mut items: Vec<ConventionAnswer> = there.map(ConventionAnswer::new).collect();
    let level = |one: &ConventionAnswer| one.convention.as_ref().map(|one| one.level);
    items.sort_by_key(|one| (level(one), one.convention_id));
    Ok(axum::Json(NamingConventionList {
        items,
        next_cursor: None,
    }))
}

/// One naming convention
///
/// Its `ETag` is the version that a change is made on.
#[utoipa::path(get, path = "/api/taxonomy/conventions/{convention_id}", tag = "taxonomy",
    params(("convention_id" = Uuid, Path)),
    responses((status = 200, body = ConventionAnswer), (status = 404, description = "`convention_not_found`")))]
pub async fn show(
    State(app): State<App>,
    member: Member,
    Path(id): Path<Uuid>,
) -> Result<Response, ApiError> {
    let mut tx = app.db.begin_read(&member.scope).await?;
    modules::settings_of::<Settings>(&mut tx, &Taxonomy).await?;
    let found = store::list_versions(&mut tx, id, None, 1).await;
    let kept = found.map_err(Error::from)?.pop().ok_or(Error::NotFound)?;
    tx.commit().await?;
    let version = kept.version;
    let answer = axum::Json(ConventionAnswer::new(kept));
    Ok((etag(version), answer).into_response())
}

/// Try a naming convention
///
/// What is wrong with it, and how the org's own names would stand. Nothing is kept.
#[utoipa::path(post, path = "/api/taxonomy/conventions/preview", tag = "taxonomy",
    params(("idempotency-key" = String, Header)), request_body = TryConvention,
    responses((status = 200, body = NamingConventionTrial), (status = 409, description = "`module_off`")))]
pub async fn preview(
    State(app): State<App>,
    member: Member,
    Json(wish): Json<TryConvention>,
) -> Result<axum::Json<NamingConventionTrial>, ApiError> {
    let mut tx = app.db.begin_read(&member.scope).await?;
    let settings: Settings = modules::settings_of(&mut tx, &Taxonomy).await?;
    let in_force = list_in_force(&mut tx).await.map_err(Error::from)?;
    let (convention, problems) = try_document(&wish.document.0, wish.convention_id, &in_force);
    let usable = convention.filter(|_| !prevents(&problems));
    let preview = match usable {
        Some(convention) => {
            let tried = try_names(&mut tx, convention, wish.convention_id, in_force, settings);
            Some(tried.await.map_err(Error::from)?)
        }
        None => None,
    };
    tx.commit().await?;
    Ok(axum::Json(NamingConventionTrial {
        valid: preview.is_some(),
        problems,
        preview,
    }))
}

async fn try_names(
    tx: &mut OrgTx,
    convention: Convention,
    id: Option<Uuid>,
    mut in_force: Vec<InForce>,
    settings: Settings,
) -> Result<NamingPreview, sqlx::Error> {
    let entities = names::store::list_entities(tx, None).await?;
    // Suggestions are made for those that are shown, not for all.
    let quick = Settings {
        suggest: false,
        ..settings
    };
    let now = Names::new(&entities, &in_force, quick);
    let right_now: HashSet<String> = now
        .judge()
        .iter()
        .filter(|one| one.compliant() == Some(true))
        .map(|one| one.entity.key())
        .collect();
    let id = id.unwrap_or_else(Uuid::nil);
    let compiled = Compiled::new(convention).expect("it was examined");
    in_force.retain(|one| one.convention_id != id);
    in_force.push(InForce {
        convention_id: id,
        version: 0,
        compiled,
    });
    let then = Names::new(&entities, &in_force, quick);
    let judged = then.judge();
    let meant = judged
        .iter()
        .filter(|one| one.by.is_some_and(|by| by.convention_id == id));
    let mut preview = NamingPreview {
        names: 0,
        compliant: 0,
        compliant_now: 0,
        wrong: Vec::new(),
        right: Vec::new(),
    };
    for one in meant {
        preview.names += 1;
        preview.compliant_now += u64::from(right_now.contains(&one.entity.key()));
        if one.issues.is_empty() {
            preview.compliant += 1;
            if preview.right.len() < RIGHT {
                preview.right.push(one.entity.name.clone());
            }
        } else if preview.wrong.len() < SHOWN {
            preview.wrong.push(NameAnswer::new(one, then.suggest(one)));
        }
    }
    Ok(preview)
}

/// Keep a new naming convention
#[utoipa::path(post, path = "/api/taxonomy/conventions", tag = "taxonomy",
    params(("idempotency-key" = String, Header)), request_body = NewConvention,
    responses((status = 201, body = ConventionAnswer), (status = 409, description = "`too_many_conventions`"),
        (status = 422, description = "`invalid_convention`: the first thing that is wrong; all are the preview's")))]
pub async fn create(
    State(app): State<App>,
    member: Member,
    write: Write,
    Json(wish): Json<NewConvention>,
) -> Result<Response, ApiError> {
    let new = NewVersion {
        convention_id: Uuid::now_v7(),
        document: Some(&wish.document.0),
        comment: refuse_comment(&wish.comment)?,
        expected_version: 0,
        changed_by: member.user,
    };
    keep(&app, write, new, StatusCode::CREATED).await
}

/// Change a naming convention, or take it away
///
/// All names are looked at again.
#[utoipa::path(put, path = "/api/taxonomy/conventions/{convention_id}", tag = "taxonomy",
    params(("convention_id" = Uuid, Path), ("idempotency-key" = String, Header), ("if-match" = String, Header)),
    request_body = PutConvention,
    responses((status = 200, body = ConventionAnswer), (status = 404, description = "`convention_not_found`"),
        (status = 412, description = "`version_conflict`"), (status = 428, description = "`if_match_missing`"),
        (status = 422, description = "`invalid_convention`: the first thing that is wrong; all are the preview's")))]
pub async fn replace(
    State(app): State<App>,
    member: Member,
    write: Write,
    if_match: IfMatch,
    Path(id): Path<Uuid>,
    Json(wish): Json<PutConvention>,
) -> Result<Response, ApiError> {
    if if_match.0 == 0 {
        return Err(Error::NotFound.into());
    }
    let new = NewVersion {
        convention_id: id,
        document: wish.document.as_ref().map(|one| &one.0),
        comment: refuse_comment(&wish.comment)?,
        expected_version: if_match.0,
        changed_by: member.user,
    };
    keep(&app, write, new, StatusCode::OK).await
}

async fn keep(
    app: &App,
    write: Write,
    new: NewVersion<'_>,
    status: StatusCode,
) -> Result<Response, ApiError> {
    let mut write = match write.begin(app).await? {
        Started::Fresh(write) => write,
        Started::Repeated(answer) => return Ok(answer),
    };
    modules::settings_of::<Settings>(write.tx(), &Taxonomy).await?;
    let kept = put(write.tx(), new).await?;
    write.finish(status, &ConventionAnswer::new(kept)).await
}

fn refuse_comment(comment: &str) -> Result<&str, ApiError> {
    let comment = comment.trim();
    match documents::refuse_comment(comment) {
        Some(message) => Err(ApiError::unprocessable("invalid_comment", message)),
        None => Ok(comment),
    }
}

/// The changes of a naming convention, newest first
#[utoipa::path(get, path = "/api/taxonomy/conventions/{convention_id}/versions", tag = "taxonomy",
    params(("convention_id" = Uuid, Path), ConventionVersionsQuery),
    responses((status = 200, body = NamingConventionVersionList), (status = 404, description = "`convention_not_found`")))]
pub async fn versions(
    State(app): State<App>,
    member: Member,
    Path(id): Path<Uuid>,
    Query(query): Query<ConventionVersionsQuery>,
) -> Result<axum::Json<NamingConventionVersionList>, ApiError> {
    let mut tx = app.db.begin_read(&member.scope).await?;
    modules::settings_of::<Settings>(&mut tx, &Taxonomy).await?;
    let before = query
        .cursor
        .map(|one| i32::try_from(one).unwrap_or(i32::MAX));
    // One more, which the last one is compared with.
    let found = store::list_versions(&mut tx, id, before, PAGE as i64 + 1).await;
    let found = found.map_err(Error::from)?;
    tx.commit().await?;
    if found.is_empty() {
        return Err(Error::NotFound.into());
    }
    let next_cursor = (found.len() > PAGE).then(|| found[PAGE - 1].version.to_string());
    let items = found.iter().enumerate().take(PAGE);
    let item = |(at, one)| NamingConventionVersion::new(one, found.get(at + 1));
    Ok(axum::Json(NamingConventionVersionList {
        items: items.map(item).collect(),
        next_cursor,
    }))
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        let said = error.to_string();
        match error {
            Error::NotFound => Self::not_found("convention_not_found", said),
            Error::Changed(version) => changed(version),
            Error::Invalid(_) => Self::unprocessable("invalid_convention", said),
            Error::TooMany => Self::conflict("too_many_conventions", said),
            Error::Module(error) => error.into(),
            Error::Tenancy(error) => error.into(),
        }
    }
}
