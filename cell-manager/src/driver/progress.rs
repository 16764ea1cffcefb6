//! Tells whoever waits what is being done: a step that takes longer than two seconds is announced
//! while it runs, and every step says how long it took when it is done.

use std::future::Future;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

const ANNOUNCE_AFTER: Duration = Duration::from_secs(2);

/// One line for the person who waits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Takes longer than two seconds and still runs.
    Running {
        what: String,
    },
    Done {
        what: String,
        seconds: f64,
    },
    /// Something the person should know.
    Note {
        text: String,
    },
    /// Printed as it is.
    Text {
        text: String,
    },
}

#[derive(Debug, Clone)]
pub struct Progress(Option<mpsc::UnboundedSender<Step>>);

impl Progress {
    pub fn channel() -> (Self, mpsc::UnboundedReceiver<Step>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self(Some(sender)), receiver)
    }

    /// Nobody listens.
    pub const fn silent() -> Self {
        Self(None)
    }

    pub fn note(&self, text: impl Into<String>) {
        self.send(Step::Note { text: text.into() });
    }

    /// In its turn between the steps.
    pub fn text(&self, text: impl Into<String>) {
        self.send(Step::Text { text: text.into() });
    }

    /// Runs one step and reports it if it takes long. A failed step reports nothing: its error
    /// says it.
    pub async fn step<T, E>(
        &self,
        what: impl Into<String>,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        self.run(what.into(), false, work).await
    }

    /// A step that is worth a line however short it is.
    pub async fn milestone<T, E>(
        &self,
        what: impl Into<String>,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        self.run(what.into(), true, work).await
    }

    async fn run<T, E>(
        &self,
        what: String,
        always: bool,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        let started = Instant::now();
        let mut work = std::pin::pin!(work);
        let outcome = match tokio::time::timeout(ANNOUNCE_AFTER, &mut work).await {
            Ok(outcome) => outcome,
            Err(_) => {
                self.send(Step::Running { what: what.clone() });
                work.await
            }
        };
        let taken = started.elapsed();
        if outcome.is_ok() && (always || taken >= ANNOUNCE_AFTER) {
            let seconds = taken.as_secs_f64();
            self.send(Step::Done { what, seconds });
        }
        outcome
    }

    fn send(&self, step: Step) {
        if let Some(sender) = &self.0 {
            // A listener that went away has stopped caring; the work goes on.
            let _ = sender.send(step);
        }
    }
}
