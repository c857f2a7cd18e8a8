//! `chimeractl`: parses arguments, runs a command, maps the outcome to an exit code.

use std::process::ExitCode;

/// Half of a simulation is small allocations on several threads, which the C libraries (musl's above all) serve slowly.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    chimera::cli::main()
}
