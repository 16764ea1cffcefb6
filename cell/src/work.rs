//! What `cell work` can do: one line per kind of job.

use crate::app::App;
use crate::jobs::Registry;

pub fn registry(_app: &App) -> Registry {
    Registry::default()
}
