//! What is wrong with a document, and where in it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Something a person should know about a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DocumentFinding)]
pub struct Finding {
    pub weight: Weight,
    /// A JSON pointer into the whole document, such as `/columns/3/headers/0`.
    pub path: String,
    pub message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FindingWeight)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// It cannot run like this.
    Error,
    /// It runs, and may not be what was meant.
    Warning,
}

impl Finding {
    pub fn error(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            weight: Weight::Error,
            path: path.into(),
            message: message.into(),
        }
    }
}

/// Findings as they are gathered; a hostile document does not get an answer many times its size.
#[derive(Debug, Default)]
pub struct Findings(Vec<Finding>);

const MOST_FINDINGS: usize = 100;

impl Findings {
    pub fn error(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.push(Weight::Error, path.into(), message.into());
    }

    pub fn warn(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.push(Weight::Warning, path.into(), message.into());
    }

    fn push(&mut self, weight: Weight, path: String, message: String) {
        if self.0.len() < MOST_FINDINGS {
            self.0.push(Finding {
                weight,
                path,
                message,
            });
        }
    }

    pub fn extend(&mut self, more: Vec<Finding>) {
        for one in more {
            self.push(one.weight, one.path, one.message);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn into_vec(self) -> Vec<Finding> {
        self.0
    }
}

/// Whether any of them keeps the document from being used.
pub fn prevents(findings: &[Finding]) -> bool {
    findings.iter().any(|one| one.weight == Weight::Error)
}

/// The first thing that is wrong; all of them are the check's to list.
pub fn first_error(findings: &[Finding]) -> String {
    let first = findings.iter().find(|one| one.weight == Weight::Error);
    first.map_or_else(String::new, |one| format!("{} {}", one.path, one.message))
}
