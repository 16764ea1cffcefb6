//! Queries nobody here made: Google shows migrated people their instant reports in the same list.

use super::{DataRange, Metadata, Parameters, Query, Schedule};

/// Ids far below any of our own.
const FIRST_ID: u64 = 4_711;

pub(crate) fn queries(count: u32) -> Vec<Query> {
    (0..u64::from(count)).map(query).collect()
}

fn query(number: u64) -> Query {
    let kinds = [("REACH", "FILTER_CITY"), ("YOUTUBE", "FILTER_TRUEVIEW_AD")];
    let (kind, dimension) = kinds[usize::from(number % 2 == 1)];
    Query {
        query_id: (FIRST_ID + number).to_string(),
        metadata: Metadata {
            title: format!("Instant report {}", number + 1),
            data_range: DataRange {
                range: "LAST_30_DAYS".to_owned(),
                ..DataRange::default()
            },
            format: "XLSX".to_owned(),
            ..Metadata::default()
        },
        params: Parameters {
            r#type: kind.to_owned(),
            group_bys: vec![dimension.to_owned()],
            metrics: vec!["METRIC_UNIQUE_REACH_IMPRESSION_REACH".to_owned()],
            ..Parameters::default()
        },
        schedule: Some(Schedule {
            frequency: "ONE_TIME".to_owned(),
            ..Schedule::default()
        }),
    }
}
