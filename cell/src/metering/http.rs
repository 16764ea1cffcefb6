//! Counts every request of an org (CPU, bytes, calls), and `GET /api/usage`.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::CONTENT_LENGTH;
use axum::middleware::Next;
use axum::response::Response;
use chrono::{DateTime, Datelike, Duration, Utc};
use http_body::{Body as HttpBody, Frame, SizeHint};
use serde::{Deserialize, Serialize};
use service_kit::ApiError;
use service_kit::extract::Query;

use super::cpu::CpuMeter;
use super::{Meter, Usage, store};
use crate::app::App;
use crate::auth::Member;
use crate::auth::edge::Edge;
use crate::idempotency::http::Counted;
use crate::tenancy::OrgScope;

/// The longest span one answer covers.
const MAX_DAYS: i64 = 92;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UsageQuery {
    /// From this instant's hour on; default: 24 hours ago.
    from: Option<DateTime<Utc>>,
    /// Up to, but without; default: now.
    to: Option<DateTime<Utc>>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct UsageList {
    pub items: Vec<UsageEntry>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct UsageEntry {
    /// The hour's beginning.
    pub hour: DateTime<Utc>,
    /// `cpu_us`, `db_rows`, `bytes_in`, `bytes_out`, `jobs`, `api_calls` or `dsp_calls`.
    pub meter: String,
    pub quantity: i64,
}

/// What the org used, by hour and meter
#[utoipa::path(get, path = "/api/usage", tag = "usage", params(UsageQuery),
    responses((status = 200, body = UsageList)))]
pub async fn list_usage(
    State(app): State<App>,
    member: Member,
    Query(query): Query<UsageQuery>,
) -> Result<axum::Json<UsageList>, ApiError> {
    let range = span(query.from, query.to, Utc::now());
    let (from, to) = range.ok_or_else(|| {
        let message = format!("ask for at most {MAX_DAYS} days, from before to, of this era");
        ApiError::bad_request("invalid_range", message)
    })?;
    let mut tx = app.db.begin_read(&member.scope).await?;
    let rows = store::list(&mut tx, from, to).await;
    let rows = rows.map_err(crate::tenancy::Error::from)?;
    tx.commit().await?;
    let items = rows
        .into_iter()
        .map(|row| UsageEntry {
            hour: row.hour,
            meter: row.meter,
            quantity: row.quantity,
        })
        .collect();
    Ok(axum::Json(UsageList { items }))
}

/// The instants asked about, if there are any rows they could mean: Postgres ends before chrono.
fn span(
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let to = to.unwrap_or(now);
    let from = match from {
        Some(from) => from,
        None => to.checked_sub_signed(Duration::hours(24))?,
    };
    let stored = |instant: DateTime<Utc>| (1..=9999).contains(&instant.year());
    let fits = from <= to && to - from <= Duration::days(MAX_DAYS);
    (stored(from) && stored(to) && fits).then_some((from, to))
}

/// Around everything behind the edge gate.
pub async fn count(State(app): State<App>, request: Request, next: Next) -> Response {
    let Some(edge) = request.extensions().get::<Edge>().copied() else {
        return next.run(request).await;
    };
    let is_api = request.uri().path().starts_with("/api/");
    let length = request
        .headers()
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse().ok());
    app.usage
        .add(&edge.scope, Meter::BytesIn, length.unwrap_or(0));
    let answered = app.usage.metered(edge.scope, next.run(request)).await;
    if is_api && answered.extensions().get::<Counted>().is_none() {
        app.usage.add(&edge.scope, Meter::ApiCalls, 1);
    }
    answered.map(|body| Body::new(CountedBody::new(body, &app.usage, edge.scope)))
}

/// Counts what is sent and the CPU it takes to make it: a stream of events lives here for hours.
struct CountedBody {
    body: Body,
    usage: Usage,
    scope: OrgScope,
    cpu: CpuMeter,
}

impl CountedBody {
    fn new(body: Body, usage: &Usage, scope: OrgScope) -> Self {
        Self {
            body,
            usage: usage.clone(),
            scope,
            cpu: CpuMeter::new(usage.clone(), scope),
        }
    }
}

impl HttpBody for CountedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = &mut *self;
        let body = Pin::new(&mut this.body);
        let polled = this.cpu.measure(|| body.poll_frame(context));
        if let Poll::Ready(Some(Ok(frame))) = &polled
            && let Some(bytes) = frame.data_ref()
        {
            let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            this.usage.add(&this.scope, Meter::BytesOut, length);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    //! Which spans of time can be asked about.

    use chrono::{DateTime, Utc};

    use super::span;

    fn check(from: Option<&str>, to: Option<&str>, passes: bool) {
        let instant = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let now = instant("2026-07-01T00:00:00Z");
        let found = span(from.map(instant), to.map(instant), now);
        assert_eq!(found.is_some(), passes, "{from:?} {to:?} {found:?}");
    }

    #[test]
    fn a_span_is_short_and_of_this_era() {
        check(None, None, true);
        check(Some("2026-06-01T00:00:00Z"), None, true);
        check(None, Some("2020-01-01T00:00:00Z"), true);
        check(Some("2026-07-02T00:00:00Z"), None, false);
        check(Some("2026-01-01T00:00:00Z"), None, false);
        check(None, Some("-262143-01-01T00:00:00Z"), false);
        check(None, Some("-4714-01-01T00:00:00Z"), false);
        check(None, Some("0000-01-01T00:00:00Z"), false);
        check(
            Some("+262142-12-30T00:00:00Z"),
            Some("+262142-12-31T00:00:00Z"),
            false,
        );
    }
}
