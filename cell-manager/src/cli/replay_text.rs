//! How a replay reads on a terminal.

use contracts::replays::{DayCounts, Replay, ReplayDiff, ReplayState, RowDiff, Side};

use super::print::{self, row};

/// So many of the rows that differ are shown; `--json` has up to a hundred.
const SAMPLES: usize = 10;

pub(super) fn list(replays: &[Replay]) -> String {
    let mut rows = vec![row(&[&"REPLAY", &"DAYS", &"PIPELINE", &"KIND", &"OUTCOME"])];
    rows.extend(replays.iter().map(|one| {
        row(&[
            &one.replay_id,
            &days(one),
            &one.pipeline,
            &kind(one),
            &one.message,
        ])
    }));
    print::table(&rows)
}

/// A line while it runs.
pub(super) fn progress(replay: &Replay) -> String {
    format!("{:3.0} % {}", replay.progress * 100.0, replay.message)
}

pub(super) fn whole(replay: &Replay) -> String {
    let version = match &replay.diff.versions[..] {
        [] => replay
            .pipeline_version
            .clone()
            .unwrap_or_else(|| "-".to_owned()),
        versions => versions.join(", "),
    };
    let mut text = print::table(&[
        row(&[
            &"replay",
            &format!("{} ({})", replay.replay_id, kind(replay)),
        ]),
        row(&[&"pipeline", &replay.pipeline]),
        row(&[&"days", &days(replay)]),
        row(&[&"read with", &version]),
        row(&[&"files", &files(replay)]),
        row(&[&"outcome", &replay.message]),
    ]);
    if replay.diff != ReplayDiff::default() {
        text += &format!("\n\n{}", sides(&replay.diff));
        text += &format!("\n\n{}", counts(&replay.diff));
        text += &samples(&replay.diff);
    }
    text
}

fn days(replay: &Replay) -> String {
    format!("{}..{}", replay.start, replay.end)
}

fn kind(replay: &Replay) -> &'static str {
    if replay.dry_run { "dry run" } else { "replay" }
}

fn files(replay: &Replay) -> String {
    match replay.state {
        ReplayState::Reading => format!("{} of {} read", replay.files_read, replay.files),
        _ => replay.files.to_string(),
    }
}

/// Both sides of silver, one below the other's heading.
fn sides(diff: &ReplayDiff) -> String {
    let mut rows = vec![
        row(&[&"", &"BEFORE", &"AFTER"]),
        row(&[
            &"rows",
            &grouped(diff.before.rows),
            &grouped(diff.after.rows),
        ]),
    ];
    let names = diff.before.sums.keys().chain(diff.after.sums.keys());
    let names: std::collections::BTreeSet<&String> = names.collect();
    for name in names {
        let sum = |side: &Side| side.sums.get(name).map(|sum| grouped(*sum));
        rows.push(row(&[
            name,
            &print::or_dash(sum(&diff.before)),
            &print::or_dash(sum(&diff.after)),
        ]));
    }
    format!("{}\n\n{}", print::table(&rows), hashes(diff))
}

/// Below each other: the eye finds a difference there, and the lines stay short.
fn hashes(diff: &ReplayDiff) -> String {
    print::table(&[
        row(&[
            &"SHA-256 before",
            &print::or_dash(diff.before.sha256.as_ref()),
        ]),
        row(&[
            &"SHA-256 after",
            &print::or_dash(diff.after.sha256.as_ref()),
        ]),
    ])
}

fn counts(diff: &ReplayDiff) -> String {
    let DayCounts {
        equal,
        different,
        only_before,
        only_after,
        unreadable,
        without_file,
        superseded,
    } = diff.days;
    let of_days = [
        (equal, "the same"),
        (different, "different"),
        (only_before, "no longer there"),
        (only_after, "new"),
        (unreadable, "kept, their file cannot be read"),
        (without_file, "kept, without a file"),
        (superseded, "kept, a newer file came"),
    ];
    let of_rows = [
        (diff.rows_equal, "the same"),
        (diff.rows_different, "different"),
        (diff.rows_only_before, "no longer there"),
        (diff.rows_only_after, "new"),
    ];
    format!(
        "days of advertisers: {}\nrows: {}",
        counted(&of_days),
        counted(&of_rows)
    )
}

fn counted(counts: &[(u64, &str)]) -> String {
    let some = counts.iter().filter(|(count, _)| *count > 0);
    let some: Vec<String> = some
        .map(|(count, what)| format!("{} {what}", grouped(*count)))
        .collect();
    if some.is_empty() {
        return "none".to_owned();
    }
    some.join(" · ")
}

fn samples(diff: &ReplayDiff) -> String {
    let mut text = String::new();
    for file in &diff.unreadable {
        let line = file.line.map(|line| format!(", line {line}"));
        let line = line.unwrap_or_default();
        text += &format!("\nfile {}{line}: {}", file.bronze_id, file.message);
    }
    let changed = diff.rows_different + diff.rows_only_before + diff.rows_only_after;
    if changed == 0 {
        return text;
    }
    let shown = diff.samples.len().min(SAMPLES);
    text += &format!("\n\n{shown} of the {} rows that differ:", grouped(changed));
    for sample in &diff.samples[..shown] {
        text += &format!("\n  {}", sampled(sample));
    }
    text
}

fn sampled(sample: &RowDiff) -> String {
    let mut text = format!("{} advertiser {}", sample.date, sample.advertiser_id);
    for (name, id) in [
        ("line item", &sample.line_item_id),
        ("breakdown", &sample.breakdown),
    ] {
        if !id.is_empty() {
            text += &format!(" {name} {id}");
        }
    }
    let had = sample.columns.iter().any(|one| one.before.is_some());
    let has = sample.columns.iter().any(|one| one.after.is_some());
    match (had, has) {
        (true, false) => return text + ": the row goes",
        (false, true) => return text + ": a new row",
        _ => {}
    }
    for column in &sample.columns {
        let side = |side: &Option<String>| side.clone().unwrap_or_else(|| "nothing".to_owned());
        text += &format!(
            ", {} {} -> {}",
            column.column,
            side(&column.before),
            side(&column.after)
        );
    }
    text
}

/// `1,234,567`.
fn grouped(number: impl Into<i128>) -> String {
    let number = number.into();
    let digits = number.unsigned_abs().to_string();
    let mut text = if number < 0 { "-" } else { "" }.to_owned();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests;
