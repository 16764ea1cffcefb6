//! Pipelines as the API tells of them.

use chrono::{DateTime, Utc};
use contracts::UserId;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::spec::{Dataset, Spec};
use super::{Effective, Layer, Pipeline, examine, layer};
use crate::documents::{Change, Document, Finding, diff};

#[derive(Debug, Serialize, ToSchema)]
pub struct PipelineList {
    pub items: Vec<PipelineSummary>,
    pub next_cursor: Option<String>,
}

/// A pipeline in a line.
#[derive(Debug, Serialize, ToSchema)]
pub struct PipelineSummary {
    pub pipeline: String,
    pub title: String,
    pub enabled: bool,
    /// Absent while it cannot run.
    pub dataset: Option<Dataset>,
    pub connector: Option<String>,
    pub dsp: Option<String>,
    /// Of the shipped spec; absent for a pipeline of the org's own.
    pub built_in_version: Option<u32>,
    /// 0: as shipped.
    pub layer_version: u32,
    /// Whether the org changed it.
    pub changed: bool,
    /// Things a person should look at.
    pub problems: usize,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Pipeline)]
pub struct PipelineAnswer {
    pub pipeline: String,
    pub enabled: bool,
    /// What runs; absent while it cannot.
    pub effective: Option<Spec>,
    /// What its rows say they came from, such as `dv360_line_item_days@1+0/2`.
    pub pipeline_version: Option<String>,
    /// The layer does not go with the newest shipped spec, so it runs over the one it was made for.
    pub held_back: bool,
    pub built_in: Option<Spec>,
    /// The org's changes, as far as there are any.
    pub layer: Option<Document>,
    /// Raised by each change; what a change is made on.
    pub layer_version: u32,
    /// From the shipped spec to the one with the changes.
    pub diff: Vec<Change>,
    pub problems: Vec<Finding>,
    /// What a newer shipped spec changed where the layer does, too. The layer holds.
    pub conflicts: Vec<Change>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PipelineCheck)]
pub struct CheckAnswer {
    pub valid: bool,
    /// The whole spec, if it can be read.
    pub effective: Option<Spec>,
    /// From how it is now.
    pub diff: Vec<Change>,
    pub problems: Vec<Finding>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct LayerVersionList {
    pub items: Vec<LayerVersion>,
    pub next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct LayerVersion {
    pub version: u32,
    /// Absent: all changes were taken away.
    pub layer: Option<Document>,
    pub comment: String,
    pub changed_by: UserId,
    pub changed_at: DateTime<Utc>,
    /// From the version before, over the shipped specs of their time.
    pub diff: Vec<Change>,
}

impl PipelineSummary {
    pub(super) fn new(pipeline: &Pipeline) -> Self {
        let whole = PipelineAnswer::new(pipeline);
        let spec = whole.effective.as_ref();
        let title = |value: &Value| value["title"].as_str().unwrap_or_default().to_owned();
        let named = pipeline.with(pipeline.layer_value());
        Self {
            title: spec.map_or_else(
                || named.as_ref().map_or_else(String::new, title),
                |spec| spec.title.clone(),
            ),
            dataset: spec.map(|spec| spec.dataset),
            connector: spec.map(|spec| spec.connector().to_owned()),
            dsp: spec.map(|spec| spec.dsp().to_owned()),
            enabled: whole.enabled,
            built_in_version: whole.built_in.map(|spec| spec.version),
            layer_version: whole.layer_version,
            changed: whole.layer.is_some(),
            problems: whole.problems.len() + whole.conflicts.len(),
            pipeline: whole.pipeline,
        }
    }
}

impl PipelineAnswer {
    pub(super) fn new(pipeline: &Pipeline) -> Self {
        let now = pipeline.with(pipeline.layer_value()).unwrap_or_default();
        let (_, problems) = examine(&pipeline.name, &now);
        let effective = pipeline.resolve().ok();
        Self {
            pipeline: pipeline.name.clone(),
            enabled: pipeline.enabled,
            pipeline_version: effective.as_ref().map(Effective::version),
            held_back: effective.as_ref().is_some_and(|one| one.held_back),
            effective: effective.map(|one| one.spec),
            built_in: pipeline
                .shipped
                .and_then(|spec| serde_json::from_value(spec.clone()).ok()),
            layer: pipeline.layer_value().cloned().map(Document),
            layer_version: pipeline.layer_version(),
            diff: pipeline
                .shipped
                .map_or_else(Vec::new, |shipped| diff(shipped, &now)),
            problems,
            conflicts: pipeline.conflicts(),
        }
    }
}

impl LayerVersion {
    pub(super) fn new(pipeline: &Pipeline, this: &Layer, before: Option<&Layer>) -> Self {
        let whole = |layer: Option<&Layer>| {
            let base = layer.and_then(|layer| layer.made_over.as_ref());
            let base = base.or(pipeline.shipped);
            let value = layer.and_then(|layer| layer.value.as_ref());
            match (base, value) {
                (base, Some(value)) => layer::lay(base.unwrap_or(&Value::Null), value),
                (Some(base), None) => base.clone(),
                (None, None) => Value::Null,
            }
        };
        Self {
            version: this.version,
            layer: this.value.clone().map(Document),
            comment: this.comment.clone(),
            changed_by: this.changed_by,
            changed_at: this.changed_at,
            diff: diff(&whole(before), &whole(Some(this))),
        }
    }
}
