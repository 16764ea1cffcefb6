//! Where tools are on this machine, and which version they have.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::config::Config;

/// A tool that was found.
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

/// The newest folder that holds the Postgres server programs.
pub(crate) fn postgres_bin(config: &Config, least: Version) -> Option<Found> {
    let mut folders: Vec<PathBuf> = config
        .path
        .iter()
        .filter(|dir| dir.join("initdb").is_file())
        .cloned()
        .collect();
    if let Some(dir) = config
        .which("pg_config")
        .and_then(|tool| first_line(&tool, &["--bindir"]))
    {
        folders.push(dir.into());
    }
    folders.extend(children("/usr/lib/postgresql", "bin"));
    for prefix in [
        "/opt/homebrew/opt",
        "/usr/local/opt",
        "/home/linuxbrew/.linuxbrew/opt",
    ] {
        folders.extend(
            children(prefix, "bin")
                .into_iter()
                .filter(|dir| dir.to_string_lossy().contains("/postgresql")),
        );
    }
    folders.push("/usr/pgsql/bin".into());
    folders
        .into_iter()
        // A link on PATH stands for the folder where all the programs are.
        .filter_map(|dir| {
            dir.join("postgres")
                .canonicalize()
                .ok()?
                .parent()
                .map(Path::to_path_buf)
        })
        .filter(|dir| {
            ["initdb", "pg_ctl", "psql", "pg_dump"]
                .iter()
                .all(|name| dir.join(name).is_file())
        })
        .filter_map(|dir| {
            let version = parse_version(&first_line(&dir.join("postgres"), &["--version"])?)?;
            (version >= least).then_some(Found { path: dir, version })
        })
        .max_by_key(|found| found.version)
}

/// The first of these names on `PATH` that is new enough.
pub(crate) fn on_path(
    config: &Config,
    names: &[&str],
    argument: &str,
    least: Version,
) -> Option<Found> {
    names.iter().find_map(|name| {
        let path = config.which(name)?;
        let version = parse_version(&first_line(&path, &[argument])?)?;
        (version >= least).then_some(Found { path, version })
    })
}

/// The first number with a dot in it, or else the first number.
pub(crate) fn parse_version(text: &str) -> Option<Version> {
    let words = || text.split(|c: char| !c.is_ascii_digit() && c != '.');
    let dotted =
        words().find(|word| word.contains('.') && word.starts_with(|c: char| c.is_ascii_digit()));
    let word = dotted.or_else(|| words().find(|word| !word.is_empty()))?;
    let mut numbers = word.split('.');
    let major = numbers.next()?.parse().ok()?;
    let minor = numbers
        .next()
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    Some(Version(major, minor))
}

fn first_line(program: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    output
        .status
        .success()
        .then(|| text.lines().next().unwrap_or_default().trim().to_owned())
}

fn children(parent: &str, inside: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(parent) else {
        return Vec::new();
    };
    entries
        .filter_map(|entry| Some(entry.ok()?.path().join(inside)))
        .filter(|dir| dir.is_dir())
        .collect()
}
