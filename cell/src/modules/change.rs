//! Changing a module for an org: a new version of what the org says of it. Nothing is overwritten.

use contracts::UserId;
use serde_json::Value;

use super::{Error, Installed, Template, Version, examine, find, run, store};
use crate::documents::{Finding, Findings, MOST_BYTES, bytes_of, prevents};
use crate::tenancy::OrgTx;

/// A wish to change a module.
#[derive(Debug, Clone, Copy)]
pub struct NewVersion<'a> {
    pub module: &'a str,
    pub enabled: bool,
    pub template: Option<Template>,
    pub settings: Option<&'a Value>,
    pub comment: &'a str,
    /// Which version the person saw.
    pub expected_version: u32,
    pub changed_by: UserId,
}

/// The settings that a wish makes, and what is wrong with them.
pub fn try_settings(
    installed: &Installed,
    template: Option<Template>,
    settings: Option<&Value>,
) -> (Value, Vec<Finding>) {
    let mut found = Findings::default();
    if settings.is_some_and(|settings| bytes_of(settings) > MOST_BYTES) {
        found.error(
            "",
            format!("settings have at most {} KiB", MOST_BYTES >> 10),
        );
    }
    if settings.is_some_and(|settings| !settings.is_object()) {
        found.error("", "settings are a JSON object");
    }
    if !found.is_empty() {
        return (Value::Null, found.into_vec());
    }
    let whole = installed.with(template, settings);
    let found = examine(installed.module, &whole);
    (whole, found)
}

/// Keeps a new version, if the module can run like that, and has it run.
pub async fn put(tx: &mut OrgTx, new: NewVersion<'_>) -> Result<Installed, Error> {
    store::lock(tx).await?;
    let mut installed = find(tx, new.module).await?;
    let number = installed.number();
    if new.expected_version != number {
        return Err(Error::Changed(number));
    }
    let (_, found) = try_settings(&installed, new.template, new.settings);
    if prevents(&found) {
        return Err(Error::Invalid(found));
    }
    let kept: Version = store::insert(tx, &new, number + 1).await?;
    installed.version = Some(kept);
    run::enqueue(tx).await?;
    Ok(installed)
}
