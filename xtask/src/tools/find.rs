//! Where tools are on this machine, and which version they have.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::specs::{Spec, Tool};
use crate::config::Config;

/// A tool that was found. For Postgres the path is the folder of its programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) path: PathBuf,
    pub(crate) version: Version,
}

/// Major and minor; enough to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version(pub(crate) u32, pub(crate) u32);

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

/// The best installation of a tool, whatever its version.
pub(super) fn newest(config: &Config, spec: &Spec) -> Option<Found> {
    if spec.tool == Tool::Postgres {
        return postgres_folder(config);
    }
    let on_path = spec.programs.iter().filter_map(|name| config.which(name));
    let elsewhere = (spec.tool == Tool::Chromium)
        .then(|| PathBuf::from("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"))
        .filter(|path| path.is_file());
    on_path
        .chain(elsewhere)
        .filter(|path| spec.probe.is_empty() || first_line(path, spec.probe).is_some())
        .filter_map(|path| {
            let version = parse_version(&first_line(&path, &["--version"])?)?;
            Some(Found { path, version })
        })
        .next()
}

/// The newest folder that holds all the Postgres programs we use.
fn postgres_folder(config: &Config) -> Option<Found> {
    let mut folders = config.path.clone();
    if let Some(tool) = config.which("pg_config") {
        folders.extend(first_line(&tool, &["--bindir"]).map(PathBuf::from));
    }
    folders.extend(subfolders("/usr/lib/postgresql", "bin"));
    folders.extend(subfolders("/usr", "bin").into_iter().filter(|dir| {
        dir.parent()
            .and_then(Path::file_name)
            .is_some_and(|name| name.as_encoded_bytes().starts_with(b"pgsql"))
    }));
    folders.extend(
        subfolders("/usr/libexec", "")
            .into_iter()
            .filter(|dir| dir.join("postgres").is_file()),
    );
    for prefix in [
        "/opt/homebrew/opt",
        "/usr/local/opt",
        "/home/linuxbrew/.linuxbrew/opt",
    ] {
        folders.extend(subfolders(prefix, "bin"));
    }
    folders
        .into_iter()
        // A link on PATH stands for the folder where all the programs are.
        .filter_map(|dir| {
            Some(
                dir.join("postgres")
                    .canonicalize()
                    .ok()?
                    .parent()?
                    .to_path_buf(),
            )
        })
        .filter(|dir| PROGRAMS.iter().all(|name| dir.join(name).is_file()))
        .filter_map(|dir| {
            let version = parse_version(&first_line(&dir.join("postgres"), &["--version"])?)?;
            Some(Found { path: dir, version })
        })
        .max_by_key(|found| found.version)
}

const PROGRAMS: [&str; 4] = ["initdb", "pg_ctl", "psql", "pg_dump"];

/// The first number with a dot in it, or else the first number.
pub(super) fn parse_version(text: &str) -> Option<Version> {
    let words = || {
        text.split(|c: char| !c.is_ascii_digit() && c != '.')
            .filter(|word| !word.is_empty())
    };
    let dotted =
        words().find(|word| word.starts_with(|c: char| c.is_ascii_digit()) && word.contains('.'));
    let mut numbers = dotted.or_else(|| words().next())?.split('.');
    let major = numbers.next()?.parse().ok()?;
    let minor = numbers
        .next()
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    Some(Version(major, minor))
}

/// First line of a program's stdout, if it succeeds.
pub(super) fn first_line(program: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    output
        .status
        .success()
        .then(|| text.lines().next().unwrap_or_default().trim().to_owned())
}

fn subfolders(parent: &str, inside: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(parent) else {
        return Vec::new();
    };
    entries
        .filter_map(|entry| Some(entry.ok()?.path().join(inside)))
        .filter(|dir| dir.is_dir())
        .collect()
}
