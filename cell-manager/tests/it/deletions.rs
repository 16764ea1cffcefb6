//! A deleted cell can be brought back until it is purged, whatever crashed in between.

use std::net::SocketAddr;
use std::sync::Arc;

use cell_manager::driver::process::ProcessDriver;
use cell_manager::driver::process::ports::Ports;
use cell_manager::driver::process::secrets::Secret;
use cell_manager::driver::process::surroundings::{Dv360, Surroundings};
use cell_manager::driver::{CellDriver as _, CellName, CellSpec, CellState};
use contracts::CellId;

use crate::support::{Bench, Folder};

fn driver(bench: &Bench) -> ProcessDriver {
    let nowhere = SocketAddr::from(([127, 0, 0, 1], 9));
    let surroundings = Surroundings {
        global_control: nowhere,
        public_url_template: "http://{host}.localhost".to_owned(),
        global_public_keys: Vec::new(),
        control_master_key: Secret::random(),
        edge_master_key: Secret::random(),
        dv360: Dv360 {
            base: nowhere,
            client_id: "client".to_owned(),
            client_secret: Secret::random(),
            redirect_url: "http://app.localhost/oauth/dv360/callback".to_owned(),
        },
        ui_dir: None,
        log_format: "json".to_owned(),
    };
    ProcessDriver::open(
        bench.layout.clone(),
        bench.tools.clone(),
        Arc::new(Ports::open(bench.layout.run().join("state.json")).unwrap()),
        bench.processes.clone(),
        surroundings,
    )
    .unwrap()
}

/// The files of a cell that has run and is stopped.
fn stopped_cell(bench: &Bench) -> CellSpec {
    let spec = CellSpec {
        cell_id: CellId::new(),
        name: CellName::numbered(1),
        capacity_orgs: 7,
    };
    let folder = bench.layout.cell(&spec.name);
    std::fs::create_dir_all(folder.join("bronze")).unwrap();
    std::fs::write(folder.join("bronze/report.zst"), "raw").unwrap();
    let record = serde_json::json!({"spec": spec, "made": true});
    std::fs::write(folder.join("cell.json"), record.to_string()).unwrap();
    let cluster = bench.layout.cluster("cell-1");
    std::fs::create_dir(&cluster).unwrap();
    std::fs::write(cluster.join("PG_VERSION"), "15").unwrap();
    spec
}

#[tokio::test]
async fn a_deleted_cell_is_kept_and_can_be_brought_back() {
    let folder = Folder::new();
    let bench = Bench::open(&folder).await;
    let spec = stopped_cell(&bench);
    let driver = driver(&bench);
    assert_eq!(driver.observe().await.unwrap()[0].state, CellState::Stopped);

    let deleted = driver.delete(spec.cell_id).await.unwrap();
    assert!(driver.list_specs().unwrap().is_empty());
    assert!(!bench.layout.cluster("cell-1").exists());
    let kept = std::path::Path::new(&deleted.kept_in);
    assert!(kept.starts_with(bench.layout.trash()));
    assert_eq!(
        std::fs::read(kept.join("bronze/report.zst")).unwrap(),
        b"raw"
    );
    assert_eq!(driver.list_deleted().unwrap(), [deleted]);

    assert_eq!(driver.restore(&spec.name).unwrap(), spec);
    assert_eq!(driver.list_specs().unwrap(), [spec]);
    assert!(bench.layout.cluster("cell-1").join("PG_VERSION").is_file());
    assert!(driver.list_deleted().unwrap().is_empty());
}

#[tokio::test]
async fn a_purged_cell_leaves_nothing() {
    let folder = Folder::new();
    let bench = Bench::open(&folder).await;
    let spec = stopped_cell(&bench);
    let driver = driver(&bench);
    driver.delete(spec.cell_id).await.unwrap();
    assert_eq!(driver.purge().unwrap().len(), 1);
    assert!(driver.list_deleted().unwrap().is_empty());
    assert!(driver.restore(&spec.name).is_err());
    for place in [bench.layout.trash(), bench.layout.clusters.clone()] {
        assert_eq!(std::fs::read_dir(place).unwrap().count(), 0);
    }
}

#[tokio::test]
async fn a_deletion_that_was_cut_off_is_finished_by_the_next_run() {
    let folder = Folder::new();
    let bench = Bench::open(&folder).await;
    let spec = stopped_cell(&bench);
    let note = serde_json::json!({"spec": spec, "place": "cell-1-1", "deleted_at_unix": 1});
    let path = bench.layout.cell(&spec.name).join("deleted.json");
    std::fs::write(path, note.to_string()).unwrap();
    let driver = driver(&bench);
    assert!(driver.list_specs().unwrap().is_empty());
    assert_eq!(driver.list_deleted().unwrap().len(), 1);
}
