//! `chimeractl plan`: what the platform would do, and why.

use std::path::PathBuf;

use crate::report::{Style, plan};
use crate::verdict::registry::{self, Platform};

use super::input::{self, Target};
use super::{CliError, Exit, Outcome, oracle};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Root folder of a repository; without one, the repository around the current folder
    path: Option<PathBuf>,
    #[command(flatten)]
    target: Target,
    /// Output format; "oracle" and "oracle-steps" are the conformance documents
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Lines to answer one by one, each a folder, {"dir": …, "options": {…}} or, for Render, {"dir": …, "blueprint": …}; needs --format oracle or oracle-steps
    #[arg(long, value_name = "FILE")]
    batch: Option<PathBuf>,
    /// Options of the run as JSON, for --format oracle and oracle-steps
    #[arg(long, value_name = "JSON", conflicts_with = "batch")]
    options: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people
    Human,
    /// For programs
    Json,
    /// What the engine resolves, value for value
    Oracle,
    /// The steps of a dry run
    OracleSteps,
}

pub(crate) fn run(arguments: &Arguments, colour: bool) -> Outcome {
    let is_oracle = matches!(arguments.format, Format::Oracle | Format::OracleSteps);
    if !is_oracle && (arguments.batch.is_some() || arguments.options.is_some()) {
        return Err(CliError::usage("--batch and --options need --format oracle or --format oracle-steps"));
    }
    let with_steps = arguments.format == Format::OracleSteps;
    if let Some(batch) = &arguments.batch {
        return oracle::batch(batch, arguments.target.platform, with_steps);
    }
    let roots = input::roots(&arguments.path.iter().cloned().collect::<Vec<_>>());
    let root = roots.first().cloned().unwrap_or_default();
    if is_oracle {
        return oracle::single(&root, &arguments.target, arguments.options.as_deref(), with_steps);
    }
    let repository = input::open(&root)?;
    let sites = arguments.target.sites(&repository)?;
    let judge = |(platform, target): (&Platform, registry::Target)| {
        (platform.judge)(&repository.snapshot, &target, &repository.configuration)
    };
    let verdicts: Vec<_> = sites.into_iter().map(judge).collect();
    input::check_read(&root, &repository)?;
    let is_rejected = verdicts.iter().any(|verdict| verdict.decisions.is_empty());
    let text = match arguments.format {
        Format::Json => {
            serde_json::to_string_pretty(&plan::json(&verdicts)).map_or_else(|_| String::new(), |text| text + "\n")
        }
        _ => plan::human(&verdicts, &repository.notices, Style { colour, verbose: false }),
    };
    Ok((text, if is_rejected { Exit::Findings } else { Exit::Clean }))
}
