//! Whether a platform can run here at all: every way it cannot gets its own sentence, before
//! anything is started.

use std::path::Path;

use super::{Error, Options};
use crate::config::Config;
use crate::driver::process::files;
use crate::driver::process::layout::Layout;
use crate::driver::process::lock::DataLock;
use crate::driver::process::privileges;
use crate::driver::process::tools::{self, Environment, Tools};

const NEEDED_BYTES: u64 = 500 * 1024 * 1024;
/// Postgres keeps paths in 1,024 bytes; this leaves room for what is below the data folder.
const LONGEST_PATH: usize = 800;

/// In a data folder before a platform is: our lock, and the databases a developer's commands use.
const BEFORE: [&str; 5] = ["lock", "dev-db", "dev-db.lock", "test-db", "test-db.lock"];

/// All that a platform puts into its data folder. Nothing else is ever deleted there.
const OURS: [&str; 9] = [
    "cells",
    "global-control.made",
    "log",
    "postgres",
    "router",
    "run",
    "secrets.json",
    "trash",
    // Last: without the mark the rest could not be deleted in a second try.
    "cellplane.json",
];

/// With `--detach` one of them is being written and shown.
const SUPERVISOR_LOGS: [&str; 2] = ["supervisor.log", "supervisor.log.1"];

/// Programs of ours that must be there.
pub(super) const BINARIES: [&str; 4] = ["global-control", "router", "cell", "dv360-simulator"];

pub(super) fn find_tools(config: &Config, options: &Options) -> Result<Tools, Error> {
    let (postgres_bin, postgres_major) =
        tools::find_postgres(options.pg_bin_dir.as_deref(), &config.path)?;
    let tools = Tools {
        bin: options.bin_dir.clone(),
        postgres_bin,
        postgres_major,
        redis_server: tools::find_redis(options.redis_server.as_deref(), &config.path)?,
        environment: Environment {
            inherited: config.inherited.clone(),
            data: options.data.clone(),
        },
    };
    for name in BINARIES {
        tools.binary(name)?;
    }
    Ok(tools)
}

/// The data folder, locked, emptied when asked to, and fit for use.
pub(super) fn open_data(options: &Options) -> Result<(DataLock, Layout), Error> {
    let data = &options.data;
    ensure_data_folder(data)?;
    let lock = DataLock::take(data)?;
    check_space(data)?;
    if options.fresh {
        Layout::mend(data)?;
    }
    let layout = Layout::ensure(data)?;
    check_space(&layout.clusters)?;
    Ok((lock, layout))
}

/// The account that runs Postgres may have to pass through; what is private is closed by itself.
pub(super) fn ensure_data_folder(data: &Path) -> Result<(), Error> {
    check_length(data)?;
    let mode = if privileges::running_as_root() {
        0o711
    } else {
        0o700
    };
    files::ensure_folder(data, mode)?;
    check_ours(data)
}

fn check_length(data: &Path) -> Result<(), Error> {
    let length = data.as_os_str().len();
    if length <= LONGEST_PATH {
        return Ok(());
    }
    Err(Error::LongPath {
        path: data.to_path_buf(),
        length,
        limit: LONGEST_PATH,
    })
}

fn check_space(path: &Path) -> Result<(), Error> {
    let Ok(found) = rustix::fs::statvfs(path) else {
        return Ok(());
    };
    let free = found.f_bavail.saturating_mul(found.f_frsize);
    space_error(path, free).map_or(Ok(()), Err)
}

fn space_error(path: &Path, free: u64) -> Option<Error> {
    let mb = |bytes: u64| bytes / (1024 * 1024);
    (free < NEEDED_BYTES).then(|| Error::LittleSpace {
        path: path.to_path_buf(),
        free_mb: mb(free),
        needed_mb: mb(NEEDED_BYTES),
    })
}

/// A folder without our mark is somebody else's, unless all that is in it comes from a start of
/// ours that failed early.
fn check_ours(data: &Path) -> Result<(), Error> {
    let only = |folder: &Path, known: &[&str]| {
        let mut entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries.all(|entry| known.iter().any(|name| entry.file_name() == *name))
    };
    let early = only(data, &[BEFORE.as_slice(), &["log"]].concat())
        && only(&data.join("log"), &SUPERVISOR_LOGS);
    if Layout::is_ours(data) || early {
        return Ok(());
    }
    Err(Error::NotOurs {
        data: data.to_path_buf(),
    })
}

/// Deletes everything of ours in a data folder, also the clusters kept elsewhere. Nothing of it
/// may run any more.
pub(super) fn empty(layout: &Layout) -> Result<Layout, Error> {
    files::remove_folder(&layout.clusters)?;
    for name in OURS.into_iter().filter(|name| *name != "log") {
        remove(&layout.data.join(name))?;
    }
    let logs = std::fs::read_dir(layout.logs()).into_iter().flatten();
    for entry in logs.flatten() {
        if !SUPERVISOR_LOGS
            .iter()
            .any(|kept| entry.file_name() == *kept)
        {
            remove(&entry.path())?;
        }
    }
    Ok(Layout::ensure(&layout.data)?)
}

/// Deletes a data folder with all of ours in it, wherever that is. False: the folder stays, with
/// what somebody else put into it.
pub fn delete(data: &Path) -> Result<bool, Error> {
    if !Layout::is_ours(data) {
        return Err(Error::NotOurs {
            data: data.to_path_buf(),
        });
    }
    let _lock = DataLock::take(data)?;
    let layout = Layout::ensure(data)?;
    files::remove_folder(&layout.clusters)?;
    for name in OURS {
        remove(&data.join(name))?;
    }
    files::remove_file(&data.join("lock"))?;
    // Refused by the system when anything is left.
    Ok(std::fs::remove_dir(data).is_ok())
}

fn remove(path: &Path) -> Result<(), files::Error> {
    if path.is_dir() && !path.is_symlink() {
        files::remove_folder(path)
    } else {
        files::remove_file(path)
    }
}

#[cfg(test)]
mod tests {
    //! Refusals say what is wrong and what to do.

    use std::path::Path;

    use super::{check_length, check_ours, space_error};

    #[test]
    fn a_nearly_full_disk_is_refused() {
        let text = space_error(Path::new("/x"), 499 * 1024 * 1024)
            .unwrap()
            .to_string();
        assert!(text.contains("only 499 MB are free"), "{text}");
        assert!(space_error(Path::new("/x"), 501 * 1024 * 1024).is_none());
    }

    #[test]
    fn a_path_that_postgres_cannot_keep_is_refused() {
        let long = "/x".repeat(500);
        let text = check_length(Path::new(&long)).unwrap_err().to_string();
        assert!(
            text.contains("1000 bytes") && text.contains("--data"),
            "{text}"
        );
    }

    #[test]
    fn fresh_does_not_empty_a_folder_of_somebody_else() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("log")).unwrap();
        std::fs::write(folder.path().join("log/supervisor.log"), "").unwrap();
        check_ours(folder.path()).unwrap();
        std::fs::write(folder.path().join("thesis.tex"), "years of work").unwrap();
        assert!(check_ours(folder.path()).is_err());
        std::fs::write(folder.path().join("cellplane.json"), "{}").unwrap();
        check_ours(folder.path()).unwrap();
    }
}
