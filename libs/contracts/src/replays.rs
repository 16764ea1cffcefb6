//! Reading stored files again: what is asked of a cell, and what it answers. A cell's own API and
//! its internal listener, which operators reach, use the same words.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{BronzeId, ReplayId};

/// The most rows that an answer shows of those that differ.
pub const MAX_SAMPLES: usize = 100;
/// As `pipeline_version`: the spec that each file was read with.
pub const AS_LOADED: &str = "as_loaded";

/// `POST /api/replays` and `PUT /internal/orgs/{org_id}/replays/{replay_id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartReplay {
    /// Absent: the one whose files gave those days, if there is only one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pipeline: Option<String>,
    /// The first day, in the advertisers' own time.
    pub start: NaiveDate,
    /// The last day.
    pub end: NaiveDate,
    /// A version that files were loaded with, as lineage names it; `as_loaded` reads each file with
    /// the spec it was read with. Absent: the spec in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pipeline_version: Option<String>,
    /// Only say what would change.
    pub dry_run: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReplayState {
    Queued,
    Reading,
    Concluding,
    Done,
    Failed,
    Cancelled,
}

impl ReplayState {
    pub const fn over(self) -> bool {
        match self {
            Self::Done | Self::Failed | Self::Cancelled => true,
            Self::Queued | Self::Reading | Self::Concluding => false,
        }
    }
}

/// One replay: how far it is, and what it has found so far.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Replay {
    pub replay_id: ReplayId,
    pub pipeline: String,
    pub start: NaiveDate,
    pub end: NaiveDate,
    /// As wished for; absent: the spec in force.
    pub pipeline_version: Option<String>,
    pub dry_run: bool,
    pub state: ReplayState,
    /// What is going on, for people.
    pub message: String,
    /// From 0 to 1.
    pub progress: f64,
    pub files: u32,
    pub files_read: u32,
    pub problem: Option<ReplayProblem>,
    pub diff: ReplayDiff,
    pub created_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ReplayProblem {
    pub code: String,
    pub message: String,
}

/// What reading the files again gives, against what silver had before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct ReplayDiff {
    pub days: DayCounts,
    pub before: Side,
    /// What silver holds after the replay or, in a dry run, would hold.
    pub after: Side,
    pub rows_equal: u64,
    pub rows_different: u64,
    pub rows_only_before: u64,
    pub rows_only_after: u64,
    /// The first that differ, at most a hundred.
    pub samples: Vec<RowDiff>,
    /// Files that could not be read with this version; their days stay as they are.
    pub unreadable: Vec<UnreadableFile>,
    /// The versions that files were read with.
    pub versions: Vec<String>,
}

/// Days of advertisers, by what the replay found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct DayCounts {
    pub equal: u64,
    pub different: u64,
    pub only_before: u64,
    pub only_after: u64,
    /// Their file cannot be read with this version.
    pub unreadable: u64,
    /// In silver, and no stored file is known to have brought them.
    pub without_file: u64,
    /// A newer file has brought them while the replay was under way.
    pub superseded: u64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct Side {
    pub rows: u64,
    /// By metric, over all currencies.
    pub sums: BTreeMap<String, i64>,
    /// SHA-256 of all business columns in the order of their keys, in hex; once all is read.
    pub sha256: Option<String>,
}

/// A row that is not the same on both sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RowDiff {
    pub advertiser_id: String,
    pub date: NaiveDate,
    pub line_item_id: String,
    pub breakdown: String,
    pub columns: Vec<ColumnDiff>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ColumnDiff {
    pub column: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct UnreadableFile {
    pub bronze_id: BronzeId,
    pub code: String,
    pub message: String,
    pub line: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ReplayList {
    /// Newest first.
    pub items: Vec<Replay>,
    pub next_cursor: Option<String>,
}

/// One advertiser's day of a replay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ReplayDay {
    pub advertiser_id: String,
    pub date: NaiveDate,
    /// The file that gives the day; absent if none is known.
    pub bronze_id: Option<BronzeId>,
    /// `planned`, `equal`, `different`, `only_before`, `only_after`, `unreadable`, `without_file`
    /// or `superseded`.
    pub state: String,
    /// SHA-256 of the day's rows, in hex; absent before it is read and where there are none.
    pub sha256_before: Option<String>,
    pub sha256_after: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ReplayDayList {
    pub items: Vec<ReplayDay>,
    pub next_cursor: Option<String>,
}
