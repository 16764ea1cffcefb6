//! The machine's shape: every state has its action, and pauses grow.

use std::time::Duration;

use contracts::BronzeId;

use super::steps::pause_before;
use super::{Action, Problem, Report, State, next};

fn report() -> Report {
    Report {
        query_id: "1".into(),
        report_id: "2".into(),
        failed: Vec::new(),
    }
}

#[test]
fn a_sync_goes_from_step_to_step_and_ends() {
    let since = chrono::Utc::now();
    let problem = || Problem::new("x", "y");
    let states = [
        State::Queued,
        State::Entities,
        State::Requesting {
            query_id: None,
            failed: Vec::new(),
        },
        State::Requesting {
            query_id: Some("1".into()),
            failed: Vec::new(),
        },
        State::Waiting {
            report: report(),
            since,
            polls: 3,
        },
        State::Downloading {
            report: report(),
            attempt: 0,
        },
        State::Loading {
            report: report(),
            attempt: 0,
            bronze_id: BronzeId::new(),
        },
        State::Done {
            rows: 1,
            control_total: true,
        },
        State::Failed { problem: problem() },
        State::Quarantined { problem: problem() },
    ];
    let actions: Vec<Option<Action>> = states.iter().map(next).collect();
    assert_eq!(
        actions,
        [
            Some(Action::Begin),
            Some(Action::FetchEntities),
            Some(Action::CreateQuery),
            Some(Action::RunQuery),
            Some(Action::AwaitReport),
            Some(Action::Download),
            Some(Action::Load),
            None,
            None,
            None,
        ]
    );
    let progress: Vec<f64> = states.iter().map(State::progress).collect();
    assert!(progress.is_sorted());
    for state in &states {
        assert_eq!(state.over(), next(state).is_none());
        let text = serde_json::to_value(state).unwrap();
        assert_eq!(text["step"], state.step());
        assert_eq!(serde_json::from_value::<State>(text).unwrap(), *state);
    }
}

#[test]
fn pauses_between_polls_double_up_to_two_minutes() {
    let pauses: Vec<f64> = (0..12)
        .map(|polls| pause_before(polls).as_secs_f64())
        .collect();
    assert_eq!(pauses[..6], [0.25, 0.5, 1.0, 2.0, 4.0, 8.0]);
    assert_eq!(pause_before(u32::MAX), Duration::from_secs(120));
}
