//! Names over HTTP: how many keep to their convention, which do not, and what they were meant to be.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use service_kit::ApiError;
use service_kit::extract::Query;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::{Broken, Count, DayCount, Filter, Found};
use super::{Judged, export, store};
use crate::app::App;
use crate::auth::Member;
use crate::modules;
use crate::modules::pacing::exact;
use crate::modules::taxonomy::Taxonomy;
use crate::modules::taxonomy::check::Issue;
use crate::modules::taxonomy::convention::Level;
use crate::modules::taxonomy::settings::Settings;
use crate::modules::taxonomy::suggest::Suggestion;
use crate::tenancy;

const DEFAULT_LIMIT: u16 = 100;
const MOST: u16 = 500;
/// The most names of one export.
const MOST_EXPORTED: i64 = 100_000;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NamesQuery {
    level: Option<Level>,
    advertiser_id: Option<String>,
    entity_id: Option<String>,
    /// Names that keep to their convention, or those that do not; absent: all.
    compliant: Option<bool>,
    /// With an issue of this field.
    field: Option<String>,
    /// With an issue of this kind, such as `not_in_list`.
    code: Option<String>,
    /// Part of the name, or the id.
    search: Option<String>,
    cursor: Option<String>,
    /// At most 500; default 100.
    limit: Option<u16>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ComplianceQuery {
    advertiser_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct NameList {
    pub items: Vec<NameAnswer>,
    pub next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NamingName)]
pub struct NameAnswer {
    pub dsp: String,
    pub level: String,
    pub entity_id: String,
    pub advertiser_id: String,
    pub advertiser_name: String,
    pub parent_id: Option<String>,
    pub name: String,
    pub entity_status: String,
    /// Absent: none is for it.
    pub convention_id: Option<Uuid>,
    pub compliant: Option<bool>,
    pub issues: Vec<Issue>,
    /// The likeliest first.
    pub suggestions: Vec<Suggestion>,
}

/// How many names keep to their convention.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NamingCompliance)]
pub struct Compliance {
    /// Over all levels and advertisers.
    pub total: Share,
    pub levels: Vec<LevelShare>,
    pub advertisers: Vec<AdvertiserShare>,
    /// What is wrong most often, the most frequent first.
    pub broken: Vec<BrokenField>,
    /// At the end of each of the last days, by the conventions of now.
    pub days: Vec<DayShare>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = NamingShare)]
pub struct Share {
    pub names: i64,
    /// Those that a convention is for.
    pub checked: i64,
    pub compliant: i64,
    /// Of those checked, with two digits; absent while none is.
    pub percent: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NamingLevelShare)]
pub struct LevelShare {
    pub level: String,
    #[serde(flatten)]
    pub share: Share,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NamingAdvertiserShare)]
pub struct AdvertiserShare {
    pub advertiser_id: String,
    pub advertiser_name: String,
    #[serde(flatten)]
    pub share: Share,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NamingBrokenField)]
pub struct BrokenField {
    pub level: String,
    /// Absent: it is about the whole name.
    pub field: Option<String>,
    pub code: String,
    pub names: i64,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NamingDayShare)]
pub struct DayShare {
    pub date: NaiveDate,
    pub checked: i64,
    pub compliant: i64,
    pub percent: Option<String>,
    pub levels: Vec<NamingDayLevel>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct NamingDayLevel {
    pub level: String,
    pub checked: i64,
    pub compliant: i64,
}

/// How names stand
#[utoipa::path(get, path = "/api/taxonomy/compliance", tag = "taxonomy", params(ComplianceQuery),
    responses((status = 200, body = Compliance), (status = 409, description = "`module_off`")))]
