//! Pipelines over HTTP: what runs, what it is made of, trying a change, making it.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::Utc;
use contracts::BronzeId;
use serde::Deserialize;
use serde_json::Value;
use service_kit::ApiError;
use service_kit::extract::{Json, Path, Query};

use super::answers::{
    CheckAnswer, LayerVersion, LayerVersionList, PipelineAnswer, PipelineList, PipelineSummary,
};
use super::change::{self, NewLayer};
use super::dry_run::{self, DryRun, On};
use super::{Error, Pipeline, Spec, store};
use crate::app::App;
use crate::auth::Member;
use crate::connections;
use crate::documents::{self, Document, MOST_BYTES};
use crate::idempotency::Write;
use crate::idempotency::http::Started;
use crate::ingestion::budget;
use crate::tenancy::{self, OrgScope};

/// What fits into a request.
const LARGEST_SAMPLE: usize = 512 << 10;
/// The most versions of one page.
const PAGE: usize = 50;

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckLayer {
    pub layer: Document,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TryLayer {
    /// Absent: as it is.
    #[serde(default)]
    pub layer: Option<Document>,
    /// The file to try it on; absent: the latest that the pipeline has loaded.
    #[serde(default)]
    pub bronze_id: Option<BronzeId>,
    /// Instead of a file that came: the bytes of one, up to 512 KiB, in base64.
    #[serde(default)]
    #[schema(content_encoding = "base64")]
    pub sample: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutLayer {
    /// Null takes all changes away.
    pub layer: Option<Document>,
    /// Why, for whoever asks later.
    #[serde(default)]
    pub comment: String,
    /// The `layer_version` that the change was made on; another one is a conflict.
    pub expected_version: u32,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutEnabled {
    pub enabled: bool,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct VersionsQuery {
    /// From an earlier page.
    cursor: Option<u32>,
}

/// List pipelines
#[utoipa::path(get, path = "/api/pipelines", tag = "pipelines",
    responses((status = 200, body = PipelineList)))]
pub async fn list(
    State(app): State<App>,
    member: Member,
) -> Result<axum::Json<PipelineList>, ApiError> {
    let mut tx = app.db.begin_read(&member.scope).await?;
    let all = super::list(&mut tx).await.map_err(Error::from)?;
    tx.commit().await?;
    let item = |one: Pipeline| PipelineSummary::new(&one);
    Ok(axum::Json(PipelineList {
        items: all.into_iter().map(item).collect(),
        next_cursor: None,
    }))
}

/// What a spec can say
///
/// A JSON Schema (2020-12).
#[utoipa::path(get, path = "/api/pipelines/schema", tag = "pipelines",
    responses((status = 200, body = Object, content_type = "application/schema+json")))]
pub async fn show_schema(_member: Member) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/schema+json")];
    (
        kind,
        documents::schema::schema_of::<Spec>("/api/pipelines/schema", "Pipeline").to_string(),
    )
        .into_response()
}

/// One pipeline
#[utoipa::path(get, path = "/api/pipelines/{pipeline}", tag = "pipelines",
    params(("pipeline" = String, Path)),
    responses((status = 200, body = PipelineAnswer), (status = 404, description = "`pipeline_not_found`")))]
pub async fn show(
    State(app): State<App>,
    member: Member,
    Path(name): Path<String>,
) -> Result<axum::Json<PipelineAnswer>, ApiError> {
    let pipeline = find(&app, &member.scope, &name).await?;
    if !pipeline.exists() {
        return Err(Error::NotFound.into());
    }
    Ok(axum::Json(PipelineAnswer::new(&pipeline)))
}

/// Try a change
///
/// Nothing is kept. A layer that is a whole spec may be tried under a name that is still free.
#[utoipa::path(post, path = "/api/pipelines/{pipeline}/check", tag = "pipelines",
    params(("pipeline" = String, Path), ("idempotency-key" = String, Header)),
    request_body = CheckLayer,
    responses((status = 200, body = CheckAnswer), (status = 404, description = "`pipeline_not_found`")))]
pub async fn check(
    State(app): State<App>,
    member: Member,
    Path(name): Path<String>,
    Json(wish): Json<CheckLayer>,
) -> Result<axum::Json<CheckAnswer>, ApiError> {
    refuse_large(&wish.layer.0)?;
    let pipeline = find(&app, &member.scope, &name).await?;
    refuse_part_of_nothing(&pipeline, Some(&wish.layer.0))?;
    let (spec, problems) = change::try_layer(&pipeline, &wish.layer.0);
    let before = pipeline.with(pipeline.layer_value()).unwrap_or_default();
    let after = pipeline.with(Some(&wish.layer.0)).unwrap_or_default();
    Ok(axum::Json(CheckAnswer {
        valid: spec.is_some() && !documents::prevents(&problems),
        effective: spec,
        diff: documents::diff(&before, &after),
        problems,
    }))
}

