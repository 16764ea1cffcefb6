//! A calendar that can be moved and deaths at a chosen call, for the real programs and without a line
//! of theirs: a small library that is loaded before libc's. See `rig.c`. Linux only.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

const SOURCE: &str = include_str!("rig.c");
const CLOCK: &str = "RIG_CLOCK";
const IO: &str = "RIG_IO";

/// The library, compiled.
#[derive(Debug, Clone)]
pub struct Rig {
    library: PathBuf,
}

impl Rig {
    pub fn build(folder: &Path) -> Result<Self> {
        let source = folder.join("rig.c");
        std::fs::write(&source, SOURCE)?;
        let library = folder.join("rig.so");
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-O2", "-o"]);
        let done = compiler.arg(&library).arg(&source).arg("-ldl").status();
        let done = done.context("compile the rig with cc")?;
        ensure!(done.success(), "cc: {done}");
        Ok(Self { library })
    }

    /// What a command and all that it starts need to go by this calendar.
    pub fn with_clock(&self, command: &mut Command, clock: &Clock) {
        self.load_into(command);
        command.env(CLOCK, &clock.path);
    }

    /// What a command needs so that its calls are counted.
    pub fn with_calls(&self, command: &mut Command, calls: &Calls) {
        self.load_into(command);
        command.env(IO, &calls.path);
    }

    fn load_into(&self, command: &mut Command) {
        command.env("LD_PRELOAD", &self.library);
    }
}

/// How far a group of processes is ahead of the machine's calendar; behind it if below zero.
#[derive(Debug)]
pub struct Clock {
    file: File,
    path: PathBuf,
}

impl Clock {
    pub fn create(path: &Path, ahead_ns: i64) -> Result<Self> {
        let clock = Self {
            file: shared(path)?,
            path: path.to_owned(),
        };
        write(&clock.file, 0, ahead_ns)?;
        Ok(clock)
    }

    /// The one that this process itself goes by.
    pub fn inherited() -> Result<Self> {
        #[expect(
            clippy::disallowed_methods,
            reason = "the process that started this one hands its clock over this way"
        )]
        let path = std::env::var(CLOCK).context("no clock was handed over")?;
        let path = PathBuf::from(path);
        Ok(Self {
            file: shared(&path)?,
            path,
        })
    }

    /// Forwards, for everybody at once.
    pub fn travel(&self, by: Duration) -> Result<()> {
        let ahead = read(&self.file, 0)?;
        write(&self.file, 0, ahead + i64::try_from(by.as_nanos())?)
    }
}

/// A process's calls that move bytes, names or connections, one after another.
#[derive(Debug)]
pub struct Calls {
    file: File,
    path: PathBuf,
}

impl Calls {
    pub fn create(path: &Path) -> Result<Self> {
        let calls = Self {
            file: shared(path)?,
            path: path.to_owned(),
        };
        calls.live()?;
        write(&calls.file, 0, 0)?;
        Ok(calls)
    }

    /// How many there were so far.
    pub fn count(&self) -> Result<i64> {
        read(&self.file, 0)
    }

    /// The process dies as by `kill -9` instead of making that call.
    pub fn die_at(&self, call: i64) -> Result<()> {
        write(&self.file, 8, call)
    }

    pub fn live(&self) -> Result<()> {
        self.die_at(0)
    }
}

fn shared(path: &Path) -> Result<File> {
    let mut options = File::options();
    let file = options.read(true).write(true).create(true).truncate(false);
    let file = file.open(path);
    file.with_context(|| format!("open {}", path.display()))
}

fn write(file: &File, at: u64, value: i64) -> Result<()> {
    Ok(file.write_all_at(&value.to_ne_bytes(), at)?)
}

fn read(file: &File, at: u64) -> Result<i64> {
    let mut bytes = [0; 8];
    file.read_exact_at(&mut bytes, at)?;
    Ok(i64::from_ne_bytes(bytes))
}

#[cfg(test)]
mod tests {
    //! Another program's calendar and its death.

    use std::os::unix::process::ExitStatusExt;
    use std::process::Command;
    use std::time::Duration;

    use super::{Calls, Clock, Rig};

    #[test]
    fn a_program_goes_by_the_calendar_it_is_given() {
        let folder = tempfile::tempdir().unwrap();
        let rig = Rig::build(folder.path()).unwrap();
        let clock = Clock::create(&folder.path().join("clock"), 0).unwrap();
        let year = || {
            let mut date = Command::new("date");
            rig.with_clock(date.arg("+%s"), &clock);
            let said = String::from_utf8(date.output().unwrap().stdout).unwrap();
            said.trim().parse::<u64>().unwrap()
        };
        let before = year();
        clock.travel(Duration::from_secs(86_400)).unwrap();
        let passed = year() - before;
        assert!((86_400..86_460).contains(&passed), "{passed}");
    }

    #[test]
    fn a_program_dies_at_the_call_it_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let rig = Rig::build(folder.path()).unwrap();
        let calls = Calls::create(&folder.path().join("calls")).unwrap();
        let run = || {
            let mut cat = Command::new("cat");
            rig.with_calls(cat.arg(folder.path().join("rig.c")), &calls);
            cat.output().unwrap()
        };
        assert!(run().status.success());
        let needed = calls.count().unwrap();
        assert!(needed > 1, "{needed}");
        calls.die_at(needed + 2).unwrap();
        assert_eq!(run().status.signal(), Some(9));
        calls.live().unwrap();
        assert!(run().status.success());
    }
}