pub async fn compliance(
    State(app): State<App>,
    member: Member,
    Query(query): Query<ComplianceQuery>,
) -> Result<axum::Json<Compliance>, ApiError> {
    let mut tx = app.db.begin_read(&member.scope).await?;
    modules::settings_of::<Settings>(&mut tx, &Taxonomy).await?;
    let of = query.advertiser_id.as_deref();
    let counts = store::count(&mut tx, of).await;
    let broken = store::list_broken(&mut tx, of).await;
    let days = store::list_days(&mut tx, of).await;
    let counts = counts.map_err(tenancy::Error::from)?;
    let broken = broken.map_err(tenancy::Error::from)?;
    let days = days.map_err(tenancy::Error::from)?;
    tx.commit().await?;
    Ok(axum::Json(sum_up(&counts, broken, days)))
}

fn sum_up(counts: &[Count], broken: Vec<Broken>, days: Vec<DayCount>) -> Compliance {
    let mut total = Share::default();
    let mut levels: BTreeMap<Level, Share> = BTreeMap::new();
    let mut advertisers: BTreeMap<&str, (String, Share)> = BTreeMap::new();
    for one in counts {
        let advertiser = advertisers.entry(&one.advertiser_id).or_default();
        advertiser.0 = one.advertiser_name.clone().unwrap_or_default();
        advertiser.1.add(one);
        total.add(one);
        if let Some(level) = Level::find(&one.level) {
            levels.entry(level).or_default().add(one);
        }
    }
    let mut advertisers: Vec<AdvertiserShare> = advertisers
        .into_iter()
        .map(|(id, (name, share))| AdvertiserShare {
            advertiser_id: id.to_owned(),
            advertiser_name: name,
            share: share.told(),
        })
        .collect();
    // Where most is to be done first.
    advertisers.sort_by_key(|one| one.share.compliant - one.share.checked);
    Compliance {
        total: total.told(),
        levels: levels
            .into_iter()
            .map(|(level, share)| LevelShare {
                level: level.as_str().to_owned(),
                share: share.told(),
            })
            .collect(),
        advertisers,
        broken: broken
            .into_iter()
            .map(|one| BrokenField {
                level: one.level,
                field: one.field,
                code: one.code,
                names: one.names,
            })
            .collect(),
        days: by_day(days),
    }
}

fn by_day(rows: Vec<DayCount>) -> Vec<DayShare> {
    let mut days: Vec<DayShare> = Vec::new();
    for row in rows {
        if days.last().is_none_or(|day| day.date != row.date) {
            days.push(DayShare {
                date: row.date,
                checked: 0,
                compliant: 0,
                percent: None,
                levels: Vec::new(),
            });
        }
        let Some(day) = days.last_mut() else { continue };
        day.checked += row.checked;
        day.compliant += row.compliant;
        day.percent = percent(day.compliant, day.checked);
        day.levels.push(NamingDayLevel {
            level: row.level,
            checked: row.checked,
            compliant: row.compliant,
        });
    }
    days
}

fn percent(compliant: i64, checked: i64) -> Option<String> {
    (checked > 0).then(|| exact::two_digits(i128::from(compliant) * 100, checked.into()))
}

impl Share {
    fn add(&mut self, count: &Count) {
        self.names += count.names;
        self.checked += count.checked;
        self.compliant += count.compliant;
    }

    fn told(mut self) -> Self {
        self.percent = percent(self.compliant, self.checked);
        self
    }
}

/// Names with what is wrong with them
///
/// As the latest run found them.
#[utoipa::path(get, path = "/api/taxonomy/names", tag = "taxonomy", params(NamesQuery),
    responses((status = 200, body = NameList), (status = 400, description = "`invalid_cursor`"),
        (status = 409, description = "`module_off`")))]
pub async fn list(
    State(app): State<App>,
    member: Member,
    Query(query): Query<NamesQuery>,
) -> Result<axum::Json<NameList>, ApiError> {
    let after = query.cursor.as_deref().map(read_cursor).transpose()?;
    let limit = i64::from(query.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MOST));
    let mut tx = app.db.begin_read(&member.scope).await?;
    modules::settings_of::<Settings>(&mut tx, &Taxonomy).await?;
    let found = store::list_found(&mut tx, &query.into(), after.as_ref(), limit + 1).await;
    let mut found = found.map_err(tenancy::Error::from)?;
    tx.commit().await?;
    let more = found.len() as i64 > limit;
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let last = found.last().filter(|_| more);
    Ok(axum::Json(NameList {
        next_cursor: last.map(write_cursor),
        items: found.into_iter().map(NameAnswer::from).collect(),
    }))
}