/// Try a change on a file
///
/// Reads a file of bronze, or a sample, as the pipeline would with the change, and compares with
/// silver. Nothing is kept.
#[utoipa::path(post, path = "/api/pipelines/{pipeline}/dry-run", tag = "pipelines",
    params(("pipeline" = String, Path), ("idempotency-key" = String, Header)),
    request_body = TryLayer,
    responses((status = 200, body = DryRun),
        (status = 404, description = "`pipeline_not_found` or `bronze_not_found`"),
        (status = 409, description = "`no_file_yet`"),
        (status = 422, description = "`invalid_pipeline`, `invalid_sample` or `file_too_large`")))]
pub async fn dry_run(
    State(app): State<App>,
    member: Member,
    Path(name): Path<String>,
    Json(wish): Json<TryLayer>,
) -> Result<axum::Json<DryRun>, ApiError> {
    let layer = wish.layer.as_ref().map(|layer| &layer.0);
    layer.map_or(Ok(()), refuse_large)?;
    let pipeline = find(&app, &member.scope, &name).await?;
    refuse_part_of_nothing(&pipeline, layer)?;
    let spec = match layer {
        Some(layer) => {
            let (spec, found) = change::try_layer(&pipeline, layer);
            let right = spec.filter(|_| !documents::prevents(&found));
            right.ok_or(Error::Invalid(found))?
        }
        None => pipeline.resolve().map_err(Error::Invalid)?.spec,
    };
    let on = match (wish.bronze_id, wish.sample) {
        (None, Some(sample)) => On::Sample(decode_sample(&sample)?),
        (Some(_), Some(_)) => {
            let message = "a spec is tried on a sample or on a file that came, not on both";
            return Err(ApiError::unprocessable("invalid_sample", message));
        }
        (bronze_id, None) => On::Bronze(bronze_id),
    };
    let run = dry_run::run(&app.ingestion, &member.scope, spec, on).await?;
    Ok(axum::Json(run))
}

fn decode_sample(sample: &str) -> Result<Vec<u8>, ApiError> {
    let refuse = |message: String| ApiError::unprocessable("invalid_sample", message);
    let bytes = STANDARD.decode(sample);
    let bytes = bytes.map_err(|_| refuse("a sample is written in base64".to_owned()))?;
    if bytes.len() > LARGEST_SAMPLE {
        let message = format!("a sample has at most {} KiB", LARGEST_SAMPLE >> 10);
        return Err(refuse(message));
    }
    Ok(bytes)
}

/// Change a pipeline
///
/// Keeps a new version of the org's layer over the shipped spec; under a name that nothing is
/// shipped for, the layer is the whole spec. Syncs that run keep the spec they began with.
#[utoipa::path(put, path = "/api/pipelines/{pipeline}/layer", tag = "pipelines",
    params(("pipeline" = String, Path), ("idempotency-key" = String, Header)),
    request_body = PutLayer,
    responses((status = 200, body = PipelineAnswer), (status = 404, description = "`pipeline_not_found`"),
        (status = 409, description = "`version_conflict`, `rows_taken` or `pipeline_enabled`"),
        (status = 422, description = "`invalid_pipeline`: the first thing that is wrong; all are the check's")))]
pub async fn put_layer(
    State(app): State<App>,
    member: Member,
    write: Write,
    Path(name): Path<String>,
    Json(wish): Json<PutLayer>,
) -> Result<Response, ApiError> {
    let value = wish.layer.as_ref().map(|layer| &layer.0);
    value.map_or(Ok(()), refuse_large)?;
    let comment = wish.comment.trim();
    if let Some(message) = documents::refuse_comment(comment) {
        return Err(ApiError::unprocessable("invalid_comment", message));
    }
    let mut write = match write.begin(&app).await? {
        Started::Fresh(write) => write,
        Started::Repeated(answer) => return Ok(answer),
    };
    let new = NewLayer {
        pipeline: &name,
        value,
        comment,
        expected_version: wish.expected_version,
        changed_by: member.user,
    };
    let pipeline = change::put_layer(write.tx(), new).await?;
    // Its own budget may be another one now.
    let resumed = budget::resume_waiting(write.tx()).await;
    resumed.map_err(tenancy::Error::from)?;
    let answer = PipelineAnswer::new(&pipeline);
    write.finish(StatusCode::OK, &answer).await
}

/// The changes of a pipeline, newest first
#[utoipa::path(get, path = "/api/pipelines/{pipeline}/versions", tag = "pipelines",
    params(("pipeline" = String, Path), VersionsQuery),
    responses((status = 200, body = LayerVersionList), (status = 404, description = "`pipeline_not_found`")))]
