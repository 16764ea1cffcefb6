//! The OpenAPI documents, as the services print them, and the UI's types made from them.

use std::fs;

use anyhow::{Context, Result, bail};

use super::Output;
use crate::build::{self, Profile};
use crate::config::Config;
use crate::ui::Ui;

/// The service and the short name of its document.
const DOCUMENTS: [(&str, &str); 2] = [("global-control", "global"), ("cell", "cell")];

pub(super) fn generate(config: &Config, ui: &Ui, output: &mut Output) -> Result<()> {
    for (service, name) in DOCUMENTS {
        let bin = build::package(config, service, Profile::Dev)?;
        let printed = config
            .command(bin.join(service))
            .arg("openapi")
            .output()
            .with_context(|| format!("start {service}"))?;
        if !printed.status.success() {
            bail!(
                "print the OpenAPI document of {service}: {}",
                String::from_utf8_lossy(&printed.stderr).trim()
            );
        }
        let text = String::from_utf8(printed.stdout).context("read the OpenAPI document")?;
        serde_json::from_str::<serde_json::Value>(&text)
            .with_context(|| format!("read the OpenAPI document of {service}"))?;
        output.file(
            &format!("ui/src/api/openapi.{name}.json"),
            &format!("{}\n", text.trim_end()),
        )?;
    }
    if output.is_stale() {
        return Ok(());
    }
    types(ui, output)
}

/// The generator writes in place, so a check puts the old text back.
fn types(ui: &Ui, output: &mut Output) -> Result<()> {
    ui.install()?;
    let paths = DOCUMENTS.map(|(_, name)| format!("ui/src/api/schema.{name}.d.ts"));
    let before = paths
        .each_ref()
        .map(|path| fs::read_to_string(output.root.join(path)).unwrap_or_default());
    ui.script("generating the UI's types", "gen", &[])?;
    for (path, before) in paths.iter().zip(before) {
        let target = output.root.join(path);
        let after = fs::read_to_string(&target).with_context(|| format!("read {path}"))?;
        if after == before {
            continue;
        }
        output.changed.push(path.clone());
        if output.check {
            fs::write(&target, before).with_context(|| format!("put {path} back"))?;
        }
    }
    Ok(())
}
