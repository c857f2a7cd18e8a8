//! The command line: one file per command.

mod action;
mod certificate;
mod certify;
mod deploy;
mod discretion;
mod drift;
mod exit;
mod explain;
mod file;
mod heal;
mod init;
mod input;
mod key;
mod ledger;
mod oracle;
mod plan;
mod random;
mod recover;
mod rollback;
mod secret;
mod simulate;
mod status;
mod verification;
mod verify;

use std::io::Write as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use exit::Exit;

const ABOUT: &str = "Says what Netlify, Render or GitHub Pages would do with a repository, and whether it would fail, before it is pushed";

const EXIT_CODES: &str = "\
Exit codes:
  0  nothing at or above the threshold     2  wrong usage or wrong configuration
  1  a predicted failure                   3  could not look: unreadable input
  10 not certified; see certify --help     4  the time was over before the work

Examples:
  chimeractl simulate                      the repository you stand in
  chimeractl simulate site/ --format json  one folder, for a program
  chimeractl simulate --platform render    what Render would do with render.yaml
  chimeractl plan --context deploy-preview what Netlify would do, and why
  chimeractl heal                          the repairs, proven, as a diff
  chimeractl heal --write                  the same, written to the files
  chimeractl certify                       a certificate of what lies on disk
  chimeractl explain NTL007                what a finding is about
  chimeractl init                          the workflow for pull requests";

#[derive(Debug, Parser)]
#[command(name = "chimeractl", version, about = ABOUT, after_help = EXIT_CODES, max_term_width = 100)]
struct Arguments {
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    color: Colour,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Colour {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Predict whether the deploy would fail, where and why
    Simulate(simulate::Arguments),
    /// Print what the platform would do, and why
    Plan(plan::Arguments),
    /// Repair what would fail, and prove each repair by simulating again
    Heal(heal::Arguments),
    /// Certify what lies on disk: three linked approvals, signed
    Certify(Box<certify::Arguments>),
    /// Bring a certified commit to the site, look at it, and go back if it is bad
    Deploy(Box<deploy::Arguments>),
    /// Look at the live site: is it the deploy that we published, and is it good?
    Verify(Box<verify::Arguments>),
    /// Bring an earlier deploy back
    Rollback(Box<rollback::Arguments>),
    /// Bring runs that were cut off to their end
    Recover(Box<recover::Arguments>),
    /// Compare what the platform says of the site with the repository and with what was recorded
    Drift(Box<drift::Arguments>),
    /// The log that remembers everything and cannot be changed unnoticed
    Ledger(Box<ledger::Arguments>),
    /// What is live, what is certified, the last deploys
    Status(Box<status::Arguments>),
    /// Show or verify a certificate
    Certificate(certificate::Arguments),
    /// Make, show, replace or revoke the keys that sign certificates
    Key(key::Arguments),
    /// Look at a pull request as a step of GitHub Actions; reads CHIMERA_INPUT_*, GITHUB_* and the event
    Action(action::Arguments),
    /// Explain a rule: what happens, why, how to mend it, evidence
    Explain(explain::Arguments),
    /// Write the workflow that looks at pull requests
    Init(init::Arguments),
}

/// What a command leaves behind: text for standard output and an exit code.
pub(crate) type Outcome = Result<(String, Exit), CliError>;

/// Why a command could not do its work.
#[derive(Debug)]
pub(crate) struct CliError {
    /// Usage and configuration are 2, the world is 3.
    pub(crate) exit: Exit,
    /// What is wrong and where.
    pub(crate) message: String,
    /// How to mend it.
    pub(crate) hint: Option<String>,
}

impl CliError {
    pub(crate) fn usage(message: impl Into<String>) -> CliError {
        CliError { exit: Exit::Usage, message: message.into(), hint: None }
    }

    pub(crate) fn unreadable(message: impl Into<String>) -> CliError {
        CliError { exit: Exit::CouldNotLook, message: message.into(), hint: None }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> CliError {
        self.hint = Some(hint.into());
        self
    }
}

/// Stack of every thread that looks at a site: enough for texts that nest to the limits of the parsers.
pub(crate) const STACK_BYTES: usize = 64 << 20;

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    let worker = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(run);
    worker.ok().and_then(|worker| worker.join().ok()).unwrap_or(Exit::CouldNotLook.into())
}

fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage.into() } else { Exit::Clean.into() };
        }
    };
    let use_colour = match arguments.color {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never,
    };
    secret::mask();
    let outcome = match arguments.command {
        Command::Simulate(arguments) => simulate::run(&arguments, use_colour),
        Command::Plan(arguments) => plan::run(&arguments, use_colour),
        Command::Heal(arguments) => heal::run(&arguments, use_colour),
        Command::Certify(arguments) => certify::run(&arguments, use_colour),
        Command::Deploy(arguments) => deploy::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Rollback(arguments) => rollback::run(&arguments),
        Command::Recover(arguments) => recover::run(&arguments),
        Command::Drift(arguments) => drift::run(&arguments),
        Command::Ledger(arguments) => ledger::run(&arguments),
        Command::Status(arguments) => status::run(&arguments),
        Command::Certificate(arguments) => certificate::run(&arguments, use_colour),
        Command::Key(arguments) => key::run(&arguments),
        Command::Action(arguments) => action::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Init(arguments) => init::run(&arguments),
    };
    match outcome {
        Ok((text, exit)) => print(&text, exit).into(),
        Err(error) => {
            let mut stderr = std::io::stderr().lock();
            let _ = writeln!(stderr, "error: {}", error.message);
            if let Some(hint) = error.hint {
                let _ = writeln!(stderr, "  help: {hint}");
            }
            error.exit.into()
        }
    }
}

/// Prints to standard output; a reader that goes away early is no failure.
fn print(text: &str, exit: Exit) -> Exit {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Exit::CouldNotLook,
        _ => exit,
    }
}
