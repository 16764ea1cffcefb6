//! Bid Manager v2's saved queries: what one asks for, making it once, deleting it.
//!
//! Creating is not repeatable at the source, so a lost answer is settled by looking for a query of
//! the same title. Titles name the shape, so a title is never of two shapes.

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::client::{self, Api, Call, Client};
use crate::ingestion::connector::{Error, Repeat, ReportRequest};
use crate::ingestion::pipelines::Spec;
use crate::ingestion::pipelines::spec::{Role, Source};

/// A schedule has to end some day; the query is made anew long before.
const SCHEDULE_DAYS: u64 = 3 * 365;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Date {
    pub(super) year: i32,
    pub(super) month: u32,
    pub(super) day: u32,
}

impl Date {
    pub(super) fn to_naive(self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.year, self.month, self.day)
    }
}

impl From<NaiveDate> for Date {
    fn from(date: NaiveDate) -> Self {
        Self {
            year: date.year(),
            month: date.month(),
            day: date.day(),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Query {
    query_id: String,
    #[serde(default)]
    metadata: QueryMetadata,
}

/// Queries that somebody else made may lack anything.
#[derive(Default, Deserialize)]
struct QueryMetadata {
    #[serde(default)]
    title: String,
}

/// The spec's columns in its order, of the partner and advertisers. A query that does not repeat is
/// told its days at each run, so those it is saved with mean nothing.
pub(super) fn shape(
    spec: &Spec,
    request: &ReportRequest,
    repeat: Option<Repeat>,
) -> Result<Value, Error> {
    let Source::Dv360 {
        report_type,
        filters: more,
    } = &spec.source
    else {
        let message = format!("pipeline {} is not of this source", spec.pipeline);
        return Err(Error::Rejected(message));
    };
    let names = |role: Role| -> Vec<&str> {
        let columns = spec.columns.iter().filter(|column| column.role == role);
        columns.filter_map(|column| column.ask.as_deref()).collect()
    };
    let mut filters = vec![json!({"type": "FILTER_PARTNER", "value": request.partner_id})];
    filters.extend(
        request
            .advertiser_ids
            .iter()
            .map(|id| json!({"type": "FILTER_ADVERTISER", "value": id})),
    );
    filters.extend(
        more.iter()
            .map(|one| json!({"type": one.name, "value": one.value})),
    );
    let (range, schedule) = match repeat {
        None => ("PREVIOUS_DAY", json!({"frequency": "ONE_TIME"})),
        Some(repeat) => (
            range_of(repeat.days)?,
            json!({"frequency": "DAILY", "nextRunTimezoneCode": repeat.zone.name()}),
        ),
    };
    Ok(json!({
        "metadata": {
            "dataRange": {"range": range},
            "format": "CSV",
            "sendNotification": false,
        },
        "params": {
            "type": report_type,
            "groupBys": names(Role::Dimension),
            "metrics": names(Role::Metric),
            "filters": filters,
        },
        "schedule": schedule,
    }))
}

/// The shortest range the source knows that holds so many complete days. A schedule may not have
/// more than ninety.
fn range_of(days: u32) -> Result<&'static str, Error> {
    let known = [
        (1, "PREVIOUS_DAY"),
        (7, "LAST_7_DAYS"),
        (14, "LAST_14_DAYS"),
        (30, "LAST_30_DAYS"),
        (60, "LAST_60_DAYS"),
        (90, "LAST_90_DAYS"),
    ];
    let found = known.iter().find(|(length, _)| days <= *length);
    found
        .map(|(_, name)| *name)
        .ok_or_else(|| Error::Rejected(format!("a scheduled report cannot be of {days} days")))
}

pub(super) async fn ensure(
    client: &Client,
    title: &str,
    shape: &Value,
    resumed: bool,
) -> Result<String, Error> {
    let body = body(title, shape, Utc::now());
    let mut look = resumed;
    let mut attempt = 0;
    loop {
        if look && let Some(query_id) = find(client, title).await? {
            return Ok(query_id);
        }
        let create = Call {
            api: Api::Reports,
            method: Method::POST,
            path: "queries",
            query: &[],
            body: Some(body.clone()),
            repeatable: false,
        };
        match client.call::<Query>(create).await {
            Ok(query) => return Ok(query.query_id),
            Err(Error::Unavailable(_)) if attempt < client::MAX_RETRIES => {
                tokio::time::sleep(client::backoff(attempt)).await;
                attempt += 1;
                look = true;
            }
            Err(error) => return Err(error),
        }
    }
}

/// What is sent: the shape under its title, with the dates that a schedule needs and that are no
/// part of what it means. They are days of the schedule's own zone: in London's night it begins a day
/// too late for New York.
fn body(title: &str, shape: &Value, now: DateTime<Utc>) -> Value {
    let mut body = shape.clone();
    body["metadata"]["title"] = json!(title);
    if shape["schedule"]["frequency"] != "ONE_TIME" {
        let zone = shape["schedule"]["nextRunTimezoneCode"].as_str();
        let zone: Tz = zone.and_then(|zone| zone.parse().ok()).unwrap_or(Tz::UTC);
        let today = now.with_timezone(&zone).date_naive();
        body["schedule"]["startDate"] = json!(Date::from(today));
        body["schedule"]["endDate"] = json!(Date::from(today + Days::new(SCHEDULE_DAYS)));
    }
    body
}

/// Newest first, so that ours is on the first page unless somebody made a hundred since. Others'
/// queries are in the list, too.
async fn find(client: &Client, title: &str) -> Result<Option<String>, Error> {
    let order = [("orderBy", "queryId desc"), ("pageSize", "100")];
    let queries = client
        .list::<Query>(Api::Reports, "queries", &order)
        .await?;
    let ours = queries
        .into_iter()
        .find(|query| query.metadata.title == title);
    Ok(ours.map(|query| query.query_id))
}

pub(super) async fn delete(client: &Client, query_id: &str) -> Result<(), Error> {
    let path = format!("queries/{query_id}");
    let delete = Call {
        method: Method::DELETE,
        ..Call::get(Api::Reports, &path, &[])
    };
    match client.send(delete).await {
        Ok(_) | Err(Error::NotFound(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    //! What a spec becomes in the source's words.

    use chrono::NaiveDate;
    use serde_json::json;

    use super::{body, range_of, shape};
    use crate::ingestion::connector::{Repeat, ReportRequest};
    use crate::ingestion::pipelines;

    fn request(advertisers: &[&str]) -> ReportRequest {
        let day: NaiveDate = "2026-10-01".parse().unwrap();
        ReportRequest {
            partner_id: "9".to_owned(),
            advertiser_ids: advertisers.iter().map(|id| (*id).to_owned()).collect(),
            start: day,
            end: day,
        }
    }

    #[test]
    fn a_shape_is_the_whole_question_and_not_its_days() {
        let spec = pipelines::find_built_in("dv360_device_days").unwrap();
        let one = shape(&spec, &request(&["1"]), None).unwrap();
        let mut later = request(&["1"]);
        later.end = "2026-11-01".parse().unwrap();
        assert_eq!(shape(&spec, &later, None).unwrap(), one);
        assert_eq!(one["params"]["groupBys"][8], "FILTER_DEVICE_TYPE");
        let more = shape(&spec, &request(&["1", "2"]), None).unwrap();
        assert_ne!(one, more, "the roster is part of it");
        let other = pipelines::find_built_in("dv360_line_item_days").unwrap();
        assert_ne!(one, shape(&other, &request(&["1"]), None).unwrap());
    }

    #[test]
    fn a_schedule_gets_its_dates_when_it_is_sent() {
        let spec = pipelines::find_built_in("dv360_line_item_days").unwrap();
        let repeat = Repeat {
            zone: chrono_tz::America::New_York,
            days: 7,
        };
        let shape = shape(&spec, &request(&["1"]), Some(repeat)).unwrap();
        assert_eq!(
            shape["metadata"]["dataRange"],
            json!({"range": "LAST_7_DAYS"})
        );
        assert!(shape["schedule"].get("startDate").is_none());
        let sent = body("ours", &shape, "2026-10-02T02:00:00Z".parse().unwrap());
        let evening_before = json!({"year": 2026, "month": 10, "day": 1});
        assert_eq!(sent["schedule"]["startDate"], evening_before);
        assert_eq!(sent["schedule"]["endDate"]["year"], 2029);
        assert_eq!(sent["metadata"]["title"], "ours");
        assert_eq!(range_of(8).unwrap(), "LAST_14_DAYS");
        assert!(range_of(91).is_err());
    }
}
