//! Installs packages with whatever package manager this machine has, as root or through
//! sudo when that asks for no password.

use std::process::Command;

use anyhow::Result;

use super::find::{first_line, parse_version};
use super::specs::{Spec, Tool};
use crate::account::running_as_root;
use crate::config::Config;
use crate::steps;

/// Debian starts the servers of a fresh package at once. The policy file forbids that while
/// we install; a policy that somebody else put there is left alone. The shell's trap removes
/// ours also when we are interrupted. Starting at the next boot is switched off as well:
/// the platform runs its own servers, and nobody asked for others.
const APT_INSTALL: &str = r#"
set -e
policy=/usr/sbin/policy-rc.d
ours=no
if [ ! -e "$policy" ]; then
  ours=yes
  trap 'rm -f "$policy"' EXIT
  trap 'exit 130' INT TERM HUP
  printf '#!/bin/sh\nexit 101\n' > "$policy"
  chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get install --yes --no-install-recommends "$@"
if [ "$ours" = yes ] && command -v systemctl > /dev/null; then
  for package in "$@"; do
    case "$package" in
      postgresql | redis-server) systemctl disable --quiet "$package" > /dev/null 2>&1 || true ;;
    esac
  done
fi
"#;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manager {
    Apt,
    Dnf,
    Apk,
    Brew,
}

/// How this machine gets packages.
pub(crate) struct System {
    manager: Option<Manager>,
    /// In front of a command that needs root.
    sudo: bool,
}

impl System {
    pub(crate) fn detect(config: &Config) -> Self {
        let managers = [
            ("apt-get", Manager::Apt),
            ("dnf", Manager::Dnf),
            ("apk", Manager::Apk),
            ("brew", Manager::Brew),
        ];
        let manager = managers
            .iter()
            .find(|(name, _)| config.which(name).is_some());
        let manager = manager.map(|(_, manager)| *manager);
        Self {
            manager,
            sudo: manager != Some(Manager::Brew) && !running_as_root(),
        }
    }

    #[cfg(test)]
    pub(super) fn of(manager: Option<Manager>, sudo: bool) -> Self {
        Self { manager, sudo }
    }

    /// Whether we may install without asking anybody.
    pub(crate) fn may_install(&self, config: &Config) -> bool {
        let allowed = !self.sudo
            || config
                .which("sudo")
                .is_some_and(|sudo| first_line(&sudo, &["-n", "true"]).is_some());
        self.manager.is_some() && allowed
    }

    /// Brings the package lists up to date, where that is a step of its own.
    pub(crate) fn refresh(&self) -> Result<()> {
        if self.manager == Some(Manager::Apt) {
            let mut update = self.privileged("apt-get");
            update.args(["update", "--quiet"]);
            steps::run("updating the package lists", &mut update)?;
        }
        Ok(())
    }

    /// Whether the package lists hold a new enough version, as far as we can tell.
    pub(crate) fn offers(&self, spec: &Spec) -> bool {
        if self.manager != Some(Manager::Apt) {
            return true;
        }
        let package = spec.apt.split(' ').next().unwrap_or_default();
        candidate(package).is_none_or(|version| is_new_enough(&version, spec))
    }

    pub(crate) fn install(&self, specs: &[&Spec]) -> Result<()> {
        let packages = self.packages(specs);
        let mut command = match self.manager {
            Some(Manager::Apt) => {
                let mut shell = self.privileged("sh");
                shell.args(["-c", APT_INSTALL, "install"]);
                shell
            }
            Some(Manager::Dnf) => self.with_arguments("dnf", &["install", "--assumeyes"]),
            Some(Manager::Apk) => self.with_arguments("apk", &["add", "--quiet"]),
            Some(Manager::Brew) => self.with_arguments("brew", &["install", "--quiet"]),
            None => anyhow::bail!("find a package manager"),
        };
        command.args(&packages);
        steps::run(&format!("installing {}", packages.join(", ")), &mut command)?;
        Ok(())
    }

    /// What a person would type to get all of these.
    pub(crate) fn commands(&self, specs: &[&Spec]) -> Vec<String> {
        let sudo = if self.sudo { "sudo " } else { "" };
        let (plain, newer): (Vec<&Spec>, Vec<&Spec>) = specs
            .iter()
            .copied()
            .partition(|spec| spec.apt_newer.is_empty() || self.offers(spec));
        let start = match self.manager {
            Some(Manager::Apt) => format!("{sudo}apt-get update && {sudo}apt-get install -y"),
            Some(Manager::Dnf) => format!("{sudo}dnf install -y"),
            Some(Manager::Apk) => format!("{sudo}apk add"),
            Some(Manager::Brew) => "brew install".to_owned(),
            None => "(the package manager of this system)".to_owned(),
        };
        let mut commands = Vec::new();
        if !plain.is_empty() {
            commands.push(format!("{start} {}", self.packages(&plain).join(" ")));
        }
        commands.extend(newer.iter().map(|spec| match self.sudo {
            true => format!("sudo sh -c '{}'", spec.apt_newer),
            false => spec.apt_newer.to_owned(),
        }));
        commands
    }

    fn packages(&self, specs: &[&Spec]) -> Vec<&'static str> {
        let mut packages: Vec<&str> = specs
            .iter()
            .filter(|spec| spec.tool != Tool::Npm || !self.npm_comes_with_node(specs))
            .flat_map(|spec| match self.manager {
                Some(Manager::Dnf) => spec.dnf.split(' '),
                Some(Manager::Apk) => spec.apk.split(' '),
                Some(Manager::Brew) => spec.brew.split(' '),
                Some(Manager::Apt) | None => spec.apt.split(' '),
            })
            .collect();
        packages.dedup();
        packages
    }

    /// NodeSource's package holds npm and refuses to stand beside Debian's.
    fn npm_comes_with_node(&self, specs: &[&Spec]) -> bool {
        let Some(node) = specs.iter().find(|spec| spec.tool == Tool::Node) else {
            return false;
        };
        self.manager == Some(Manager::Apt)
            && (!self.offers(node)
                || candidate("nodejs").is_some_and(|text| text.contains("nodesource")))
    }

    fn with_arguments(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = self.privileged(program);
        command.args(arguments);
        command
    }

    fn privileged(&self, program: &str) -> Command {
        if !self.sudo {
            return Command::new(program);
        }
        let mut command = Command::new("sudo");
        command.args(["-n", program]);
        command
    }
}

/// The version of a package that apt would install; none if apt cannot tell.
fn candidate(package: &str) -> Option<String> {
    let output = Command::new("apt-cache")
        .args(["policy", package])
        .output()
        .ok()?;
    parse_policy(&String::from_utf8_lossy(&output.stdout))
}

pub(super) fn parse_policy(policy: &str) -> Option<String> {
    let version = policy
        .lines()
        .find_map(|line| line.trim().strip_prefix("Candidate:"))?
        .trim();
    (version != "(none)").then(|| version.to_owned())
}

pub(super) fn is_new_enough(candidate: &str, spec: &Spec) -> bool {
    // 5:7.0.15 has an epoch before the version.
    let version = candidate
        .split_once(':')
        .map_or(candidate, |(_, rest)| rest);
    parse_version(version).is_none_or(|version| version >= spec.least)
}
