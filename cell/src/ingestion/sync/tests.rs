//! The machine's shape: every state has its action, and pauses grow.

use chrono::{DateTime, NaiveDate, Utc};
use contracts::BronzeId;

use super::reports::is_of_morning;
use super::{Action, FIRST_PIPELINE, Problem, Record, Report, State, Waiting, next};
use crate::ingestion::connector::{ReportState, SeenReport};

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

/// Los Angeles and Sydney in one query: at six in the morning in Los Angeles the day after has
/// ended in Sydney, so each report covers what the next morning wants, too.
#[test]
fn a_report_of_the_morning_before_is_not_this_mornings() {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    let seen = |days: (&str, &str), finished: Option<&str>| SeenReport {
        report_id: "1".into(),
        state: ReportState::Ready,
        days: Some((day(days.0), day(days.1))),
        finished_at: finished.map(at),
    };
    let wanted = (day("2026-03-04"), day("2026-03-11"));
    let midnight = at("2026-03-12T07:00:00Z");
    let today = ("2026-02-26", "2026-03-12");
    let yesterday = ("2026-02-25", "2026-03-11");
    for (days, finished, expected) in [
        (today, Some("2026-03-12T13:04:00Z"), true),
        (today, None, true),
        (yesterday, Some("2026-03-11T13:04:00Z"), false),
        (("2026-03-04", "2026-03-12"), None, false),
        (("2026-02-25", "2026-03-10"), None, false),
    ] {
        let found = is_of_morning(&seen(days, finished), wanted, midnight);
        assert_eq!(found, expected, "{days:?} {finished:?}");
    }
}
