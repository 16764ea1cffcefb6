//! What a convention is made with, and what it makes: a proposal from the org's own names, picklists
//! out of published vocabularies, and names that keep to it.

use std::collections::BTreeMap;

use axum::extract::State;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use service_kit::ApiError;
use service_kit::extract::{Json, Path, Query};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Taxonomy;
use super::check::{Code, Issue};
use super::convention::{Level, Unique};
use super::conventions::{self, InForce, list_in_force};
use super::learn::{Proposal, learn};
use super::names::{self, Named, Names};
use super::picklist::{self, ReadList};
use super::settings::Settings;
use crate::app::App;
use crate::auth::Member;
use crate::modules;
use crate::tenancy;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProposalQuery {
    level: Level,
    advertiser_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NamingProposalAnswer)]
pub struct ProposalAnswer {
    /// Names there are of the level; with fewer than ten of them, or with none alike, nothing can be
    /// learned.
    pub names: u64,
    pub proposal: Option<Proposal>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BuildName {
    /// By field; a field that may be repeated has several.
    pub values: BTreeMap<String, Vec<String>>,
    /// What the entity will say of itself, as far as it is known.
    #[serde(default)]
    pub advertiser_id: Option<String>,
    /// The campaign of an order, the order of a line item.
    #[serde(default)]
    pub parent_id: Option<String>,
    #[serde(default)]
    pub flight_start: Option<NaiveDate>,
    #[serde(default)]
    pub flight_end: Option<NaiveDate>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct BuiltName {
    /// Absent while anything is wrong.
    pub name: Option<String>,
    pub issues: Vec<Issue>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadPicklist {
    /// CSV or tab-separated text with a header, or JSON: a list of codes, or of objects.
    pub text: String,
    /// Absent: the first that looks like one.
    #[serde(default)]
    pub code_column: Option<String>,
    #[serde(default)]
    pub label_column: Option<String>,
}

/// Learn a naming convention
///
/// A proposal from the names in use. Nothing is kept.
#[utoipa::path(get, path = "/api/taxonomy/proposal", tag = "taxonomy", params(ProposalQuery),
    responses((status = 200, body = ProposalAnswer), (status = 409, description = "`module_off`")))]
pub async fn propose(
    State(app): State<App>,
    member: Member,
    Query(query): Query<ProposalQuery>,
) -> Result<axum::Json<ProposalAnswer>, ApiError> {
    let mut tx = app.db.begin_read(&member.scope).await?;
    let settings: Settings = modules::settings_of(&mut tx, &Taxonomy).await?;
    let all = names::store::list_entities(&mut tx, None).await;
    let all = all.map_err(tenancy::Error::from)?;
    tx.commit().await?;
    let advertiser = query.advertiser_id.filter(|id| !id.is_empty());
    let wanted = |one: &&Named| {
        one.level == query.level
            && settings.checks(&one.entity_status)
            && advertiser
                .as_ref()
                .is_none_or(|id| one.advertiser_id == *id)
    };
    let names: Vec<&str> = all
        .iter()
        .filter(wanted)
        .map(|one| one.name.as_str())
        .collect();
    let mut proposal = learn(&names, query.level);
    if let (Some(proposal), Some(id)) = (&mut proposal, advertiser) {
        proposal.convention.scope.advertiser_ids = vec![id];
    }
    Ok(axum::Json(ProposalAnswer {
        names: names.len() as u64,
        proposal,
    }))
}

/// Build a name
///
/// From the values of its fields; what is known from elsewhere is filled in. A name that comes of it
/// keeps to the convention.
#[utoipa::path(post, path = "/api/taxonomy/conventions/{convention_id}/build", tag = "taxonomy",
    params(("convention_id" = Uuid, Path), ("idempotency-key" = String, Header)), request_body = BuildName,
    responses((status = 200, body = BuiltName), (status = 404, description = "`convention_not_found`"),
        (status = 409, description = "`module_off`")))]
pub async fn build(
    State(app): State<App>,
    member: Member,
    Path(id): Path<Uuid>,
    Json(wish): Json<BuildName>,
) -> Result<axum::Json<BuiltName>, ApiError> {
    let mut tx = app.db.begin_read(&member.scope).await?;
    modules::settings_of::<Settings>(&mut tx, &Taxonomy).await?;
    let all = list_in_force(&mut tx).await.map_err(tenancy::Error::from)?;
    let Some(by) = all.iter().find(|one| one.convention_id == id) else {
        return Err(conventions::Error::NotFound.into());
    };
    let entities = names::store::list_entities(&mut tx, None).await;
    let entities = entities.map_err(tenancy::Error::from)?;
    tx.commit().await?;
    let named = to_be(&wish, by, &entities);
    Ok(axum::Json(built(&wish, by, &all, &entities, &named)))
}

