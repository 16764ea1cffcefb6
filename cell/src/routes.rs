//! Every public route of the cell, in one place, with what it needs of the person who asks.
//!
//! A route is added here and nowhere else; the tests walk this table, so a route without a need, or
//! one that shows another org's things, does not pass.

use std::collections::{BTreeMap, BTreeSet};

use axum::middleware;
use contracts::Action;
use service_kit::openapi;
use utoipa::openapi::{InfoBuilder, OpenApi, OpenApiBuilder, RefOr, Schema};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};
use utoipa_axum::routes;

use crate::app::App;
use crate::ingestion::backfill::http as backfills;
use crate::ingestion::budget::limits::http as budgets;
use crate::ingestion::deliveries::http as deliveries;
use crate::ingestion::pipelines::http as pipelines;
use crate::ingestion::quality::http as quality;
use crate::ingestion::quarantine::http as quarantine;
use crate::ingestion::replay::http as replays;
use crate::ingestion::retention::http as retention;
use crate::ingestion::silver::entities;
use crate::ingestion::sync::http as syncs;
use crate::modules::pacing::{self, lists::http as lists, saved::http as saved};
use crate::modules::taxonomy::conventions::http as conventions;
use crate::modules::taxonomy::names::http as names;
use crate::modules::{self, taxonomy};
use crate::{attention, auth, connections, metering, search};

/// What a route asks of the person behind the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Anybody who came through a router.
    Nothing,
    SignedIn,
    May(Action),
}

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub method: String,
    pub path: String,
    pub needs: Needs,
}

pub struct Routes {
    router: OpenApiRouter<App>,
    table: Vec<Entry>,
    schemas: BTreeMap<String, RefOr<Schema>>,
    /// Names that two types have. The description keeps one of them and says nothing.
    clashes: BTreeSet<String>,
}

pub fn all() -> Routes {
    Routes::new()
        .people()
        .connections()
        .syncs()
        .pipelines()
        .plan_ahead()
        .quarantine_and_replays()
        .quality()
        .modules()
        .taxonomy()
}

impl Routes {
    fn new() -> Self {
        let info = InfoBuilder::new()
            .title("Cellplane, an org's API")
            .version(service_kit::VERSION)
            .build();
        let description = OpenApiBuilder::new().info(info).build();
        Self {
            router: OpenApiRouter::with_openapi(description),
            table: Vec::new(),
            schemas: BTreeMap::new(),
            clashes: BTreeSet::new(),
        }
    }

    /// Signing in, and what an org used.
    fn people(self) -> Self {
        self.add(Needs::Nothing, routes!(auth::http::enter))
            .add(Needs::SignedIn, routes!(auth::http::show))
            .add(Needs::May(Action::Read), routes!(auth::http::members))
            .add(Needs::Nothing, routes!(auth::http::logout))
            .add(
                Needs::May(Action::Read),
                routes!(metering::http::list_usage),
            )
    }

    /// Connections, and files delivered to them.
    fn connections(self) -> Self {
        self.add(Needs::May(Action::Read), routes!(connections::http::list))
            .add(
                Needs::May(Action::ManageConnections),
                routes!(connections::http::authorize),
            )
            .add(
                Needs::May(Action::ManageConnections),
                routes!(connections::http::callback),
            )
            .add(Needs::May(Action::Read), routes!(connections::http::show))
            .add(
                Needs::May(Action::Read),
                routes!(connections::health::http::show),
            )
            .add(
                Needs::May(Action::ManageConnections),
                routes!(connections::http::remove),
            )
            .add(
                Needs::May(Action::ManageConnections),
                routes!(connections::http::partners),
            )
            .add(
                Needs::May(Action::ManageConnections),
                routes!(connections::http::advertisers),
            )
            .add(
                Needs::May(Action::ManageConnections),
                routes!(connections::http::choose),
            )
            .add(
                Needs::May(Action::ManageConnections),
                routes!(deliveries::create),
            )
            .add(Needs::May(Action::Read), routes!(deliveries::list))
            .add(Needs::May(Action::StartSync), routes!(deliveries::upload))
    }

    fn syncs(self) -> Self {
        self.add(Needs::May(Action::Read), routes!(syncs::list))
            .add(Needs::May(Action::Read), routes!(syncs::show))
            .add(Needs::May(Action::StartSync), routes!(syncs::start))
            .add(Needs::May(Action::StartSync), routes!(syncs::cancel))
            .add(Needs::May(Action::Read), routes!(syncs::events))
    }

    fn pipelines(self) -> Self {
        self.add(Needs::May(Action::Read), routes!(pipelines::list))
            .add(Needs::May(Action::Read), routes!(pipelines::show_schema))
            .add(Needs::May(Action::Read), routes!(pipelines::show))
            .add(Needs::May(Action::Read), routes!(pipelines::check))
            .add(
                Needs::May(Action::ManagePipelines),
                routes!(pipelines::dry_run),
            )
            .add(
                Needs::May(Action::ManagePipelines),
                routes!(pipelines::put_layer),
            )
            .add(Needs::May(Action::Read), routes!(pipelines::versions))
            .add(
                Needs::May(Action::ManagePipelines),
                routes!(pipelines::put_enabled),
            )
    }

    /// Files that were not loaded, and loading files again.
    fn quarantine_and_replays(self) -> Self {
        self.add(Needs::May(Action::Read), routes!(quarantine::list))
            .add(Needs::May(Action::Read), routes!(quarantine::show))
            .add(Needs::May(Action::StartSync), routes!(quarantine::replay))
            .add(
                Needs::May(Action::ManagePipelines),
                routes!(quarantine::accept_names),
            )
            .add(Needs::May(Action::Read), routes!(quarantine::show_lines))
            .add(Needs::May(Action::Read), routes!(replays::list))
            .add(Needs::May(Action::Read), routes!(replays::show))
            .add(Needs::May(Action::Read), routes!(replays::days))
            .add(Needs::May(Action::ManagePipelines), routes!(replays::start))
            .add(
                Needs::May(Action::ManagePipelines),
                routes!(replays::cancel),
            )
    }

