//! Changing a pipeline: a new version of the org's layer, or the switch. Nothing is overwritten.

use contracts::UserId;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::spec::{Dataset, Spec};
use super::{Error, MOST_PIPELINES, Pipeline, examine, find, layer, list, store};
use crate::documents::{Finding, Findings, LONGEST_COMMENT, is_name, prevents};
use crate::tenancy::OrgTx;

/// A wish to change the layer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewLayer<'a> {
    pub(crate) pipeline: &'a str,
    /// Nothing: take all changes away.
    pub(crate) value: Option<&'a Value>,
    pub(crate) comment: &'a str,
    /// Which version the person saw.
    pub(crate) expected_version: u32,
    pub(crate) changed_by: UserId,
}

/// What a layer makes of a pipeline, and what is wrong with it.
pub(crate) fn try_layer(pipeline: &Pipeline, layer: &Value) -> (Option<Spec>, Vec<Finding>) {
    let mut found = Findings::default();
    layer::check(layer, pipeline.shipped, &mut found);
    let mut found = found.into_vec();
    if prevents(&found) {
        return (None, found);
    }
    let value = pipeline.with(Some(layer)).unwrap_or_default();
    let (spec, mut more) = examine(&pipeline.name, &value);
    found.append(&mut more);
    (spec, found)
}

/// Keeps a new version of the layer, if what it makes can run.
pub(crate) async fn put_layer(tx: &mut OrgTx, new: NewLayer<'_>) -> Result<Pipeline, Error> {
    store::lock(tx).await?;
    let mut pipeline = find(tx, new.pipeline).await?;
    let version = pipeline.layer_version();
    // A part of a spec is no pipeline of its own.
    let is_whole = new.value.is_some_and(|value| value.get("source").is_some());
    if !pipeline.exists() && (!is_whole || !is_name(new.pipeline)) {
        return Err(Error::NotFound);
    }
    if new.expected_version != version {
        return Err(Error::Changed(version));
    }
    if let Some(value) = new.value {
        let (spec, found) = try_layer(&pipeline, value);
        let spec = spec
            .filter(|_| !prevents(&found))
            .ok_or(Error::Invalid(found))?;
        if pipeline.enabled {
            refuse_same_rows(tx, &spec).await?;
        }
        if !pipeline.exists() && list(tx).await?.len() >= MOST_PIPELINES + super::BUILT_IN.len() {
            return Err(Error::TooMany);
        }
    } else if pipeline.enabled && pipeline.shipped.is_none() {
        return Err(Error::On);
    }
    let kept = store::insert_layer(tx, &new, version + 1, pipeline.shipped).await?;
    pipeline.layer = Some(kept);
    Ok(pipeline)
}

/// Switches a pipeline on or off.
pub(crate) async fn set_enabled(
    tx: &mut OrgTx,
    name: &str,
    enabled: bool,
    changed_by: UserId,
) -> Result<Pipeline, Error> {
    store::lock(tx).await?;
    let mut pipeline = find(tx, name).await?;
    if !pipeline.exists() {
        return Err(Error::NotFound);
    }
    if enabled {
        let effective = pipeline.resolve().map_err(Error::Invalid)?;
        refuse_same_rows(tx, &effective.spec).await?;
    }
    store::put_switch(tx, name, enabled, changed_by).await?;
    pipeline.enabled = enabled;
    Ok(pipeline)
}

/// Two pipelines that replace each other's rows would take turns in being right.
async fn refuse_same_rows(tx: &mut OrgTx, spec: &Spec) -> Result<(), Error> {
    // Breakdowns are kept apart by pipeline.
    if spec.dataset == Dataset::BreakdownDays {
        return Ok(());
    }
    let others = list(tx).await?.into_iter();
    for other in others.filter(|one| one.enabled && one.name != spec.pipeline) {
        let same = |other: &Spec| other.dataset == spec.dataset && other.dsp() == spec.dsp();
        if other.resolve().is_ok_and(|other| same(&other.spec)) {
            return Err(Error::SameRows(other.name));
        }
    }
    Ok(())
}

/// A header that the file has where a column is expected.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OtherName {
    pub column: String,
    pub header: String,
}

/// Has columns be found under further headers: a version of the layer that says just that. Names
/// that are known already need none.
pub(crate) async fn add_names(
    tx: &mut OrgTx,
    pipeline: &str,
    names: &[OtherName],
    changed_by: UserId,
) -> Result<(), Error> {
    store::lock(tx).await?;
    let found = find(tx, pipeline).await?;
    let columns = found.resolve().map_err(Error::Invalid)?.spec.columns;
    let mut value = found.layer_value().cloned().unwrap_or_else(|| json!({}));
    let mut said = Vec::new();
    for OtherName { column, header } in names {
        let known = columns.iter().find(|one| one.name == *column);
        let mut headers = known.ok_or(Error::NotFound)?.headers.clone();
        if !headers.contains(header) {
            headers.push(header.clone());
            layer::set_headers(&mut value, column, &headers);
            said.push(format!("{header:?} is another name of {column}"));
        }
    }
    if said.is_empty() {
        return Ok(());
    }
    let comment: String = said.join("; ").chars().take(LONGEST_COMMENT).collect();
    let new = NewLayer {
        pipeline,
        value: Some(&value),
        comment: &comment,
        expected_version: found.layer_version(),
        changed_by,
    };
    put_layer(tx, new).await.map(|_| ())
}
