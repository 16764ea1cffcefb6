//! The machine's shape: every state has its action, and pauses grow.

use contracts::BronzeId;

use super::{Action, FIRST_PIPELINE, Problem, Record, Report, State, Waiting, next};

fn report() -> Report {
    Report {
        query_id: "1".into(),
        report_id: "2".into(),
        failed: Vec::new(),
    }
}

fn one_of_each() -> [State; 12] {
    let since = chrono::Utc::now();
    let problem = || Problem::new("x", "y");
    [
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
        State::Waiting(Waiting {
            report: report(),
            since,
            polls: 3,
            ask_at: Some(since),
            scheduled: false,
        }),
        State::Paused {
            problem: problem(),
            until: since,
            resume: Box::new(State::Downloading {
                report: report(),
                attempt: 0,
            }),
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
        State::Cancelled,
    ]
}

#[test]
fn a_sync_goes_from_step_to_step_and_ends() {
    let states = one_of_each();
    let actions: Vec<Option<Action>> = states.iter().map(next).collect();
    assert_eq!(
        actions,
        [
            Some(Action::Begin),
            Some(Action::FetchEntities),
            Some(Action::CreateQuery),
            Some(Action::RunQuery),
            Some(Action::AwaitReport),
            Some(Action::Resume),
            Some(Action::Download),
            Some(Action::Load),
            None,
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

/// As rows from before pipelines were data have it.
#[test]
fn an_older_record_is_still_read() {
    let text = r#"{
        "request": {"title": "cellplane x", "partner_id": "9", "advertiser_ids": ["1"],
                    "start": "2026-10-01", "end": "2026-10-31"},
        "advertisers": [],
        "state": {"step": "waiting", "since": "2026-11-01T00:00:00Z", "polls": 2,
                  "report": {"query_id": "1", "report_id": "2", "failed": []}}
    }"#;
    let record: Record = serde_json::from_str(text).unwrap();
    assert_eq!(record.spec.pipeline, FIRST_PIPELINE);
    assert!(!record.watched);
    let State::Waiting(waiting) = record.state else {
        panic!("it waits");
    };
    assert_eq!((waiting.polls, waiting.scheduled), (2, false));
}
