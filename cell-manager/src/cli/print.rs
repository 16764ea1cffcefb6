//! How things look on a terminal.

use std::io::{BufRead as _, IsTerminal as _, Write as _};

use anyhow::{Context as _, Result};
use serde::Serialize;

use crate::driver::{CellState, ObservedCell, Step};

/// A reader that has seen enough (`| head`) or a closed terminal is no failure.
pub(super) fn out(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

pub(super) fn err(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

pub(super) fn json<T: Serialize>(value: &T) -> Result<()> {
    let text = serde_json::to_string_pretty(value).context("write JSON")?;
    out(&text);
    Ok(())
}

/// Steps go to standard error, so that standard output holds only the result.
pub(super) fn step(step: &Step) {
    err(&step_line(step));
}

pub(super) fn step_line(step: &Step) -> String {
    match step {
        Step::Running { what } => format!("        … {what}"),
        Step::Done { what, seconds } => format!("{seconds:5.1} s ✓ {what}"),
        Step::Note { text } => format!("        {text}"),
        Step::Text { text } => text.clone(),
    }
}

/// Columns as wide as their widest cell. The first row is the heading.
pub(super) fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths);
        let padded: Vec<String> = cells
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        padded.join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

pub(super) fn row(cells: &[&dyn ToString]) -> Vec<String> {
    cells.iter().map(|cell| cell.to_string()).collect()
}

pub(super) fn cell_state(state: CellState) -> &'static str {
    match state {
        CellState::Stopped => "stopped",
        CellState::Starting => "starting",
        CellState::Ready => "ready",
    }
}

pub(super) fn or_dash<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

pub(super) fn cell(cell: &ObservedCell, orgs: Option<u32>) -> String {
    let mut rows = vec![
        row(&[&"name", &cell.spec.name]),
        row(&[&"id", &cell.spec.cell_id]),
        row(&[&"state", &cell_state(cell.state)]),
        row(&[&"capacity", &format!("{} orgs", cell.spec.capacity_orgs)]),
        row(&[&"public", &or_dash(cell.public_addr)]),
        row(&[&"internal", &or_dash(cell.internal_addr)]),
    ];
    if let Some(orgs) = orgs {
        rows.push(row(&[&"serves", &format!("{orgs} orgs")]));
    }
    table(&rows)
}

pub(super) fn duration(seconds: u64) -> String {
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7199 => format!("{} min", seconds / 60),
        7200..=172_799 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86_400),
    }
}

pub(super) fn mebibytes(bytes: u64) -> String {
    let tenths = bytes * 10 / (1024 * 1024);
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

/// Asks for a word to be typed. Where nobody can be asked, the answer is no.
pub(super) fn confirm(question: &str, word: &str) -> Result<bool> {
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        return Ok(false);
    }
    write!(std::io::stderr(), "{question} Type `{word}` to go on: ").context("ask")?;
    let mut answer = String::new();
    stdin
        .lock()
        .read_line(&mut answer)
        .context("read the answer")?;
    Ok(answer.trim() == word)
}

#[cfg(test)]
mod tests {
    //! Tables line up, durations read well.

    use expect_test::expect;

    use super::{duration, mebibytes, row, step_line, table};
    use crate::driver::Step;

    #[test]
    fn columns_line_up() {
        let text = table(&[row(&[&"NAME", &"ORGS"]), row(&[&"cell-1", &12])]);
        expect![[r"
            NAME    ORGS
            cell-1  12"]]
        .assert_eq(&text);
    }

    #[test]
    fn numbers_read_well() {
        assert_eq!(duration(119), "119 s");
        assert_eq!(duration(7200), "2 h");
        assert_eq!(mebibytes(1_572_864), "1.5 MB");
        let step = Step::Done {
            what: "cell-1 serves".into(),
            seconds: 2.34,
        };
        assert_eq!(step_line(&step), "  2.3 s ✓ cell-1 serves");
    }
}