    /// What needs somebody, and what is known of entities and days.
    fn quality(self) -> Self {
        self.add(Needs::May(Action::Read), routes!(attention::http::list))
            .add(Needs::May(Action::Read), routes!(search::http::find))
            .add(Needs::May(Action::Read), routes!(entities::http::versions))
            .add(Needs::May(Action::Read), routes!(quality::show_calendar))
            .add(Needs::May(Action::Read), routes!(quality::show_freshness))
            .add(
                Needs::May(Action::Read),
                routes!(quality::show_reconciliation),
            )
            .add(Needs::May(Action::Read), routes!(quality::show_lineage))
            .add(Needs::May(Action::Read), routes!(retention::show))
            .add(Needs::May(Action::Read), routes!(retention::drops))
    }

    fn modules(self) -> Self {
        self.add(Needs::May(Action::Read), routes!(modules::http::list))
            .add(Needs::May(Action::Read), routes!(modules::http::show))
            .add(Needs::May(Action::Read), routes!(modules::http::preview))
            .add(
                Needs::May(Action::ManageSettings),
                routes!(modules::http::put),
            )
            .add(Needs::May(Action::Read), routes!(modules::http::versions))
            .add(Needs::May(Action::Read), routes!(modules::http::runs))
            .add(Needs::May(Action::Read), routes!(lists::list))
            .add(Needs::May(Action::Read), routes!(pacing::http::show))
            .add(Needs::May(Action::Read), routes!(pacing::http::suppose))
            .add(Needs::May(Action::Read), routes!(lists::list_line_items))
            .add(Needs::May(Action::Read), routes!(lists::list_campaigns))
            .add(Needs::May(Action::Read), routes!(lists::list_advertisers))
            .add(Needs::May(Action::Read), routes!(lists::list_portfolios))
            .add(Needs::May(Action::Read), routes!(lists::save))
            .add(Needs::May(Action::Read), routes!(saved::list))
            .add(Needs::May(Action::Read), routes!(saved::create))
            .add(Needs::May(Action::Read), routes!(saved::put))
            .add(Needs::May(Action::Read), routes!(saved::remove))
            .add(Needs::May(Action::Read), routes!(pacing::http::freshness))
    }

    /// Naming: conventions, names against them, and what helps to write both.
    fn taxonomy(self) -> Self {
        self.add(Needs::May(Action::Read), routes!(conventions::list))
            .add(
                Needs::May(Action::ManageSettings),
                routes!(conventions::create),
            )
            .add(Needs::May(Action::Read), routes!(conventions::preview))
            .add(Needs::May(Action::Read), routes!(conventions::show))
            .add(
                Needs::May(Action::ManageSettings),
                routes!(conventions::replace),
            )
            .add(Needs::May(Action::Read), routes!(conventions::versions))
            .add(Needs::May(Action::Read), routes!(taxonomy::http::build))
            .add(Needs::May(Action::Read), routes!(taxonomy::http::propose))
            .add(
                Needs::May(Action::Read),
                routes!(taxonomy::http::read_picklist),
            )
            .add(Needs::May(Action::Read), routes!(names::compliance))
            .add(Needs::May(Action::Read), routes!(names::list))
            .add(Needs::May(Action::Read), routes!(names::export))
    }

    /// Budgets, and days that are brought in on demand.
    fn plan_ahead(self) -> Self {
        self.add(Needs::May(Action::Read), routes!(budgets::list))
            .add(Needs::May(Action::ManageSettings), routes!(budgets::set))
            .add(Needs::May(Action::Read), routes!(budgets::changes))
            .add(Needs::May(Action::StartSync), routes!(backfills::forecast))
            .add(Needs::May(Action::StartSync), routes!(backfills::confirm))
            .add(Needs::May(Action::Read), routes!(backfills::list))
            .add(Needs::May(Action::Read), routes!(backfills::show))
            .add(Needs::May(Action::StartSync), routes!(backfills::cancel))
    }

    fn add(mut self, needs: Needs, route: UtoipaMethodRouter<App>) -> Self {
        let (schemas, mut paths, handlers) = route;
        for (name, schema) in &schemas {
            let known = self.schemas.entry(name.clone());
            if known.or_insert_with(|| schema.clone()) != schema {
                self.clashes.insert(name.clone());
            }
        }
        for (path, item) in &mut paths.paths {
            for (method, operation) in openapi::operations(item) {
                if needs != Needs::Nothing {
                    openapi::answers(operation, 401, "`not_signed_in`");
                }
                if let Needs::May(action) = needs {
                    let needed = format!("`not_allowed`: needs `{}`", action.as_str());
                    openapi::answers(operation, 403, &needed);
                }
                self.table.push(Entry {
                    method: method.to_owned(),
                    path: path.clone(),
                    needs,
                });
            }
        }
        let guard =
            middleware::from_fn(move |request, next| auth::http::guard(needs, request, next));
        let guarded = (schemas, paths, handlers.route_layer(guard));
        self.router = self.router.routes(guarded);
        self
    }

    pub fn table(&self) -> &[Entry] {
        &self.table
    }

    /// Names of schemas that stand for more than one type.
    pub fn clashes(&self) -> &BTreeSet<String> {
        &self.clashes
    }

    pub fn into_parts(self) -> (axum::Router<App>, OpenApi) {
        let (router, description) = self.router.split_for_parts();
        (router, openapi::complete(description))
    }
}
