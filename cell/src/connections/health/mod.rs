//! Whether a connection works, and if not, what a person can do about it.

use crate::connections::ConnectionState;
use crate::ingestion::sync::Problem;
use crate::ingestion::sync::breaker::BreakerState;

pub mod http;

/// In one sentence, for the person who looks; none: nothing.
pub(super) fn what_to_do(
    state: ConnectionState,
    breaker: BreakerState,
    problem: Option<&Problem>,
    last: Option<&Problem>,
) -> Option<&'static str> {
    let code = problem.or(last).map(|problem| problem.code.as_str());
    match (state, code) {
        (ConnectionState::NeedsSetup, _) => {
            Some("Choose a partner and the advertisers to bring in.")
        }
        (_, Some("signed_out" | "source_unauthorized" | "credentials_unreadable")) => {
            Some("Connect again: the consent has ended. Missed days are fetched afterwards.")
        }
        (_, Some("missing_scopes")) => {
            Some("Connect again and allow everything that is asked for.")
        }
        (_, Some("source_forbidden")) => Some(
            "Let an administrator of the source add the account as a user of the partner, \
             with reporting rights.",
        ),
        (_, Some("source_not_found")) => Some(
            "Check that the partner and advertisers still exist and that the account sees them.",
        ),
        (_, Some("source_rejected")) => {
            Some("Check the pipeline: the source does not take what it asks for.")
        }
        (ConnectionState::Active, Some("advertisers_out_of_sight")) => {
            Some("Give the account access to these advertisers and connect again, or choose anew.")
        }
        (ConnectionState::Active, Some("links_refused")) => Some(
            "Let the operator check that this machine's clock is right and that download \
             addresses reach the source unchanged.",
        ),
        (ConnectionState::Paused | ConnectionState::Failed, _) => Some("Connect again."),
        (
            ConnectionState::Active,
            Some("source_quota" | "budget_used_up" | "pipeline_budget_used_up"),
        ) => Some("Nothing: it goes on by itself when requests are left again."),
        (ConnectionState::Active, _) if breaker != BreakerState::Closed => {
            Some("Nothing: the source does not answer and is tried again by itself.")
        }
        (
            ConnectionState::Active,
            Some("file_refused" | "suspiciously_empty" | "duplicate_rows"),
        ) => Some("Look at the file in quarantine."),
        (ConnectionState::Active, _) => None,
    }
}

#[cfg(test)]
mod tests {
    //! Every problem has its advice.

    use super::what_to_do;
    use crate::connections::ConnectionState::{Active, Paused};
    use crate::ingestion::sync::Problem;
    use crate::ingestion::sync::breaker::BreakerState::{Closed, Open};

    #[test]
    fn who_looks_is_told_what_to_do() {
        let of = |code: &str| Problem::new(code, "x");
        assert_eq!(what_to_do(Active, Closed, None, None), None);
        assert!(
            what_to_do(Active, Open, None, None)
                .unwrap()
                .contains("by itself")
        );
        let signed_out = of("signed_out");
        let advice = what_to_do(Paused, Closed, Some(&signed_out), None).unwrap();
        assert!(advice.contains("Connect again"));
        for code in [
            "source_forbidden",
            "source_not_found",
            "source_rejected",
            "links_refused",
            "advertisers_out_of_sight",
        ] {
            assert!(
                what_to_do(Active, Closed, None, Some(&of(code))).is_some(),
                "{code}"
            );
        }
    }
}
