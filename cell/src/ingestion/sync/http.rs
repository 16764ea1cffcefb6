//! Syncs as people and programs see them: lists, one, its live events, and starting one by hand.

use std::pin::Pin;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use contracts::{ConnectionId, SyncId};
use futures::stream::{self, Stream, StreamExt};
use serde::{Deserialize, Serialize};
use service_kit::ApiError;
use service_kit::extract::{Json, Path, Query};

use super::{FIRST_PIPELINE, Kind, Problem, Starter, Sync, TargetState, store, timeline};
use crate::app::App;
use crate::auth::Member;
use crate::connections;
use crate::idempotency::Write;
use crate::idempotency::http::Started;
use crate::ingestion::Ingestion;
use crate::tenancy::{self, OrgScope};

/// The most of one list.
const LIST_LIMIT: i64 = 100;
/// What a list can be limited to.
const STATES: [&str; 12] = [
    "running",
    "queued",
    "entities",
    "requesting",
    "waiting",
    "downloading",
    "loading",
    "paused",
    "done",
    "failed",
    "quarantined",
    "cancelled",
];
/// Watchers look at the row at least this often, nudged or not.
const LOOK_EVERY: Duration = Duration::from_secs(1);

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Sync)]
pub struct SyncAnswer {
    pub sync_id: SyncId,
    pub connection_id: ConnectionId,
    pub pipeline: String,
    pub kind: Kind,
    /// Unknown of syncs from before that was written down.
    pub started_by: Option<Starter>,
    /// `queued`, `entities`, `requesting`, `waiting`, `downloading`, `loading`, `paused`,
    /// `done`, `failed`, `quarantined` or `cancelled`.
    pub state: String,
    /// What is going on, for people.
    pub message: String,
    pub advertisers: Vec<SyncAdvertiser>,
    pub rows_loaded: u64,
    pub range: DateRange,
    /// From 0 to 1.
    pub progress: f64,
    pub problem: Option<Problem>,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SyncAdvertiser {
    pub advertiser_id: String,
    pub name: String,
    pub state: TargetState,
    pub rows: u64,
}

/// Both ends inclusive, in the advertisers' own days.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DateRange {
    pub start: NaiveDate,
    pub end: NaiveDate,
}

/// A sync in a line.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SyncSummary {
    pub sync_id: SyncId,
    pub pipeline: String,
    pub kind: Kind,
    pub state: String,
    pub progress: f64,
    pub rows_loaded: u64,
    pub problem: Option<Problem>,
    pub created_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SyncList {
    /// Newest first, at most a hundred.
    pub items: Vec<SyncAnswer>,
    pub next_cursor: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SyncsQuery {
    connection_id: Option<ConnectionId>,
    pipeline: Option<String>,
    /// A step's name, such as `waiting`, or `running` for all that are not over.
    state: Option<String>,
    cursor: Option<String>,
    /// From 1 to 100.
    limit: Option<u8>,
}

/// A sync with what it did.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SyncDetail {
    #[serde(flatten)]
    pub sync: SyncAnswer,
    /// Its steps so far, in order.
    pub timeline: Vec<timeline::Entry>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartSync {
    pub connection_id: ConnectionId,
    /// The line items' days if absent.
    pub pipeline: Option<String>,
}

impl From<Sync> for SyncAnswer {
    fn from(sync: Sync) -> Self {
        let state = &sync.record.state;
        let advertiser = |one: &super::Target| SyncAdvertiser {
            advertiser_id: one.advertiser_id.clone(),
            name: one.name.clone(),
            state: one.state,
            rows: one.rows,
        };
        Self {
            sync_id: sync.sync_id,
            connection_id: sync.connection_id,
            pipeline: sync.pipeline,
            kind: sync.kind,
            started_by: sync.started_by,
            state: state.step().to_owned(),
            message: state.message(),
            advertisers: sync.record.advertisers.iter().map(advertiser).collect(),
            rows_loaded: sync.record.advertisers.iter().map(|one| one.rows).sum(),
            range: DateRange {
                start: sync.record.request.start,
                end: sync.record.request.end,
            },
            progress: state.progress(),
            problem: state.problem().cloned(),
            started_at: sync.started_at,
            finished_at: sync.finished_at,
            created_at: sync.created_at,
        }
    }
}

impl From<Sync> for SyncSummary {
    fn from(sync: Sync) -> Self {
        let answer = SyncAnswer::from(sync);
        Self {
            sync_id: answer.sync_id,
            pipeline: answer.pipeline,
            kind: answer.kind,
            state: answer.state,
            progress: answer.progress,
            rows_loaded: answer.rows_loaded,
            problem: answer.problem,
            created_at: answer.created_at,
            finished_at: answer.finished_at,
        }
    }
}

/// List syncs, newest first
#[utoipa::path(get, path = "/api/syncs", tag = "syncs", params(SyncsQuery),
    responses((status = 200, body = SyncList),
        (status = 400, description = "`invalid_cursor`, `invalid_state`, `invalid_limit`")))]
