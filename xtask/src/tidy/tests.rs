//! Every rule is shown to fail on a small tree that breaks it, and to pass on a clean one.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use super::layers::{self, Edge};
use super::{Violation, check_files};

/// A checkout in a folder of its own, removed with the value.
struct Fixture(PathBuf);

impl Fixture {
    fn new(files: &[(&str, &str)]) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("tidy-{}-{number}", std::process::id()));
        for (path, text) in files {
            let target = root.join(path);
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            fs::write(target, text).unwrap();
        }
        Self(root)
    }
}

impl Drop for Fixture {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

fn check(path: &str, text: &str) -> Vec<Violation> {
    check_files(&Fixture::new(&[(path, text)]).0).unwrap()
}

#[track_caller]
fn passes(path: &str, text: &str) {
    assert_eq!(check(path, text), []);
}

#[track_caller]
fn fails(path: &str, text: &str, line: usize, part: &str) {
    let found = check(path, text);
    let hit = found
        .iter()
        .any(|one| one.path == path && one.line == line && one.message.contains(part));
    assert!(hit, "expected {path}:{line}: …{part}…, found {found:#?}");
}

fn code(line: &str) -> String {
    format!("//! A file.\n{line}\n")
}

#[test]
fn a_rust_file_opens_with_its_purpose() {
    fails("cell/src/a.rs", "fn a() {}\n", 1, "must open with");
    passes("cell/src/a.rs", "//! A.\nfn a() {}\n");
}

#[test]
fn files_have_a_limit_that_tests_do_not() {
    let long = code(&"\n".repeat(500));
    fails("cell/src/a.rs", &long, 0, "500 is the limit");
    passes("cell/src/a/tests.rs", &long);
    passes("cell/tests/it/a.rs", &long);
    fails(
        "cell/src/main.rs",
        &code(&"\n".repeat(40)),
        0,
        "40 is the limit",
    );
    let page = "\n".repeat(251);
    fails("ui/src/a.tsx", &page, 0, "250 is the limit");
    passes("ui/src/a.test.tsx", &page);
    passes("ui/src/api/schema.cell.d.ts", &page);
}

#[test]
fn unfinished_work_names_its_issue() {
    let reminder = concat!("// TO", "DO");
    fails(
        "cell/src/a.rs",
        &code(&format!("{reminder}: later")),
        2,
        "(#issue)",
    );
    passes("cell/src/a.rs", &code(&format!("{reminder}(#12): later")));
    fails(
        "cell/src/a.rs",
        &code(concat!("// FIX", "ME(#12)")),
        2,
        "on main",
    );
    fails(
        "migrations/cell/1_a.sql",
        concat!("-- TO", "DO\n"),
        1,
        "(#issue)",
    );
}

#[test]
fn module_names_say_something() {
    for line in ["mod util;", "pub mod types;", "pub(crate) mod helpers {"] {
        fails("cell/src/lib.rs", &code(line), 2, "says nothing");
    }
    passes("cell/src/lib.rs", &code("mod utilisation;\nmod database;"));
}

#[test]
fn the_environment_is_read_in_config() {
    let line = code(concat!("let a = std::env", "::var(\"A\");"));
    fails("cell/src/app.rs", &line, 2, "config.rs");
    passes("cell/src/config.rs", &line);
    let reason = "#[expect(clippy::disallowed_methods, reason = \"…\")]\n";
    passes(
        "cell/src/app.rs",
        &line.replace("let", &format!("{reason}let")),
    );
    passes("cell/build.rs", &line);
}

#[test]
fn sql_stays_in_the_store() {
    let line = code("use sqlx::PgPool;");
    fails("cell/src/orgs/mod.rs", &line, 2, "store.rs");
    fails(
        "global-control/src/orgs/http.rs",
        &code("let a = sqlx::query!();"),
        2,
        "store.rs",
    );
    passes("cell/src/orgs/store.rs", &line);
    passes("cell/src/tenancy/scope.rs", &line);
    passes(
        "cell/src/orgs/mod.rs",
        &code("Sql(#[source] sqlx::Error), // sqlx::query"),
    );
    passes("cell/src/orgs/tests.rs", &line);
}

#[test]
fn http_types_stay_at_the_edge() {
    let line = code("use axum::Json;");
    fails("cell/src/orgs/mod.rs", &line, 2, "http.rs");
    fails("cell/src/orgs/store.rs", &line, 2, "http.rs");
    fails(
        "cell/src/orgs/mod.rs",
        &code("use utoipa_axum::routes;"),
        2,
        "http.rs",
    );
    for path in [
        "cell/src/orgs/http.rs",
        "cell/src/app.rs",
        "cell/src/routes.rs",
        "cell/src/auth/extract.rs",
    ] {
        passes(path, &line);
    }
    passes("libs/service-kit/src/serve.rs", &line);
}

#[test]
fn ignored_tests_are_refused() {
    fails(
        "cell/tests/it/a.rs",
        &code(concat!("#[", "ignore]")),
        2,
        "ignored",
    );
}

#[test]
fn each_dependency_has_a_reason() {
    let heading = "[workspace.dependencies]\n";
    fails(
        "Cargo.toml",
        &format!("{heading}hex = \"0.4\"\n"),
        2,
        "reason",
    );
    fails(
        "Cargo.toml",
        &format!("{heading}hex = \"0.4\" #\nurl = \"2\" # parsed once\n"),
        2,
        "reason",
    );
    passes(
        "Cargo.toml",
        &format!("{heading}cell = {{ path = \"cell\" }}\nhex = \"0.4\" # digests\n"),
    );
    passes(
        "Cargo.toml",
        &format!("{heading}a = {{ version = \"1\", features = [\n  \"b\",\n] }} # some words\n"),
    );
}

#[test]
fn versions_live_in_the_root() {
    fails(
        "cell/Cargo.toml",
        "[dependencies]\nhex = \"0.4\"\n",
        2,
        "in the root",
    );
    passes(
        "cell/Cargo.toml",
        "[package]\nname = \"cell\"\n[dependencies]\nhex.workspace = true\n",
    );
}

#[test]
fn documents_stay_short() {
    fails("README.md", &"a\n".repeat(151), 0, "150");
    fails("ARCHITECTURE.md", &"a ".repeat(2501), 0, "2500");
    fails("STYLE.md", &"a ".repeat(1001), 0, "1000");
    passes("STYLE.md", &"a ".repeat(1000));
}

#[test]
fn no_file_tells_whose_machine_it_was_written_on() {
    for text in [
        concat!("see /ho", "me/ada/notes"),
        concat!("path = \"/Us", "ers/ada/x\""),
        concat!("built in /ro", "ot/.cache/x"),
        concat!("see ../", "shared/design"),
    ] {
        fails("docs/a.md", text, 1, "machine");
    }
    passes(
        "docs/a.md",
        concat!(
            "GET /ho",
            "me/ and $HOME",
            "/ho",
            "me/ada, /api/wo",
            "rk/1, /ho",
            "me/linuxbrew/x"
        ),
    );
}

fn edge(from: &str, to: &str, dev: bool, ours: bool) -> Vec<Violation> {
    layers::check(&[Edge {
        from: from.to_owned(),
        to: to.to_owned(),
        dev,
        ours,
    }])
}

#[test]
fn services_do_not_depend_on_each_other() {
    for (from, to) in [
        ("router", "cell"),
        ("cell", "global-control"),
        ("cell-manager", "cell"),
        ("test-kit", "cell"),
    ] {
        assert_eq!(edge(from, to, false, true).len(), 1, "{from} -> {to}");
        assert_eq!(
            edge(from, to, true, true).len(),
            1,
            "{from} -> {to} in tests"
        );
    }
    assert_eq!(edge("cell", "contracts", false, true), []);
    assert_eq!(edge("a-twelfth-crate", "contracts", false, true).len(), 1);
}

#[test]
fn the_test_kit_is_for_tests() {
    assert_eq!(edge("cell", "test-kit", false, true).len(), 1);
    assert_eq!(edge("cell", "test-kit", true, true), []);
    assert_eq!(edge("loadtest", "test-kit", false, true), []);
}

#[test]
fn heavy_crates_have_owners() {
    for (from, to) in [
        ("cell", "pingora"),
        ("cell", "pingora-core"),
        ("global-control", "kube"),
        ("global-control", "kube-runtime"),
        ("cell", "k8s-openapi"),
        ("router", "sqlx"),
        ("contracts", "sqlx"),
        ("global-control", "redis"),
        ("router", "axum"),
        ("contracts", "tokio"),
        ("xtask", "tokio"),
    ] {
        assert_eq!(edge(from, to, false, false).len(), 1, "{from} -> {to}");
    }
    assert_eq!(edge("router", "axum", true, false), []);
    assert_eq!(edge("router", "pingora", false, false), []);
    assert_eq!(edge("contracts", "proptest", true, false), []);
}

#[test]
fn edges_are_read_from_cargo_metadata() {
    let metadata = serde_json::json!({"packages": [{"name": "cell", "dependencies": [
        {"name": "router", "kind": null, "path": "/x/router"},
        {"name": "axum", "kind": "dev", "path": null},
    ]}]});
    let edges = layers::read(&metadata);
    assert!(edges[0].ours && !edges[0].dev && !edges[1].ours && edges[1].dev);
    assert_eq!(layers::check(&edges).len(), 1);
}
