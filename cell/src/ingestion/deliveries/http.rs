//! Delivering over HTTP: a connection to deliver to, an upload, and what came.

use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use contracts::{BronzeId, ConnectionId, SyncId};
use futures::TryStreamExt;
use serde::{Deserialize, Serialize};
use service_kit::ApiError;
use service_kit::extract::{Json, Path, Query};
use tokio::io::AsyncWriteExt;
use tokio::sync::Semaphore;
use utoipa::ToSchema;

use super::{Delivery, Error, deliver, find_taker, refuse_kind, scan, store};
use crate::app::App;
use crate::auth::Member;
use crate::connections;
use crate::connections::http::ConnectionAnswer;
use crate::idempotency::Write;
use crate::idempotency::http::Started;
use crate::ingestion::bronze;
use crate::ingestion::connectors::file_drop;
use crate::ingestion::sync::Starter;
use crate::ingestion::sync::http::SyncAnswer;

/// What routers let through; larger files go into the folder.
const LARGEST_BYTES: u64 = 10 << 20;
const LONGEST_NAME: usize = 100;
const LIST_LIMIT: i64 = 200;
/// Uploads at once in this process; each has a file on the disk.
static SLOTS: Semaphore = Semaphore::const_new(8);

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDrop {
    /// `file_drop`; others begin with a consent.
    pub connector: String,
    /// What people call it.
    pub name: String,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UploadQuery {
    /// What the file is called, such as `ttd_2026-11-23.csv`.
    name: String,
    /// Absent: the one whose `name_pattern` fits.
    pipeline: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveredFileList {
    /// Newest first, at most two hundred.
    pub items: Vec<DeliveredFile>,
    pub next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveredFile {
    pub name: String,
    /// `upload` or `folder`.
    pub origin: String,
    pub bytes: u64,
    pub pipeline: Option<String>,
    pub bronze_id: Option<BronzeId>,
    /// The sync that read it, or the latest that read it again.
    pub sync_id: Option<SyncId>,
    /// Where that sync is, in the words of syncs: `loading`, `done`, `quarantined`, …
    pub state: Option<String>,
    /// Why a file of the folder was not taken. It is looked at again.
    pub problem: Option<String>,
    pub delivered_at: DateTime<Utc>,
}

/// Make a connection that files are delivered to
#[utoipa::path(post, path = "/api/connections", tag = "connections", request_body = NewDrop,
    params(("idempotency-key" = String, Header)),
    responses((status = 201, body = ConnectionAnswer),
        (status = 422, description = "`invalid_name` or `connector_needs_consent`")))]
pub async fn create(
    State(app): State<App>,
    member: Member,
    write: Write,
    Json(wish): Json<NewDrop>,
) -> Result<Response, ApiError> {
    if wish.connector != file_drop::NAME {
        let message = "a connection without a consent is of the connector file_drop";
        return Err(ApiError::unprocessable("connector_needs_consent", message));
    }
    let name = wish.name.trim();
    let length = name.chars().count();
    if !(1..=LONGEST_NAME).contains(&length) || name.chars().any(char::is_control) {
        let message = format!("a name has 1 to {LONGEST_NAME} plain characters");
        return Err(ApiError::unprocessable("invalid_name", message));
    }
    let mut write = match write.begin(&app).await? {
        Started::Fresh(write) => write,
        Started::Repeated(answer) => return Ok(answer),
    };
    let tx = write.tx();
    let id = connections::create_drop(tx, file_drop::NAME, name, member.user).await?;
    scan::schedule(tx, id).await.map_err(Error::from)?;
    let answer = connections::http::fetch_answer(tx, id).await?;
    write.finish(StatusCode::CREATED, &answer).await
}

/// Deliver a file
///
/// The body is the file, up to 10 MiB. The same bytes again are the same delivery, so this may be
/// repeated and takes no idempotency key.
#[utoipa::path(post, path = "/api/connections/{connection_id}/files", tag = "connections",
    params(("connection_id" = ConnectionId, Path), UploadQuery),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 202, body = SyncAnswer), (status = 404, description = "`connection_not_found`"),
        (status = 409, description = "`not_a_file_drop` or `pipeline_not_on`"),
        (status = 413, description = "`body_too_large`"),
        (status = 422, description = "`file_refused` or `file_name_refused`")))]
