//! What `cellctl` takes from its environment, read once.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

/// Given on to every child process; nothing else of our environment is.
const INHERITED: [&str; 8] = [
    "PATH",
    "HOME",
    "TMPDIR",
    "TZ",
    "RUST_BACKTRACE",
    "FAILPOINTS",
    "LLVM_PROFILE_FILE",
    "LD_LIBRARY_PATH",
];

#[derive(Debug, Clone, Default)]
pub struct Config {
    /// Folders of `PATH`, in order.
    pub path: Vec<PathBuf>,
    pub inherited: Vec<(OsString, OsString)>,
    /// Where this program is.
    pub own_folder: PathBuf,
}

impl Config {
    pub fn load() -> Self {
        let path = env::var_os("PATH").unwrap_or_default();
        let own = env::current_exe().unwrap_or_default();
        Self {
            path: env::split_paths(&path).collect(),
            inherited: INHERITED
                .iter()
                .filter_map(|name| Some(((*name).into(), env::var_os(name)?)))
                .collect(),
            own_folder: own.parent().map(Into::into).unwrap_or_default(),
        }
    }
}
