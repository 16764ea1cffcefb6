//! The programs the platform needs besides Rust: found, or installed with the system's
//! package manager when that is allowed, or else all named in one message.

pub(crate) mod find;
mod install;
mod specs;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};

use crate::cli::{Exit, Quiet};
use crate::config::Config;
use find::Found;
use install::System;
pub(crate) use specs::Tool;
use specs::{SPECS, Spec};

/// What a command builds with.
pub(crate) const BUILD: [Tool; 2] = [Tool::Compiler, Tool::Cmake];
/// What the platform runs on.
pub(crate) const PLATFORM: [Tool; 2] = [Tool::Postgres, Tool::Redis];
/// What the UI is built with.
pub(crate) const UI: [Tool; 2] = [Tool::Node, Tool::Npm];

/// Where each wanted tool is.
#[derive(Debug)]
pub(crate) struct Toolbox {
    found: BTreeMap<Tool, Found>,
}

impl Toolbox {
    pub(crate) fn path(&self, tool: Tool) -> Result<&Path> {
        let found = self
            .found
            .get(&tool)
            .with_context(|| format!("find {tool:?}"))?;
        Ok(&found.path)
    }
}

/// A tool that is not there, or too old.
struct Missing {
    spec: &'static Spec,
    too_old: Option<find::Version>,
}

/// Finds every wanted tool, installing what is missing. Ends with exit status 2 and one
/// message when something cannot be had.
pub(crate) fn ensure(config: &Config, wanted: &[Tool]) -> Result<Toolbox> {
    let (toolbox, missing) = survey(config, wanted);
    if missing.is_empty() {
        return Ok(toolbox);
    }
    let system = System::detect(config);
    if config.no_install || !system.may_install(config) {
        return refuse(&system, &missing);
    }
    // A failed installation has shown its output; the message below says what to do instead.
    if system.refresh().is_err() || missing.iter().any(|one| !system.offers(one.spec)) {
        return refuse(&system, &missing);
    }
    let specs: Vec<&Spec> = missing.iter().map(|one| one.spec).collect();
    if system.install(&specs).is_err() {
        return refuse(&system, &missing);
    }
    let (toolbox, missing) = survey(config, wanted);
    if missing.is_empty() {
        Ok(toolbox)
    } else {
        refuse(&system, &missing)
    }
}

fn survey(config: &Config, wanted: &[Tool]) -> (Toolbox, Vec<Missing>) {
    let mut found = BTreeMap::new();
    let mut missing = Vec::new();
    for spec in SPECS.iter().filter(|spec| wanted.contains(&spec.tool)) {
        match find::newest(config, spec) {
            Some(one) if one.version >= spec.least => {
                found.insert(spec.tool, one);
            }
            other => missing.push(Missing {
                spec,
                too_old: other.map(|one| one.version),
            }),
        }
    }
    (Toolbox { found }, missing)
}

fn refuse(system: &System, missing: &[Missing]) -> Result<Toolbox> {
    eprintln!("{}", explain(system, missing));
    Err(anyhow::Error::new(Exit(2)).context(Quiet))
}

fn explain(system: &System, missing: &[Missing]) -> String {
    let mut lines = vec!["These programs are missing:".to_owned()];
    for Missing { spec, too_old } in missing {
        let least = if spec.least.0 > 0 {
            format!(" {} or newer", spec.least)
        } else {
            String::new()
        };
        let have = too_old.map_or_else(String::new, |version| format!(" (here: {version})"));
        lines.push(format!("  {}{least}{have}: {}", spec.label, spec.purpose));
    }
    let specs: Vec<&Spec> = missing.iter().map(|one| one.spec).collect();
    lines.push("Install them with:".to_owned());
    lines.extend(
        system
            .commands(&specs)
            .into_iter()
            .map(|command| format!("  {command}")),
    );
    lines.push("and run the same command again.".to_owned());
    lines.join("\n")
}

#[cfg(test)]
mod tests;
