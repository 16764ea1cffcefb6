//! Rules of this crate that no compiler checks.

use std::fs;
use std::path::{Path, PathBuf};

/// Where an org's scope may be made: somebody has just proved it there.
const MAY_VOUCH: [&str; 5] = [
    "auth/edge/http.rs",
    "ingestion/replay/operator/http.rs",
    "jobs/store.rs",
    "orgs/mod.rs",
    "tenancy/mod.rs",
];

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else {
            into.push(path);
        }
    }
}

#[test]
fn a_scope_is_made_only_where_it_was_proved() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    for file in files {
        let name = file
            .strip_prefix(&root)
            .unwrap()
            .to_string_lossy()
            .into_owned();
        let text = fs::read_to_string(&file).unwrap();
        let vouches = text.contains("OrgScope::vouched(") || text.contains("fn vouched(");
        let allowed = MAY_VOUCH.contains(&name.as_str()) || name.ends_with("tests.rs");
        assert!(
            !vouches || allowed,
            "{name} makes an OrgScope out of nothing"
        );
    }
}

#[test]
fn org_settings_are_set_by_the_prologue_only() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let sets = text.contains("set_config('app.") || text.contains("set local app.");
        assert!(
            !sets || file.ends_with("tenancy/tx.rs"),
            "{}",
            file.display()
        );
    }
}
