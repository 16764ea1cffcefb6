//! The UI's unit tests.

use std::fs;

use anyhow::{Context, Result};

use super::counts::{self, Counts};
use crate::steps;
use crate::ui::Ui;

pub(super) fn run(ui: &Ui, filter: Option<&str>) -> Result<Counts> {
    let report = ui.folder().join("test-results/vitest.json");
    fs::remove_file(&report).ok();
    let mut arguments = vec!["--passWithNoTests", "--reporter=default", "--reporter=json"];
    let place = format!("--outputFile.json={}", report.display());
    arguments.push(&place);
    if let Some(filter) = filter {
        arguments.extend(["-t", filter]);
    }
    let finished = steps::observe(
        "running the UI tests",
        &mut ui.script_command("test", &arguments),
    )?;
    if !finished.status.success() {
        steps::print_tail(&finished.output);
    }
    let counts = match fs::read_to_string(&report) {
        Ok(text) => counts::vitest(&serde_json::from_str(&text).context("read Vitest's report")?),
        Err(_) => Counts::default(),
    };
    Ok(counts.judged(finished.status.success()))
}
