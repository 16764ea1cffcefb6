//! What a replay found is readable without a manual.

use chrono::{DateTime, NaiveDate};
use contracts::replays::{
    ColumnDiff, DayCounts, Replay, ReplayDiff, ReplayState, RowDiff, Side, UnreadableFile,
};
use contracts::{BronzeId, ReplayId};
use expect_test::expect;
use uuid::Uuid;

use super::{grouped, list, progress, whole};

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, day).unwrap()
}

fn side(rows: u64, clicks: i64, hash: &str) -> Side {
    Side {
        rows,
        sums: [("clicks".to_owned(), clicks)].into(),
        sha256: Some(hash.repeat(4)),
    }
}

fn replay() -> Replay {
    let changed = |before: Option<&str>, after: Option<&str>| RowDiff {
        advertiser_id: "101".into(),
        date: day(3),
        line_item_id: "7".into(),
        breakdown: String::new(),
        columns: vec![ColumnDiff {
            column: "clicks".into(),
            before: before.map(Into::into),
            after: after.map(Into::into),
        }],
    };
    Replay {
        replay_id: ReplayId::from_uuid(Uuid::from_u128(7)),
        pipeline: "dv360_line_item_days".into(),
        start: day(1),
        end: day(31),
        pipeline_version: None,
        dry_run: true,
        state: ReplayState::Done,
        message: "2 days would change, 29 would not".into(),
        progress: 1.0,
        files: 3,
        files_read: 3,
        problem: None,
        diff: ReplayDiff {
            days: DayCounts {
                equal: 29,
                different: 2,
                ..DayCounts::default()
            },
            before: side(1500, 1_234_567, "ab12"),
            after: side(1499, 1_234_568, "cd34"),
            rows_equal: 1497,
            rows_different: 2,
            rows_only_before: 1,
            rows_only_after: 0,
            samples: vec![
                changed(Some("1"), Some("2")),
                changed(None, Some("2")),
                changed(Some("1"), None),
            ],
            unreadable: vec![UnreadableFile {
                bronze_id: BronzeId::from_uuid(Uuid::from_u128(9)),
                code: "cut_off".into(),
                message: "the file ends in a row".into(),
                line: Some(12),
            }],
            versions: vec!["dv360_line_item_days@1+0/2".into()],
        },
        created_at: DateTime::UNIX_EPOCH,
        started_at: None,
        finished_at: None,
    }
}

#[test]
fn a_replay_tells_what_it_found() {
    expect![[r#"
        replay     replay_00000000000000000000000000000007 (dry run)
        pipeline   dv360_line_item_days
        days       2026-01-01..2026-01-31
        read with  dv360_line_item_days@1+0/2
        files      3
        outcome    2 days would change, 29 would not

                BEFORE     AFTER
        rows    1,500      1,499
        clicks  1,234,567  1,234,568

        SHA-256 before  ab12ab12ab12ab12
        SHA-256 after   cd34cd34cd34cd34

        days of advertisers: 29 the same · 2 different
        rows: 1,497 the same · 2 different · 1 no longer there
        file bronze_00000000000000000000000000000009, line 12: the file ends in a row

        3 of the 3 rows that differ:
          2026-01-03 advertiser 101 line item 7, clicks 1 -> 2
          2026-01-03 advertiser 101 line item 7: a new row
          2026-01-03 advertiser 101 line item 7: the row goes"#]]
    .assert_eq(&whole(&replay()));
}

#[test]
fn one_that_runs_has_a_line() {
    let mut running = replay();
    running.state = ReplayState::Reading;
    running.progress = 0.5;
    running.message = "Reading stored files, 1 of 3 done".into();
    assert_eq!(
        progress(&running),
        " 50 % Reading stored files, 1 of 3 done"
    );
    running.diff = ReplayDiff::default();
    expect![[r#"
        replay     replay_00000000000000000000000000000007 (dry run)
        pipeline   dv360_line_item_days
        days       2026-01-01..2026-01-31
        read with  -
        files      3 of 3 read
        outcome    Reading stored files, 1 of 3 done"#]]
    .assert_eq(&whole(&running));
    expect![[r#"
        REPLAY                                   DAYS                    PIPELINE              KIND     OUTCOME
        replay_00000000000000000000000000000007  2026-01-01..2026-01-31  dv360_line_item_days  dry run  Reading stored files, 1 of 3 done"#]]
    .assert_eq(&list(&[running]));
}

#[test]
fn long_numbers_are_grouped() {
    assert_eq!(grouped(0), "0");
    assert_eq!(grouped(-999), "-999");
    assert_eq!(grouped(-1_234_567), "-1,234,567");
}
