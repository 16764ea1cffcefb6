//! `next`, without a database.

use chrono::{DateTime, TimeDelta, Utc};
use contracts::{CellId, Epoch};

use super::{ATTEMPTS_MAX, Action, Observed, Place, State, next};
use crate::operations::State as _;

const START: DateTime<Utc> = DateTime::UNIX_EPOCH;

fn place() -> Place {
    Place {
        cell: CellId::from_uuid(uuid::Uuid::nil()),
        epoch: Epoch::FIRST,
    }
}

fn seen(attempts: u32, hopeless: Option<&str>) -> Observed {
    Observed {
        now: START,
        attempts,
        hopeless: hopeless.map(str::to_owned),
    }
}

fn every_state() -> [State; 7] {
    let (place, deadline) = (place(), START + TimeDelta::seconds(2));
    let reason = "why".to_owned();
    [
        State::Placing,
        State::Preparing { place },
        State::Publishing { place },
        State::AwaitingRouters {
            place,
            seq: 4,
            deadline,
        },
        State::Done { place },
        State::Aborting {
            place: Some(place),
            reason: reason.clone(),
            deadline,
        },
        State::Aborted { reason },
    ]
}

#[test]
fn the_stored_form_names_the_state() {
    for state in every_state() {
        let value = serde_json::to_value(&state).unwrap();
        assert_eq!(value["state"], state.name());
        assert_eq!(serde_json::from_value::<State>(value).unwrap(), state);
    }
}

#[test]
fn each_state_has_one_next_action() {
    let actions: Vec<Action> = every_state()
        .iter()
        .map(|state| next(state, &seen(0, None)))
        .collect();
    let place = place();
    let reason = "why".to_owned();
    let deadline = START + TimeDelta::seconds(2);
    assert_eq!(
        actions,
        [
            Action::Place,
            Action::Prepare { place },
            Action::Publish { place },
            Action::CheckRouters {
                place,
                seq: 4,
                overdue: false,
                deadline
            },
            Action::Nothing,
            Action::Forget {
                place: Some(place),
                reason,
                overdue: false
            },
            Action::Nothing,
        ]
    );
}

#[test]
fn what_is_not_published_is_given_up_when_hopeless_or_tried_too_often() {
    for seen in [seen(ATTEMPTS_MAX, None), seen(0, Some("full"))] {
        for state in every_state() {
            let gives_up = matches!(next(&state, &seen), Action::GiveUp { .. });
            let may = matches!(state, State::Placing | State::Preparing { .. });
            assert_eq!(gives_up, may, "{state:?}");
        }
    }
}

#[test]
fn deadlines_end_every_wait() {
    let late = Observed {
        now: START + TimeDelta::seconds(2),
        ..seen(0, None)
    };
    for state in every_state() {
        match next(&state, &late) {
            Action::CheckRouters { overdue, .. } | Action::Forget { overdue, .. } => {
                assert!(overdue, "{state:?}");
            }
            _ => {}
        }
    }
}
