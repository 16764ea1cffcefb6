//! Tool versions, and the one message that names everything missing.

use super::find::{Version, parse_version};
use super::install::{Manager, System, is_new_enough, parse_policy};
use super::specs::{SPECS, Spec, Tool};
use super::{Missing, explain};

fn spec(tool: Tool) -> &'static Spec {
    SPECS.iter().find(|spec| spec.tool == tool).unwrap()
}

#[test]
fn versions_are_read_from_what_programs_print() {
    for (text, major, minor) in [
        (
            "postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)",
            15,
            13,
        ),
        ("postgres (PostgreSQL) 18beta1", 18, 0),
        (
            "Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64",
            7,
            0,
        ),
        ("v20.20.2", 20, 20),
        ("cmake version 3.25.1", 3, 25),
        ("cc (Debian 12.2.0-14) 12.2.0", 12, 2),
        ("Chromium 156.0.8078.79 built on Debian", 156, 0),
    ] {
        assert_eq!(parse_version(text), Some(Version(major, minor)), "{text}");
    }
    assert_eq!(parse_version("no number"), None);
}

#[test]
fn an_old_package_is_not_offered() {
    let (node, redis) = (spec(Tool::Node), spec(Tool::Redis));
    assert!(!is_new_enough("18.20.4+dfsg-1~deb12u1", node));
    assert!(is_new_enough("20.20.2-1nodesource1", node));
    assert!(is_new_enough("5:7.0.15-1~deb12u10", redis));
    assert!(!is_new_enough("5:5.0.3-4", redis));
    let policy = "nodejs:\n  Installed: (none)\n  Candidate: 18.20.4+dfsg-1\n";
    assert_eq!(parse_policy(policy).as_deref(), Some("18.20.4+dfsg-1"));
    assert_eq!(parse_policy("nodejs:\n  Candidate: (none)\n"), None);
    assert_eq!(parse_policy(""), None);
}

#[test]
fn one_message_names_everything_missing_with_the_command() {
    let missing = [
        Missing {
            spec: spec(Tool::Postgres),
            too_old: Some(Version(14, 2)),
        },
        Missing {
            spec: spec(Tool::Cmake),
            too_old: None,
        },
    ];
    let text = explain(&System::of(Some(Manager::Dnf), true), &missing);
    assert!(
        text.contains("PostgreSQL server 15.0 or newer (here: 14.2)"),
        "{text}"
    );
    assert!(text.contains("CMake 3.12 or newer:"), "{text}");
    assert!(
        text.contains("sudo dnf install -y postgresql-server postgresql-contrib cmake"),
        "{text}"
    );
}
