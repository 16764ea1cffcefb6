//! Rules for Cargo.toml files: versions live in the root, each with a reason.

use super::{Source, Violation};

pub(super) fn check(source: &Source) -> Vec<Violation> {
    if source.path == "Cargo.toml" {
        return root(source);
    }
    if source.name() == "Cargo.toml" {
        member(source)
    } else {
        Vec::new()
    }
}

fn root(source: &Source) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut open = None;
    for (number, line) in in_sections(source, |name| name == "workspace.dependencies") {
        let text = line.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        // An entry may go on over several lines; its reason may stand on any of them.
        let starts = line.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.contains('=');
        if starts {
            found.extend(open.take());
            let own = text.contains("path =");
            open = (!own).then(|| {
                Violation::new(
                    &source.path,
                    number,
                    "give the reason for this dependency: `# five words or so`",
                )
            });
        }
        let reason = text
            .rsplit_once('#')
            .is_some_and(|(_, words)| words.split_whitespace().count() > 0);
        if reason {
            open = None;
        }
    }
    found.extend(open);
    found
}

fn member(source: &Source) -> Vec<Violation> {
    in_sections(source, |name| name.ends_with("dependencies"))
        .filter(|(_, line)| line.contains('=') && !line.trim_start().starts_with('#'))
        .filter(|(_, line)| !line.replace(' ', "").contains("workspace=true"))
        // Our own crates have no version.
        .filter(|(_, line)| !line.contains("path ="))
        .map(|(number, _)| {
            Violation::new(
                &source.path,
                number,
                "declare the version in the root: `name.workspace = true`",
            )
        })
        .collect()
}

/// Lines of the sections whose name fits.
fn in_sections<'a>(
    source: &'a Source,
    fits: impl Fn(&str) -> bool + 'a,
) -> impl Iterator<Item = (usize, &'a str)> {
    let mut inside = false;
    source.lines().filter(move |(_, line)| {
        let header = line
            .strip_prefix('[')
            .and_then(|rest| rest.trim_end().strip_suffix(']'));
        if let Some(name) = header {
            inside = fits(name);
            return false;
        }
        inside
    })
}
