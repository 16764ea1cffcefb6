//! Who runs Postgres, and where that account can keep files. Postgres refuses to run
//! as root, so root hands it to an account of its own.

use std::fs;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::steps;

const NAMES: [&str; 2] = ["postgres", "cellplane"];

/// An unprivileged account of this machine.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) name: String,
    uid: u32,
    gid: u32,
}

pub(crate) fn running_as_root() -> bool {
    rustix::process::geteuid().is_root()
}

impl Account {
    /// `None` when we are not root and so run everything as ourselves.
    pub(crate) fn for_postgres() -> Result<Option<Self>> {
        if !running_as_root() {
            return Ok(None);
        }
        if let Some(account) = Self::find()? {
            return Ok(Some(account));
        }
        let mut useradd = Command::new("useradd");
        useradd.args([
            "--system",
            "--no-create-home",
            "--shell",
            "/usr/sbin/nologin",
            NAMES[1],
        ]);
        steps::run("creating the account that runs Postgres", &mut useradd)?;
        Ok(Some(
            Self::find()?.context("find the account just created")?,
        ))
    }

    fn find() -> Result<Option<Self>> {
        let passwd = fs::read_to_string("/etc/passwd").context("read /etc/passwd")?;
        Ok(NAMES.iter().find_map(|name| parse_passwd(&passwd, name)))
    }

    /// Makes a command run as this account, in a folder it can enter.
    pub(crate) fn adopt(&self, command: &mut Command) {
        command.uid(self.uid).gid(self.gid).current_dir("/");
    }

    /// Gives a file or folder to this account.
    pub(crate) fn own(&self, path: &Path) -> Result<()> {
        std::os::unix::fs::chown(path, Some(self.uid), Some(self.gid))
            .with_context(|| format!("give {} to {}", path.display(), self.name))
    }

    /// Whether this account may enter every folder on the way.
    fn can_reach(&self, path: &Path) -> bool {
        path.ancestors()
            .filter_map(|dir| fs::metadata(dir).ok())
            .all(|found| {
                let bit = if found.uid() == self.uid {
                    0o100
                } else if found.gid() == self.gid {
                    0o010
                } else {
                    0o001
                };
                found.permissions().mode() & bit != 0
            })
    }
}

fn parse_passwd(passwd: &str, name: &str) -> Option<Account> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        if fields.next()? != name {
            return None;
        }
        let uid = fields.nth(1)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        Some(Account {
            name: name.to_owned(),
            uid,
            gid,
        })
    })
}

/// A private folder for the account: the wished one, or, when that lies where the account
/// cannot go, one under `/var/lib/cellplane` that always belongs to the same wish.
pub(crate) fn private_folder(wish: &Path, account: Option<&Account>) -> Result<PathBuf> {
    let parent = wish.parent().context("find the parent folder")?;
    fs::create_dir_all(parent).with_context(|| format!("create {}", parent.display()))?;
    let Some(account) = account else {
        create_private(wish)?;
        return Ok(wish.to_path_buf());
    };
    let folder = if account.can_reach(parent) {
        wish.to_path_buf()
    } else {
        let shared = Path::new("/var/lib/cellplane");
        fs::create_dir_all(shared).with_context(|| format!("create {}", shared.display()))?;
        shared.join(format!(
            "{:016x}",
            fnv1a(wish.as_os_str().as_encoded_bytes())
        ))
    };
    create_private(&folder)?;
    account.own(&folder)?;
    Ok(folder)
}

fn create_private(folder: &Path) -> Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    fs::DirBuilder::new()
        .mode(0o700)
        .create(folder)
        .with_context(|| format!("create {}", folder.display()))
}

/// FNV-1a: the same name for the same path in every build.
pub(crate) fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests;