pub async fn list(
    State(app): State<App>,
    member: Member,
    Query(query): Query<SyncsQuery>,
) -> Result<axum::Json<SyncList>, ApiError> {
    let limit = query.limit.map_or(LIST_LIMIT, i64::from);
    if !(1..=LIST_LIMIT).contains(&limit) {
        return Err(ApiError::bad_request("invalid_limit", "limit is 1 to 100"));
    }
    let state = query.state.as_deref();
    if state.is_some_and(|state| !STATES.contains(&state)) {
        let message = format!("state is one of {}", STATES.join(", "));
        return Err(ApiError::bad_request("invalid_state", message));
    }
    let after = query.cursor.as_deref().map(str::parse).transpose();
    let after: Option<SyncId> = after.map_err(|_| invalid_cursor())?;
    let mut tx = app.db.begin_read(&member.scope).await?;
    if let Some(id) = after
        && store::find(&mut tx, id)
            .await
            .map_err(tenancy::Error::from)?
            .is_none()
    {
        return Err(invalid_cursor());
    }
    let page = store::Page {
        connection_id: query.connection_id,
        pipeline: query.pipeline.as_deref(),
        state,
        after,
        limit: limit + 1,
    };
    let mut syncs = store::list(&mut tx, &page)
        .await
        .map_err(tenancy::Error::from)?;
    tx.commit().await?;
    let fits = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = syncs.len() > fits;
    syncs.truncate(fits);
    let last = syncs.last().filter(|_| more);
    Ok(axum::Json(SyncList {
        next_cursor: last.map(|sync| sync.sync_id.to_string()),
        items: syncs.into_iter().map(SyncAnswer::from).collect(),
    }))
}

fn invalid_cursor() -> ApiError {
    ApiError::bad_request("invalid_cursor", "start from the first page again")
}

/// One sync
#[utoipa::path(get, path = "/api/syncs/{sync_id}", tag = "syncs",
    params(("sync_id" = SyncId, Path)),
    responses((status = 200, body = SyncDetail), (status = 404, description = "`sync_not_found`")))]
pub async fn show(
    State(app): State<App>,
    member: Member,
    Path(id): Path<SyncId>,
) -> Result<axum::Json<SyncDetail>, ApiError> {
    let mut tx = app.db.begin_read(&member.scope).await?;
    let sync = store::find(&mut tx, id)
        .await
        .map_err(tenancy::Error::from)?;
    let sync = sync.ok_or_else(not_found)?;
    let timeline = timeline::store::list(&mut tx, id)
        .await
        .map_err(tenancy::Error::from)?;
    tx.commit().await?;
    Ok(axum::Json(SyncDetail {
        sync: sync.into(),
        timeline,
    }))
}

/// Stop a sync
///
/// What it has loaded stays. A sync that is over stays as it is.
#[utoipa::path(post, path = "/api/syncs/{sync_id}/cancel", tag = "syncs",
    params(("sync_id" = SyncId, Path), ("idempotency-key" = String, Header)),
    responses((status = 200, body = SyncAnswer), (status = 404, description = "`sync_not_found`"),
        (status = 409, description = "`sync_is_over`, `sync_moved_on`")))]
pub async fn cancel(
    State(app): State<App>,
    write: Write,
    Path(id): Path<SyncId>,
) -> Result<Response, ApiError> {
    let mut write = match write.begin(&app).await? {
        Started::Fresh(write) => write,
        Started::Repeated(answer) => return Ok(answer),
    };
    let found = store::find(write.tx(), id).await;
    let sync = found.map_err(tenancy::Error::from)?.ok_or_else(not_found)?;
    if sync.record.state.over() {
        return Err(ApiError::conflict(
            "sync_is_over",
            "the sync is over already",
        ));
    }
    let record = sync.record.moved_to(super::State::Cancelled);
    let written = store::advance(write.tx(), &sync, &record).await;
    if !written.map_err(tenancy::Error::from)? {
        return Err(ApiError::conflict(
            "sync_moved_on",
            "the sync has moved on in between; try again",
        ));
    }
    let now = Utc::now();
    let sync = Sync {
        record,
        revision: sync.revision + 1,
        finished_at: Some(now),
        ..sync
    };
    let org = write.tx().org();
    app.ingestion.live.nudge(org, id).await;
    write.finish(StatusCode::OK, &SyncAnswer::from(sync)).await
}

