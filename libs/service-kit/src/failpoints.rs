//! Named points where a test makes a step fail, panic or kill its process. Debug builds only.
//!
//! `FAILPOINTS="signup.after_place=return(crash)"` ends the process there as `kill -9` would;
//! `return` makes the step fail; `panic` and `sleep(ms)` are the `fail` crate's own.

/// A test asked this step to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("failed on request at {0}")]
pub struct Injected(pub &'static str);

/// Reads `FAILPOINTS`; keep the result for as long as the process runs. Call once, from `main`.
#[must_use]
pub fn init() -> Option<fail::FailScenario<'static>> {
    cfg!(debug_assertions).then(fail::FailScenario::setup)
}

/// Does what a test asked for at this point; nothing otherwise.
pub fn hit(name: &'static str) -> Result<(), Injected> {
    if !cfg!(debug_assertions) {
        return Ok(());
    }
    let asked: Option<Option<String>> = fail::eval(name, |argument| argument);
    match asked {
        None => Ok(()),
        Some(Some(argument)) if argument == "crash" => std::process::abort(),
        Some(_) => Err(Injected(name)),
    }
}

#[cfg(test)]
mod tests {
    //! A point does nothing until it is asked to.

    use super::{Injected, hit};

    #[test]
    fn a_point_fails_only_when_asked() {
        assert_eq!(hit("failpoints.test"), Ok(()));
        fail::cfg("failpoints.test", "1*return").unwrap();
        assert_eq!(hit("failpoints.test"), Err(Injected("failpoints.test")));
        assert_eq!(hit("failpoints.test"), Ok(()));
    }
}
