//! Quarantine as people see it, and lines of any file, for lineage.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use contracts::{BronzeId, ConnectionId, SyncId};
use serde::{Deserialize, Serialize};
use service_kit::ApiError;
use service_kit::extract::{Json, Path, Query};

use super::{Entry, LinesError, ReplayError, store};
use crate::app::App;
use crate::auth::Member;
use crate::idempotency::Write;
use crate::idempotency::http::Started;
use crate::ingestion::connector::Drift;
use crate::ingestion::pipelines::change::OtherName;
use crate::ingestion::sync::http::{DateRange, SyncAnswer};
use crate::tenancy;

const LIST_LIMIT: u32 = 50;
/// Lines before and behind the one in question.
const AROUND: u64 = 3;

#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntryState {
    Open,
    Replaying,
    /// A replay has loaded the file.
    Resolved,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct QuarantineEntry {
    /// The sync that ended here.
    pub sync_id: SyncId,
    pub connection_id: ConnectionId,
    pub bronze_id: BronzeId,
    pub pipeline: String,
    pub state: EntryState,
    /// Stable, for programs: `schema_drift`, `control_total`, `rule_broken`, `file_cut_off`, …
    pub code: String,
    /// For people.
    pub message: String,
    /// The line of the file, if the reason is at one.
    pub line: Option<u64>,
    pub drifts: Vec<Drift>,
    /// The days it was asked for; absent of a delivered file, which was not.
    pub range: Option<DateRange>,
    pub created_at: DateTime<Utc>,
    /// The latest sync that tried the file again.
    pub replay_sync_id: Option<SyncId>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct QuarantineList {
    /// Newest first.
    pub items: Vec<QuarantineEntry>,
    pub next_cursor: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct QuarantineDetail {
    #[serde(flatten)]
    pub entry: QuarantineEntry,
    /// The file's first line, and those around the one in question.
    pub header: Option<FileLine>,
    pub lines: Vec<FileLine>,
}

/// A line as it stands in the file. It may hold anything; show it as text.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FileLine {
    pub number: u64,
    pub text: String,
    /// There is more of it.
    pub shortened: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FileLines {
    pub header: Option<FileLine>,
    pub lines: Vec<FileLine>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    cursor: Option<String>,
    /// From 1 to 50.
    limit: Option<u32>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LinesQuery {
    /// From 1.
    line: u64,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptNames {
    pub names: Vec<OtherName>,
}

impl From<Entry> for QuarantineEntry {
    fn from(entry: Entry) -> Self {
        let state = match entry.replay.as_ref().map(|(_, step)| step.as_str()) {
            None | Some("failed" | "quarantined" | "cancelled") => EntryState::Open,
            Some("done") => EntryState::Resolved,
            Some(_) => EntryState::Replaying,
        };
        Self {
            sync_id: entry.sync_id,
            connection_id: entry.connection_id,
            bronze_id: entry.bronze_id,
            pipeline: entry.pipeline,
            state,
            code: entry.code,
            message: entry.message,
            line: entry.line,
            drifts: entry.drifts,
            range: entry.range.map(|(start, end)| DateRange { start, end }),
            created_at: entry.created_at,
            replay_sync_id: entry.replay.map(|(sync_id, _)| sync_id),
        }
    }
}

impl From<super::Line> for FileLine {
    fn from(line: super::Line) -> Self {
        Self {
            number: line.number,
            text: line.text,
            shortened: line.shortened,
        }
    }
}

impl From<ReplayError> for ApiError {
    fn from(error: ReplayError) -> Self {
        match error {
            ReplayError::NotFound => not_found(),
            ReplayError::UnderWay => Self::conflict("replay_under_way", error.to_string()),
            ReplayError::Loaded => Self::conflict("already_loaded", error.to_string()),
            ReplayError::NoPipeline => Self::not_found("pipeline_not_found", error.to_string()),
            ReplayError::NoSuchName { .. } | ReplayError::NoNames => {
                Self::unprocessable("name_not_found", error.to_string())
            }
            ReplayError::Pipeline(error) => error.into(),
            ReplayError::Database(error) => tenancy::Error::from(error).into(),
        }
    }
}

fn not_found() -> ApiError {
    ApiError::not_found(
        "quarantine_not_found",
        "there is no such file in quarantine",
    )
}

/// List files in quarantine, newest first
#[utoipa::path(get, path = "/api/quarantine", tag = "quarantine", params(ListQuery),
    responses((status = 200, body = QuarantineList), (status = 400, description = "`bad_cursor`")))]
pub async fn list(
    State(app): State<App>,
    member: Member,
    Query(query): Query<ListQuery>,
) -> Result<axum::Json<QuarantineList>, ApiError> {
    let limit = query.limit.unwrap_or(LIST_LIMIT).clamp(1, LIST_LIMIT);
    let before = query.cursor.as_deref().map(read_cursor).transpose()?;
    let mut tx = app.db.begin_read(&member.scope).await?;
    let entries = store::list(&mut tx, before, i64::from(limit) + 1).await;
    let mut entries = entries.map_err(tenancy::Error::from)?;
    tx.commit().await?;
    let more = entries.len() > limit as usize;
    entries.truncate(limit as usize);
    let next_cursor = entries.last().filter(|_| more).map(write_cursor);
    Ok(axum::Json(QuarantineList {
        items: entries.into_iter().map(QuarantineEntry::from).collect(),
        next_cursor,
    }))
}

fn write_cursor(entry: &Entry) -> String {
    let micros = entry.created_at.timestamp_micros();
    URL_SAFE_NO_PAD.encode(format!("{micros} {}", entry.sync_id))
}

fn read_cursor(cursor: &str) -> Result<(DateTime<Utc>, SyncId), ApiError> {
    let read = || {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
        let (micros, sync_id) = text.split_once(' ')?;
        let at = DateTime::from_timestamp_micros(micros.parse().ok()?)?;
        Some((at, sync_id.parse().ok()?))
    };
    let wrong = || ApiError::bad_request("bad_cursor", "the cursor is not one of this list");
    read().ok_or_else(wrong)
}

/// One file in quarantine, with the lines in question
#[utoipa::path(get, path = "/api/quarantine/{sync_id}", tag = "quarantine",
    params(("sync_id" = SyncId, Path)),
    responses((status = 200, body = QuarantineDetail),
        (status = 404, description = "`quarantine_not_found`")))]