pub async fn upload(
    State(app): State<App>,
    member: Member,
    Path(id): Path<ConnectionId>,
    Query(query): Query<UploadQuery>,
    body: Body,
) -> Result<Response, ApiError> {
    let ingestion = &app.ingestion;
    let (name, wanted) = (query.name.as_str(), query.pipeline.as_deref());
    let mut tx = ingestion.db.begin_read(&member.scope).await?;
    // Before the body is read: most mistakes are in the address.
    find_taker(&mut tx, id, name, wanted).await?;
    tx.commit().await?;
    let busy = || ApiError::unavailable("busy", "other files are being delivered", 2);
    let _slot = SLOTS.try_acquire().map_err(|_| busy())?;
    let file = receive(body).await?;
    let stored = ingestion.bronze.put_file(member.scope.org(), file.path());
    let stored = stored.await.map_err(Error::from)?;
    let mut tx = ingestion.db.begin(&member.scope).await?;
    let taker = find_taker(&mut tx, id, name, wanted).await?;
    let delivery = Delivery {
        connection_id: id,
        name,
        starter: Starter::Person {
            user_id: member.user,
        },
        stored,
    };
    let sync = deliver(&mut tx, &delivery, &taker).await?;
    tx.commit().await?;
    let answer = axum::Json(SyncAnswer::from(sync));
    Ok((StatusCode::ACCEPTED, answer).into_response())
}

/// Into a file, so that no upload is ever in memory as a whole.
async fn receive(body: Body) -> Result<tempfile::NamedTempFile, Error> {
    let on_disk = |error| Error::Bronze(bronze::Error::Io(error));
    let file = tempfile::NamedTempFile::new().map_err(on_disk)?;
    let mut writer = tokio::fs::File::from_std(file.reopen().map_err(on_disk)?);
    let mut chunks = body.into_data_stream();
    let (mut bytes, mut first) = (0_u64, Vec::new());
    while let Some(chunk) = chunks.try_next().await.map_err(|_| Error::BrokenOff)? {
        bytes += chunk.len() as u64;
        if bytes > LARGEST_BYTES {
            return Err(Error::TooLarge(LARGEST_BYTES));
        }
        if first.len() < 8 {
            first.extend_from_slice(&chunk[..chunk.len().min(8)]);
        }
        writer.write_all(&chunk).await.map_err(on_disk)?;
    }
    writer.flush().await.map_err(on_disk)?;
    refuse_kind(&first)?;
    Ok(file)
}

/// What was delivered
#[utoipa::path(get, path = "/api/connections/{connection_id}/files", tag = "connections",
    params(("connection_id" = ConnectionId, Path)),
    responses((status = 200, body = DeliveredFileList), (status = 404, description = "`connection_not_found`")))]
pub async fn list(
    State(app): State<App>,
    member: Member,
    Path(id): Path<ConnectionId>,
) -> Result<axum::Json<DeliveredFileList>, ApiError> {
    let mut tx = app.db.begin_read(&member.scope).await?;
    let connector = connections::find_connector(&mut tx, id).await;
    if connector.map_err(Error::from)?.is_none() {
        return Err(Error::NotFound.into());
    }
    let listed = store::list(&mut tx, id, LIST_LIMIT).await;
    let listed = listed.map_err(Error::from)?;
    tx.commit().await?;
    let item = |one: store::Listed| DeliveredFile {
        name: one.name,
        origin: one.origin,
        bytes: one.bytes.unsigned_abs(),
        pipeline: one.pipeline,
        bronze_id: one.bronze_id.map(BronzeId::from_uuid),
        sync_id: one.sync_id.map(SyncId::from_uuid),
        state: one.state,
        problem: one.problem,
        delivered_at: one.at,
    };
    Ok(axum::Json(DeliveredFileList {
        items: listed.into_iter().map(item).collect(),
        next_cursor: None,
    }))
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        let said = error.to_string();
        match error {
            Error::NotFound => Self::not_found("connection_not_found", said),
            Error::NotADrop => Self::conflict("not_a_file_drop", said),
            Error::NoPipeline => Self::conflict("pipeline_not_on", said),
            Error::Name(_)
            | Error::NobodyTakesIt
            | Error::SeveralTakeIt(..)
            | Error::NotOfPipeline(_) => Self::unprocessable("file_name_refused", said),
            Error::Kind(_) => Self::unprocessable("file_refused", said),
            Error::TooLarge(_) => Self::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", said),
            Error::BrokenOff => Self::bad_request("body_broken_off", said),
            Error::Bronze(error) => Self::internal(error),
            Error::Tenancy(error) => error.into(),
        }
    }
}
