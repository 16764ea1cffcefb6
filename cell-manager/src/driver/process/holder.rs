//! Who listens on a port, as far as this account may know.

use std::collections::HashSet;
use std::fs;
use std::process::Command;

use super::identity;

/// `nginx (pid 812)`, or `None` when nobody or nobody we may see.
pub(super) fn of_port(port: u16) -> Option<String> {
    if identity::has_proc() {
        from_proc(port)
    } else {
        from_lsof(port)
    }
}

fn from_proc(port: u16) -> Option<String> {
    let sockets: HashSet<String> = ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .filter_map(|table| fs::read_to_string(table).ok())
        .flat_map(|text| listening_sockets(&text, port))
        .collect();
    if sockets.is_empty() {
        return None;
    }
    let pid = identity::all_pids().into_iter().find(|pid| {
        fs::read_dir(format!("/proc/{pid}/fd"))
            .into_iter()
            .flatten()
            .filter_map(|entry| fs::read_link(entry.ok()?.path()).ok())
            .any(|target| sockets.contains(&*target.to_string_lossy()))
    })?;
    let name = fs::read_to_string(format!("/proc/{pid}/comm")).ok()?;
    Some(format!("{} (pid {pid})", name.trim()))
}

/// Sockets in state LISTEN (0A) at this port, written as the links in `/proc/PID/fd` write them.
fn listening_sockets(table: &str, port: u16) -> Vec<String> {
    let suffix = format!(":{port:04X}");
    table
        .lines()
        .skip(1)
        .filter_map(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let listens = fields.get(1)?.ends_with(&suffix) && *fields.get(3)? == "0A";
            listens.then(|| format!("socket:[{}]", fields.get(9).unwrap_or(&"")))
        })
        .collect()
}

fn from_lsof(port: u16) -> Option<String> {
    let output = Command::new("lsof")
        .args(["-nP", "-sTCP:LISTEN", "-Fpc", &format!("-iTCP:{port}")])
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let field = |letter: char| text.lines().find_map(|line| line.strip_prefix(letter));
    Some(format!("{} (pid {})", field('c')?, field('p')?))
}
