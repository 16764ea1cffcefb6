//! Real output of each runner, and the counts in it.

use super::{Counts, cargo_test, nextest, playwright, vitest};

fn counts(passed: u64, failed: u64, skipped: u64) -> Counts {
    Counts {
        passed,
        failed,
        skipped,
    }
}

#[test]
fn nextest_counts_everything_that_did_not_pass_as_failed() {
    let text = "     Summary [   0.010s] 21 tests run: 21 passed, 4 skipped\n";
    assert_eq!(nextest(text), counts(21, 0, 4));
    let text = "\u{1b}[31;1m     Summary\u{1b}[0m [   9.2s] 14 tests run: \u{1b}[1m10\u{1b}[0m passed (1 slow), 2 failed, 1 timed out, 1 exec failed, 3 skipped\nFAIL a\n";
    assert_eq!(nextest(text), counts(10, 4, 3));
    assert_eq!(
        nextest("error: could not compile").judged(false),
        counts(0, 1, 0)
    );
    assert_eq!(
        nextest("     Summary [   0.0s] 0 tests run: 0 passed, 9 skipped").judged(true),
        counts(0, 0, 9)
    );
}

#[test]
fn cargo_test_counts_are_summed_over_binaries() {
    let text = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.01s\n\
                test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.20s\n";
    assert_eq!(cargo_test(text), counts(4, 2, 3));
}

#[test]
fn the_ui_runners_report_in_json() {
    let report = serde_json::json!({"numPassedTests": 7, "numFailedTests": 1, "numPendingTests": 2, "numTodoTests": 0});
    assert_eq!(vitest(&report), counts(7, 1, 2));
    let report =
        serde_json::json!({"stats": {"expected": 5, "unexpected": 1, "flaky": 1, "skipped": 0}});
    assert_eq!(playwright(&report), counts(5, 2, 0));
}
