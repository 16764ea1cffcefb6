//! A data directory of its own for each test, and what the driver needs to start things in it.

use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use cell_manager::config::Config;
use cell_manager::driver::Progress;
use cell_manager::driver::process::layout::Layout;
use cell_manager::driver::process::lock::DataLock;
use cell_manager::driver::process::ports::Ports;
use cell_manager::driver::process::postgres::{Cluster, store};
use cell_manager::driver::process::processes::Processes;
use cell_manager::driver::process::secrets::Secret;
use cell_manager::driver::process::tools::{self, Environment, Tools};
use cell_manager::driver::process::{Error, files, launch};

const WITHIN: Duration = Duration::from_secs(20);

/// A data directory that other accounts may pass through, so that Postgres lives in it.
pub(crate) struct Folder {
    root: tempfile::TempDir,
    data: PathBuf,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self::with_mode(0o711)
    }

    /// `mode` is that of the folder above the data directory.
    pub(crate) fn with_mode(mode: u32) -> Self {
        let root = tempfile::tempdir().unwrap();
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(root.path(), permissions).unwrap();
        let data = root.path().canonicalize().unwrap().join("data");
        Self { root, data }
    }

    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    pub(crate) fn layout(&self) -> Layout {
        Layout::ensure(&self.data).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Clusters may be elsewhere; the rest goes with the temporary folder.
        if self.data.join("cellplane.json").is_file() {
            files::remove_folder(&self.layout().clusters).unwrap();
        }
    }
}

pub(crate) fn tools(data: &Path) -> Tools {
    let config = Config::load();
    let (postgres_bin, postgres_major) = tools::find_postgres(None, &config.path).unwrap();
    Tools {
        bin: config.own_folder,
        postgres_bin,
        postgres_major,
        redis_server: tools::find_redis(None, &config.path).unwrap(),
        environment: Environment {
            inherited: config.inherited,
            data: data.to_path_buf(),
        },
    }
}

/// Everything the driver opens for a data directory. Ends its processes when told to.
pub(crate) struct Bench {
    pub(crate) layout: Layout,
    pub(crate) tools: Tools,
    pub(crate) ports: Ports,
    pub(crate) processes: Processes,
    /// What an earlier run had left.
    pub(crate) ended: Vec<String>,
    _lock: DataLock,
}

impl Bench {
    pub(crate) async fn open(folder: &Folder) -> Self {
        let layout = folder.layout();
        let lock = DataLock::take(folder.data()).unwrap();
        let opened = Processes::open(&layout, &lock, &Progress::silent()).await;
        let (processes, ended) = opened.unwrap();
        Self {
            tools: tools(folder.data()),
            ports: Ports::open(layout.run().join("state.json")).unwrap(),
            layout,
            processes,
            ended,
            _lock: lock,
        }
    }

    pub(crate) fn cluster(&self, password: &Secret) -> Cluster {
        Cluster {
            name: "test/postgres".to_owned(),
            folder: self.layout.cluster("test"),
            log: self.layout.log("test-postgres"),
            account: self.layout.account.clone(),
            superuser_password: password.clone(),
        }
    }

    pub(crate) async fn start_cluster(&self, cluster: &Cluster) -> SocketAddr {
        cluster
            .ensure(&self.tools, &self.processes, false)
            .await
            .unwrap();
        let [addr] = launch(&self.ports, &self.processes, [&cluster.name], |[addr]| {
            cluster.server(&self.tools, addr)
        })
        .await
        .unwrap();
        addr
    }

    pub(crate) async fn start_redis(&self, password: &Secret) -> SocketAddr {
        use cell_manager::driver::process::redis;
        let folder = self.layout.cells().join("test/redis");
        let [addr] = launch(&self.ports, &self.processes, ["test/redis"], |[addr]| {
            let name = "test/redis".to_owned();
            let log = self.layout.log("test-redis");
            redis::server(&self.tools, name, &folder, log, addr, password).map_err(Error::from)
        })
        .await
        .unwrap();
        addr
    }

    pub(crate) fn pid(&self, name: &str) -> u32 {
        self.processes.state(name).unwrap().pid.unwrap()
    }

    pub(crate) async fn close(self) {
        let names = self.processes.names();
        self.processes
            .stop_all(names.iter().map(String::as_str))
            .await;
    }
}

/// The roles of a cell, with one password for all of them.
pub(crate) fn roles(password: &Secret) -> [store::Role<'_>; 3] {
    let role = |name, bypass_rls| store::Role {
        name,
        password,
        bypass_rls,
        grants: &[],
    };
    [
        role("cell_owner", false),
        role("cell_app", false),
        role("cell_mover", true),
    ]
}

/// Waits until it holds.
pub(crate) async fn eventually(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let mut tick = tokio::time::interval(Duration::from_millis(20));
    let waiting = async {
        while !holds().await {
            tick.tick().await;
        }
    };
    let waited = tokio::time::timeout(WITHIN, waiting).await;
    assert!(waited.is_ok(), "{what}: not within {WITHIN:?}");
}
