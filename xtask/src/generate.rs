//! Everything that is checked in and made by a program: `schema.sql`, `.sqlx`, `docs/tables.md`, the
//! OpenAPI documents and the UI's types. `--check` makes it all again and only compares.

mod openapi;
mod sql;
mod tables;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::cli::Quiet;
use crate::config::Config;
use crate::tools::{self, Tool};
use crate::ui::Ui;

pub(crate) fn run(config: &Config, check: bool) -> Result<()> {
    let ui = Ui::find(config);
    let mut wanted = tools::BUILD.to_vec();
    wanted.push(Tool::Postgres);
    if ui.is_some() {
        wanted.extend(tools::UI);
    }
    let toolbox = tools::ensure(config, &wanted)?;
    let mut output = Output {
        root: config.root.clone(),
        check,
        changed: Vec::new(),
    };
    sql::generate(config, toolbox.path(Tool::Postgres)?, &mut output)?;
    if output.is_stale() {
        // The services may not even build against stale .sqlx.
        return output.finish();
    }
    match ui {
        Some(ui) => openapi::generate(config, &ui, &mut output)?,
        None => eprintln!("  OpenAPI skipped: there is no ui/package.json"),
    }
    output.finish()
}

/// Where generated text goes: into the tree, or, with `check`, beside it for comparison.
struct Output {
    root: PathBuf,
    check: bool,
    /// What was written, or would have been.
    changed: Vec<String>,
}

impl Output {
    fn file(&mut self, path: &str, text: &str) -> Result<()> {
        let target = self.root.join(path);
        if fs::read_to_string(&target).is_ok_and(|present| present == text) {
            return Ok(());
        }
        self.changed.push(path.to_owned());
        if self.check {
            return Ok(());
        }
        let parent = target.parent().context("find the folder")?;
        fs::create_dir_all(parent).with_context(|| format!("create {}", parent.display()))?;
        fs::write(&target, text).with_context(|| format!("write {path}"))
    }

    /// A folder that holds these files and no others.
    fn folder(&mut self, path: &str, files: &BTreeMap<String, String>) -> Result<()> {
        for (name, text) in files {
            self.file(&format!("{path}/{name}"), text)?;
        }
        for name in names(&self.root.join(path)) {
            if files.contains_key(&name) {
                continue;
            }
            self.changed
                .push(format!("{path}/{name} (no longer needed)"));
            if !self.check {
                fs::remove_file(self.root.join(path).join(&name)).context("remove an old file")?;
            }
        }
        Ok(())
    }

    fn is_stale(&self) -> bool {
        self.check && !self.changed.is_empty()
    }

    fn finish(self) -> Result<()> {
        for path in &self.changed {
            eprintln!("  {} {path}", if self.check { "stale:" } else { "wrote" });
        }
        if self.is_stale() {
            eprintln!("generated files are stale: run `cargo x gen` and commit the result");
            return Err(anyhow::Error::new(Quiet));
        }
        Ok(())
    }
}

/// Names of the files in a folder; none if there is no folder.
fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect()
}

#[cfg(test)]
mod tests;
