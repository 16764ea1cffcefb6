//! Modules as the API tells of them.

use chrono::{DateTime, Utc};
use contracts::{Action, UserId};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::spec::{Input, Template};
use super::{Installed, Preview, Version, store};
use crate::documents::{Change, Document, Finding, diff};

#[derive(Debug, Serialize, ToSchema)]
pub struct ModuleList {
    pub items: Vec<ModuleSummary>,
    pub next_cursor: Option<String>,
}

/// A module in a line.
#[derive(Debug, Serialize, ToSchema)]
pub struct ModuleSummary {
    pub module: String,
    pub title: String,
    pub description: String,
    pub enabled: bool,
    /// 0: as shipped.
    pub version: u32,
    pub template: Option<Template>,
    /// Settings that are the org's own.
    pub changed: usize,
    /// Things a person should look at.
    pub problems: usize,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Module)]
pub(super) struct ModuleAnswer {
    pub module: String,
    pub title: String,
    pub description: String,
    /// Of the code: results of another one are made again.
    pub module_version: u32,
    pub inputs: Vec<Input>,
    /// What one needs to change it.
    pub configure: Action,
    pub enabled: bool,
    /// Raised by each change; also the etag, which a change is made on.
    pub version: u32,
    pub template: Option<Template>,
    /// As far as they differ from the template's.
    pub layer: Option<Document>,
    /// What is in force, whole.
    pub settings: Document,
    /// From the template's settings to those in force.
    pub diff: Vec<Change>,
    /// What is wrong with the org's own settings; while anything is, the template's are in force.
    pub problems: Vec<Finding>,
    /// JSON Schema of the settings.
    #[schema(value_type = Object)]
    pub schema: Value,
    /// What everybody begins with, and what it is by kind of agency.
    pub defaults: Document,
    pub templates: Vec<ModuleTemplateAnswer>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ModuleTemplateSettings)]
pub(super) struct ModuleTemplateAnswer {
    pub template: Template,
    /// Whole.
    pub settings: Document,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ModuleTrial)]
pub struct TrialAnswer {
    pub valid: bool,
    pub problems: Vec<Finding>,
    /// Whole; absent if it is none.
    pub settings: Option<Document>,
    /// From those in force.
    pub diff: Vec<Change>,
    /// On the org's own data; absent if the settings cannot be used.
    pub preview: Option<Preview>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ModuleVersionList {
    pub items: Vec<ModuleVersion>,
    pub next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ModuleVersion {
    pub version: u32,
    pub enabled: bool,
    pub template: Option<Template>,
    pub layer: Option<Document>,
    pub comment: String,
    pub changed_by: UserId,
    pub changed_at: DateTime<Utc>,
    /// From the version before, over the templates of now.
    pub diff: Vec<Change>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ModuleRunList {
    pub items: Vec<ModuleRun>,
    pub next_cursor: Option<String>,
}

/// The latest run over one advertiser's data.
#[derive(Debug, Serialize, ToSchema)]
pub struct ModuleRun {
    pub dsp: String,
    pub advertiser_id: String,
    pub advertiser_name: Option<String>,
    pub rows: i64,
    /// The same data and settings always give the same; absent if the run failed.
    pub result_sha256: Option<String>,
    /// Why it failed.
    pub problem: Option<String>,
    pub took_us: i64,
    pub ran_at: DateTime<Utc>,
}

impl ModuleSummary {
    pub(super) fn new(installed: &Installed) -> Self {
        let whole = ModuleAnswer::new(installed);
        Self {
            module: whole.module,
            title: whole.title,
            description: whole.description,
            enabled: whole.enabled,
            version: whole.version,
            template: whole.template,
            changed: whole.diff.len(),
            problems: whole.problems.len(),
        }
    }
}

impl ModuleAnswer {
    pub(super) fn new(installed: &Installed) -> Self {
        let spec = installed.module.spec();
        let template = installed.template();
        let settings = installed.settings();
        let layer = installed.version.as_ref();
        let templates = spec.templates.keys().map(|one| ModuleTemplateAnswer {
            template: *one,
            settings: Document(spec.base(Some(*one))),
        });
        Self {
            module: spec.module.clone(),
            title: spec.title.clone(),
            description: spec.description.clone(),
            module_version: spec.version,
            inputs: spec.inputs.clone(),
            configure: spec.permissions.configure,
            enabled: installed.enabled(),
            version: installed.number(),
            template,
            layer: layer.and_then(|one| one.settings.clone()).map(Document),
            diff: diff(&spec.base(template), &settings),
            settings: Document(settings),
            problems: installed.problems(),
            schema: installed.module.schema(),
            defaults: Document(spec.base(None)),
            templates: templates.collect(),
        }
    }
}

impl ModuleVersion {
    /// What is different from the version before; its switch and template, too.
    pub(super) fn new(installed: &Installed, this: &Version, before: Option<&Version>) -> Self {
        let whole = |version: Option<&Version>| {
            let template = version.and_then(|one| one.template);
            let settings = version.and_then(|one| one.settings.as_ref());
            let mut whole = installed.with(template, settings);
            let shipped = installed.module.spec().on_from_the_start;
            whole["enabled"] = version.map_or(shipped, |one| one.enabled).into();
            whole["template"] = template.map(Template::as_str).into();
            whole
        };
        Self {
            version: this.version,
            enabled: this.enabled,
            template: this.template,
            layer: this.settings.clone().map(Document),
            comment: this.comment.clone(),
            changed_by: this.changed_by,
            changed_at: this.changed_at,
            diff: diff(&whole(before), &whole(Some(this))),
        }
    }
}

impl From<store::Run> for ModuleRun {
    fn from(run: store::Run) -> Self {
        Self {
            dsp: run.dsp,
            advertiser_id: run.advertiser_id,
            advertiser_name: run.advertiser_name,
            rows: run.row_count,
            result_sha256: run.result_sha256.map(hex::encode),
            problem: run.problem,
            took_us: run.took_us,
            ran_at: run.ran_at,
        }
    }
}
