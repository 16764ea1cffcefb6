//! The programs a driver starts: given, or found in the usual places.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::program::MARK;

const OLDEST_MAJOR: u32 = 15;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(
        "PostgreSQL {OLDEST_MAJOR} or newer was not found; install it (Debian: `apt-get install postgresql`, macOS: `brew install postgresql@17`) or name the folder of its programs with --pg-bin-dir"
    )]
    NoPostgres,
    #[error("{bin} has PostgreSQL {found}; version {OLDEST_MAJOR} or newer is needed")]
    OldPostgres { bin: PathBuf, found: u32 },
    #[error("{bin} has no {program}; name the folder of PostgreSQL's programs with --pg-bin-dir")]
    NotPostgres { bin: PathBuf, program: &'static str },
    #[error(
        "neither redis-server nor valkey-server was found; install one (Debian: `apt-get install redis-server`, macOS: `brew install redis`) or name it with --redis-server"
    )]
    NoRedis,
    #[error(
        "{0} is missing; build it with `cargo build`, or name the folder it is in with --bin-dir"
    )]
    NoBinary(PathBuf),
}

/// What children are given of our own environment.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// Names and values that every child gets.
    pub inherited: Vec<(OsString, OsString)>,
    /// The data directory, as the mark.
    pub data: PathBuf,
}

impl Environment {
    pub fn base(&self) -> Vec<(OsString, OsString)> {
        let mut pairs = self.inherited.clone();
        pairs.push((MARK.into(), self.data.clone().into()));
        pairs
    }
}

#[derive(Debug, Clone)]
pub struct Tools {
    /// Our own programs: `cell`, `global-control`, `router`, `dv360-simulator`.
    pub bin: PathBuf,
    pub postgres_bin: PathBuf,
    pub postgres_major: u32,
    pub redis_server: PathBuf,
    pub environment: Environment,
}

impl Tools {
    /// Our own program of this name.
    pub fn binary(&self, name: &str) -> Result<PathBuf, Error> {
        let path = self.bin.join(name);
        if path.is_file() {
            Ok(path)
        } else {
            Err(Error::NoBinary(path))
        }
    }

    /// `7.0.15`, as the server says it.
    pub fn redis_version(&self) -> Option<String> {
        let line = first_line(&self.redis_server, "--version")?;
        let version = line
            .split_whitespace()
            .find_map(|word| word.strip_prefix("v="))?;
        Some(version.to_owned())
    }
}

/// Version and folder of the Postgres programs: the given one, or the newest there is.
pub fn find_postgres(given: Option<&Path>, path: &[PathBuf]) -> Result<(PathBuf, u32), Error> {
    if let Some(bin) = given {
        for program in ["postgres", "initdb"] {
            if !bin.join(program).is_file() {
                let bin = bin.to_path_buf();
                return Err(Error::NotPostgres { bin, program });
            }
        }
    }
    let candidates = given.map_or_else(|| postgres_folders(path), |bin| vec![bin.to_path_buf()]);
    let newest = candidates
        .into_iter()
        // A link on PATH stands for the folder where all the programs are.
        .filter_map(|bin| {
            Some(
                bin.join("postgres")
                    .canonicalize()
                    .ok()?
                    .parent()?
                    .to_path_buf(),
            )
        })
        .filter(|bin| bin.join("initdb").is_file())
        .filter_map(|bin| Some((major(&bin)?, bin)))
        .max();
    match newest {
        Some((found, bin)) if found < OLDEST_MAJOR => Err(Error::OldPostgres { bin, found }),
        Some((found, bin)) => Ok((bin, found)),
        None => Err(Error::NoPostgres),
    }
}

pub fn find_redis(given: Option<&Path>, path: &[PathBuf]) -> Result<PathBuf, Error> {
    let found = given.map_or_else(
        || {
            ["redis-server", "valkey-server"]
                .iter()
                .flat_map(|name| path.iter().map(move |folder| folder.join(name)))
                .find(|file| file.is_file())
        },
        |file| Some(file.to_path_buf()).filter(|file| file.is_file()),
    );
    found.ok_or(Error::NoRedis)
}

/// Where Postgres programs usually are. Debian keeps one folder per version and out of `PATH`.
fn postgres_folders(path: &[PathBuf]) -> Vec<PathBuf> {
    let mut folders = path.to_vec();
    for config in path.iter().map(|folder| folder.join("pg_config")) {
        folders.extend(first_line(&config, "--bindir").map(PathBuf::from));
    }
    for parent in [
        "/usr/lib/postgresql",
        "/usr/local/opt",
        "/opt/homebrew/opt",
        "/usr",
    ] {
        for entry in std::fs::read_dir(parent).into_iter().flatten().flatten() {
            folders.push(entry.path().join("bin"));
        }
    }
    folders
}

fn major(bin: &Path) -> Option<u32> {
    let line = first_line(&bin.join("postgres"), "--version")?;
    let version = line
        .split_whitespace()
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    version
        .split(|c: char| !c.is_ascii_digit())
        .next()?
        .parse()
        .ok()
}

fn first_line(program: &Path, argument: &str) -> Option<String> {
    let output = Command::new(program).arg(argument).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().next()?.trim().to_owned();
    output.status.success().then_some(line)
}
