//! `chimeractl simulate`: the verdict per site.

use std::path::PathBuf;
use std::time::Instant;

use crate::config;
use crate::report::{FORMATS, Report, SiteReport, Style, reasoning};
use crate::rule::finding::Level;
use crate::text::source::Sources;
use crate::verdict::registry::{Platform, Target};
use crate::verdict::{self, Status};

use super::input;
use super::{CliError, Exit, Outcome};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Root folders of repositories; without one, the repository around the current folder
    paths: Vec<PathBuf>,
    #[command(flatten)]
    target: input::Target,
    /// Output format
    #[arg(long, default_value = "human", value_parser = FORMATS.iter().map(|format| format.name).collect::<Vec<_>>())]
    format: String,
    /// Least level of a finding that makes the exit code 1
    #[arg(long, value_name = "LEVEL", value_parser = ["error", "warning", "note"])]
    fail_on: Option<String>,
    /// Exit with 1 when a verdict is unknown
    #[arg(long)]
    strict: bool,
    /// Show notes, ignored findings and all that is unknown
    #[arg(long, short)]
    verbose: bool,
    /// Show the reasoning behind each verdict, stage by stage
    #[arg(long)]
    explain_verdict: bool,
    /// Leave out how long it took, for reproducible reports
    #[arg(long)]
    no_timing: bool,
}

pub(crate) fn run(arguments: &Arguments, colour: bool) -> Outcome {
    let format = FORMATS.iter().find(|format| format.name == arguments.format);
    let format = format.ok_or_else(|| CliError::usage(format!("unknown format \"{}\"", arguments.format)))?;
    if arguments.explain_verdict && format.name != "human" {
        return Err(CliError::usage("--explain-verdict goes with --format human only"));
    }
    let mut report = Report::default();
    let mut exit = Exit::Clean;
    for root in input::roots(&arguments.paths) {
        let mut repository = input::open(&root)?;
        let sites = input::beside(&repository.snapshot, || arguments.target.sites(&repository))?;
        let threshold = arguments.fail_on.as_deref().and_then(config::level).or(repository.configuration.fail_on);
        let prefix = input::prefix(&root);
        let judge = |(platform, target): (&Platform, Target)| {
            let started = Instant::now();
            let verdict = (platform.judge)(&repository.snapshot, &target, &repository.configuration);
            let milliseconds = (!arguments.no_timing).then(|| started.elapsed().as_secs_f64() * 1000.0);
            let mut site =
                SiteReport { root: root.display().to_string(), prefix: prefix.clone(), verdict, milliseconds };
            let piece = format.piece.map(|piece| piece(&site));
            if piece.is_some() {
                // All that was to be shown of the texts has been said.
                site.verdict.sources = Sources::default();
            }
            (site, piece)
        };
        let (sites, pieces): (Vec<SiteReport>, Vec<Option<String>>) = input::map_all(sites, judge).into_iter().unzip();
        input::check_read(&root, &repository)?;
        for site in &sites {
            exit = exit.max(exit_of(&site.verdict, threshold.unwrap_or(Level::Error), arguments.strict));
        }
        report.sites.extend(sites);
        report.pieces.extend(pieces.into_iter().flatten());
        report.notices.extend(std::mem::take(&mut repository.notices));
        // The process is about to end: to free 100,000 entries one by one would only cost time.
        std::mem::forget(repository);
    }
    let style = Style { colour, verbose: arguments.verbose };
    let mut text = (format.render)(&report, style);
    for site in report.sites.iter().filter(|_| arguments.explain_verdict) {
        text.push_str(&reasoning::render(&site.verdict));
    }
    std::mem::forget(report);
    Ok((text, exit))
}

pub(super) fn exit_of(verdict: &verdict::SiteVerdict, threshold: Level, strict: bool) -> Exit {
    let is_over = verdict.findings.iter().any(|finding| finding.level() >= threshold);
    if is_over || verdict.status == Status::Fail || (strict && verdict.status == Status::Unknown) {
        Exit::Findings
    } else {
        Exit::Clean
    }
}
