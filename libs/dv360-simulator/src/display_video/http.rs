//! Routes of the Display & Video 360 API v4.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::filter::Filter;
use super::order::Order;
use super::{
    ADVERTISERS, CAMPAIGNS, CREATIVES, Entity, INSERTION_ORDERS, LINE_ITEMS, ListRules, PARTNERS,
    creatives, resources,
};
use crate::app::{App, Shared, answer, authorize_entities};
use crate::error::Error;
use crate::faults::{Call, Outcome};
use crate::page::Page;
use crate::params::{Params, path_id};
use crate::world::Advertiser;

const LIST: [&str; 4] = ["pageSize", "pageToken", "filter", "orderBy"];

type Answer = Result<Json<Value>, Error>;

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/v4/partners", get(list_partners))
        .route("/v4/partners/{partner}", get(fetch_partner))
        .route("/v4/advertisers", get(list_advertisers))
        .route("/v4/advertisers/{advertiser}", get(fetch_advertiser))
        .route("/v4/advertisers/{advertiser}/{kind}", get(list_below))
        .route("/v4/advertisers/{advertiser}/{kind}/{id}", get(fetch_below))
}

/// One page of a list. `identity` names the list and its owner, for the page token.
fn list<'a, E: Entity + 'a>(
    app: &App,
    (name, identity): (&str, &str),
    params: &Params,
    rules: &ListRules,
    entities: impl Iterator<Item = &'a E>,
    show: impl Fn(&E) -> Value,
) -> Answer {
    let filter = params
        .get("filter")
        .map(|text| Filter::parse(text, rules))
        .transpose();
    let filter = filter.map_err(|_| Error::invalid())?;
    let order = Order::parse(params.get("orderBy"), rules).ok_or_else(Error::invalid)?;
    let shape = (params.get("filter"), params.get("orderBy"));
    let roster = app.roster_in_tokens();
    let advertiser = identity.parse::<u64>().ok();
    let fault = app.faults.draw_page(Call::Entities, advertiser.as_slice());
    let page = Page::read(
        params,
        rules.largest_page,
        &format!("{name}/{identity}/{shape:?}/{roster}"),
        fault,
    )?;
    let asked_for_status = filter
        .as_ref()
        .is_some_and(|filter| filter.names("entityStatus"));
    let kept = |entity: &&E| {
        let archived = entity.field("entityStatus").as_deref() == Some("ENTITY_STATUS_ARCHIVED");
        !entity.deleted()
            && (asked_for_status || !archived)
            && filter.as_ref().is_none_or(|one| one.matches(*entity))
    };
    let mut sorted: Vec<&E> = entities.filter(kept).collect();
    order.sort(&mut sorted);
    let (items, next) = page.cut(sorted);
    let mut body = json!({});
    if !items.is_empty() {
        body[name] = items.into_iter().map(show).collect();
    }
    if let Some(token) = next {
        body["nextPageToken"] = json!(token);
    }
    Ok(Json(body))
}

/// The partner-level half: only the person's own partners exist.
async fn list_partners(
    State(app): State<Shared>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let caller = authorize_entities(&app, &headers, None)?;
    let params = Params::parse(query.as_deref(), &LIST)?;
    let outcome = app.strike(Call::Entities, &[]).await?;
    let world = app.world();
    let seen = world
        .partners
        .iter()
        .filter(|one| world.sees(&caller.email, one.id));
    let name = ("partners", caller.email.as_str());
    let body = list(&app, name, &params, &PARTNERS, seen, resources::partner)?;
    Ok(answer(outcome, body))
}

async fn fetch_partner(
    State(app): State<Shared>,
    headers: HeaderMap,
    Path(partner): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let caller = authorize_entities(&app, &headers, None)?;
    Params::parse(query.as_deref(), &[])?;
    let outcome = app.strike(Call::Entities, &[]).await?;
    let id = path_id("partner_id", &partner)?;
    let world = app.world();
    let partner = world
        .find_partner(id)
        .filter(|one| world.sees(&caller.email, one.id));
    let body = partner.map(|one| Json(resources::partner(one)));
    Ok(answer(outcome, body.ok_or_else(Error::not_found)?))
}

