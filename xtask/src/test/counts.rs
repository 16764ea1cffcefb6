//! How many tests passed and failed, read from what each runner prints.

use serde_json::Value;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) passed: u64,
    pub(super) failed: u64,
    pub(super) skipped: u64,
}

impl Counts {
    /// A runner that failed without a failed test still counts as one failure: it could not
    /// compile or start.
    pub(super) fn judged(mut self, success: bool) -> Self {
        if !success && self.failed == 0 {
            self.failed = 1;
        }
        self
    }
}

/// nextest: `Summary [ 0.1s] 12 tests run: 9 passed (1 slow), 2 failed, 1 timed out, 3 skipped`.
pub(super) fn nextest(output: &str) -> Counts {
    let plain = without_colours(output);
    let Some((_, summary)) = plain.lines().rev().find_map(|line| {
        line.trim_start()
            .starts_with("Summary")
            .then(|| line.split_once("run:"))
            .flatten()
    }) else {
        return Counts::default();
    };
    let mut counts = Counts::default();
    for part in summary.split(',') {
        let mut words = part.split_whitespace();
        let Some(number) = words.next().and_then(|word| word.parse::<u64>().ok()) else {
            continue;
        };
        match words.next() {
            Some("passed") => counts.passed += number,
            Some("skipped") => counts.skipped += number,
            _ => counts.failed += number,
        }
    }
    counts
}

/// cargo test: one `test result: ok. 3 passed; 0 failed; 1 ignored; …; 2 filtered out; …` per binary.
pub(super) fn cargo_test(output: &str) -> Counts {
    let mut counts = Counts::default();
    for line in output
        .lines()
        .filter(|line| line.starts_with("test result:"))
    {
        for part in line.split([';', '.']) {
            let mut words = part.split_whitespace();
            let Some(number) = words.next().and_then(|word| word.parse::<u64>().ok()) else {
                continue;
            };
            match words.next() {
                Some("passed") => counts.passed += number,
                Some("failed") => counts.failed += number,
                Some("ignored" | "filtered") => counts.skipped += number,
                _ => {}
            }
        }
    }
    counts
}

/// Vitest's JSON reporter.
pub(super) fn vitest(report: &Value) -> Counts {
    let number = |name: &str| report[name].as_u64().unwrap_or_default();
    Counts {
        passed: number("numPassedTests"),
        failed: number("numFailedTests"),
        skipped: number("numPendingTests") + number("numTodoTests"),
    }
}

/// Playwright's JSON reporter. A test that passed only when repeated has failed.
pub(super) fn playwright(report: &Value) -> Counts {
    let number = |name: &str| report["stats"][name].as_u64().unwrap_or_default();
    Counts {
        passed: number("expected"),
        failed: number("unexpected") + number("flaky"),
        skipped: number("skipped"),
    }
}

/// Text without the escape sequences that colour it.
fn without_colours(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        plain.push_str(before);
        rest = after
            .split_once(|c: char| c.is_ascii_alphabetic())
            .map_or("", |(_, tail)| tail);
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests;
