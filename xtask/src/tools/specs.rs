//! Every tool as data: what it is called, how old it may be, which package brings it.

use super::find::Version;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tool {
    Postgres,
    Redis,
    Compiler,
    Cmake,
    Node,
    Npm,
    Chromium,
    Python,
}

pub(crate) struct Spec {
    pub(crate) tool: Tool,
    pub(crate) label: &'static str,
    /// Why we need it, for the person who has to install it.
    pub(crate) purpose: &'static str,
    pub(crate) least: Version,
    /// Names of the program, best first.
    pub(crate) programs: &'static [&'static str],
    /// Arguments that must succeed besides `--version`.
    pub(crate) probe: &'static [&'static str],
    pub(crate) apt: &'static str,
    pub(crate) dnf: &'static str,
    pub(crate) apk: &'static str,
    pub(crate) brew: &'static str,
    /// Commands for Debian and Ubuntu releases whose own package is too old.
    pub(crate) apt_newer: &'static str,
}

const ANY: Version = Version(0, 0);

pub(crate) const SPECS: [Spec; 8] = [
    Spec {
        tool: Tool::Postgres,
        label: "PostgreSQL server",
        purpose: "every cell and the control plane keep their rows in it",
        least: Version(15, 0),
        programs: &["postgres"],
        probe: &[],
        apt: "postgresql",
        dnf: "postgresql-server postgresql-contrib",
        apk: "postgresql16 postgresql16-contrib",
        brew: "postgresql@17",
        apt_newer: "apt-get install -y postgresql-common ca-certificates && \
                    /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y && \
                    apt-get install -y postgresql-17",
    },
    Spec {
        tool: Tool::Redis,
        label: "Valkey or Redis server",
        purpose: "every cell caches and passes on live events with it",
        least: Version(6, 2),
        programs: &["valkey-server", "redis-server"],
        probe: &[],
        apt: "redis-server",
        dnf: "valkey",
        apk: "valkey",
        brew: "valkey",
        apt_newer: "",
    },
    Spec {
        tool: Tool::Compiler,
        label: "C compiler",
        purpose: "some Rust dependencies contain C",
        least: ANY,
        programs: &["cc"],
        probe: &[],
        apt: "build-essential",
        dnf: "gcc gcc-c++ make",
        apk: "build-base",
        brew: "gcc",
        apt_newer: "",
    },
    Spec {
        tool: Tool::Cmake,
        label: "CMake",
        purpose: "the router's compression library builds with it",
        least: Version(3, 12),
        programs: &["cmake"],
        probe: &[],
        apt: "cmake",
        dnf: "cmake",
        apk: "cmake",
        brew: "cmake",
        apt_newer: "",
    },
    Spec {
        tool: Tool::Node,
        label: "Node.js",
        purpose: "the UI is built with it",
        least: Version(20, 19),
        programs: &["node"],
        probe: &[],
        apt: "nodejs",
        dnf: "nodejs",
        apk: "nodejs",
        brew: "node",
        apt_newer: "apt-get install -y curl ca-certificates && \
                    curl -fsSL https://deb.nodesource.com/setup_22.x | bash - && \
                    apt-get install -y nodejs",
    },
    Spec {
        tool: Tool::Npm,
        label: "npm",
        purpose: "the UI's packages come through it",
        least: Version(9, 0),
        programs: &["npm"],
        probe: &[],
        apt: "npm",
        dnf: "npm",
        apk: "npm",
        brew: "node",
        apt_newer: "",
    },
    Spec {
        tool: Tool::Chromium,
        label: "Chromium or Chrome",
        purpose: "the browser tests run in it",
        least: Version(115, 0),
        programs: &[
            "chromium",
            "chromium-browser",
            "google-chrome",
            "google-chrome-stable",
        ],
        probe: &[],
        apt: "chromium",
        dnf: "chromium",
        apk: "chromium",
        brew: "--cask google-chrome",
        apt_newer: "",
    },
    Spec {
        tool: Tool::Python,
        label: "Python with venv",
        purpose: "Google's own Python client checks the simulator",
        least: Version(3, 9),
        programs: &["python3"],
        probe: &["-c", "import venv, ensurepip"],
        apt: "python3 python3-venv",
        dnf: "python3",
        apk: "python3 py3-pip",
        brew: "python3",
        apt_newer: "",
    },
];
