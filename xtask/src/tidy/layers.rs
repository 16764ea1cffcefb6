//! The layering rule, as data: which crate may use which of ours, and which outside crates
//! belong to whom. Read from `cargo metadata`, so that a renamed dependency cannot hide.

use serde_json::Value;

use super::Violation;

/// One dependency as declared.
#[derive(Debug)]
pub(super) struct Edge {
    pub(super) from: String,
    pub(super) to: String,
    /// In `[dev-dependencies]`.
    pub(super) dev: bool,
    /// One of our own crates.
    pub(super) ours: bool,
}

/// Which of our crates a crate may use outside of tests.
const OURS: [(&str, &[&str]); 11] = [
    ("contracts", &[]),
    ("placement", &["contracts"]),
    ("service-kit", &["contracts"]),
    ("dv360-simulator", &["contracts", "service-kit"]),
    ("router", &["contracts", "placement", "service-kit"]),
    ("cell", &["contracts", "placement", "service-kit"]),
    ("cell-manager", &["contracts", "placement", "service-kit"]),
    ("global-control", &["contracts", "placement", "service-kit"]),
    ("test-kit", &["contracts", "placement", "service-kit"]),
    // It links the cell and the router to time what cannot be timed from outside.
    (
        "loadtest",
        &[
            "cell",
            "contracts",
            "placement",
            "router",
            "service-kit",
            "test-kit",
        ],
    ),
    ("xtask", &[]),
];

/// What any crate may use in its tests as well.
const OURS_IN_TESTS: [&str; 2] = ["test-kit", "dv360-simulator"];

/// Crates whose outside dependencies are listed in full: the pure ones, and the one that
/// must compile in seconds.
const OUTSIDE: [(&str, &[&str]); 3] = [
    (
        "contracts",
        &[
            "chrono",
            "chrono-tz",
            "serde",
            "serde_json",
            "thiserror",
            "unicode-normalization",
            "utoipa",
            "uuid",
        ],
    ),
    (
        "placement",
        &["consistent_hash", "serde", "thiserror", "uuid"],
    ),
    (
        "xtask",
        &["anyhow", "clap", "rustix", "serde", "serde_json", "walkdir"],
    ),
];

/// Outside crates, by the start of their name, that only some crates may use.
struct Owned {
    prefix: &'static str,
    owners: &'static [&'static str],
    /// Whether tests of any crate may use it.
    in_tests: bool,
}

const HTTP: &[&str] = &[
    "service-kit",
    "cell",
    "global-control",
    "cell-manager",
    "dv360-simulator",
];

const OWNED: [Owned; 7] = [
    Owned {
        prefix: "pingora",
        owners: &["router"],
        in_tests: false,
    },
    Owned {
        prefix: "kube",
        owners: &["cell-manager"],
        in_tests: false,
    },
    Owned {
        prefix: "k8s-openapi",
        owners: &["cell-manager"],
        in_tests: false,
    },
    Owned {
        prefix: "sqlx",
        owners: &[
            "cell",
            "global-control",
            "cell-manager",
            "loadtest",
            "test-kit",
        ],
        in_tests: false,
    },
    Owned {
        prefix: "redis",
        owners: &["cell", "router"],
        in_tests: false,
    },
    Owned {
        prefix: "axum",
        owners: HTTP,
        in_tests: true,
    },
    Owned {
        prefix: "utoipa-axum",
        owners: HTTP,
        in_tests: true,
    },
];

/// The edges of every workspace member.
pub(super) fn read(metadata: &Value) -> Vec<Edge> {
    let packages = metadata["packages"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let mut edges = Vec::new();
    for package in packages {
        let dependencies = package["dependencies"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        edges.extend(dependencies.iter().map(|dependency| Edge {
            from: package["name"].as_str().unwrap_or_default().to_owned(),
            to: dependency["name"].as_str().unwrap_or_default().to_owned(),
            dev: dependency["kind"].as_str() == Some("dev"),
            ours: dependency["path"].is_string(),
        }));
    }
    edges
}

pub(super) fn check(edges: &[Edge]) -> Vec<Violation> {
    edges
        .iter()
        .filter_map(|edge| Some(Violation::new(&edge.from, 0, problem(edge)?)))
        .collect()
}

fn problem(edge: &Edge) -> Option<String> {
    if edge.ours {
        our_problem(edge)
    } else {
        outside_problem(edge)
    }
}

fn our_problem(edge: &Edge) -> Option<String> {
    let Some((_, allowed)) = OURS.iter().find(|(name, _)| *name == edge.from) else {
        return Some(
            "is not in the layering rule: place it there, with a decision note".to_owned(),
        );
    };
    let in_tests = edge.dev && OURS_IN_TESTS.contains(&edge.to.as_str());
    let fine = in_tests || allowed.contains(&edge.to.as_str());
    (!fine).then(|| format!("must not depend on {}", edge.to))
}

fn outside_problem(edge: &Edge) -> Option<String> {
    let owned = OWNED.iter().find(|owned| {
        let rest = edge.to.strip_prefix(owned.prefix);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
    });
    if let Some(owned) = owned {
        let fine = owned.owners.contains(&edge.from.as_str()) || (edge.dev && owned.in_tests);
        return (!fine).then(|| {
            format!(
                "must not depend on {}: only {} may",
                edge.to,
                owned.owners.join(", ")
            )
        });
    }
    let (_, listed) = OUTSIDE.iter().find(|(name, _)| *name == edge.from)?;
    let fine = edge.dev || listed.contains(&edge.to.as_str());
    (!fine).then(|| {
        format!(
            "must not depend on {}: its dependencies are listed in full",
            edge.to
        )
    })
}
