//! The states of a replay lead to an end.

use chrono::NaiveDate;
use contracts::replays::{ReplayDiff, ReplayState};

use super::{Action, Plan, Record, State, Wish, next};
use crate::ingestion::pipelines::spec::Dataset;

fn record(files: u32, positions: u32) -> Record {
    let day = NaiveDate::from_ymd_opt(2026, 10, 1).unwrap();
    Record {
        wish: Wish {
            pipeline: "p".into(),
            start: day,
            end: day,
            version: None,
            dry_run: false,
        },
        plan: Some(Plan {
            dataset: Dataset::LineItemDays,
            dataset_key: "line_item_days".into(),
            dsp: "dv360".into(),
            reading: None,
            files,
            positions,
        }),
        diff: ReplayDiff::default(),
        state: State::Queued,
    }
}

#[test]
fn every_position_is_read_once_and_then_it_ends() {
    let mut record = record(3, 4);
    let mut read = Vec::new();
    while let Some(action) = next(&record.state) {
        let plan = record.plan.clone().unwrap();
        record = match action {
            Action::Plan => record.moved_to(plan.at(0)),
            Action::Read { position } => {
                read.push(position);
                record.moved_to(plan.at(position + 1))
            }
            Action::Conclude => record.moved_to(State::Done),
        };
    }
    assert_eq!(read, [0, 1, 2, 3]);
    assert_eq!(record.state.kind(), ReplayState::Done);
    assert_eq!(record.files(), (3, 3));
}

#[test]
fn what_is_over_stays_over() {
    let failed = record(1, 1).failed("unreadable", "no");
    for state in [State::Done, State::Cancelled, failed.state] {
        assert_eq!(next(&state), None);
        assert!(state.over());
    }
    for state in [
        State::Queued,
        State::Reading { position: 0 },
        State::Concluding,
    ] {
        assert!(next(&state).is_some() && !state.over());
    }
}

#[test]
fn a_record_survives_its_row() {
    let record = record(1, 2).failed("unreadable", "no");
    let row = serde_json::to_value(&record).unwrap();
    assert_eq!(row["state"]["step"], "failed");
    assert_eq!(serde_json::from_value::<Record>(row).unwrap(), record);
}
