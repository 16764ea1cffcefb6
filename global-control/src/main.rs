//! The binary: hands its command line to the library and prints why it failed.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    match global_control::cli::run(global_control::cli::Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("failed to {error:#}");
            ExitCode::FAILURE
        }
    }
}