pub async fn show(
    State(app): State<App>,
    member: Member,
    Path(id): Path<SyncId>,
) -> Result<axum::Json<QuarantineDetail>, ApiError> {
    let mut tx = app.db.begin_read(&member.scope).await?;
    let entry = store::find(&mut tx, id).await;
    let entry = entry.map_err(tenancy::Error::from)?;
    let entry = entry.ok_or_else(not_found)?;
    let hash = store::find_hash(&mut tx, entry.bronze_id).await;
    let hash = hash.map_err(tenancy::Error::from)?.ok_or_else(not_found)?;
    tx.commit().await?;
    let shown = match entry.line {
        Some(line) => lines(&app, &member, hash, line).await?,
        None => FileLines {
            lines: Vec::new(),
            ..lines(&app, &member, hash, 1).await?
        },
    };
    Ok(axum::Json(QuarantineDetail {
        entry: entry.into(),
        header: shown.header,
        lines: shown.lines,
    }))
}

/// Try a file in quarantine again, with the pipeline as it is now
#[utoipa::path(post, path = "/api/quarantine/{sync_id}/replay", tag = "quarantine",
    params(("sync_id" = SyncId, Path), ("idempotency-key" = String, Header)),
    responses((status = 202, body = SyncAnswer),
        (status = 404, description = "`quarantine_not_found`, `pipeline_not_found`"),
        (status = 409, description = "`replay_under_way`, `already_loaded`")))]
