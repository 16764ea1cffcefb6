//! Pipelines as data: the specs we ship and, over them, what an org changed.
//!
//! A shipped spec is a file of this version; an org's layer over it is a row with a history. What runs
//! is one laid over the other, or the layer alone where nothing is shipped under its name. A sync
//! keeps the spec it began with, so a change is for the next one.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use contracts::UserId;
use serde_json::{Value, json};

use super::connectors;
use super::reading;
use crate::documents::finding::first_error;
use crate::documents::{self, Change, Finding, Findings};
use crate::tenancy::{self, OrgTx};

pub mod spec;

pub mod layer;

pub mod check;

pub mod change;

mod dry_run;

pub mod http;

mod answers;

mod store;

pub use spec::Spec;

/// The specs that come with this version.
const BUILT_IN: [&str; 3] = [
    include_str!("../../../pipelines/dv360_line_item_days.json"),
    include_str!("../../../pipelines/dv360_device_days.json"),
    include_str!("../../../pipelines/dv360_advertiser_days.json"),
];

/// What an org has without asking; the rest costs quota and is switched on.
const ON_FROM_THE_START: [&str; 1] = ["dv360_line_item_days"];

/// The most pipelines of an org's own.
const MOST_PIPELINES: usize = 50;

static SHIPPED: LazyLock<Vec<Value>> = LazyLock::new(|| {
    BUILT_IN
        .iter()
        .map(|text| serde_json::from_str(text).expect("the tests read every shipped spec"))
        .collect()
});

/// A shipped spec, as JSON.
pub fn shipped(pipeline: &str) -> Option<&'static Value> {
    SHIPPED.iter().find(|spec| spec["pipeline"] == pipeline)
}

/// What every org has before it changes anything.
pub fn built_in() -> Vec<Spec> {
    SHIPPED
        .iter()
        .map(|spec| {
            serde_json::from_value(spec.clone()).expect("the tests read every shipped spec")
        })
        .collect()
}

/// The pipeline that pacing lives on, as it ships.
#[cfg(test)]
pub fn line_item_days() -> Spec {
    let mut all = built_in().into_iter();
    let found = all.find(|spec| spec.dataset == spec::Dataset::LineItemDays);
    found.expect("the tests find it among the shipped ones")
}

/// A shipped spec by name.
pub fn find_built_in(pipeline: &str) -> Option<Spec> {
    built_in()
        .into_iter()
        .find(|spec| spec.pipeline == pipeline)
}

/// A version of an org's changes, as it was kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    pub pipeline: String,
    /// One higher with each change, also with the one that takes all changes away.
    pub version: u32,
    /// Nothing: the changes were taken away.
    pub value: Option<Value>,
    /// The shipped spec they were made over.
    pub made_over: Option<Value>,
    pub comment: String,
    pub changed_by: UserId,
    pub changed_at: DateTime<Utc>,
}

/// What runs for an org under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effective {
    pub spec: Spec,
    /// 0: as shipped.
    pub layer_version: u32,
    /// The layer does not go with the newest shipped spec; this is the one it was made over.
    pub held_back: bool,
}

impl Effective {
    /// What its rows say they came from.
    pub fn version(&self) -> String {
        reading::pipeline_version(&self.spec, self.layer_version.into())
    }
}

/// A pipeline as an org has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Pipeline {
    pub name: String,
    pub shipped: Option<&'static Value>,
    /// The newest version, where there is any.
    pub layer: Option<Layer>,
    pub enabled: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no such pipeline")]
    NotFound,
    #[error("somebody changed it in the meantime: its version is {0}")]
    Changed(u32),
    #[error("the pipeline cannot run like this: {}", first_error(.0))]
    Invalid(Vec<Finding>),
    #[error("{0} writes the same rows and is on")]
    SameRows(String),
    #[error("switch the pipeline off first")]
    On,
    #[error("an org has at most {MOST_PIPELINES} pipelines of its own")]
    TooMany,
    #[error(transparent)]
    Tenancy(#[from] tenancy::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Tenancy(error.into())
    }
}

/// Reads a whole spec and says what is wrong with it, for everybody and for its source.
pub fn examine(name: &str, value: &Value) -> (Option<Spec>, Vec<Finding>) {
    let spec = match check::read(value) {
        Ok(spec) => spec,
        Err(finding) => return (None, vec![finding]),
    };
    let mut found = check::check(&spec);
    let mut names = Findings::default();
    if spec.pipeline != name {
        names.error("/pipeline", format!("this is kept under the name {name:?}"));
    }
    // A name that this version, or a later one, may ship.
    let kept = |start: &&str| name.starts_with(*start);
    if shipped(name).is_none() && connectors::SHIPPED_FOR.iter().any(kept) {
        names.error(
            "/pipeline",
            "names that begin like this are kept for shipped pipelines",
        );
    }
    found.append(&mut names.into_vec());
    found.append(&mut connectors::check(&spec));
    (Some(spec), found)
}

/// The spec that `layer` makes over `base`; of a pipeline of the org's own, the name may be left out.
fn whole(name: &str, base: Option<&Value>, layer: &Value) -> Value {
    match base {
        Some(base) => layer::lay(base, layer),
        None => layer::lay(&json!({"pipeline": name, "version": 1}), layer),
    }
}