pub async fn versions(
    State(app): State<App>,
    member: Member,
    Path(name): Path<String>,
    Query(query): Query<VersionsQuery>,
) -> Result<axum::Json<LayerVersionList>, ApiError> {
    let mut tx = app.db.begin_read(&member.scope).await?;
    let pipeline = super::find(&mut tx, &name).await.map_err(Error::from)?;
    let before = query
        .cursor
        .map(|one| i32::try_from(one).unwrap_or(i32::MAX));
    // One more, which the last one is compared with.
    let limit = PAGE as i64 + 1;
    let found = store::list_versions(&mut tx, &name, before, limit).await;
    let found = found.map_err(Error::from)?;
    tx.commit().await?;
    // Also of a pipeline that was taken away: its history stays.
    if !pipeline.exists() && pipeline.layer.is_none() {
        return Err(Error::NotFound.into());
    }
    let next_cursor = (found.len() > PAGE).then(|| found[PAGE - 1].version.to_string());
    let items = found.iter().enumerate().take(PAGE);
    let item = |(at, one)| LayerVersion::new(&pipeline, one, found.get(at + 1));
    Ok(axum::Json(LayerVersionList {
        items: items.map(item).collect(),
        next_cursor,
    }))
}

/// Switch a pipeline on or off
///
/// Switched on, it runs on each connection of its source: all days it reaches back to at once, then
/// each morning.
#[utoipa::path(put, path = "/api/pipelines/{pipeline}/enabled", tag = "pipelines",
    params(("pipeline" = String, Path), ("idempotency-key" = String, Header)),
    request_body = PutEnabled,
    responses((status = 200, body = PipelineAnswer), (status = 404, description = "`pipeline_not_found`"),
        (status = 409, description = "`rows_taken`: another pipeline that is on writes the same rows"),
        (status = 422, description = "`invalid_pipeline`")))]
pub async fn put_enabled(
    State(app): State<App>,
    member: Member,
    write: Write,
    Path(name): Path<String>,
    Json(wish): Json<PutEnabled>,
) -> Result<Response, ApiError> {
    let mut write = match write.begin(&app).await? {
        Started::Fresh(write) => write,
        Started::Repeated(answer) => return Ok(answer),
    };
    let (tx, user) = (write.tx(), member.user);
    let pipeline = change::set_enabled(tx, &name, wish.enabled, user).await?;
    if let (true, Ok(effective)) = (wish.enabled, pipeline.resolve()) {
        connections::provision(tx, &effective.spec, user, Utc::now()).await?;
    }
    let answer = PipelineAnswer::new(&pipeline);
    write.finish(StatusCode::OK, &answer).await
}

async fn find(app: &App, scope: &OrgScope, name: &str) -> Result<Pipeline, ApiError> {
    // Nothing of another form was ever kept, and the database cannot hold all of them.
    if !documents::is_name(name) {
        return Err(Error::NotFound.into());
    }
    let mut tx = app.db.begin_read(scope).await?;
    let pipeline = super::find(&mut tx, name).await.map_err(Error::from)?;
    tx.commit().await?;
    Ok(pipeline)
}

/// Under a free name only a whole spec means anything.
fn refuse_part_of_nothing(pipeline: &Pipeline, layer: Option<&Value>) -> Result<(), ApiError> {
    let is_whole = layer.is_some_and(|layer| layer.get("source").is_some());
    if pipeline.exists() || is_whole {
        Ok(())
    } else {
        Err(Error::NotFound.into())
    }
}

fn refuse_large(layer: &Value) -> Result<(), ApiError> {
    if documents::bytes_of(layer) > MOST_BYTES {
        let message = format!("a layer has at most {} KiB", MOST_BYTES >> 10);
        return Err(ApiError::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "layer_too_large",
            message,
        ));
    }
    Ok(())
}

impl From<dry_run::Error> for ApiError {
    fn from(error: dry_run::Error) -> Self {
        let said = error.to_string();
        match error {
            dry_run::Error::NoFile => Self::not_found("bronze_not_found", said),
            dry_run::Error::NoneYet => Self::conflict("no_file_yet", said),
            dry_run::Error::TooLarge => Self::unprocessable("file_too_large", said),
            dry_run::Error::Busy => Self::unavailable("busy", said, 5),
            dry_run::Error::UnknownConnector => Self::conflict("connector_unknown", said),
            dry_run::Error::Bronze(error) => Self::internal(error),
            dry_run::Error::Parser(error) => Self::internal(error),
            dry_run::Error::Tenancy(error) => error.into(),
        }
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        let said = error.to_string();
        match error {
            Error::NotFound => Self::not_found("pipeline_not_found", said),
            Error::Changed(_) => Self::conflict("version_conflict", said),
            Error::Invalid(_) => Self::unprocessable("invalid_pipeline", said),
            Error::SameRows(_) => Self::conflict("rows_taken", said),
            Error::On => Self::conflict("pipeline_enabled", said),
            Error::TooMany => Self::conflict("too_many_pipelines", said),
            Error::Tenancy(error) => error.into(),
        }
    }
}