/// Names and suggestions as a file
///
/// CSV: each name beside what it was probably meant to be, for a bulk edit at the source. Nothing is
/// changed there. A cell that a spreadsheet would take for a formula begins with an apostrophe.
#[utoipa::path(get, path = "/api/taxonomy/names/export", tag = "taxonomy", params(NamesQuery),
    responses((status = 200, body = String, content_type = "text/csv"),
        (status = 409, description = "`module_off`")))]
pub async fn export(
    State(app): State<App>,
    member: Member,
    Query(query): Query<NamesQuery>,
) -> Result<Response, ApiError> {
    let mut tx = app.db.begin_read(&member.scope).await?;
    modules::settings_of::<Settings>(&mut tx, &Taxonomy).await?;
    let found = store::list_found(&mut tx, &query.into(), None, MOST_EXPORTED).await;
    let found = found.map_err(tenancy::Error::from)?;
    tx.commit().await?;
    let names: Vec<NameAnswer> = found.into_iter().map(NameAnswer::from).collect();
    let text = export::write(&names).map_err(ApiError::internal)?;
    let head = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"names.csv\"",
        ),
    ];
    Ok((head, text).into_response())
}

fn write_cursor(one: &Found) -> String {
    let last = (&one.level, &one.name, &one.entity_id, &one.dsp);
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(&last).unwrap_or_default())
}

fn read_cursor(cursor: &str) -> Result<(String, String, String, String), ApiError> {
    let read = URL_SAFE_NO_PAD.decode(cursor).ok();
    let read = read.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let stored = |last: &(String, String, String, String)| !last.1.contains('\0');
    read.filter(stored).ok_or_else(|| {
        ApiError::bad_request(
            "invalid_cursor",
            "this cursor is not from a page of this list",
        )
    })
}

impl From<NamesQuery> for Filter {
    fn from(query: NamesQuery) -> Self {
        let said = |text: Option<String>| text.filter(|text| !text.is_empty());
        Self {
            level: query.level.map(|level| level.as_str().to_owned()),
            advertiser_id: said(query.advertiser_id),
            entity_id: said(query.entity_id),
            compliant: query.compliant,
            field: said(query.field),
            code: said(query.code),
            search: said(query.search),
        }
    }
}

impl From<Found> for NameAnswer {
    fn from(found: Found) -> Self {
        Self {
            dsp: found.dsp,
            level: found.level,
            entity_id: found.entity_id,
            advertiser_id: found.advertiser_id,
            advertiser_name: found.advertiser_name.unwrap_or_default(),
            parent_id: found.parent_id,
            name: found.name,
            entity_status: found.entity_status,
            convention_id: found.convention_id,
            compliant: found.compliant,
            issues: serde_json::from_value(found.issues).unwrap_or_default(),
            suggestions: serde_json::from_value(found.suggestions).unwrap_or_default(),
        }
    }
}

impl NameAnswer {
    /// One that was not kept, because it is only tried.
    pub(in crate::modules::taxonomy) fn new(
        one: &Judged<'_>,
        suggestions: Vec<Suggestion>,
    ) -> Self {
        let entity = one.entity;
        Self {
            dsp: entity.dsp.clone(),
            level: entity.level.as_str().to_owned(),
            entity_id: entity.entity_id.clone(),
            advertiser_id: entity.advertiser_id.clone(),
            advertiser_name: entity.advertiser_name.clone(),
            parent_id: entity.parent().map(|(_, id)| id.to_owned()),
            name: entity.name.clone(),
            entity_status: entity.entity_status.clone(),
            convention_id: one.by.map(|by| by.convention_id),
            compliant: one.compliant(),
            issues: one.issues.clone(),
            suggestions,
        }
    }
}
