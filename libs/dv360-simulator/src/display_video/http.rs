//! Routes of the Display & Video 360 API v4.

use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::filter::Filter;
use super::order::Order;
use super::{
    ADVERTISERS, CAMPAIGNS, Entity, INSERTION_ORDERS, LINE_ITEMS, ListRules, PARTNERS, resources,
};
use crate::app::{App, Shared, authorize_entities};
use crate::error::Error;
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
        .route(
            "/v4/advertisers/{advertiser}/campaigns",
            get(list_campaigns),
        )
        .route(
            "/v4/advertisers/{advertiser}/campaigns/{id}",
            get(fetch_campaign),
        )
        .route(
            "/v4/advertisers/{advertiser}/insertionOrders",
            get(list_insertion_orders),
        )
        .route(
            "/v4/advertisers/{advertiser}/insertionOrders/{id}",
            get(fetch_insertion_order),
        )
        .route(
            "/v4/advertisers/{advertiser}/lineItems",
            get(list_line_items),
        )
        .route(
            "/v4/advertisers/{advertiser}/lineItems/{id}",
            get(fetch_line_item),
        )
}

/// One page of a list. `identity` names the list and its owner, for the page token.
fn list<'a, E: Entity + 'a>(
    name: &str,
    identity: &str,
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
    let page = Page::read(
        params,
        rules.largest_page,
        &format!("{name}/{identity}/{shape:?}"),
    )?;
    let asked_for_status = filter
        .as_ref()
        .is_some_and(|filter| filter.names("entityStatus"));
    let kept = |entity: &&E| {
        let archived = entity.field("entityStatus").as_deref() == Some("ENTITY_STATUS_ARCHIVED");
        (asked_for_status || !archived) && filter.as_ref().is_none_or(|one| one.matches(*entity))
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

async fn list_partners(
    State(app): State<Shared>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Answer {
    let caller = authorize_entities(&app, &headers, None)?;
    let params = Params::parse(query.as_deref(), &LIST)?;
    let seen = app
        .world
        .partners
        .iter()
        .filter(|one| app.world.sees(&caller.email, one.id));
    list(
        "partners",
        &caller.email,
        &params,
        &PARTNERS,
        seen,
        resources::partner,
    )
}

async fn fetch_partner(
    State(app): State<Shared>,
    headers: HeaderMap,
    Path(partner): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    let caller = authorize_entities(&app, &headers, None)?;
    Params::parse(query.as_deref(), &[])?;
    let id = path_id("partner_id", &partner)?;
    let partner = app
        .world
        .find_partner(id)
        .filter(|one| app.world.sees(&caller.email, one.id));
    partner
        .map(|one| Json(resources::partner(one)))
        .ok_or_else(Error::not_found)
}

async fn list_advertisers(
    State(app): State<Shared>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Answer {
    let caller = authorize_entities(&app, &headers, None)?;
    let params = Params::parse(
        query.as_deref(),
        &["partnerId", "pageSize", "pageToken", "filter", "orderBy"],
    )?;
    let partner = params.id("partnerId")?.ok_or_else(Error::invalid)?;
    if !app.world.sees(&caller.email, partner) {
        return Err(Error::not_found());
    }
    let identity = format!("{}/{partner}", caller.email);
    let children = app
        .world
        .advertisers
        .iter()
        .filter(|one| one.partner_id == partner);
    list(
        "advertisers",
        &identity,
        &params,
        &ADVERTISERS,
        children,
        resources::advertiser,
    )
}

async fn fetch_advertiser(
    State(app): State<Shared>,
    headers: HeaderMap,
    Path(advertiser): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    let (advertiser, _) = enter(&app, &headers, &advertiser, query.as_deref(), &[])?;
    Ok(Json(resources::advertiser(advertiser)))
}

async fn list_campaigns(
    State(app): State<Shared>,
    headers: HeaderMap,
    Path(advertiser): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    let (parent, params) = enter(&app, &headers, &advertiser, query.as_deref(), &LIST)?;
    let show = |one: &_| resources::campaign(parent, one);
    list(
        "campaigns",
        &advertiser,
        &params,
        &CAMPAIGNS,
        parent.campaigns.iter(),
        show,
    )
}

async fn fetch_campaign(
    State(app): State<Shared>,
    headers: HeaderMap,
    Path((advertiser, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Answer {
    let (parent, _) = enter(&app, &headers, &advertiser, query.as_deref(), &[])?;
    let found = parent.find_campaign(path_id("campaign_id", &id)?);
    found
        .map(|one| Json(resources::campaign(parent, one)))
        .ok_or_else(Error::not_found)
}

async fn list_insertion_orders(
    State(app): State<Shared>,
    headers: HeaderMap,
    Path(advertiser): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    let (parent, params) = enter(&app, &headers, &advertiser, query.as_deref(), &LIST)?;
    let show = |one: &_| resources::insertion_order(parent, one);
    let all = parent.insertion_orders.iter();
    list(
        "insertionOrders",
        &advertiser,
        &params,
        &INSERTION_ORDERS,
        all,
        show,
    )
}

async fn fetch_insertion_order(
    State(app): State<Shared>,
    headers: HeaderMap,
    Path((advertiser, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Answer {
    let (parent, _) = enter(&app, &headers, &advertiser, query.as_deref(), &[])?;
    let found = parent.find_insertion_order(path_id("insertion_order_id", &id)?);
    found
        .map(|one| Json(resources::insertion_order(parent, one)))
        .ok_or_else(Error::not_found)
}

async fn list_line_items(
    State(app): State<Shared>,
    headers: HeaderMap,
    Path(advertiser): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    let (parent, params) = enter(&app, &headers, &advertiser, query.as_deref(), &LIST)?;
    let today = app.clock.now().today(parent.time_zone);
    let show = |one: &_| resources::line_item(parent, one, today);
    list(
        "lineItems",
        &advertiser,
        &params,
        &LINE_ITEMS,
        parent.line_items.iter(),
        show,
    )
}

async fn fetch_line_item(
    State(app): State<Shared>,
    headers: HeaderMap,
    Path((advertiser, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Answer {
    let (parent, _) = enter(&app, &headers, &advertiser, query.as_deref(), &[])?;
    let today = app.clock.now().today(parent.time_zone);
    let found = parent.find_line_item(path_id("line_item_id", &id)?);
    found
        .map(|one| Json(resources::line_item(parent, one, today)))
        .ok_or_else(Error::not_found)
}

/// Permission, quota, faults and existence of the advertiser a path is about.
fn enter<'a>(
    app: &'a App,
    headers: &HeaderMap,
    advertiser: &str,
    query: Option<&str>,
    known: &[&str],
) -> Result<(&'a Advertiser, Params), Error> {
    let caller = authorize_entities(app, headers, advertiser.parse().ok())?;
    let params = Params::parse(query, known)?;
    let id = path_id("advertiser_id", advertiser)?;
    app.faults.check_api(&[id])?;
    let found = app.world.find_advertiser(id);
    let seen = found.filter(|one| app.world.sees(&caller.email, one.partner_id));
    Ok((seen.ok_or_else(Error::not_found)?, params))
}