/// Start a sync by hand
///
/// If one of the same connection and pipeline is under way already, that one is returned.
#[utoipa::path(post, path = "/api/syncs", tag = "syncs", request_body = StartSync,
    params(("idempotency-key" = String, Header)),
    responses((status = 202, body = SyncAnswer), (status = 404, description = "`connection_not_found`, `pipeline_not_found`")))]
pub async fn start(
    State(app): State<App>,
    write: Write,
    Json(wish): Json<StartSync>,
) -> Result<Response, ApiError> {
    let mut write = match write.begin(&app).await? {
        Started::Fresh(write) => write,
        Started::Repeated(answer) => return Ok(answer),
    };
    let id = wish.connection_id;
    let start = connections::Start {
        pipeline: wish.pipeline.as_deref().unwrap_or(FIRST_PIPELINE),
        kind: Kind::Daily,
        range: None,
        watched: true,
        starter: Starter::Person {
            user_id: write.user(),
        },
    };
    let sync = connections::start_sync(write.tx(), id, start, Utc::now()).await?;
    write
        .finish(StatusCode::ACCEPTED, &SyncAnswer::from(sync))
        .await
}

/// A sync's progress, live
///
/// Events `progress` (data: a Sync) whenever something has changed, and `end` when it is over.
#[utoipa::path(get, path = "/api/syncs/{sync_id}/events", tag = "syncs",
    params(("sync_id" = SyncId, Path)),
    responses((status = 200, content_type = "text/event-stream", body = String),
        (status = 404, description = "`sync_not_found`")))]
pub async fn events(
    State(app): State<App>,
    member: Member,
    Path(id): Path<SyncId>,
) -> Result<Response, ApiError> {
    let sync = find(&app.ingestion, &member.scope, id).await?;
    let sync = sync.ok_or_else(not_found)?;
    let nudges: Nudges = match app.ingestion.live.watch(member.scope.org(), id).await {
        Ok(nudges) => Box::pin(nudges.chain(stream::pending())),
        Err(error) => {
            tracing::debug!(%error, "watching a sync without nudges");
            Box::pin(stream::pending())
        }
    };
    let watcher = Watcher {
        ingestion: app.ingestion.clone(),
        scope: member.scope,
        id,
        nudges,
        next: Next::Tell(Box::new(sync)),
    };
    let events = stream::unfold(watcher, Watcher::step);
    Ok(Sse::new(events)
        .keep_alive(KeepAlive::default())
        .into_response())
}

type Nudges = Pin<Box<dyn Stream<Item = ()> + Send>>;

/// One open stream of events.
struct Watcher {
    ingestion: Ingestion,
    scope: OrgScope,
    id: SyncId,
    nudges: Nudges,
    next: Next,
}

enum Next {
    Tell(Box<Sync>),
    LookAfter { revision: i64 },
    End,
    Closed,
}

impl Watcher {
    async fn step(mut self) -> Option<(Result<Event, axum::Error>, Self)> {
        loop {
            match std::mem::replace(&mut self.next, Next::Closed) {
                Next::Tell(sync) => {
                    self.next = if sync.record.state.over() {
                        Next::End
                    } else {
                        Next::LookAfter {
                            revision: sync.revision,
                        }
                    };
                    let event = Event::default().event("progress");
                    return Some((event.json_data(SyncAnswer::from(*sync)), self));
                }
                Next::LookAfter { revision } => {
                    tokio::select! {
                        _ = self.nudges.next() => {}
                        () = tokio::time::sleep(LOOK_EVERY) => {}
                    }
                    // A fence or a lost database ends the stream; browsers come back by themselves.
                    let sync = find(&self.ingestion, &self.scope, self.id).await.ok()??;
                    self.next = if sync.revision == revision {
                        Next::LookAfter { revision }
                    } else {
                        Next::Tell(Box::new(sync))
                    };
                }
                Next::End => return Some((Ok(Event::default().event("end").data("")), self)),
                Next::Closed => return None,
            }
        }
    }
}

async fn find(
    ingestion: &Ingestion,
    scope: &OrgScope,
    id: SyncId,
) -> Result<Option<Sync>, tenancy::Error> {
    let mut tx = ingestion.db.begin_read(scope).await?;
    let sync = store::find(&mut tx, id).await?;
    tx.commit().await?;
    Ok(sync)
}

fn not_found() -> ApiError {
    ApiError::not_found("sync_not_found", "there is no such sync")
}
