//! The operator's folder, `<root>/<org>/<connection>/…`: listing it and opening what lies in it.
//!
//! Whoever may write there may not make us read elsewhere: every step down is taken from the folder
//! above it and refuses links, so nothing can be swapped in between.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use contracts::{ConnectionId, OrgId};
use rustix::fd::{AsFd, OwnedFd};
use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, Stat};
use url::Url;

use crate::ingestion::connectors::file_drop;

const DEEPEST: usize = 4;
const MOST_FILES: usize = 10_000;
const LONGEST_NAME: usize = 500;
/// A file that was changed so lately may still be written to.
const SETTLED: TimeDelta = TimeDelta::seconds(30);

#[derive(Debug, thiserror::Error)]
#[error("files can be picked up from a folder (file:///…) only, not at {0}")]
pub struct AddressError(Url);

/// Where delivered files lie, for all orgs of the cell.
#[derive(Debug, Clone)]
pub struct Root(PathBuf);

/// A file of the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// Below the connection's folder.
    pub(crate) name: String,
    pub(crate) bytes: u64,
    pub(crate) modified_at: DateTime<Utc>,
    /// Why it cannot be taken, whatever is in it.
    pub(crate) problem: Option<&'static str>,
}

impl Found {
    /// Whether it has not been changed for a while.
    pub(crate) fn settled(&self, now: DateTime<Utc>) -> bool {
        now - self.modified_at >= SETTLED
    }
}

impl Root {
    pub fn open(url: &Url) -> Result<Self, AddressError> {
        let folder = (url.scheme() == "file").then(|| url.to_file_path().ok());
        let folder = folder.flatten().ok_or_else(|| AddressError(url.clone()))?;
        Ok(Self(folder))
    }

    /// Everything below the connection's folder, by name. No folder: nothing was delivered.
    pub(crate) fn list(&self, org: OrgId, connection: ConnectionId) -> io::Result<Vec<Found>> {
        let mut found = Vec::new();
        match self.folder(org, connection) {
            Ok(folder) => walk(&folder, "", 0, &mut found)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        found.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(found)
    }

    /// Opens a file that was found. An error of kind `InvalidData`: it is not what was found.
    pub(crate) fn read(
        &self,
        org: OrgId,
        connection: ConnectionId,
        found: &Found,
    ) -> io::Result<File> {
        let mut folder = self.folder(org, connection)?;
        let mut parts: Vec<&str> = found.name.split('/').collect();
        let last = parts.pop().unwrap_or_default();
        for part in parts {
            folder = step(&folder, part, OFlags::DIRECTORY)?;
        }
        // Without waiting: a pipe has nobody at its other end.
        let file = File::from(step(&folder, last, OFlags::NONBLOCK)?);
        if is_same(&file, found)? {
            Ok(file)
        } else {
            Err(changed())
        }
    }

    fn folder(&self, org: OrgId, connection: ConnectionId) -> io::Result<OwnedFd> {
        let root = open_root(&self.0)?;
        let of_org = step(&root, &org.to_string(), OFlags::DIRECTORY)?;
        step(&of_org, &connection.to_string(), OFlags::DIRECTORY)
    }
}

/// Whether the open file still is the one that was found, for before and after reading it.
pub(crate) fn is_same(file: &File, found: &Found) -> io::Result<bool> {
    let stat = rustix::fs::fstat(file)?;
    let regular = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
    Ok(regular && size(&stat) == found.bytes && modified_at(&stat) == found.modified_at)
}

pub(crate) fn changed() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the file is being changed")
}

fn open_root(path: &Path) -> io::Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    Ok(rustix::fs::open(path, flags, Mode::empty())?)
}

/// One step down, never through a link.
fn step(folder: &OwnedFd, part: &str, more: OFlags) -> io::Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | more;
    Ok(rustix::fs::openat(folder, part, flags, Mode::empty())?)
}

