//! What a fence or a failing database looks like over HTTP.

use axum::http::{HeaderName, HeaderValue, StatusCode};
use service_kit::ApiError;

use super::{Error, FenceState};

/// Says why an org was refused, and the epoch in force here: `moved 7`. The router asks its route
/// table again and repeats the request elsewhere; nothing of it was executed here.
const REFUSED: HeaderName = HeaderName::from_static("x-cellplane-refused");

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        match &error {
            Error::Fenced(fence) => {
                let epoch = fence.epoch.map_or_else(|| "-".into(), |e| e.to_string());
                let said = format!("{} {epoch}", fence.state.as_str());
                let said = HeaderValue::from_str(&said).expect("words and digits");
                let answer = match fence.state {
                    FenceState::Frozen => Self::unavailable(
                        "org_moving",
                        "this org is being moved; try again in a moment",
                        1,
                    ),
                    FenceState::Absent
                    | FenceState::Active
                    | FenceState::Moved
                    | FenceState::Incoming => Self::new(
                        StatusCode::MISDIRECTED_REQUEST,
                        "org_elsewhere",
                        "this org is served elsewhere; try again",
                    ),
                };
                answer.with_header(REFUSED, said)
            }
            Error::Busy => Self::unavailable("busy", "too much is going on; try again", 1),
            Error::Database(_) if error.passes_by_itself() => {
                Self::unavailable("busy", "too much is going on; try again", 1).with_source(error)
            }
            // Text of the request that no row can hold, such as an id with a NUL in it.
            Error::Database(_) if error.names_impossible_text() => {
                Self::not_found("not_found", "there is nothing here")
            }
            Error::Database(_) => Self::internal(error),
        }
    }
}
