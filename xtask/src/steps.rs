//! Runs one step after another, quietly: a line once a step takes longer than two
//! seconds, and the step's own output only when it fails. All of it goes to stderr,
//! so that stdout stays what the user asked for.

use std::fs::File;
use std::io::{IsTerminal, Read, Seek, Write};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::cli::Quiet;

const QUIET_FOR: Duration = Duration::from_secs(2);
const REPEAT_EVERY: Duration = Duration::from_secs(60);
const HEAD_LINES: usize = 30;
const TAIL_LINES: usize = 60;

/// What a finished command left behind.
pub(crate) struct Finished {
    pub(crate) status: ExitStatus,
    /// stdout and stderr, as they came.
    pub(crate) output: String,
}

/// Runs a command that must succeed; returns its output.
pub(crate) fn run(title: &str, command: &mut Command) -> Result<String> {
    let finished = observe(title, command)?;
    if finished.status.success() {
        return Ok(finished.output);
    }
    print_tail(&finished.output);
    let program = command.get_program().to_string_lossy().into_owned();
    eprintln!(
        "failed while {title}: {program} ended with {}",
        finished.status
    );
    Err(anyhow::Error::new(Quiet).context(title.to_owned()))
}

/// Runs a command whose failure the caller judges.
pub(crate) fn observe(title: &str, command: &mut Command) -> Result<Finished> {
    let mut log = scratch_file().context("open a scratch file")?;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(log.try_clone().context("share the scratch file")?)
        .stderr(log.try_clone().context("share the scratch file")?)
        .spawn()
        .with_context(|| format!("start {}", command.get_program().display()))?;
    let (done, ended) = mpsc::channel();
    std::thread::spawn(move || done.send(child.wait()));
    let status = wait_with_progress(title, &ended)?;
    let mut output = Vec::new();
    log.rewind().context("read the step's output")?;
    log.read_to_end(&mut output)
        .context("read the step's output")?;
    let output = String::from_utf8_lossy(&output).into_owned();
    Ok(Finished { status, output })
}

/// Runs a command whose output the user follows as it comes, and keeps it.
pub(crate) fn stream(title: &str, command: &mut Command) -> Result<Finished> {
    let (mut reader, writer) = std::io::pipe().context("open a pipe")?;
    command.stdin(Stdio::null());
    command
        .stdout(writer.try_clone().context("share the pipe")?)
        .stderr(writer);
    let program = command.get_program().display().to_string();
    let mut child = command
        .spawn()
        .with_context(|| format!("start {program}"))?;
    // The command keeps its ends of the pipe open until these are replaced.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut output = Vec::new();
    let mut chunk = [0_u8; 8192];
    loop {
        let length = reader
            .read(&mut chunk)
            .with_context(|| format!("follow {title}"))?;
        if length == 0 {
            break;
        }
        std::io::stderr().write_all(&chunk[..length]).ok();
        output.extend_from_slice(&chunk[..length]);
    }
    let status = child.wait().with_context(|| format!("wait for {title}"))?;
    Ok(Finished {
        status,
        output: String::from_utf8_lossy(&output).into_owned(),
    })
}

/// Announces work done in this process, with the time it took.
pub(crate) fn timed<T>(title: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let started = Instant::now();
    let result = work();
    if started.elapsed() > QUIET_FOR {
        line(title, started.elapsed());
    }
    result
}

fn wait_with_progress(
    title: &str,
    ended: &mpsc::Receiver<std::io::Result<ExitStatus>>,
) -> Result<ExitStatus> {
    let started = Instant::now();
    let terminal = std::io::stderr().is_terminal();
    let mut shown = false;
    loop {
        let pause = match (shown, terminal) {
            (false, _) => QUIET_FOR,
            (true, true) => Duration::from_secs(1),
            (true, false) => REPEAT_EVERY,
        };
        match ended.recv_timeout(pause) {
            Ok(status) => {
                if shown {
                    line(title, started.elapsed());
                }
                return status.context("wait for the step");
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => anyhow::bail!("wait for {title}"),
            Err(mpsc::RecvTimeoutError::Timeout) if terminal => {
                eprint!("\r  {title} …  {:.0} s", started.elapsed().as_secs_f64());
                std::io::stderr().flush().ok();
            }
            Err(mpsc::RecvTimeoutError::Timeout) if shown => {
                eprintln!(
                    "  {title} …  {:.0} s so far",
                    started.elapsed().as_secs_f64()
                );
            }
            Err(mpsc::RecvTimeoutError::Timeout) => eprintln!("  {title} …"),
        }
        shown = true;
    }
}

fn line(title: &str, elapsed: Duration) {
    let start = if std::io::stderr().is_terminal() {
        "\r"
    } else {
        ""
    };
    eprintln!("{start}  {title} …  {:.1} s", elapsed.as_secs_f64());
}

/// Shows a failed step's output; of a long one the start and the end, where reasons are.
pub(crate) fn print_tail(output: &str) {
    let lines: Vec<&str> = output.lines().collect();
    let skipped = lines.len().saturating_sub(HEAD_LINES + TAIL_LINES);
    for (index, text) in lines.iter().enumerate() {
        if index == HEAD_LINES && skipped > 0 {
            eprintln!("    … {skipped} lines …");
        }
        if index < HEAD_LINES || index >= HEAD_LINES + skipped {
            eprintln!("    {text}");
        }
    }
}

/// A file that is gone as soon as it is closed. A pipe would stay open as long as a
/// daemon left behind by the step holds it.
fn scratch_file() -> std::io::Result<File> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("cargo-x-{}-{number}", std::process::id()));
    let file = File::options()
        .read(true)
        .append(true)
        .create_new(true)
        .open(&path)?;
    std::fs::remove_file(&path)?;
    Ok(file)
}
