//! Every route of both listeners, in one place.

use std::sync::Arc;

use axum::Router;
use axum::routing::{delete, get, post, put};
use service_kit::openapi;
use utoipa::openapi::{InfoBuilder, OpenApi, OpenApiBuilder};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::{auth, cells, config_docs, oauth, orgs, quota, replays, route_feed, signup};

/// The app host's API.
pub fn public() -> OpenApiRouter<Arc<App>> {
    let info = InfoBuilder::new()
        .title("Cellplane app host")
        .description(Some("Sign up, sign in, start orgs and go to them."))
        .version(service_kit::VERSION);
    OpenApiRouter::with_openapi(OpenApiBuilder::new().info(info).build())
        .routes(routes!(signup::http::signup))
        .routes(routes!(auth::http::login))
        .routes(routes!(auth::http::logout))
        .routes(routes!(auth::http::me))
        .routes(routes!(orgs::http::check_slug))
        .routes(routes!(orgs::http::create_org))
        .routes(routes!(orgs::http::get_org))
        .routes(routes!(orgs::http::enter_org))
        .routes(routes!(oauth::http::dv360_callback))
}

/// The description of `public`, without a running service.
pub fn describe() -> OpenApi {
    openapi::complete(public().into_openapi())
}

/// For routers, cells and operators; each handler names who may call it.
pub fn internal() -> Router<Arc<App>> {
    Router::new()
        .route(
            "/internal/route-feed/snapshot",
            get(route_feed::http::snapshot),
        )
        .route("/internal/route-feed/stream", get(route_feed::http::stream))
        .route(
            "/internal/route-feed/ack",
            post(route_feed::http::acknowledge),
        )
        .route(
            "/internal/cells",
            get(cells::http::list).post(cells::http::register),
        )
        .route("/internal/cells/{cell_id}", delete(cells::http::delete))
        .route(
            "/internal/cells/{cell_id}/heartbeat",
            post(cells::http::heartbeat),
        )
        .route(
            "/internal/cells/{cell_id}/config",
            get(config_docs::http::pull),
        )
        .route("/internal/cells/{cell_id}/quota", post(quota::http::report))
        .route(
            "/internal/quota",
            get(quota::http::list).put(quota::http::put),
        )
        .route("/internal/orgs", get(orgs::http::list_org_places))
        .route("/internal/orgs/{org}/replays", get(replays::http::list))
        .route(
            "/internal/orgs/{org}/replays/{replay_id}",
            get(replays::http::show).put(replays::http::start),
        )
        .route(
            "/internal/orgs/{org}/replays/{replay_id}/cancel",
            post(replays::http::cancel),
        )
        .route("/internal/config", get(config_docs::http::list))
        .route("/internal/config/{name}", put(config_docs::http::put))
        .route(
            "/internal/config/{name}/history",
            get(config_docs::http::history),
        )
}
