//! Routes of the simulator's own controls, and of its health.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post, put};
use axum::{Json, Router};
use chrono::{NaiveDate, TimeDelta};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Change, TruthRow};
use crate::app::{App, Shared};
use crate::error::Error;
use crate::faults::FaultOrder;
use crate::world::facts;

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/livez", get(alive))
        .route("/readyz", get(alive))
        .route(
            "/sim/faults",
            put(set_faults).get(list_faults).delete(clear_faults),
        )
        .route("/sim/config", post(change))
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
    app.faults.apply(order).map_err(|_| Error::invalid())?;
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
    let today = match change.today.as_deref() {
        None => None,
        Some("real") => Some(None),
        Some(date) => Some(Some(date.parse().map_err(|_| Error::invalid())?)),
    };
    if let Some(today) = today {
        app.clock.fix(today);
    }
    if let Some(delay) = change.report_delay_ms {
        app.set_report_delay_ms(delay);
    }
    if let Some(seconds) = change.link_lifetime_s {
        app.links.set_lifetime(seconds);
    }
    if let Some(seconds) = change.access_token_lifetime_s {
        app.tokens.set_access_lifetime(seconds);
    }
    if change.expire_access_tokens {
        app.tokens.expire_access();
    }
    if let Some(quotas) = change.quotas {
        app.quota.set_limits(quotas);
    }
    Ok(StatusCode::NO_CONTENT)
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
}

async fn truth(
    State(app): State<Shared>,
    Query(query): Query<TruthQuery>,
) -> Result<Json<Value>, Error> {
    let advertiser = app
        .world
        .find_advertiser(query.advertiser)
        .ok_or_else(Error::not_found)?;
    if query.to - query.from > TimeDelta::days(1_000) || query.to < query.from {
        return Err(Error::invalid());
    }
    let now = app.clock.now();
    let dates = query.from.iter_days().take_while(|date| *date <= query.to);
    let mut rows = Vec::new();
    for date in dates {
        for line_item in &advertiser.line_items {
            let facts = if query.served {
                facts::served(
                    app.world.seed,
                    advertiser,
                    line_item,
                    date,
                    now,
                    &app.restatement,
                )
            } else {
                facts::truth(app.world.seed, advertiser, line_item, date)
            };
            if facts.nothing() {
                continue;
            }
            rows.push(TruthRow {
                date,
                campaign_id: line_item.campaign_id.to_string(),
                insertion_order_id: line_item.insertion_order_id.to_string(),
                line_item_id: line_item.id.to_string(),
                facts,
            });
        }
    }
    Ok(Json(json!({
        "advertiser_id": advertiser.id.to_string(),
        "currency": advertiser.currency,
        "time_zone": advertiser.time_zone.name(),
        "today": now.today(advertiser.time_zone),
        "rows": rows,
    })))
}

async fn world(State(app): State<Shared>) -> Json<Value> {
    Json(json!({
        "seed": app.world.seed,
        "built_on": app.world.built_on,
        "users": app.world.users.iter().map(|user| json!({
            "email": user.email,
            "name": user.name,
            "partners": user.partners.iter().map(u64::to_string).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "partners": app.world.partners.iter().map(|one| json!({
            "partner_id": one.id.to_string(),
            "name": one.name,
            "currency": one.currency,
            "time_zone": one.time_zone.name(),
        })).collect::<Vec<_>>(),
        "advertisers": advertisers(&app),
    }))
}

fn advertisers(app: &App) -> Vec<Value> {
    let describe = |one: &crate::world::Advertiser| {
        json!({
            "advertiser_id": one.id.to_string(),
            "partner_id": one.partner_id.to_string(),
            "name": one.name,
            "currency": one.currency,
            "time_zone": one.time_zone.name(),
            "today": app.clock.now().today(one.time_zone),
            "history_start": one.history_start,
            "campaigns": one.campaigns.len(),
            "insertion_orders": one.insertion_orders.len(),
            "line_items": one.line_items.len(),
        })
    };
    app.world.advertisers.iter().map(describe).collect()
}

async fn requests(State(app): State<Shared>) -> Json<Value> {
    Json(json!(app.quota.totals()))
}
