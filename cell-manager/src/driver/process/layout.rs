//! Where everything is in the data directory.
//!
//! Postgres clusters may live elsewhere: when root keeps the data where the account that runs
//! Postgres cannot go, they are under `/var/lib/cellplane`, and `cellplane.json` says so.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::files;
use super::privileges::{self, Account};
use crate::driver::CellName;

const CLUSTERS_ELSEWHERE: &str = "/var/lib/cellplane";
const REMEDY: &str = "it says where the databases are: restore it, or start over with --fresh";

#[derive(Debug, Clone)]
pub struct Layout {
    pub data: PathBuf,
    /// One folder per Postgres cluster, owned by the account that runs them.
    pub clusters: PathBuf,
    pub account: Option<Account>,
}

/// `cellplane.json`: marks the folder as ours.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Marker {
    layout: u32,
    /// Relative to the data folder when it is inside, so that the folder may be moved.
    clusters: PathBuf,
}

impl Layout {
    /// Opens the folder and makes what is missing of it. The path must be absolute.
    pub fn ensure(data: &Path) -> Result<Self, privileges::Error> {
        let account = Account::for_postgres()?;
        // The account must be able to pass through; everything private in it is 0600 or 0700.
        files::ensure_folder(data, if account.is_some() { 0o711 } else { 0o700 })?;
        let marker = data.join("cellplane.json");
        let clusters = match files::read_json::<Marker>(&marker, REMEDY)? {
            Some(found) => data.join(found.clusters),
            None => {
                let clusters = choose_clusters(data, account.as_ref());
                let text = Marker {
                    layout: 1,
                    clusters: clusters.clone(),
                };
                files::write_json(&marker, &text, 0o600)?;
                data.join(clusters)
            }
        };
        let layout = Self {
            data: data.to_path_buf(),
            clusters,
            account,
        };
        layout.make_folders()?;
        Ok(layout)
    }

    fn make_folders(&self) -> Result<(), privileges::Error> {
        for folder in [self.run(), self.logs(), self.cells(), self.trash()] {
            files::ensure_folder(&folder, 0o700)?;
        }
        if let Some(parent) = self.clusters.parent() {
            files::ensure_folder(parent, 0o755)?;
        }
        files::ensure_folder(&self.clusters, 0o700)?;
        if let Some(account) = &self.account {
            account.own(&self.clusters)?;
        }
        Ok(())
    }

    /// Whether a folder was made by us, so that `--fresh` may empty it.
    pub fn is_ours(data: &Path) -> bool {
        data.join("cellplane.json").is_file()
    }

    /// Before everything is thrown away, a damaged marker must not stand in the way. Clusters
    /// that it said are elsewhere stay behind.
    pub fn mend(data: &Path) -> Result<(), files::Error> {
        let marker = data.join("cellplane.json");
        match files::read_json::<Marker>(&marker, REMEDY) {
            Err(files::Error::Damaged { .. }) => files::remove_file(&marker),
            Err(err) => Err(err),
            Ok(_) => Ok(()),
        }
    }

    pub fn run(&self) -> PathBuf {
        self.data.join("run")
    }

    pub fn logs(&self) -> PathBuf {
        self.data.join("log")
    }

    pub fn log(&self, name: &str) -> PathBuf {
        self.logs().join(format!("{name}.log"))
    }

    pub fn cells(&self) -> PathBuf {
        self.data.join("cells")
    }

    pub fn cell(&self, name: &CellName) -> PathBuf {
        self.cells().join(name.as_str())
    }

    pub fn trash(&self) -> PathBuf {
        self.data.join("trash")
    }

    pub fn cluster(&self, name: &str) -> PathBuf {
        self.clusters.join(name)
    }
}

fn choose_clusters(data: &Path, account: Option<&Account>) -> PathBuf {
    match account {
        Some(account) if !account.can_reach(data) => {
            let name = format!("{:016x}", fnv1a(data));
            // One that is there belongs to a data folder that was removed by hand: its passwords
            // are gone, but it is not ours to delete.
            (0..)
                .map(|n: u32| Path::new(CLUSTERS_ELSEWHERE).join(format!("{name}-{n}")))
                .find(|path| !path.exists())
                .expect("there are more numbers than folders")
        }
        _ => PathBuf::from("postgres"),
    }
}

/// FNV-1a: the same name for the same path in every build.
fn fnv1a(path: &Path) -> u64 {
    let bytes = path.as_os_str().as_encoded_bytes();
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
