//! Pacing as a module: its settings, what other settings would change, and its run.

use std::sync::LazyLock;

use async_trait::async_trait;
use serde_json::Value;

use super::compute;
use super::rows::PacingRow;
use super::settings::Settings;
use super::store::Which;
use crate::documents::Finding;
use crate::documents::schema::schema_of;
use crate::modules::{Advertiser, Module, Preview, PreviewItem, Ran, Spec, run, typed};
use crate::tenancy::{OrgTx, sha256};

static SPEC: LazyLock<Spec> = LazyLock::new(|| Spec::parse(include_str!("spec.json")));

pub struct Pacing;

#[async_trait]
impl Module for Pacing {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn schema(&self) -> Value {
        schema_of::<Settings>("/api/modules/pacing#/schema", "Pacing")
    }

    fn check(&self, settings: &Value) -> Vec<Finding> {
        let settings: Settings = typed(settings);
        let wrong = settings.problems().into_iter();
        wrong
            .map(|(path, message)| Finding::error(path, message))
            .collect()
    }

    async fn preview(
        &self,
        tx: &mut OrgTx,
        before: &Value,
        after: &Value,
    ) -> Result<Preview, sqlx::Error> {
        let before = compute::rows(tx, Which::default(), &typed(before)).await?;
        let after = compute::rows(tx, Which::default(), &typed(after)).await?;
        let mut preview = Preview::default();
        // The same orders in the same order: settings choose none.
        for (before, after) in before.orders.iter().zip(&after.orders) {
            preview.looked_at += 1;
            if before.status != after.status {
                let said = |row: &PacingRow| {
                    let status = serde_json::to_value(row.status).unwrap_or_default();
                    status.as_str().unwrap_or_default().to_owned()
                };
                preview.add(PreviewItem {
                    kind: "insertion_order".to_owned(),
                    id: after.row_key.clone(),
                    name: after.name.clone(),
                    before: said(before),
                    after: said(after),
                });
            }
        }
        Ok(preview)
    }

    /// Pages compute their rows when they are asked, so nothing but the hash is kept.
    async fn run(
        &self,
        tx: &mut OrgTx,
        settings: &Value,
        of: &Advertiser,
    ) -> Result<Ran, run::Error> {
        let which = Which {
            advertiser_id: Some(&of.advertiser_id),
            insertion_order_id: None,
        };
        let found = compute::rows(tx, which, &typed(settings)).await?;
        let mut rows = found.orders;
        rows.extend(found.line_items);
        rows.sort_by(|one, other| (one.level, &one.row_key).cmp(&(other.level, &other.row_key)));
        let text = serde_json::to_vec(&rows);
        let text = text.map_err(|error| run::Error::Failed(error.to_string()))?;
        Ok(Ran {
            rows: rows.len() as u64,
            sha256: sha256(&text),
        })
    }
}
