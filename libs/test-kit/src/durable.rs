//! The crash harness every durable operation is put through.
//!
//! An operation is a row with a closed set of states, a pure `next`, a repeatable `perform` and one
//! compare-and-set write. The harness drives it step by step as separate workers would and leaves out,
//! repeats or breaks one piece of one step at a time. `Subject` says how to do a piece; its `check`
//! asserts what must hold at the end, whatever happened on the way.

use std::fmt::Debug;

use anyhow::{Context, Result, ensure};

/// No operation under test has more steps than this.
const MAX_STEPS: usize = 100;

/// How one step is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// Perform the action and write the new state.
    Normally,
    /// Perform the action twice, then write the new state.
    Twice,
    /// Perform the action and die before the new state is written.
    CrashBeforeWrite,
    /// The action fails, for good.
    Fail,
}

/// An operation under test together with its surroundings.
pub trait Subject: Sized {
    /// A state in print; only used to name the step in messages.
    type State: Debug;

    /// Fresh surroundings and the operation in its first state.
    fn fresh() -> impl Future<Output = Result<Self>>;

    /// The state in the database now, or none when it has ended.
    fn pending(&mut self) -> impl Future<Output = Result<Option<Self::State>>>;

    /// One worker, knowing only the database, carries out the pending step in the given way.
    fn step(&mut self, how: How) -> impl Future<Output = Result<()>>;

    /// Asserts what must hold at the end. `disturbed` tells whether a step failed for good.
    fn check(&mut self, disturbed: bool) -> impl Future<Output = Result<()>>;
}

/// Runs the whole matrix: undisturbed, every action twice, a crash after every action and a failure
/// at every action. Returns how many runs that were.
pub async fn survives_everything<S: Subject>() -> Result<usize> {
    let steps = run::<S>(None).await.context("undisturbed")?;
    ensure!(steps > 0, "the operation has no steps");
    let mut runs = 1;
    for how in [How::Twice, How::CrashBeforeWrite, How::Fail] {
        for at in 0..steps {
            run::<S>(Some((at, how)))
                .await
                .with_context(|| format!("{how:?} at step {at}"))?;
            runs += 1;
        }
    }
    Ok(runs)
}

/// Drives one run, with one disturbed step if asked. Returns the number of steps it took.
async fn run<S: Subject>(disturbance: Option<(usize, How)>) -> Result<usize> {
    let mut subject = S::fresh().await.context("make it")?;
    let mut steps = 0;
    while let Some(state) = subject.pending().await? {
        ensure!(steps < MAX_STEPS, "still in {state:?} after {steps} steps");
        let how = match disturbance {
            Some((at, how)) if at == steps => how,
            _ => How::Normally,
        };
        subject
            .step(how)
            .await
            .with_context(|| format!("step {steps} in {state:?}"))?;
        steps += 1;
    }
    let failed = matches!(disturbance, Some((_, How::Fail)));
    subject.check(failed).await.context("check the end")?;
    Ok(steps)
}