/// The entity that will have the name, as far as it is known.
fn to_be(wish: &BuildName, by: &InForce, entities: &[Named]) -> Named {
    let level = by.compiled.convention.level;
    let above = match level {
        Level::InsertionOrder => Some(Level::Campaign),
        Level::LineItem => Some(Level::InsertionOrder),
        Level::Campaign | Level::Creative => None,
    };
    let parent = entities
        .iter()
        .find(|one| Some(one.level) == above && Some(&one.entity_id) == wish.parent_id.as_ref());
    let advertiser_id = wish.advertiser_id.clone();
    let advertiser_id = advertiser_id.or_else(|| parent.map(|one| one.advertiser_id.clone()));
    let advertiser_id = advertiser_id.unwrap_or_default();
    let sibling = entities
        .iter()
        .find(|one| one.advertiser_id == advertiser_id);
    let said = |part: fn(&Named) -> &String| sibling.map(part).cloned().unwrap_or_default();
    Named {
        dsp: said(|one| &one.dsp),
        level,
        entity_id: String::new(),
        name: String::new(),
        entity_status: "draft".to_owned(),
        advertiser_name: said(|one| &one.advertiser_name),
        currency: said(|one| &one.currency),
        campaign_id: match level {
            Level::InsertionOrder => wish.parent_id.clone(),
            _ => parent.and_then(|one| one.campaign_id.clone()),
        },
        insertion_order_id: wish.parent_id.clone().filter(|_| level == Level::LineItem),
        flight: wish.flight_start.zip(wish.flight_end),
        made_on: None,
        advertiser_id,
    }
}

fn built(
    wish: &BuildName,
    by: &InForce,
    all: &[InForce],
    entities: &[Named],
    named: &Named,
) -> BuiltName {
    let names = Names::new(entities, all, SETTINGS);
    match by.compiled.build(&wish.values, &names.subject(named, "")) {
        Err(issues) => BuiltName { name: None, issues },
        Ok(name) => match taken(by, entities, named, &name) {
            Some(issue) => BuiltName {
                name: None,
                issues: vec![issue],
            },
            None => BuiltName {
                name: Some(name),
                issues: Vec::new(),
            },
        },
    }
}

/// Only the parents are read, so what is checked does not matter.
const SETTINGS: Settings = Settings {
    check_paused: true,
    check_drafts: true,
    check_archived: true,
    suggest: false,
};

/// Another entity has the name already, where it may occur once only.
fn taken(by: &InForce, entities: &[Named], named: &Named, name: &str) -> Option<Issue> {
    if by.compiled.convention.unique == Unique::No {
        return None;
    }
    let wanted = names::unique_key(Some(&by.compiled), named, name);
    let other = entities.iter().find(|one| {
        one.level == named.level && names::unique_key(Some(&by.compiled), one, &one.name) == wanted
    })?;
    Some(Issue {
        code: Code::NotUnique,
        field: None,
        position: None,
        value: Some(name.to_owned()),
        message: format!("{} has this name already", other.entity_id),
    })
}

/// Read a picklist
///
/// Out of a vocabulary as it is published, such as the IAB's. Nothing is kept.
#[utoipa::path(post, path = "/api/taxonomy/picklists/read", tag = "taxonomy",
    params(("idempotency-key" = String, Header)), request_body = ReadPicklist,
    responses((status = 200, body = ReadList), (status = 409, description = "`module_off`"),
        (status = 422, description = "`invalid_picklist`")))]
pub async fn read_picklist(
    State(app): State<App>,
    member: Member,
    Json(wish): Json<ReadPicklist>,
) -> Result<axum::Json<ReadList>, ApiError> {
    let mut tx = app.db.begin_read(&member.scope).await?;
    modules::settings_of::<Settings>(&mut tx, &Taxonomy).await?;
    tx.commit().await?;
    let columns = (wish.code_column.as_deref(), wish.label_column.as_deref());
    let read = picklist::read(&wish.text, columns);
    let read =
        read.map_err(|error| ApiError::unprocessable("invalid_picklist", error.to_string()))?;
    Ok(axum::Json(read))
}
