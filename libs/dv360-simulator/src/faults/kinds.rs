//! The kinds of faults, each something the real APIs were seen doing or could well do.

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// The calls of the two APIs, as a fault tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    CreateQuery,
    FetchQuery,
    ListQueries,
    DeleteQuery,
    RunQuery,
    FetchReport,
    ListReports,
    /// Any of the entity API.
    Entities,
}

/// What an API call that concerns the advertiser is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ApiFault {
    ResourceExhausted,
    DailyLimitExceeded,
    UserRateLimitExceeded,
    PermissionDenied,
    Unauthenticated,
    NotFound,
    Internal,
    Unavailable,
    DeadlineExceeded,
    /// The four refusals of a query, in Google's words.
    InvalidCombination,
    CurrencyMissing,
    RangeTooLong,
    GoalWithoutOrder,
    /// A page of HTML instead of JSON, from something in between.
    BadGateway,
    /// The connection breaks before anything was done.
    Reset,
    /// The call takes effect, and its answer is lost on the way.
    LostAnswer,
    /// Answered as always, but late.
    Slow {
        ms: u32,
    },
}

impl ApiFault {
    /// `None` for those that do not refuse.
    pub(super) fn error(self) -> Option<Error> {
        Some(match self {
            ApiFault::ResourceExhausted => Error::exhausted(),
            ApiFault::DailyLimitExceeded => Error::daily_limit(),
            ApiFault::UserRateLimitExceeded => Error::user_rate_limit(),
            ApiFault::PermissionDenied => Error::no_permission(),
            ApiFault::Unauthenticated => Error::bad_credentials(),
            ApiFault::NotFound => Error::not_found(),
            ApiFault::Internal => Error::internal(),
            ApiFault::Unavailable => Error::unavailable(),
            ApiFault::DeadlineExceeded => Error::deadline(),
            ApiFault::InvalidCombination => Error::combination(),
            ApiFault::CurrencyMissing => Error::currency_missing(),
            ApiFault::RangeTooLong => Error::range_too_long(),
            ApiFault::GoalWithoutOrder => Error::goal_without_order(),
            ApiFault::BadGateway => Error::bad_gateway(),
            ApiFault::Reset => Error::reset(),
            ApiFault::LostAnswer | ApiFault::Slow { .. } => return None,
        })
    }
}

/// What becomes of a report that covers the advertiser; decided when it is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ReportFault {
    Failed,
    DoneWithoutPath,
    QueuedForever,
    RunningForever,
    /// Every link to its file has expired already.
    ExpiredLink,
    /// It waits this long, whatever the others do.
    Delay {
        ms: u64,
    },
}

/// How a download goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum DownloadFault {
    /// Ends after so many bytes while `content-length` promises the whole file.
    CutConnection {
        at: usize,
    },
    /// Ends after so many bytes and says so: nothing in the transport gives it away.
    CutBody {
        at: usize,
    },
    /// Promises so many bytes more than there are.
    LongLength {
        by: usize,
    },
    /// In chunks, without a length.
    WithoutLength,
    /// Compressed, with the encoding named.
    Gzip,
    /// In small pieces with so long a pause between them.
    Slow {
        ms: u32,
    },
    /// Does not know ranges: a part asked for is answered with the whole.
    NoRanges,
    Expired,
    Unavailable,
    /// A sign-in page, with status 200.
    Html,
    /// Sends the client to an address inside somebody's network.
    Redirect,
}

/// What is wrong with, or merely unusual about, a report's file; decided when it is run. All that
/// strike are applied, in the order they were given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum FileFault {
    /// Harmless, and met in the wild.
    Bom,
    Crlf,
    NoTotals,
    IsoDates,
    ShuffledColumns,
    /// `"1,234"` for every figure of 1,000 and more.
    Thousands,
    /// `-` for every figure of zero.
    Dashes,
    /// `Unknown` for some names.
    Unknown,
    ExtraColumn {
        header: String,
    },
    RenamedHeader {
        from: String,
        to: String,
    },
    MissingColumn {
        header: String,
    },
    /// The column holds words.
    RetypedColumn {
        header: String,
    },
    /// `< 1000` for figures under 1,000.
    Censored {
        header: String,
    },
    /// A valid report in which one column is all zero.
    ZeroColumn {
        header: String,
    },
    /// The first dimension of a real row is blank.
    BlankFirstDimension,
    WrongTotals,
    /// The footer tells of other dates than were asked for.
    WrongDates,
    WrongGroups,
    NoFooter,
    /// A row twice; `counted` if the totals row counts it twice as well.
    DuplicateRows {
        #[serde(default)]
        counted: bool,
    },
    /// The last days of the range are not in, and the totals row agrees.
    MissingDays {
        days: u32,
    },
    /// The advertiser of the first row is not in, and the totals row agrees.
    MissingAdvertiser,
    /// A row of an advertiser nobody asked for.
    ForeignRows,
    /// No rows at all, where there should be some.
    Empty,
    Nul,
    Formula,
    Latin1,
    LongLine {
        bytes: usize,
    },
    ManyColumns {
        count: usize,
    },
    /// A sign-in page where the file should be.
    Html,
}

/// How a list of either API goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageFault {
    /// The next page's token is the one that was sent.
    RepeatedToken,
    /// A token that was just given out is refused.
    TokenRefused,
}

/// How the token endpoint answers for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum TokenFault {
    /// The grant is gone.
    InvalidGrant,
    Unavailable,
    Html,
    /// Megabytes of nothing.
    Huge,
    Slow {
        ms: u32,
    },
    Redirect,
}
