//! `cargo x`: every developer command. Commands are declared in `cli.rs`;
//! nothing here links the services, it only starts processes.

mod cli;
mod config;
mod steps;
mod tools;

mod account;
mod postgres;

mod bench;
mod build;
mod check;
mod db;
mod generate;
mod test;
mod tidy;
mod ui;
mod up;

use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(err) => {
            let code = err.downcast_ref::<cli::Exit>().map_or(1, |exit| exit.0);
            if err.downcast_ref::<cli::Quiet>().is_none() {
                eprintln!("failed to {err:#}");
            }
            ExitCode::from(code)
        }
    }
}
