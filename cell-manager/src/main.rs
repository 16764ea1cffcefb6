//! The binary `cellctl`.

use std::process::ExitCode;

fn main() -> ExitCode {
    cell_manager::cli::main()
}
