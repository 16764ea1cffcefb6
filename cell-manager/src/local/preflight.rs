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

/// Not emptied by `--fresh`: our lock, and the developer database that SQL is checked against.
const KEPT: [&str; 3] = ["lock", "dev-db", "dev-db.lock"];

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
        check_ours(data)?;
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
    Ok(files::ensure_folder(data, mode)?)
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
    let early = only(data, &[KEPT.as_slice(), &["log"]].concat())
        && only(&data.join("log"), &SUPERVISOR_LOGS);
    if Layout::is_ours(data) || early {
        return Ok(());
    }
    Err(Error::NotOurs {
        data: data.to_path_buf(),
    })
}

/// Deletes everything a data folder holds, also the clusters kept elsewhere. Nothing of it may
/// run any more.
pub(super) fn empty(layout: &Layout) -> Result<Layout, Error> {
    files::remove_folder(&layout.clusters)?;
    remove_but(&layout.logs(), &SUPERVISOR_LOGS)?;
    remove_but(&layout.data, &[KEPT.as_slice(), &["log"]].concat())?;
    Ok(Layout::ensure(&layout.data)?)
}

/// Deletes a data folder with all that belongs to it, wherever that is.
pub fn delete(data: &Path) -> Result<(), Error> {
    if !Layout::is_ours(data) {
        return Err(Error::NotOurs {
            data: data.to_path_buf(),
        });
    }
    let _lock = DataLock::take(data)?;
    let layout = Layout::ensure(data)?;
    files::remove_folder(&layout.clusters)?;
    Ok(files::remove_folder(data)?)
}

fn remove_but(folder: &Path, kept: &[&str]) -> Result<(), Error> {
    let entries = std::fs::read_dir(folder).map_err(|source| files::Error::Read {
        path: folder.to_path_buf(),
        source,
    })?;
    let entries: Vec<_> = entries.flatten().collect();
    for entry in entries {
        if kept.iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            files::remove_folder(&entry.path())?;
        } else {
            files::remove_file(&entry.path())?;
        }
    }
    Ok(())
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
