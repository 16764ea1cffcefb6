//! Request bodies checked against their message types, with the errors of Google's JSON reader.
//!
//! An id sent as a number, a misspelt field or an unknown enum value is refused here, before
//! anything is said about what the request means.

use serde_json::Value;

use crate::error::Error;
use crate::params::snake_case;

pub(crate) enum Kind {
    Text,
    Bool,
    Int32,
    Enum(&'static [&'static str]),
    List(&'static Kind),
    Message(&'static [(&'static str, Kind)]),
}

const FORMATS: &[&str] = &["CSV", "XLSX"];
const FREQUENCIES: &[&str] = &[
    "ONE_TIME",
    "DAILY",
    "WEEKLY",
    "SEMI_MONTHLY",
    "MONTHLY",
    "QUARTERLY",
    "YEARLY",
];
const TYPES: &[&str] = &[
    "STANDARD",
    "INVENTORY_AVAILABILITY",
    "AUDIENCE_COMPOSITION",
    "FLOODLIGHT",
    "YOUTUBE",
    "GRP",
    "YOUTUBE_PROGRAMMATIC_GUARANTEED",
    "REACH",
    "UNIQUE_REACH_AUDIENCE",
    "FULL_PATH",
    "PATH_ATTRIBUTION",
];
const RANGES: &[&str] = &[
    "CUSTOM_DATES",
    "CURRENT_DAY",
    "PREVIOUS_DAY",
    "WEEK_TO_DATE",
    "MONTH_TO_DATE",
    "QUARTER_TO_DATE",
    "YEAR_TO_DATE",
    "PREVIOUS_WEEK",
    "PREVIOUS_MONTH",
    "PREVIOUS_QUARTER",
    "PREVIOUS_YEAR",
    "LAST_7_DAYS",
    "LAST_14_DAYS",
    "LAST_30_DAYS",
    "LAST_60_DAYS",
    "LAST_90_DAYS",
    "LAST_365_DAYS",
    "ALL_TIME",
];
const DATE: Kind = Kind::Message(&[
    ("year", Kind::Int32),
    ("month", Kind::Int32),
    ("day", Kind::Int32),
]);
const DATA_RANGE: Kind = Kind::Message(&[
    ("range", Kind::Enum(RANGES)),
    ("customStartDate", DATE),
    ("customEndDate", DATE),
]);
const FILTER: Kind = Kind::Message(&[("type", Kind::Text), ("value", Kind::Text)]);
const PARAMETERS: Kind = Kind::Message(&[
    ("type", Kind::Enum(TYPES)),
    ("groupBys", Kind::List(&Kind::Text)),
    ("metrics", Kind::List(&Kind::Text)),
    ("filters", Kind::List(&FILTER)),
    (
        "options",
        Kind::Message(&[("includeOnlyTargetedUserLists", Kind::Bool)]),
    ),
]);
pub(crate) const QUERY: Kind = Kind::Message(&[
    ("queryId", Kind::Text),
    (
        "metadata",
        Kind::Message(&[
            ("title", Kind::Text),
            ("dataRange", DATA_RANGE),
            ("format", Kind::Enum(FORMATS)),
            ("sendNotification", Kind::Bool),
            ("shareEmailAddress", Kind::List(&Kind::Text)),
        ]),
    ),
    ("params", PARAMETERS),
    (
        "schedule",
        Kind::Message(&[
            ("frequency", Kind::Enum(FREQUENCIES)),
            ("startDate", DATE),
            ("endDate", DATE),
            ("nextRunTimezoneCode", Kind::Text),
        ]),
    ),
]);
pub(crate) const RUN_REQUEST: Kind = Kind::Message(&[("dataRange", DATA_RANGE)]);

/// Reads a body as the message, or says what Google says. `root` is the name of the message.
pub(crate) fn read<T>(body: &[u8], kind: &Kind, root: &str) -> Result<T, Error>
where
    T: serde::de::DeserializeOwned + Default,
{
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(T::default());
    }
    let value: Value = serde_json::from_slice(body)
        .map_err(|_| Error::invalid_because("Invalid JSON payload received. Unexpected token."))?;
    check(&value, kind, root)?;
    serde_json::from_value(value).map_err(|_| Error::invalid())
}

fn check(value: &Value, kind: &Kind, path: &str) -> Result<(), Error> {
    let wrong = |name: &str| {
        Err(Error::invalid_because(format!(
            "Invalid value at '{path}' ({name}), {value}"
        )))
    };
    match (kind, value) {
        (_, Value::Null) => wrong("null"),
        (Kind::Text, Value::String(_)) | (Kind::Bool, Value::Bool(_)) => Ok(()),
        (Kind::Text, _) => wrong("TYPE_STRING"),
        (Kind::Bool, _) => wrong("TYPE_BOOL"),
        (Kind::Int32, _) => match value.as_i64().map(i32::try_from) {
            Some(Ok(_)) => Ok(()),
            _ => wrong("TYPE_INT32"),
        },
        (Kind::Enum(names), Value::String(text)) if names.contains(&text.as_str()) => Ok(()),
        (Kind::Enum(_), _) => wrong("TYPE_ENUM"),
        (Kind::List(of), Value::Array(items)) => {
            let mut items = items.iter().enumerate();
            items.try_for_each(|(at, item)| check(item, of, &format!("{path}[{at}]")))
        }
        (Kind::List(_), _) => wrong("TYPE_ARRAY"),
        (Kind::Message(fields), Value::Object(object)) => {
            object.iter().try_for_each(|(name, item)| {
                let field = fields.iter().find(|(known, _)| known == name);
                let Some((_, kind)) = field else {
                    return Err(Error::invalid_because(format!(
                        "Invalid JSON payload received. Unknown name \"{name}\" at '{path}': \
                         Cannot find field."
                    )));
                };
                check(item, kind, &format!("{path}.{}", snake_case(name)))
            })
        }
        (Kind::Message(_), _) => wrong("TYPE_MESSAGE"),
    }
}
