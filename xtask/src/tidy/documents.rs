//! Rules for prose, and for every text file: no document grows past its reader's patience,
//! and no file tells whose machine it was written on.

use super::{Source, Violation};

/// Folders that exist on one machine only, with what may follow there after all.
const MACHINE: [(&str, &[&str]); 6] = [
    (concat!("/ho", "me/"), &["linuxbrew/"]),
    (concat!("/Us", "ers/"), &[]),
    (concat!("/ro", "ot/"), &[]),
    (concat!("/wo", "rk/"), &[]),
    (concat!("/tmp/", "spec"), &[]),
    (concat!("../", "shared"), &[]),
];

pub(super) fn check(source: &Source) -> Vec<Violation> {
    let mut found = Vec::new();
    found.extend(match source.path.as_str() {
        "README.md" => limit(source, source.text.lines().count(), 150, "lines"),
        "ARCHITECTURE.md" => limit(source, words(source), 2500, "words"),
        "STYLE.md" => limit(source, words(source), 1000, "words"),
        _ => None,
    });
    let lock = ["Cargo.lock", "package-lock.json"].contains(&source.name());
    if !lock {
        let leaks = source.lines().filter(|(_, line)| names_machine(line));
        found.extend(leaks.map(|(number, _)| {
            Violation::new(&source.path, number, "names a folder of somebody's machine")
        }));
    }
    found
}

fn limit(source: &Source, count: usize, most: usize, unit: &str) -> Option<Violation> {
    (count > most).then(|| {
        Violation::new(
            &source.path,
            0,
            format!("has {count} {unit}; {most} is the limit"),
        )
    })
}

fn words(source: &Source) -> usize {
    source.text.split_whitespace().count()
}

fn names_machine(line: &str) -> bool {
    MACHINE.iter().any(|(folder, except)| {
        line.match_indices(folder).any(|(start, _)| {
            let before = line[..start].chars().next_back();
            let rest = &line[start + folder.len()..];
            // Part of a longer path or of a URL is no folder of a machine.
            let whole = !before.is_some_and(|c| c.is_alphanumeric() || "_-.}/".contains(c));
            let named = !folder.ends_with('/')
                || rest.starts_with(|c: char| c.is_alphanumeric() || c == '.');
            whole && named && !except.iter().any(|other| rest.starts_with(other))
        })
    })
}
