//! How budgets came to be what they are, from the history of their entities.

use chrono::NaiveDate;
use serde_json::Value;

use super::Segment;
use super::plan::Edit;

/// How something was from a day of its advertiser's on, in our own words.
#[derive(Debug)]
pub(super) struct Was {
    pub(super) from: NaiveDate,
    pub(super) attributes: Value,
}

/// How a segment came to be as it is. A segment has no id at the source: it is the one that begins
/// on the same day, back to the version that has none such.
pub(super) fn segment_edits(segment: &Segment, history: &[Was]) -> Vec<Edit> {
    let found = history.iter().rev().map_while(|was| {
        let segments = was.attributes.get("segments")?.as_array()?;
        let same = segments
            .iter()
            .find(|one| date(one, "start") == Some(segment.start))?;
        Some(Edit {
            from: was.from,
            end: date(same, "end")?,
            budget: same.get("budget_micros")?.as_i64()?,
        })
    });
    let mut edits: Vec<Edit> = found.collect();
    edits.reverse();
    let now = Edit {
        from: edits.last().map_or(segment.start, |last| last.from),
        end: segment.end,
        budget: segment.budget_micros,
    };
    settle(edits, now, segment.start)
}

/// How a line item's own flight came to be as it is; nothing if it runs with its order's segment.
pub(super) fn flight_edits(flight: Option<(NaiveDate, NaiveDate)>, history: &[Was]) -> Vec<Edit> {
    let Some((start, _)) = flight else {
        return Vec::new();
    };
    let found = history.iter().rev().map_while(|was| {
        let flight = was.attributes.get("flight")?.as_array()?;
        let day = |at: usize| flight.get(at)?.as_str()?.parse::<NaiveDate>().ok();
        let begins = day(0).filter(|begins| *begins == start);
        Some(Edit {
            from: begins.and(Some(was.from))?,
            end: day(1)?,
            budget: was.attributes.get("budget_micros")?.as_i64()?,
        })
    });
    let mut edits: Vec<Edit> = found.collect();
    edits.reverse();
    let Some(now) = edits.last().copied() else {
        return Vec::new();
    };
    settle(edits, now, start)
}

fn date(value: &Value, key: &str) -> Option<NaiveDate> {
    value.get(key)?.as_str()?.parse().ok()
}

/// Only what differs is an edit, of several on a day the last, and what was before the start is how
/// it began.
fn settle(mut edits: Vec<Edit>, now: Edit, start: NaiveDate) -> Vec<Edit> {
    if edits.last() != Some(&now) {
        edits.push(now);
    }
    let mut settled: Vec<Edit> = Vec::new();
    for mut edit in edits {
        edit.from = edit.from.max(start);
        if settled.is_empty() {
            edit.from = start;
        }
        while settled.last().is_some_and(|last| last.from == edit.from) {
            settled.pop();
        }
        let same = |last: &Edit| (last.end, last.budget) == (edit.end, edit.budget);
        if !settled.last().is_some_and(same) {
            settled.push(edit);
        }
    }
    settled
}

#[cfg(test)]
mod tests {
    //! Versions of an order and of a line item, and the edits they come to.

    use serde_json::{Value, json};

    use super::{Edit, Segment, Was, flight_edits, segment_edits};

    fn was(from: &str, attributes: Value) -> Was {
        let from = from.parse().unwrap();
        Was { from, attributes }
    }

    fn edit(from: &str, end: &str, budget: i64) -> Edit {
        Edit {
            from: from.parse().unwrap(),
            end: end.parse().unwrap(),
            budget,
        }
    }

    fn july(budget_micros: i64) -> Segment {
        Segment {
            start: "2026-07-01".parse().unwrap(),
            end: "2026-07-31".parse().unwrap(),
            budget_micros,
            description: String::new(),
            edits: Vec::new(),
        }
    }

    fn with(budget: i64, end: &str) -> Value {
        json!({"segments": [
            {"start": "2026-06-01", "end": "2026-06-30", "budget_micros": 7},
            {"start": "2026-07-01", "end": end, "budget_micros": budget},
        ]})
    }

    #[test]
    fn a_segment_that_was_never_edited_is_one() {
        let one = [edit("2026-07-01", "2026-07-31", 30)];
        assert_eq!(segment_edits(&july(30), &[]), one);
        let renamed = [
            was("2026-07-03", with(30, "2026-07-31")),
            was("2026-07-09", with(30, "2026-07-31")),
        ];
        assert_eq!(segment_edits(&july(30), &renamed), one);
    }

    #[test]
    fn budget_and_end_are_edited_on_their_days() {
        let history = [
            was("2026-05-01", json!({"segments": []})),
            was("2026-06-20", with(10, "2026-07-20")),
            was("2026-06-25", with(20, "2026-07-20")),
            was("2026-07-05", with(25, "2026-07-31")),
            was("2026-07-09", with(99, "2026-07-31")),
            was("2026-07-09", with(30, "2026-07-31")),
        ];
        let edits = [
            edit("2026-07-01", "2026-07-20", 20),
            edit("2026-07-05", "2026-07-31", 25),
            edit("2026-07-09", "2026-07-31", 30),
        ];
        assert_eq!(
            segment_edits(&july(30), &history),
            edits,
            "the last of a day holds"
        );
    }

    #[test]
    fn a_line_item_is_followed_while_it_has_days_and_a_budget() {
        let flight = Some(("2026-07-01".parse().unwrap(), "2026-07-31".parse().unwrap()));
        let flown =
            |budget: i64| json!({"flight": ["2026-07-01", "2026-07-31"], "budget_micros": budget});
        let history = [
            was("2026-06-20", json!({"flight": null, "budget_micros": 5})),
            was("2026-06-25", flown(10)),
            was("2026-07-08", flown(15)),
        ];
        let edits = [
            edit("2026-07-01", "2026-07-31", 10),
            edit("2026-07-08", "2026-07-31", 15),
        ];
        assert_eq!(flight_edits(flight, &history), edits);
        assert_eq!(flight_edits(None, &history), []);
    }
}
