//! Routes of the simulator's own controls, and of its health.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post, put};
use axum::{Json, Router};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::change::{self, Travel};
use super::{Change, TruthRow};
use crate::app::{App, Shared};
use crate::bid_manager::store::Report;
use crate::clock::Now;
use crate::error::Error;
use crate::faults::{FaultOrder, OrderError};
use crate::world::{Advertiser, Edit, edits, facts};

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/livez", get(alive))
        .route("/readyz", get(alive))
        .route(
            "/sim/faults",
            put(set_faults).get(list_faults).delete(clear_faults),
        )
        .route("/sim/config", post(change).get(show_config))
        .route("/sim/edits", post(edit))
        .route("/sim/reports", get(reports))
        .route("/sim/log", get(log))
        .route("/sim/truth", get(truth))
        .route("/sim/world", get(world))
        .route("/sim/requests", get(requests))
}

async fn alive() -> &'static str {
    "ok"
}

async fn set_faults(
    State(app): State<Shared>,
    Json(order): Json<FaultOrder>,
) -> Result<StatusCode, Error> {
    let refused = |error: OrderError| Error::invalid_because(error.to_string());
    app.faults.apply(order).map_err(refused)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn list_faults(State(app): State<Shared>) -> Json<Value> {
    Json(json!({"faults": app.faults.list()}))
}

async fn clear_faults(State(app): State<Shared>) -> StatusCode {
    app.faults.clear();
    StatusCode::NO_CONTENT
}

async fn change(
    State(app): State<Shared>,
    Json(change): Json<Change>,
) -> Result<StatusCode, Error> {
    let travel = Travel::read(&change).ok_or_else(Error::invalid)?;
    change::make(&app, change, &travel);
    Ok(StatusCode::NO_CONTENT)
}

async fn show_config(State(app): State<Shared>) -> Json<Value> {
    let now = app.clock.now();
    Json(json!({
        "now": now.shown(),
        "fixed": now.fixed,
        "speed": app.clock.speed(),
        "knobs": *app.knobs.read(),
        "quotas": app.quota.limits(),
        "used": app.quota.used(now.instant),
        "restatement": app.world().restatement,
        "edits": app.worlds.revision(),
        "keeps_a_journal": app.config.state_dir.is_some(),
    }))
}

async fn edit(State(app): State<Shared>, Json(edit): Json<Edit>) -> Result<StatusCode, Error> {
    let refused = |error: edits::Error| Error::invalid_because(error.to_string());
    app.edit(edit).map_err(refused)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Every report there is, whoever asked for it.
async fn reports(State(app): State<Shared>) -> Json<Value> {
    let passed_ms = app.clock.passed_ms();
    let describe = |owner: &str, one: &Report| {
        json!({
            "query_id": one.query_id.to_string(),
            "report_id": one.id.to_string(),
            "title": one.title,
            "owner": owner,
            "range": one.request.range,
            "advertisers": one.request.advertisers.iter().map(u64::to_string).collect::<Vec<_>>(),
            "made_at": one.request.now.shown(),
            "state": format!("{:?}", one.state(passed_ms)).to_uppercase(),
            "delay_ms": one.delay_ms,
            "scheduled": one.scheduled,
            "fault": one.fault,
            "file": one.file,
        })
    };
    let all = app.reports.all();
    let reports = all.iter().flat_map(|(saved, reports)| {
        let described = reports.iter().map(|one| describe(&saved.owner, one));
        described.collect::<Vec<_>>()
    });
    Json(json!({"queries": all.len(), "reports": reports.collect::<Vec<_>>()}))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LogQuery {
    #[serde(default)]
    after: u64,
}

async fn log(State(app): State<Shared>, Query(query): Query<LogQuery>) -> Json<Value> {
    let counts = app.log.counts();
    Json(json!({"requests": app.log.since(query.after), "counts": counts}))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TruthQuery {
    advertiser: u64,
    from: NaiveDate,
    to: NaiveDate,
    /// What a report made now would show, instead of the final figures.
    #[serde(default)]
    served: bool,
    /// Then instead of now.
    #[serde(default)]
    at: Option<DateTime<Utc>>,
    /// Both, one beside the other.
    #[serde(default)]
    beside: bool,
}

async fn truth(
    State(app): State<Shared>,
    Query(query): Query<TruthQuery>,
) -> Result<Json<Value>, Error> {
    let world = app.world();
    let advertiser = world
        .find_advertiser(query.advertiser)
        .ok_or_else(Error::not_found)?;
    if query.to - query.from > TimeDelta::days(1_000) || query.to < query.from {
        return Err(Error::invalid());
    }
    let now = match query.at {
        Some(instant) => Now {
            instant,
            fixed: None,
        },
        None => app.clock.now(),
    };
    let today = now.today(advertiser.time_zone);
    let dates = query.from.iter_days().take_while(|date| *date <= query.to);
    let mut rows = Vec::new();
    for date in dates {
        for line_item in &advertiser.line_items {
            let settled = facts::truth(&world, advertiser, line_item, date);
            let served = facts::served(&world, advertiser, line_item, date, now);
            let facts = if query.served { served } else { settled };
            if facts.nothing() && (!query.beside || served.nothing()) {
                continue;
            }
            rows.push(TruthRow {
                date,
                campaign_id: line_item.campaign_id.to_string(),
                insertion_order_id: line_item.insertion_order_id.to_string(),
                line_item_id: line_item.id.to_string(),
                settled: today >= world.restatement.settled_on(date),
                facts,
                served: query.beside.then_some(served),
            });
        }
    }
    Ok(Json(json!({
        "advertiser_id": advertiser.id.to_string(),
        "currency": advertiser.currency,
        "time_zone": advertiser.time_zone.name(),
        "today": today,
        "rows": rows,
    })))
}

async fn world(State(app): State<Shared>) -> Json<Value> {
    let world = app.world();
    Json(json!({
        "seed": world.seed,
        "built_on": world.built_on,
        "users": world.users.iter().map(|user| json!({
            "email": user.email,
            "name": user.name,
            "partners": user.partners.iter().map(u64::to_string).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "partners": world.partners.iter().map(|one| json!({
            "partner_id": one.id.to_string(),
            "name": one.name,
            "currency": one.currency,
            "time_zone": one.time_zone.name(),
        })).collect::<Vec<_>>(),
        "advertisers": world.advertisers.iter().map(|one| advertiser(&app, one)).collect::<Vec<_>>(),
    }))
}

fn advertiser(app: &App, one: &Advertiser) -> Value {
    json!({
        "advertiser_id": one.id.to_string(),
        "partner_id": one.partner_id.to_string(),
        "name": one.name,
        "status": one.status,
        "deleted": one.deleted,
        "currency": one.currency,
        "time_zone": one.time_zone.name(),
        "today": app.clock.now().today(one.time_zone),
        "history_start": one.history_start,
        "campaigns": one.campaigns.len(),
        "insertion_orders": one.insertion_orders.len(),
        "line_items": one.line_items.len(),
    })
}

async fn requests(State(app): State<Shared>) -> Json<Value> {
    Json(json!(app.quota.totals()))
}
