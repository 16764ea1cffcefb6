//! A Postgres of a bench's own, where what it is to be measured with is not what tests run with.

use std::fs::Permissions;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use anyhow::Result;
use tempfile::TempDir;
use test_kit::cluster::{self, SUPERUSER};
use url::Url;

pub(crate) struct Cluster {
    /// Goes first: its data goes with the folder.
    postgres: cluster::Cluster,
    folder: TempDir,
}

impl Cluster {
    /// Empty, with the roles of a cell. `settings` come on top of Postgres' own, which lose nothing.
    pub(crate) async fn start(settings: &[&str]) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("bench-").tempdir()?;
        // Postgres runs as another user, who has to pass through.
        std::fs::set_permissions(folder.path(), Permissions::from_mode(0o711))?;
        let postgres = cluster::Cluster::create(folder.path(), settings).await?;
        Ok(Self { postgres, folder })
    }

    pub(crate) fn url(&self) -> Result<Url> {
        Ok(self.postgres.url(SUPERUSER, "postgres").parse()?)
    }

    /// All that it keeps: tables, indexes, what it sorts and the log.
    pub(crate) fn bytes_on_disk(&self) -> u64 {
        bytes_below(self.folder.path())
    }
}

/// Files come and go while they are counted.
fn bytes_below(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let sizes = entries.map(|entry| match entry.metadata() {
        Ok(found) if found.is_dir() => bytes_below(&entry.path()),
        Ok(found) => found.blocks() * 512,
        Err(_) => 0,
    });
    sizes.sum()
}
