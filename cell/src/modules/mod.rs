//! Product areas inside a cell. Each reads silver and answers one kind of question about it.
//!
//! A module is a folder with a `spec.json`, its settings, pure computing, a store and routes; what
//! follows here is what all of them have: being switched on, configured and tried per org as data
//! (`change`), and being run when their data has moved (`run`). `docs/modules.md` adds one.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use contracts::UserId;
use contracts::config_docs::overlay;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;

use crate::documents::{Finding, Findings, finding::first_error, limits, prevents};
use crate::tenancy::{self, OrgTx};

pub mod spec;

pub mod change;

pub mod run;

pub mod http;

pub(crate) mod attention;

mod answers;

mod store;

pub mod pacing;

pub mod taxonomy;

#[cfg(test)]
mod tests;

pub use spec::{Spec, Template};

/// Every module of this version, in the order people see them in.
static REGISTRY: [&dyn Module; 2] = [&pacing::Pacing, &taxonomy::Taxonomy];

/// What the framework asks of a module.
#[async_trait]
pub trait Module: Send + Sync {
    fn spec(&self) -> &'static Spec;

    /// What its settings can say, as JSON Schema; their limits are held to by it.
    fn schema(&self) -> Value;

    /// What is wrong with settings that keep to the schema.
    fn check(&self, settings: &Value) -> Vec<Finding>;

    /// What other settings would change on the org's own data.
    async fn preview(
        &self,
        tx: &mut OrgTx,
        before: &Value,
        after: &Value,
    ) -> Result<Preview, sqlx::Error>;

    /// What its results depend on besides data and settings: documents of its own, by version.
    async fn setup(&self, _tx: &mut OrgTx) -> Result<String, sqlx::Error> {
        Ok(String::new())
    }

    /// Computes and keeps the results of one advertiser, from silver alone: no clock, no dice.
    async fn run(
        &self,
        tx: &mut OrgTx,
        settings: &Value,
        of: &Advertiser,
    ) -> Result<Ran, run::Error>;
}

/// Whose data a run is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advertiser {
    pub dsp: String,
    pub advertiser_id: String,
}

/// What a run came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    pub rows: u64,
    /// Of the results.
    pub sha256: [u8; 32],
}

/// What would be different.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ModulePreview)]
pub struct Preview {
    pub looked_at: u64,
    pub changed: u64,
    /// The first of them.
    pub items: Vec<PreviewItem>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ModulePreviewItem)]
pub struct PreviewItem {
    /// `insertion_order`, `line_item` and so on.
    pub kind: String,
    pub id: String,
    pub name: String,
    pub before: String,
    pub after: String,
}

impl Preview {
    const MOST: usize = 50;

    pub(crate) fn add(&mut self, item: PreviewItem) {
        self.changed += 1;
        if self.items.len() < Self::MOST {
            self.items.push(item);
        }
    }
}

/// What an org said of a module at some time.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    pub module: String,
    pub version: u32,
    pub enabled: bool,
    pub template: Option<Template>,
    /// Laid over the template's; nothing: as they are there.
    pub settings: Option<Value>,
    pub comment: String,
    pub changed_by: UserId,
    pub changed_at: DateTime<Utc>,
}

/// A module as an org has it.
#[derive(Clone)]
pub struct Installed {
    pub module: &'static dyn Module,
    /// The newest, where there is any.
    pub version: Option<Version>,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no such module")]
    NotFound,
    #[error("the module is switched off")]
    Off,
    #[error("somebody changed it in the meantime: its version is {0}")]
    Changed(u32),
    #[error("the module cannot run like this: {}", first_error(.0))]
    Invalid(Vec<Finding>),
    #[error(transparent)]
    Tenancy(#[from] tenancy::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Tenancy(error.into())
    }
}

pub fn all() -> &'static [&'static dyn Module] {
    &REGISTRY
}

fn find_module(name: &str) -> Option<&'static dyn Module> {
    let mut all = REGISTRY.iter().copied();
    all.find(|one| one.spec().module == name)
}

/// Everything that is wrong with settings, whole.
fn examine(module: &dyn Module, settings: &Value) -> Vec<Finding> {
    let mut found = Findings::default();
    limits::check(&module.schema(), settings, &mut found);
    let found = found.into_vec();
    if prevents(&found) {
        return found;
    }
    module.check(settings)
}

impl Installed {
    pub fn enabled(&self) -> bool {
        let said = self.version.as_ref().map(|version| version.enabled);
        said.unwrap_or(self.module.spec().on_from_the_start)
    }

    /// 0: as shipped.
    pub fn number(&self) -> u32 {
        self.version.as_ref().map_or(0, |version| version.version)
    }

    pub fn template(&self) -> Option<Template> {
        self.version.as_ref()?.template
    }

    /// The settings that these changes make, before anybody looks whether they are right.
    fn with(&self, template: Option<Template>, settings: Option<&Value>) -> Value {
        let base = self.module.spec().base(template);
        settings.map_or_else(|| base.clone(), |settings| overlay(&base, settings))
    }

    fn said(&self) -> Value {
        let settings = self.version.as_ref().and_then(|one| one.settings.as_ref());
        self.with(self.template(), settings)
    }

    /// What is wrong with what the org said: an upgrade can bring that about.
    pub fn problems(&self) -> Vec<Finding> {
        examine(self.module, &self.said())
    }

    /// The settings in force. What the org said and this version cannot do gives way to the
    /// template's, which is told as a problem.
    pub fn settings(&self) -> Value {
        let said = self.said();
        if prevents(&examine(self.module, &said)) {
            return self.module.spec().base(self.template());
        }
        said
    }
}

pub(crate) async fn find(tx: &mut OrgTx, name: &str) -> Result<Installed, Error> {
    let module = find_module(name).ok_or(Error::NotFound)?;
    let version = store::find_newest(tx, name).await?;
    Ok(Installed { module, version })
}

/// All of them, switched on or not.
pub(crate) async fn list(tx: &mut OrgTx) -> Result<Vec<Installed>, sqlx::Error> {
    let mut newest = store::list_newest(tx).await?;
    let installed = REGISTRY.iter().map(|module| Installed {
        module: *module,
        version: newest.remove(&module.spec().module),
    });
    Ok(installed.collect())
}

/// The names of those that are switched on.
pub(crate) async fn list_enabled(tx: &mut OrgTx) -> Result<Vec<String>, sqlx::Error> {
    let on = list(tx).await?.into_iter().filter(Installed::enabled);
    Ok(on.map(|one| one.module.spec().module.clone()).collect())
}

/// The settings of a module that is on; each of its routes begins with this.
pub(crate) async fn settings_of<S: DeserializeOwned>(
    tx: &mut OrgTx,
    module: &'static dyn Module,
) -> Result<S, Error> {
    let version = store::find_newest(tx, &module.spec().module).await?;
    let installed = Installed { module, version };
    if !installed.enabled() {
        return Err(Error::Off);
    }
    Ok(typed(&installed.settings()))
}

/// Settings that were examined.
pub(crate) fn typed<S: DeserializeOwned>(settings: &Value) -> S {
    serde_json::from_value(settings.clone()).expect("examined settings can be read")
}
