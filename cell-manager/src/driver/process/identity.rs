//! Which process a pid means. A pid alone is reused by the system; together with the moment the
//! process started it is unique, so nothing is ever signalled that is not ours.

use std::fs;
use std::path::Path;
use std::process::Command;

use rustix::process::{Pid, Signal};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ProcessIdentity {
    pub pid: u32,
    /// When it started, in a form that only this machine since its last boot understands.
    started: String,
}

/// The parts of `/proc/PID/stat` that are used here.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Stat {
    pub(crate) zombie: bool,
    /// By SIGSTOP or a debugger.
    pub(crate) stopped: bool,
    pub(crate) parent: u32,
    /// User and system time of the process and of its ended children, in clock ticks.
    pub(crate) cpu_ticks: u64,
    pub(crate) started: u64,
}

impl ProcessIdentity {
    /// `None` when no such process runs; one that is dead but not yet collected doesn't run.
    pub fn of(pid: u32) -> Option<Self> {
        let started = if has_proc() {
            let stat = Stat::read(pid)?;
            if stat.zombie {
                return None;
            }
            format!("{}:{}", boot_id(), stat.started)
        } else {
            ps(pid, "lstart=").filter(|_| ps(pid, "stat=").is_some_and(|s| !s.starts_with('Z')))?
        };
        Some(Self { pid, started })
    }

    /// Somebody stopped it on purpose; it says nothing, but it is not broken.
    pub fn is_stopped(&self) -> bool {
        Stat::read(self.pid).is_some_and(|stat| stat.stopped)
    }

    pub fn is_running(&self) -> bool {
        Self::of(self.pid).as_ref() == Some(self)
    }

    /// Signals the process if it still is the one that was meant.
    pub fn signal(&self, signal: Signal) {
        if let Some(pid) = self.checked_pid() {
            // Failure means that it ended in between, which is what every caller wants.
            let _ = rustix::process::kill_process(pid, signal);
        }
    }

    /// The same for the whole process group that it leads.
    pub fn signal_group(&self, signal: Signal) {
        if let Some(pid) = self.checked_pid() {
            let _ = rustix::process::kill_process_group(pid, signal);
        }
    }

    fn checked_pid(&self) -> Option<Pid> {
        self.is_running().then_some(())?;
        Pid::from_raw(i32::try_from(self.pid).ok()?)
    }
}

/// How the process was called; `None` when it is gone or belongs to somebody else.
pub(crate) fn command_line(pid: u32) -> Option<String> {
    if !has_proc() {
        return ps(pid, "command=");
    }
    let bytes = fs::read(format!("/proc/{pid}/cmdline")).ok()?;
    Some(String::from_utf8_lossy(&bytes).replace('\0', " "))
}

pub(crate) fn has_proc() -> bool {
    Path::new("/proc/self/stat").exists()
}

/// Every pid of the machine.
pub(crate) fn all_pids() -> Vec<u32> {
    let Ok(entries) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .collect()
}

impl Stat {
    pub(crate) fn read(pid: u32) -> Option<Self> {
        Self::parse(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
    }

    /// The name in parentheses may itself hold spaces and parentheses.
    fn parse(text: &str) -> Option<Self> {
        let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
        let number = |at: usize| fields.get(at)?.parse::<u64>().ok();
        let cpu_ticks = (11..=14).map(number).sum::<Option<u64>>()?;
        Some(Self {
            zombie: matches!(*fields.first()?, "Z" | "X"),
            stopped: matches!(*fields.first()?, "T" | "t"),
            parent: fields.get(1)?.parse().ok()?,
            cpu_ticks,
            started: number(19)?,
        })
    }
}

fn boot_id() -> String {
    fs::read_to_string("/proc/sys/kernel/random/boot_id")
        .map(|text| text.trim().to_owned())
        .unwrap_or_default()
}

fn ps(pid: u32, field: &str) -> Option<String> {
    let output = Command::new("ps")
        .env("LC_ALL", "C")
        .args(["-o", field, "-p", &pid.to_string()])
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    (output.status.success() && !text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    //! A reused pid is another process; a dead child is not running.

    use std::process::{Command, Stdio};

    use rustix::process::Signal;

    use super::{ProcessIdentity, Stat};

    #[test]
    fn a_name_with_parentheses_does_not_confuse() {
        let text = "7 (a) b (c)) S 3 7 7 0 -1 4 0 0 0 0 1 2 3 4 20 0 1 0 555 9 9";
        let expected = Stat {
            zombie: false,
            stopped: false,
            parent: 3,
            cpu_ticks: 10,
            started: 555,
        };
        assert_eq!(Stat::parse(text), Some(expected));
    }

    #[test]
    fn a_pid_with_another_start_is_not_ours_and_is_not_signalled() {
        let mut child = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
        let real = ProcessIdentity::of(child.id()).unwrap();
        let reused = ProcessIdentity {
            started: "earlier".into(),
            ..real.clone()
        };
        assert!(!reused.is_running());
        reused.signal(Signal::KILL);
        assert!(real.is_running());
        real.signal(Signal::KILL);
        child.wait().unwrap();
        assert!(!real.is_running());
    }

    #[test]
    fn a_dead_child_that_nobody_collected_does_not_run() {
        let mut child = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
        let identity = ProcessIdentity::of(child.id()).unwrap();
        identity.signal(Signal::KILL);
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(5);
        while identity.is_running() {
            assert!(std::time::Instant::now() < deadline, "still running");
            std::thread::yield_now();
        }
        child.wait().unwrap();
    }
}
