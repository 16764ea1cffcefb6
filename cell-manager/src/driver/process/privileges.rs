//! Who runs Postgres. It refuses to run as root, so root hands it to an account of its own, and
//! its files go where that account can reach them. Everybody else runs everything as himself.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::Command;

use super::files;

const NAMES: [&str; 2] = ["postgres", "cellplane"];

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(
        "Postgres does not run as root and no account for it could be made ({0}); create one with `useradd --system cellplane`"
    )]
    NoAccount(String),
    #[error("read /etc/passwd")]
    Passwd(#[source] io::Error),
    #[error(transparent)]
    Files(#[from] files::Error),
}

/// An unprivileged account of this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub name: String,
    pub uid: u32,
    pub gid: u32,
}

pub fn running_as_root() -> bool {
    rustix::process::geteuid().is_root()
}

impl Account {
    /// `None` when we are not root and so run everything as ourselves.
    pub fn for_postgres() -> Result<Option<Self>, Error> {
        if !running_as_root() {
            return Ok(None);
        }
        if let Some(account) = Self::find()? {
            return Ok(Some(account));
        }
        let attempts: [(&str, &[&str]); 2] = [
            (
                "useradd",
                &["--system", "--no-create-home", "--shell", "/bin/false"],
            ),
            ("adduser", &["-S", "-D", "-H", "-s", "/bin/false"]),
        ];
        let mut problem = String::new();
        for (program, arguments) in attempts {
            match Command::new(program).args(arguments).arg(NAMES[1]).output() {
                Ok(output) if output.status.success() => break,
                Ok(output) => {
                    problem = String::from_utf8_lossy(&output.stderr).trim().to_owned();
                }
                Err(err) => problem = format!("{program}: {err}"),
            }
        }
        Self::find()?.map_or_else(|| Err(Error::NoAccount(problem)), |found| Ok(Some(found)))
    }

    fn find() -> Result<Option<Self>, Error> {
        let passwd = fs::read_to_string("/etc/passwd").map_err(Error::Passwd)?;
        Ok(NAMES.iter().find_map(|name| parse_passwd(&passwd, name)))
    }

    /// Gives a file or folder to this account.
    pub fn own(&self, path: &Path) -> Result<(), Error> {
        std::os::unix::fs::chown(path, Some(self.uid), Some(self.gid))
            .map_err(|source| files::write_error(path, source).into())
    }

    /// Whether this account may enter every existing folder on the way.
    pub fn can_reach(&self, path: &Path) -> bool {
        path.ancestors()
            .filter_map(|folder| fs::metadata(folder).ok())
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
    let fields: Vec<&str> = passwd
        .lines()
        .map(|line| line.split(':').collect::<Vec<_>>())
        .find(|fields| fields.first() == Some(&name))?;
    Some(Account {
        name: name.to_owned(),
        uid: fields.get(2)?.parse().ok()?,
        gid: fields.get(3)?.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    //! Accounts are read as the system writes them.

    use super::{Account, parse_passwd};

    #[test]
    fn the_account_is_found_by_its_whole_name() {
        let passwd =
            "root:x:0:0::/root:/bin/sh\npostgresql:x:5:6::/:/\npostgres:x:101:104:a,,:/v:/b\n";
        let expected = Account {
            name: "postgres".into(),
            uid: 101,
            gid: 104,
        };
        assert_eq!(parse_passwd(passwd, "postgres"), Some(expected));
        assert_eq!(parse_passwd(passwd, "cellplane"), None);
    }
}
