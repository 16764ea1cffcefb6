//! Rules for Rust and TypeScript files: how they open, how long they are, and which words
//! may appear in which file.

use super::{Source, Violation};

const RUST_LINES: usize = 500;
const SCRIPT_LINES: usize = 250;
const MAIN_LINES: usize = 40;

/// Module names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 8] = [
    "util", "common", "helpers", "types", "manager", "service", "data", "info",
];

/// Services cut into slices, where SQL and HTTP have files of their own.
const SLICED: [&str; 3] = ["cell", "global-control", "cell-manager"];
const SQL_FILES: [&str; 5] = ["store.rs", "db.rs", "migrate.rs", "main.rs", "lib.rs"];
const SQL_FOLDERS: [&str; 4] = ["store", "tenancy", "driver", "moves"];
const HTTP_FILES: [&str; 4] = ["http.rs", "app.rs", "routes.rs", "extract.rs"];
const HTTP_FOLDERS: [&str; 2] = ["http", "extract"];

pub(super) fn check(source: &Source) -> Vec<Violation> {
    if source.path.ends_with(".rs") {
        return rust(source);
    }
    let script = [".ts", ".tsx"].iter().any(|end| source.path.ends_with(end));
    if script {
        typescript(source)
    } else {
        unfinished(source, &["--"])
    }
}

fn rust(source: &Source) -> Vec<Violation> {
    let mut found = Vec::new();
    if !source.text.starts_with("//!") {
        found.push(Violation::new(
            &source.path,
            1,
            "must open with `//!`: what it is for, and the one thing to know",
        ));
    }
    let limit = if source.path.ends_with("src/main.rs") {
        MAIN_LINES
    } else {
        RUST_LINES
    };
    if !is_test(source) {
        found.extend(too_long(source, limit));
        found.extend(slices(source));
    }
    found.extend(unfinished(source, &["//"]));
    found.extend(module_names(source));
    found.extend(environment(source));
    found.extend(marked_lines(
        source,
        concat!("#[", "ignore"),
        "no ignored tests: fix it or delete it",
    ));
    found
}

fn typescript(source: &Source) -> Vec<Violation> {
    let mut found = unfinished(source, &["//", "/*"]);
    let generated = source.path.contains("/api/schema.") || source.text.starts_with("// Generated");
    if !generated && !is_test(source) {
        found.extend(too_long(source, SCRIPT_LINES));
    }
    found
}

fn is_test(source: &Source) -> bool {
    let name = source.name();
    let by_name = name == "tests.rs" || name.contains(".test.") || name.contains(".spec.");
    by_name || source.has_folder("tests") || source.has_folder("e2e") || source.has_folder("mocks")
}

fn too_long(source: &Source, limit: usize) -> Option<Violation> {
    let count = source.text.lines().count();
    (count > limit).then(|| {
        Violation::new(
            &source.path,
            0,
            format!("has {count} lines; {limit} is the limit"),
        )
    })
}

/// A reminder in a comment needs an issue; a known fault is not left on main.
fn unfinished(source: &Source, comment: &[&str]) -> Vec<Violation> {
    if !matches!(
        source.name().rsplit('.').next(),
        Some("rs" | "ts" | "tsx" | "sql")
    ) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (number, line) in source.lines() {
        let Some(start) = comment.iter().filter_map(|mark| line.find(mark)).min() else {
            continue;
        };
        let text = &line[start..];
        if has_word(text, concat!("FIX", "ME")) {
            found.push(Violation::new(
                &source.path,
                number,
                concat!("no FIX", "ME on main"),
            ));
        }
        let reminder = concat!("TO", "DO");
        if has_word(text, reminder) && !text.contains(&format!("{reminder}(#")) {
            found.push(Violation::new(
                &source.path,
                number,
                format!("write {reminder}(#issue) or do it"),
            ));
        }
    }
    found
}

fn module_names(source: &Source) -> Vec<Violation> {
    let mut found = Vec::new();
    for (number, line) in source.lines() {
        let line = line.trim_start();
        let visible = line
            .strip_prefix("pub(crate) ")
            .or_else(|| line.strip_prefix("pub(super) "));
        let line = visible
            .or_else(|| line.strip_prefix("pub "))
            .unwrap_or(line);
        let Some(rest) = line.strip_prefix("mod ") else {
            continue;
        };
        let name = rest.trim_end_matches([';', '{', ' ']);
        if EMPTY_NAMES.contains(&name) {
            found.push(Violation::new(
                &source.path,
                number,
                format!("`mod {name}` says nothing: name what is in it"),
            ));
        }
    }
    found
}

fn environment(source: &Source) -> Vec<Violation> {
    let build_script = source.name() == "build.rs" && !source.has_folder("src");
    if source.name() == "config.rs" || source.has_folder("config") || build_script {
        return Vec::new();
    }
    let mut found = marked_lines(
        source,
        concat!("env", "::var"),
        "settings are read once, in config.rs",
    );
    found.retain(|one| !excused(source, one.line, "clippy::disallowed_methods"));
    found
}

/// Whether the lines just above expect this lint to fire, and so give the reason.
fn excused(source: &Source, line: usize, lint: &str) -> bool {
    let above = source.lines().skip(line.saturating_sub(6)).take(5);
    above
        .into_iter()
        .any(|(number, text)| number < line && text.contains(lint))
}

fn slices(source: &Source) -> Vec<Violation> {
    if !SLICED.contains(&source.area()) {
        return Vec::new();
    }
    let allowed = |files: &[&str], folders: &[&str]| {
        files.contains(&source.name()) || folders.iter().any(|folder| source.has_folder(folder))
    };
    let mut found = Vec::new();
    if !allowed(&SQL_FILES, &SQL_FOLDERS) {
        found.extend(uses(
            source,
            "sqlx",
            &["sqlx::Error"],
            "SQL belongs in store.rs",
        ));
    }
    if !allowed(&HTTP_FILES, &HTTP_FOLDERS) {
        let reason = "HTTP types belong in http.rs, app.rs, routes.rs or extract.rs";
        found.extend(uses(source, "axum", &[], reason));
        found.extend(uses(source, "utoipa_axum", &[], reason));
    }
    found
}

/// Lines of code that name a crate, except for these of its items.
fn uses(source: &Source, name: &str, except: &[&str], reason: &str) -> Vec<Violation> {
    let mut found = Vec::new();
    for (number, line) in source.lines() {
        let code = line.split("//").next().unwrap_or_default();
        let code = except
            .iter()
            .fold(code.to_owned(), |code, item| code.replace(item, ""));
        let path = format!("{name}::");
        if has_word(&code, name) && (code.contains(&path) || code.trim_start().starts_with("use "))
        {
            found.push(Violation::new(
                &source.path,
                number,
                format!("names {name}: {reason}"),
            ));
        }
    }
    found
}

fn marked_lines(source: &Source, mark: &str, message: &str) -> Vec<Violation> {
    source
        .lines()
        .filter(|(_, line)| line.split("//").next().unwrap_or_default().contains(mark))
        .map(|(number, _)| Violation::new(&source.path, number, message))
        .collect()
}

/// Whether the word stands alone: not as part of a longer name.
fn has_word(text: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(start, _)| {
        let before = text[..start].chars().next_back();
        let after = text[start + word.len()..].chars().next();
        !before.is_some_and(part) && !after.is_some_and(part)
    })
}
