//! One supervisor per data directory. The lock is the kernel's: it ends with the process that
//! holds it, however that process ends, so there is no stale lock to clean up.

use std::fs::{File, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use super::files;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(
        "{data} is in use: a platform{} runs on it; stop it with `cellctl local-down --data {data}` (in a checkout: `cargo x down`)",
        with_pid(.pid.as_deref())
    )]
    Held { data: PathBuf, pid: Option<String> },
    #[error(transparent)]
    Files(#[from] files::Error),
}

fn with_pid(pid: Option<&str>) -> String {
    pid.map_or_else(String::new, |pid| format!(" (pid {pid})"))
}

/// Proof that nobody else starts or stops processes of this data directory.
#[derive(Debug)]
pub struct DataLock {
    file: File,
}

impl DataLock {
    pub fn take(data: &Path) -> Result<Self, Error> {
        let path = data.join("lock");
        let fail = |source| files::write_error(&path, source);
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(fail)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                let known = file.read_to_string(&mut text).is_ok() && !text.trim().is_empty();
                return Err(Error::Held {
                    data: data.to_path_buf(),
                    pid: known.then(|| text.trim().to_owned()),
                });
            }
            Err(TryLockError::Error(source)) => return Err(fail(source).into()),
        }
        let mut write = || {
            file.set_len(0)?;
            file.rewind()?;
            writeln!(file, "{}", std::process::id())
        };
        write().map_err(fail)?;
        Ok(Self { file })
    }

    /// Whether somebody holds the lock now.
    pub fn is_held(data: &Path) -> bool {
        File::open(data.join("lock"))
            .is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
    }
}

impl Drop for DataLock {
    fn drop(&mut self) {
        // Closing the file would do as well; nothing can be done about a failure.
        let _ = self.file.set_len(0);
        let _ = self.file.unlock();
    }
}

#[cfg(test)]
mod tests {
    //! The second comes too late and learns who was first.

    use super::DataLock;

    #[test]
    fn a_second_holder_is_told_the_pid_and_how_to_stop_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let lock = DataLock::take(folder.path()).unwrap();
        let text = DataLock::take(folder.path()).unwrap_err().to_string();
        assert!(
            text.contains(&format!("pid {}", std::process::id())),
            "{text}"
        );
        assert!(text.contains("local-down"), "{text}");
        assert!(DataLock::is_held(folder.path()));
        drop(lock);
        assert!(!DataLock::is_held(folder.path()));
        DataLock::take(folder.path()).unwrap();
    }
}
