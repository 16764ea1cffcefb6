//! Naming as a module: its settings, what other settings would change, and its run.

use std::collections::HashMap;
use std::sync::LazyLock;

use async_trait::async_trait;
use serde_json::Value;

use super::conventions::{self, list_in_force};
use super::names::{self, Judged, Names, store};
use super::settings::Settings;
use crate::documents::Finding;
use crate::documents::schema::schema_of;
use crate::modules::{Advertiser, Module, Preview, PreviewItem, Ran, Spec, run, typed};
use crate::tenancy::{OrgTx, sha256};

static SPEC: LazyLock<Spec> = LazyLock::new(|| Spec::parse(include_str!("spec.json")));

pub struct Taxonomy;

#[async_trait]
impl Module for Taxonomy {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn schema(&self) -> Value {
        schema_of::<Settings>("/api/modules/taxonomy#/schema", "Naming")
    }

    fn check(&self, _settings: &Value) -> Vec<Finding> {
        Vec::new()
    }

    async fn preview(
        &self,
        tx: &mut OrgTx,
        before: &Value,
        after: &Value,
    ) -> Result<Preview, sqlx::Error> {
        let conventions = list_in_force(tx).await?;
        let entities = store::list_entities(tx, None).await?;
        let judge = |settings: &Value| {
            let settings = Settings {
                suggest: false,
                ..typed(settings)
            };
            Names::new(&entities, &conventions, settings).judge()
        };
        let (before, after) = (judge(before), judge(after));
        let by_key = |judged: Vec<Judged<'_>>| -> HashMap<String, &'static str> {
            let said = judged.iter().map(|one| (one.entity.key(), said(one)));
            said.collect()
        };
        let (before, after) = (by_key(before), by_key(after));
        let mut preview = Preview::default();
        for entity in &entities {
            let of = |all: &HashMap<String, &'static str>| {
                all.get(&entity.key()).copied().unwrap_or("not_checked")
            };
            let (before, after) = (of(&before), of(&after));
            preview.looked_at += 1;
            if before != after {
                preview.add(PreviewItem {
                    kind: entity.level.as_str().to_owned(),
                    id: entity.entity_id.clone(),
                    name: entity.name.clone(),
                    before: before.to_owned(),
                    after: after.to_owned(),
                });
            }
        }
        Ok(preview)
    }

    async fn setup(&self, tx: &mut OrgTx) -> Result<String, sqlx::Error> {
        conventions::setup(tx).await
    }

    async fn run(
        &self,
        tx: &mut OrgTx,
        settings: &Value,
        of: &Advertiser,
    ) -> Result<Ran, run::Error> {
        let conventions = list_in_force(tx).await?;
        let entities = store::list_entities(tx, Some(of)).await?;
        let (past, last) = store::list_past(tx, of).await?;
        let names = Names::new(&entities, &conventions, typed(settings));
        let judged = names.judge();
        let rows: Vec<store::Row<'_>> = judged.iter().map(store::Row::new).collect();
        let days = last.map_or_else(Vec::new, |last| names::trend(&names, &past, last));
        let text = serde_json::to_vec(&(&rows, &days));
        let text = text.map_err(|error| run::Error::Failed(error.to_string()))?;
        store::replace_results(tx, of, &rows).await?;
        store::replace_days(tx, of, &days).await?;
        Ok(Ran {
            rows: rows.len() as u64,
            sha256: sha256(&text),
        })
    }
}

fn said(one: &Judged<'_>) -> &'static str {
    match one.compliant() {
        None => "no_convention",
        Some(true) => "compliant",
        Some(false) => "wrong",
    }
}