pub async fn replay(
    State(app): State<App>,
    Path(id): Path<SyncId>,
    write: Write,
) -> Result<Response, ApiError> {
    let mut write = match write.begin(&app).await? {
        Started::Fresh(write) => write,
        Started::Repeated(answer) => return Ok(answer),
    };
    let user = write.user();
    let sync = super::replay(write.tx(), id, user).await?;
    write
        .finish(StatusCode::ACCEPTED, &SyncAnswer::from(sync))
        .await
}

/// Accept the names that a file in quarantine has for columns, and try it again
///
/// One new version of the pipeline finds the columns under these names too, and the file is read
/// with it. Only names that the file was kept out for can be accepted.
#[utoipa::path(post, path = "/api/quarantine/{sync_id}/accept-names", tag = "quarantine",
    params(("sync_id" = SyncId, Path), ("idempotency-key" = String, Header)),
    request_body = AcceptNames,
    responses((status = 202, body = SyncAnswer),
        (status = 404, description = "`quarantine_not_found`, `pipeline_not_found`"),
        (status = 409, description = "`replay_under_way`, `already_loaded`"),
        (status = 422, description = "`name_not_found`, `invalid_pipeline`")))]
pub async fn accept_names(
    State(app): State<App>,
    member: Member,
    Path(id): Path<SyncId>,
    write: Write,
    Json(wish): Json<AcceptNames>,
) -> Result<Response, ApiError> {
    let mut write = match write.begin(&app).await? {
        Started::Fresh(write) => write,
        Started::Repeated(answer) => return Ok(answer),
    };
    let sync = super::accept_names(write.tx(), id, &wish.names, member.user).await?;
    write
        .finish(StatusCode::ACCEPTED, &SyncAnswer::from(sync))
        .await
}

/// The lines of a file around one of them
///
/// The file is as the source sent it, so a line may hold anything; show it as text.
#[utoipa::path(get, path = "/api/bronze/{bronze_id}/lines", tag = "lineage",
    params(("bronze_id" = BronzeId, Path), LinesQuery),
    responses((status = 200, body = FileLines),
        (status = 404, description = "`file_not_found`, `line_too_far`")))]
pub async fn show_lines(
    State(app): State<App>,
    member: Member,
    Path(id): Path<BronzeId>,
    Query(query): Query<LinesQuery>,
) -> Result<axum::Json<FileLines>, ApiError> {
    let mut tx = app.db.begin_read(&member.scope).await?;
    let hash = store::find_hash(&mut tx, id).await;
    let hash = hash.map_err(tenancy::Error::from)?;
    tx.commit().await?;
    let hash =
        hash.ok_or_else(|| ApiError::not_found("file_not_found", "there is no such file"))?;
    Ok(axum::Json(
        lines(&app, &member, hash, query.line.max(1)).await?,
    ))
}

/// On a thread that may block: a line far into a large file takes a while.
async fn lines(
    app: &App,
    member: &Member,
    hash: [u8; 32],
    line: u64,
) -> Result<FileLines, ApiError> {
    let bronze = &app.ingestion.bronze;
    let input = bronze.read(member.scope.org(), &hash).await;
    let input = input.map_err(|error| {
        if error.is_missing() {
            let said = "the file is older than its pipeline keeps files";
            return ApiError::new(StatusCode::GONE, "bronze_expired", said);
        }
        ApiError::internal(error)
    })?;
    let first = line.saturating_sub(AROUND).max(1);
    let read = move || super::read_lines(input, first, line.saturating_add(AROUND));
    let read = tokio::task::spawn_blocking(read).await;
    let lines = read
        .map_err(ApiError::internal)?
        .map_err(|error| match error {
            LinesError::TooFar => ApiError::not_found("line_too_far", error.to_string()),
            LinesError::Io(error) => ApiError::internal(error),
        })?;
    let header = lines.iter().find(|line| line.number == 1).cloned();
    let lines = lines.into_iter().filter(|line| line.number >= first);
    Ok(FileLines {
        header: header.map(FileLine::from),
        lines: lines.map(FileLine::from).collect(),
    })
}