impl Pipeline {
    /// The layer that holds, if any does.
    pub fn layer_value(&self) -> Option<&Value> {
        self.layer.as_ref()?.value.as_ref()
    }

    pub fn exists(&self) -> bool {
        self.shipped.is_some() || self.layer_value().is_some()
    }

    pub fn layer_version(&self) -> u32 {
        self.layer.as_ref().map_or(0, |layer| layer.version)
    }

    /// The whole spec that a layer makes here, before anybody looks whether it is right.
    pub fn with(&self, layer: Option<&Value>) -> Option<Value> {
        match (layer, self.shipped) {
            (Some(layer), shipped) => Some(whole(&self.name, shipped, layer)),
            (None, shipped) => shipped.cloned(),
        }
    }

    /// What runs. A layer that an upgrade broke goes on over the shipped spec it was made for.
    pub fn resolve(&self) -> Result<Effective, Vec<Finding>> {
        let layer = self.layer.as_ref().filter(|layer| layer.value.is_some());
        let layer_version = layer.map_or(0, |layer| layer.version);
        let newest = self.with(layer.and_then(|layer| layer.value.as_ref()));
        let newest = newest.unwrap_or(Value::Null);
        let (spec, found) = examine(&self.name, &newest);
        match spec {
            Some(spec) if !documents::prevents(&found) => Ok(Effective {
                spec,
                layer_version,
                held_back: false,
            }),
            _ => self.as_it_was(layer).ok_or(found),
        }
    }

    fn as_it_was(&self, layer: Option<&Layer>) -> Option<Effective> {
        let layer = layer?;
        let then = layer.made_over.as_ref()?;
        let value = whole(&self.name, Some(then), layer.value.as_ref()?);
        let (spec, found) = examine(&self.name, &value);
        Some(Effective {
            spec: spec.filter(|_| !documents::prevents(&found))?,
            layer_version: layer.version,
            held_back: true,
        })
    }

    /// What the shipped spec and the layer both changed since the layer was made.
    pub fn conflicts(&self) -> Vec<Change> {
        let layer = self.layer.as_ref();
        let then = layer.and_then(|layer| layer.made_over.as_ref());
        match (self.layer_value(), then, self.shipped) {
            (Some(layer), Some(then), Some(now)) => layer::conflicts(layer, then, now),
            _ => Vec::new(),
        }
    }
}

/// A pipeline by its name, whether or not anything is known of it.
pub(crate) async fn find(tx: &mut OrgTx, name: &str) -> Result<Pipeline, sqlx::Error> {
    let layer = store::find_layer(tx, name).await?;
    let enabled = store::find_switch(tx, name).await?;
    Ok(assemble(name, layer, enabled))
}

fn assemble(name: &str, layer: Option<Layer>, enabled: Option<bool>) -> Pipeline {
    Pipeline {
        name: name.to_owned(),
        shipped: shipped(name),
        layer,
        enabled: enabled.unwrap_or_else(|| ON_FROM_THE_START.contains(&name)),
    }
}

/// Everything the org has, shipped ones first.
pub(crate) async fn list(tx: &mut OrgTx) -> Result<Vec<Pipeline>, sqlx::Error> {
    let mut layers = store::list_layers(tx).await?;
    let switches = store::list_switches(tx).await?;
    let switch = |name: &str| switches.get(name).copied();
    let mut all = Vec::new();
    for spec in built_in() {
        let name = spec.pipeline.as_str();
        all.push(assemble(name, layers.remove(name), switch(name)));
    }
    for (name, layer) in layers {
        all.push(assemble(&name, Some(layer), switch(&name)));
    }
    all.retain(Pipeline::exists);
    Ok(all)
}

/// What runs under this name; none: nothing does.
pub async fn find_effective(tx: &mut OrgTx, name: &str) -> Result<Option<Effective>, sqlx::Error> {
    Ok(find(tx, name).await?.resolve().ok())
}

/// What ran under this name when its layer was of that version, over what is shipped now.
pub(crate) async fn find_version(
    tx: &mut OrgTx,
    name: &str,
    layer_version: u32,
) -> Result<Option<Effective>, sqlx::Error> {
    let before = i32::try_from(layer_version).ok();
    let before = before.and_then(|version| version.checked_add(1));
    let mut layers = store::list_versions(tx, name, before, 1).await?;
    let layer = layers.pop().filter(|layer| layer.version == layer_version);
    if layer.is_none() && layer_version > 0 {
        return Ok(None);
    }
    Ok(assemble(name, layer, None).resolve().ok())
}

/// What runs on a connection of this kind of source. One that cannot run is told of, not run.
pub async fn list_enabled(tx: &mut OrgTx, connector: &str) -> Result<Vec<Effective>, sqlx::Error> {
    let mut enabled = Vec::new();
    for pipeline in list(tx).await?.into_iter().filter(|one| one.enabled) {
        match pipeline.resolve() {
            Ok(effective) if effective.spec.connector() == connector => enabled.push(effective),
            Ok(_) => {}
            Err(found) => {
                tracing::warn!(
                    pipeline = pipeline.name,
                    error = first_error(&found),
                    "a pipeline cannot run"
                );
            }
        }
    }
    Ok(enabled)
}

#[cfg(test)]
mod tests;
