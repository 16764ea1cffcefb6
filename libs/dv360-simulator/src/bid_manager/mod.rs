//! Bid Manager v2: saved queries, the reports they make, and who may see them.
//!
//! A report's file is never stored. It is rendered when it is downloaded, from the world as it was
//! and at the clock reading the report was made with, so it is the same bytes every time.

pub(crate) mod shape;

pub(crate) mod validate;

pub(crate) mod ranges;

pub(crate) mod catalogue;

pub(crate) mod render;

pub(crate) mod schedule;

pub(crate) mod store;

pub(crate) mod runs;

pub(crate) mod foreign;

pub(crate) mod sheet;

pub(crate) mod http;

#[cfg(test)]
mod tests;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Query {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) query_id: String,
    pub(crate) metadata: Metadata,
    pub(crate) params: Parameters,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) schedule: Option<Schedule>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Metadata {
    pub(crate) title: String,
    pub(crate) data_range: DataRange,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) format: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) send_notification: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) share_email_address: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct DataRange {
    pub(crate) range: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) custom_start_date: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) custom_end_date: Option<Date>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Date {
    pub(crate) year: i32,
    pub(crate) month: u32,
    pub(crate) day: u32,
}

impl Date {
    pub(crate) fn calendar(self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.year, self.month, self.day)
    }
}

impl From<NaiveDate> for Date {
    fn from(date: NaiveDate) -> Self {
        Date {
            year: date.year(),
            month: date.month(),
            day: date.day(),
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Parameters {
    pub(crate) r#type: String,
    pub(crate) group_bys: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) filters: Vec<FilterPair>,
    pub(crate) metrics: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) options: Option<Options>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct FilterPair {
    pub(crate) r#type: String,
    pub(crate) value: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Options {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) include_only_targeted_user_lists: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Schedule {
    pub(crate) frequency: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) start_date: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) end_date: Option<Date>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) next_run_timezone_code: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RunRequest {
    pub(crate) data_range: Option<DataRange>,
}
