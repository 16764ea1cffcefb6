//! The rules of this repository that no compiler checks: who may depend on whom, where SQL
//! and HTTP may appear, how long a file may be. STYLE.md gives the reasons.

mod documents;
mod layers;
mod manifests;
mod sources;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use walkdir::WalkDir;

use crate::build;
use crate::cli::Quiet;
use crate::config::Config;

/// Folders that hold nothing written by us.
const SKIPPED: [&str; 8] = [
    ".git",
    "target",
    "node_modules",
    "dist",
    ".cellplane",
    ".sqlx",
    "test-results",
    "playwright-report",
];

/// One broken rule.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Violation {
    path: String,
    /// 0: the file as a whole.
    line: usize,
    message: String,
}

impl Violation {
    fn new(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            message: message.into(),
        }
    }
}

/// A text file, by its path from the root.
struct Source {
    path: String,
    text: String,
}

impl Source {
    /// Numbered lines, the first being 1.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line))
    }

    fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    fn has_folder(&self, name: &str) -> bool {
        self.path.split('/').rev().skip(1).any(|part| part == name)
    }

    /// The top-level folder.
    fn area(&self) -> &str {
        self.path.split('/').next().unwrap_or_default()
    }
}

pub(crate) fn run(config: &Config) -> Result<()> {
    let mut found = check_files(&config.root)?;
    found.extend(layers::check(&layers::read(&build::metadata(
        config,
        &["--no-deps"],
    )?)));
    found.sort();
    for Violation {
        path,
        line,
        message,
    } in &found
    {
        match line {
            0 => eprintln!("  {path}: {message}"),
            _ => eprintln!("  {path}:{line}: {message}"),
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    eprintln!(
        "tidy found {} broken rules; STYLE.md has the reasons",
        found.len()
    );
    Err(anyhow::Error::new(Quiet))
}

/// Every rule that needs only the files.
fn check_files(root: &Path) -> Result<Vec<Violation>> {
    let mut found = Vec::new();
    for source in read_tree(root)? {
        found.extend(sources::check(&source));
        found.extend(manifests::check(&source));
        found.extend(documents::check(&source));
    }
    found.sort();
    Ok(found)
}

fn read_tree(root: &Path) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    let entries = WalkDir::new(root)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| !SKIPPED.iter().any(|name| entry.file_name() == *name));
    for entry in entries {
        let entry = entry.context("walk the checkout")?;
        let name = entry.file_name().to_string_lossy();
        if !entry.file_type().is_file() || name == ".env" || name.ends_with(".log") {
            continue;
        }
        // What is not text has no lines to check.
        let Ok(text) = fs::read_to_string(entry.path()) else {
            continue;
        };
        let path = entry.path().strip_prefix(root).context("name a file")?;
        sources.push(Source {
            path: path.to_string_lossy().into_owned(),
            text,
        });
    }
    Ok(sources)
}

#[cfg(test)]
mod tests;
