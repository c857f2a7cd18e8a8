//! `chimeractl`: parses arguments, runs a command, maps the outcome to an exit code.

fn main() {}
