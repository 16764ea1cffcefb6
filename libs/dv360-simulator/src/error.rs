//! Google's JSON error, with the wording clients of the real APIs see.
//!
//! Every refusal of the two APIs goes through here, so that a message is written once.

use serde_json::{Value, json};

/// The stock message for anything that is wrong without further explanation.
const INVALID: &str = "Request contains an invalid argument.";

const COMBINATION: &str =
    "The combination of dimensions, metrics, and filters in your report is invalid";
const CURRENCY: &str = "Advertiser Currency must be included as a dimension.";
const NINETY_DAYS: &str =
    "A report with an active schedule cannot have a date range longer than 90 days.";
const IO_GOAL: &str = "Insertion Order or Insertion Order ID is required when Percentage from \
                       Current IO Goal is selected.";

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{status}: {message}")]
pub(crate) struct Error {
    pub(crate) code: u16,
    pub(crate) status: &'static str,
    pub(crate) message: String,
    /// The legacy `errors[].reason`, sent with the 403 forms of a quota refusal.
    pub(crate) reason: Option<&'static str>,
    pub(crate) form: Form,
}

/// What the client gets to see of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Json,
    /// A page from something in between.
    Html,
    /// The connection breaks.
    Broken,
}

impl Error {
    fn new(code: u16, status: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            status,
            message: message.into(),
            reason: None,
            form: Form::Json,
        }
    }

    pub(crate) fn invalid() -> Self {
        Self::new(400, "INVALID_ARGUMENT", INVALID)
    }

    pub(crate) fn invalid_because(message: impl Into<String>) -> Self {
        Self::new(400, "INVALID_ARGUMENT", message)
    }

    pub(crate) fn no_credentials() -> Self {
        Self::new(
            401,
            "UNAUTHENTICATED",
            "Request is missing required authentication credential. Expected OAuth 2 access token, \
             login cookie or other valid authentication credential. See \
             https://developers.google.com/identity/sign-in/web/devconsole-project.",
        )
    }

    pub(crate) fn bad_credentials() -> Self {
        Self::new(
            401,
            "UNAUTHENTICATED",
            "Request had invalid authentication credentials. Expected OAuth 2 access token, login \
             cookie or other valid authentication credential. See \
             https://developers.google.com/identity/sign-in/web/devconsole-project.",
        )
    }

    pub(crate) fn missing_scope() -> Self {
        Self::new(
            403,
            "PERMISSION_DENIED",
            "Request had insufficient authentication scopes.",
        )
    }

    pub(crate) fn no_permission() -> Self {
        Self::new(
            403,
            "PERMISSION_DENIED",
            "The caller does not have permission",
        )
    }

    pub(crate) fn not_found() -> Self {
        Self::new(404, "NOT_FOUND", "Requested entity was not found.")
    }

    pub(crate) fn exhausted() -> Self {
        let message = "Resource has been exhausted (e.g. check quota).";
        Self::new(429, "RESOURCE_EXHAUSTED", message)
    }

    pub(crate) fn daily_limit() -> Self {
        let error = Self::new(403, "PERMISSION_DENIED", "Daily Limit Exceeded");
        Self {
            reason: Some("dailyLimitExceeded"),
            ..error
        }
    }

    pub(crate) fn user_rate_limit() -> Self {
        let error = Self::new(403, "PERMISSION_DENIED", "User Rate Limit Exceeded");
        Self {
            reason: Some("userRateLimitExceeded"),
            ..error
        }
    }

    pub(crate) fn internal() -> Self {
        Self::new(500, "INTERNAL", "Internal error encountered.")
    }

    pub(crate) fn unavailable() -> Self {
        Self::new(503, "UNAVAILABLE", "The service is currently unavailable.")
    }

    pub(crate) fn deadline() -> Self {
        Self::new(
            504,
            "DEADLINE_EXCEEDED",
            "The request deadline was exceeded.",
        )
    }

    pub(crate) fn combination() -> Self {
        Self::invalid_because(COMBINATION)
    }

    pub(crate) fn currency_missing() -> Self {
        Self::invalid_because(CURRENCY)
    }

    pub(crate) fn range_too_long() -> Self {
        Self::invalid_because(NINETY_DAYS)
    }

    pub(crate) fn goal_without_order() -> Self {
        Self::invalid_because(IO_GOAL)
    }

    /// A person may only have so many reports: under way, scheduled or run in a day.
    pub(crate) fn report_quota(message: &str) -> Self {
        Self::new(429, "RESOURCE_EXHAUSTED", message)
    }

    pub(crate) fn bad_gateway() -> Self {
        let error = Self::new(502, "UNAVAILABLE", "bad gateway");
        Self {
            form: Form::Html,
            ..error
        }
    }

    pub(crate) fn reset() -> Self {
        let error = Self::new(200, "UNAVAILABLE", "connection reset");
        Self {
            form: Form::Broken,
            ..error
        }
    }

    /// What Google may well accept and this simulator does not model: loud, and unlike any refusal
    /// of Google's, so that nobody takes it for one.
    pub(crate) fn not_modelled(what: &str) -> Self {
        Self::new(
            501,
            "UNIMPLEMENTED",
            format!("the simulator does not model {what}"),
        )
    }

    pub(crate) fn body(&self) -> Value {
        let mut error = json!({"code": self.code, "message": self.message, "status": self.status});
        if let Some(reason) = self.reason {
            let detail =
                json!({"message": self.message, "domain": "usageLimits", "reason": reason});
            error["errors"] = json!([detail]);
        }
        json!({ "error": error })
    }
}
