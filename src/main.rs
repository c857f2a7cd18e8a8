//! `chimeractl`: parses arguments, runs a command, maps the outcome to an exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    chimera::cli::main()
}
