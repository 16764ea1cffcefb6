//! Which spec a replay reads with. A version is named as lineage names it,
//! `pipeline@version+layer/code`, so whatever was ever loaded with can be asked for again, as long
//! as this program still reads files the way that version did.

use contracts::replays::AS_LOADED;

use super::loads::store;
use super::{Reading, Wish};
use crate::ingestion::pipelines::{self, Effective, Spec};
use crate::ingestion::reading::{self, CODE};
use crate::ingestion::sync;
use crate::tenancy::{self, OrgTx};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no pipeline {0}")]
    UnknownPipeline(String),
    #[error("nothing was ever loaded with {version}; {}", known(.loaded))]
    UnknownVersion {
        version: String,
        /// What this program could read with.
        loaded: Vec<String>,
    },
    #[error("{0} is not a version of {1}")]
    OfAnother(String, String),
    #[error("{version} read files in way {code}, and this program reads them in way {CODE}")]
    OtherCode { version: String, code: String },
    #[error(transparent)]
    Tenancy(#[from] tenancy::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Tenancy(error.into())
    }
}

/// The spec that is wished for; none: each file's own.
pub(super) async fn resolve(tx: &mut OrgTx, wish: &Wish) -> Result<Option<Reading>, Error> {
    let version = match wish.version.as_deref() {
        None => {
            let current = pipelines::find_effective(tx, &wish.pipeline).await?;
            let unknown = || Error::UnknownPipeline(wish.pipeline.clone());
            return Ok(Some(current.ok_or_else(unknown)?.into()));
        }
        Some(AS_LOADED) => return Ok(None),
        Some(version) => version,
    };
    let layer_version = check(&wish.pipeline, version)?;
    if let Some(layer_version) = layer_version
        && let Some(then) = pipelines::find_version(tx, &wish.pipeline, layer_version).await?
        && then.version() == version
    {
        return Ok(Some(then.into()));
    }
    // What is shipped has changed since: some sync still has the whole spec.
    let version = version.to_owned();
    let found = match store::find_sync_of_version(tx, &wish.pipeline, &version).await? {
        Some(sync_id) => sync::store::find(tx, sync_id).await?,
        None => None,
    };
    if let Some(sync) = found {
        let spec = sync.record.spec;
        return Ok(Some(Reading { spec, version }));
    }
    let mut loaded = store::list_versions(tx, &wish.pipeline).await?;
    loaded.retain(|version| check(&wish.pipeline, version).is_ok());
    Err(Error::UnknownVersion { version, loaded })
}

fn known(loaded: &[String]) -> String {
    match loaded {
        [] => "no file was loaded with a version that can still be read".to_owned(),
        _ => format!("there are {AS_LOADED}, {}", loaded.join(", ")),
    }
}

/// Some spec of the pipeline: which rows are meant does not change from version to version.
pub(super) async fn find_spec(tx: &mut OrgTx, pipeline: &str) -> Result<Box<Spec>, Error> {
    if let Some(effective) = pipelines::find_effective(tx, pipeline).await? {
        return Ok(Box::new(effective.spec));
    }
    let unknown = || Error::UnknownPipeline(pipeline.to_owned());
    let sync_id = store::find_sync_of_pipeline(tx, pipeline).await?;
    let sync = sync::store::find(tx, sync_id.ok_or_else(unknown)?).await?;
    Ok(sync.ok_or_else(unknown)?.record.spec)
}

impl From<Effective> for Reading {
    fn from(effective: Effective) -> Self {
        Self {
            version: effective.version(),
            spec: Box::new(effective.spec),
        }
    }
}

/// The version of the layer in it.
fn check(pipeline: &str, version: &str) -> Result<Option<u32>, Error> {
    let (name, rest) = version.split_once('@').unwrap_or(("", version));
    if name != pipeline {
        return Err(Error::OfAnother(version.to_owned(), pipeline.to_owned()));
    }
    let (versions, code) = rest.rsplit_once('/').unwrap_or((rest, ""));
    if code != CODE.to_string() {
        return Err(Error::OtherCode {
            version: version.to_owned(),
            code: code.to_owned(),
        });
    }
    let layer = versions.split_once('+').map(|(_, layer)| layer.parse());
    Ok(layer.and_then(Result::ok))
}

/// What a file read with its own spec is called: as it was, in the way of this program.
pub(super) fn as_loaded(spec: &Spec, version: &str) -> String {
    match version.rsplit_once('/') {
        Some((before, _)) if before.contains('@') => format!("{before}/{CODE}"),
        _ => reading::pipeline_version(spec, 0),
    }
}

#[cfg(test)]
mod tests {
    //! Names of versions are taken apart with care.

    use super::{Error, as_loaded, check};
    use crate::ingestion::pipelines;
    use crate::ingestion::reading::CODE;

    #[test]
    fn a_version_must_be_of_the_pipeline_and_of_this_program() {
        assert_eq!(check("a", &format!("a@3+7/{CODE}")).unwrap(), Some(7));
        assert!(matches!(check("a", "b@3+2/2"), Err(Error::OfAnother(..))));
        assert!(matches!(check("a", "3"), Err(Error::OfAnother(..))));
        assert!(matches!(
            check("a", "a@3+2/1"),
            Err(Error::OtherCode { .. })
        ));
        assert!(matches!(check("a", "a@3+2"), Err(Error::OtherCode { .. })));
    }

    #[test]
    fn a_files_own_version_keeps_its_spec_and_takes_our_code() {
        let spec = pipelines::line_item_days();
        let own = as_loaded(&spec, "dv360_line_item_days@7+3/1");
        assert_eq!(own, format!("dv360_line_item_days@7+3/{CODE}"));
        let old = as_loaded(&spec, "line_item_days/1");
        assert_eq!(old, format!("dv360_line_item_days@1+0/{CODE}"));
    }
}