fn walk(folder: &OwnedFd, above: &str, depth: usize, found: &mut Vec<Found>) -> io::Result<()> {
    for entry in Dir::read_from(folder.as_fd())? {
        let entry = entry?;
        // What has no readable name cannot be told of either.
        let Ok(part) = entry.file_name().to_str() else {
            continue;
        };
        if part.starts_with('.') || found.len() >= MOST_FILES {
            continue;
        }
        let name = match above {
            "" => part.to_owned(),
            above => format!("{above}/{part}"),
        };
        let stat = rustix::fs::statat(folder, part, AtFlags::SYMLINK_NOFOLLOW)?;
        let kind = FileType::from_raw_mode(stat.st_mode);
        if kind == FileType::Directory && depth < DEEPEST {
            walk(
                &step(folder, part, OFlags::DIRECTORY)?,
                &name,
                depth + 1,
                found,
            )?;
            continue;
        }
        if name.chars().any(char::is_control) || name.len() > LONGEST_NAME {
            tracing::info!("a file of the folder has a name that cannot be kept");
            continue;
        }
        found.push(Found {
            problem: problem_of(kind, &name),
            bytes: size(&stat),
            modified_at: modified_at(&stat),
            name,
        });
    }
    Ok(())
}

fn problem_of(kind: FileType, name: &str) -> Option<&'static str> {
    match kind {
        FileType::RegularFile => file_drop::is_inside(name).err(),
        FileType::Symlink => Some("links are not followed"),
        FileType::Directory => Some("folders are not looked into so deep"),
        _ => Some("this is not a file"),
    }
}

fn size(stat: &Stat) -> u64 {
    u64::try_from(stat.st_size).unwrap_or(0)
}

/// To the microsecond, which is what the database keeps.
fn modified_at(stat: &Stat) -> DateTime<Utc> {
    let micros = stat.st_mtime * 1_000_000 + i64::try_from(stat.st_mtime_nsec).unwrap_or(0) / 1_000;
    DateTime::from_timestamp_micros(micros).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    //! What is found, and that no link leads anywhere.

    use std::fs;
    use std::io::Read;
    use std::os::unix::fs::symlink;

    use contracts::{ConnectionId, OrgId};
    use url::Url;

    use super::Root;

    #[test]
    fn what_lies_in_the_folder_is_found_and_links_lead_nowhere() {
        let root = tempfile::tempdir().unwrap();
        let (org, connection) = (OrgId::new(), ConnectionId::new());
        let folder = root
            .path()
            .join(org.to_string())
            .join(connection.to_string());
        fs::create_dir_all(folder.join("deep/a/b/c/d")).unwrap();
        fs::write(root.path().join("secret.csv"), "secret").unwrap();
        fs::write(folder.join("a.csv"), "a").unwrap();
        fs::write(folder.join("deep/b.csv"), "bb").unwrap();
        fs::write(folder.join(".hidden.csv"), "h").unwrap();
        fs::write(folder.join("back\\slash.csv"), "x").unwrap();
        symlink("../../secret.csv", folder.join("link.csv")).unwrap();
        symlink("../..", folder.join("up")).unwrap();
        let root_of = Root::open(&Url::from_directory_path(root.path()).unwrap()).unwrap();
        let found = root_of.list(org, connection).unwrap();
        let told: Vec<(&str, bool)> = found
            .iter()
            .map(|one| (one.name.as_str(), one.problem.is_none()))
            .collect();
        assert_eq!(
            told,
            [
                ("a.csv", true),
                ("back\\slash.csv", false),
                ("deep/a/b/c/d", false),
                ("deep/b.csv", true),
                ("link.csv", false),
                ("up", false),
            ]
        );
        let mut text = String::new();
        let mut file = root_of.read(org, connection, &found[3]).unwrap();
        file.read_to_string(&mut text).unwrap();
        assert_eq!(text, "bb");
        // A file that is swapped for a link, or a folder on the way to it.
        let (a, b) = (&found[0], &found[3]);
        fs::remove_file(folder.join("a.csv")).unwrap();
        symlink("../../secret.csv", folder.join("a.csv")).unwrap();
        assert!(root_of.read(org, connection, a).is_err());
        fs::rename(folder.join("deep"), root.path().join("deep")).unwrap();
        symlink("../../deep", folder.join("deep")).unwrap();
        assert!(root_of.read(org, connection, b).is_err());
        // The org's own folder is no link either, and a missing one is empty.
        let other = OrgId::new();
        symlink(org.to_string(), root.path().join(other.to_string())).unwrap();
        assert!(root_of.list(other, connection).is_err());
        assert_eq!(root_of.list(OrgId::new(), connection).unwrap(), []);
    }

    #[test]
    fn only_folders_are_picked_up_from() {
        for address in ["s3://bucket/drop", "https://10.0.0.1/", "gs://bucket"] {
            let url: Url = address.parse().unwrap();
            let error = Root::open(&url).unwrap_err().to_string();
            assert!(error.contains(address), "{error}");
        }
    }
}