async fn list_advertisers(
    State(app): State<Shared>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let caller = authorize_entities(&app, &headers, None)?;
    let params = Params::parse(
        query.as_deref(),
        &["partnerId", "pageSize", "pageToken", "filter", "orderBy"],
    )?;
    let partner = params.id("partnerId")?.ok_or_else(Error::invalid)?;
    let outcome = app.strike(Call::Entities, &[]).await?;
    let world = app.world();
    if !world.sees(&caller.email, partner) {
        return Err(Error::not_found());
    }
    let identity = format!("{}/{partner}", caller.email);
    let all = world.advertisers.iter().map(Arc::as_ref);
    let children =
        all.filter(|one| one.partner_id == partner && world.sees_advertiser(&caller.email, one));
    let name = ("advertisers", identity.as_str());
    let show = resources::advertiser;
    let body = list(&app, name, &params, &ADVERTISERS, children, show)?;
    Ok(answer(outcome, body))
}

async fn fetch_advertiser(
    State(app): State<Shared>,
    headers: HeaderMap,
    Path(advertiser): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let parent = enter(&app, &headers, &advertiser, query.as_deref(), &[]).await?;
    Ok(parent.answer(Json(resources::advertiser(&parent.advertiser))))
}

async fn list_below(
    State(app): State<Shared>,
    headers: HeaderMap,
    Path((advertiser, kind)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let parent = enter(&app, &headers, &advertiser, query.as_deref(), &LIST).await?;
    let (above, params) = (&*parent.advertiser, &parent.params);
    let name = (kind.as_str(), advertiser.as_str());
    let body = match kind.as_str() {
        "campaigns" => {
            let show = |one: &_| resources::campaign(above, one);
            list(&app, name, params, &CAMPAIGNS, above.campaigns.iter(), show)
        }
        "insertionOrders" => {
            let show = |one: &_| resources::insertion_order(above, one);
            let all = above.insertion_orders.iter();
            list(&app, name, params, &INSERTION_ORDERS, all, show)
        }
        "lineItems" => {
            let today = app.clock.now().today(above.time_zone);
            let show = |one: &_| resources::line_item(above, one, today);
            list(
                &app,
                name,
                params,
                &LINE_ITEMS,
                above.line_items.iter(),
                show,
            )
        }
        "creatives" => {
            let all = creatives::of(above);
            let show = |one: &_| resources::creative(above, one);
            list(&app, name, params, &CREATIVES, all.iter(), show)
        }
        _ => Err(Error::not_found()),
    };
    Ok(parent.answer(body?))
}

async fn fetch_below(
    State(app): State<Shared>,
    headers: HeaderMap,
    Path((advertiser, kind, id)): Path<(String, String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let parent = enter(&app, &headers, &advertiser, query.as_deref(), &[]).await?;
    let above = &*parent.advertiser;
    let found = match kind.as_str() {
        "campaigns" => above
            .find_campaign(path_id("campaign_id", &id)?)
            .filter(|one| !one.deleted)
            .map(|one| resources::campaign(above, one)),
        "insertionOrders" => above
            .find_insertion_order(path_id("insertion_order_id", &id)?)
            .filter(|one| !one.deleted)
            .map(|one| resources::insertion_order(above, one)),
        "lineItems" => {
            let today = app.clock.now().today(above.time_zone);
            above
                .find_line_item(path_id("line_item_id", &id)?)
                .filter(|one| !one.deleted)
                .map(|one| resources::line_item(above, one, today))
        }
        "creatives" => {
            let id = path_id("creative_id", &id)?;
            let all = creatives::of(above);
            let found = all.iter().find(|one| one.id == id);
            found.map(|one| resources::creative(above, one))
        }
        _ => None,
    };
    Ok(parent.answer(Json(found.ok_or_else(Error::not_found)?)))
}

/// A call about one advertiser that may go on.
struct Parent {
    advertiser: Arc<Advertiser>,
    params: Params,
    outcome: Outcome,
}

impl Parent {
    fn answer(&self, body: Json<Value>) -> Response {
        answer(self.outcome, body)
    }
}

/// Permission, quota, faults and existence of the advertiser a path is about.
async fn enter(
    app: &App,
    headers: &HeaderMap,
    advertiser: &str,
    query: Option<&str>,
    known: &[&str],
) -> Result<Parent, Error> {
    let caller = authorize_entities(app, headers, advertiser.parse().ok())?;
    let params = Params::parse(query, known)?;
    let id = path_id("advertiser_id", advertiser)?;
    let outcome = app.strike(Call::Entities, &[id]).await?;
    let world = app.world();
    let found = world.find_advertiser(id).filter(|one| !one.deleted);
    let seen = found.filter(|one| world.sees_advertiser(&caller.email, one));
    Ok(Parent {
        advertiser: seen.ok_or_else(Error::not_found)?.clone(),
        params,
        outcome,
    })
}
