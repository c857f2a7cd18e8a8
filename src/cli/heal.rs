//! `chimeractl heal`: repairs, proven before they are shown or written.

mod store;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::config;
use crate::heal::{self, Healing, Limits};
use crate::project::snapshot::{Origin, Snapshot};
use crate::report::heal::{HealReport, human, json};
use crate::report::{Style, markdown};
use crate::rule::finding::{Level, Severity};
use crate::rule::fix::Applicability;

use super::input::{self, Repository};
use super::{CliError, Exit, Outcome, discretion, simulate};

/// How long healing may take.
const BUDGET: Duration = Duration::from_secs(60);

const GUIDE: &str = "\
How it works:
  Every finding of severity critical or high is tried: its repair is applied to a copy in memory and
  everything is simulated again. The repair is kept only if the finding is gone, no stage got worse
  and nothing new of equal or higher severity appeared; otherwise it is taken back and the next one is
  tried, three times at most. Without --write no file is touched.

Trust:
  safe    keeps what the site does, or restores what it plainly means; applied by --write
  review  has to be looked at first; applied with --review
  show    only ever shown, for a person to make

Exit codes:
  0  nothing at or above the threshold is in the files when the command ends
     (with --check: nothing could be healed)
  1  findings are left in the files (with --check: something could be healed)
  2  wrong usage or configuration, or files with uncommitted changes
  3  a file cannot be read or written, or has changed meanwhile
  4  60 seconds were over before the work; what was healed until then is kept

Examples:
  chimeractl heal                        show what would be repaired, and why
  chimeractl heal --write                repair it
  chimeractl heal --review --patch p.diff  then: git apply p.diff
  chimeractl heal --check                for CI: is there anything to heal?
  chimeractl heal --format json          repairs with edits and digests, for a program";

#[derive(Debug, clap::Args)]
#[command(after_help = GUIDE)]
pub(crate) struct Arguments {
    /// Root folder of a repository; without one, the repository around the current folder
    path: Option<PathBuf>,
    #[command(flatten)]
    target: input::Target,
    /// Write the safe repairs to the files
    #[arg(long)]
    write: bool,
    /// Take the repairs that have to be looked at, too
    #[arg(long)]
    review: bool,
    /// Write the repairs to FILE as a patch that `git apply` takes; "-" prints nothing but the patch
    #[arg(long, value_name = "FILE")]
    patch: Option<PathBuf>,
    /// Exit with 1 if something could be healed, and touch nothing
    #[arg(long, conflicts_with_all = ["write", "patch"])]
    check: bool,
    /// Write to files that have uncommitted changes
    #[arg(long, requires = "write")]
    allow_dirty: bool,
    /// Least severity of findings that are healed; default: that of .chimera/config.toml, else high
    #[arg(long, value_name = "SEVERITY", value_parser = ["critical", "high", "medium", "low"])]
    severity: Option<String>,
    /// Output format
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people: a diff, and what became of each finding
    Human,
    /// For programs: docs/schema/heal.schema.json
    Json,
    /// For the summary of a job: what was found, and the repairs as a patch
    Markdown,
}

pub(crate) fn run(arguments: &Arguments, colour: bool) -> Outcome {
    let roots = input::roots(&arguments.path.iter().cloned().collect::<Vec<_>>());
    let root = roots.first().cloned().unwrap_or_default();
    let mut repository = input::open(&root)?;
    let (healing, left_out) = healed(arguments, &repository)?;
    repository.notices.extend(left_out);
    input::check_read(&root, &repository)?;
    let is_written = arguments.write && !healing.files.is_empty();
    if is_written {
        let is_tracked = repository.snapshot.origin == Origin::GitIndex;
        store::write(&root, &healing.files, is_tracked && !arguments.allow_dirty)?;
    }
    let report = HealReport {
        root: root.display().to_string(),
        prefix: input::prefix(&root),
        healing: &healing,
        is_written,
        patch: arguments.patch.as_ref().map(|path| format!("\"{}\"", path.display())),
        notices: std::mem::take(&mut repository.notices),
    };
    let exit = exit_of(arguments, &healing, is_written, repository.configuration.fail_on);
    if let Some(path) = &arguments.patch {
        let text = report.patch_text(false);
        if path == Path::new("-") {
            return Ok((text, exit));
        }
        let failed =
            |error| CliError::unreadable(format!("--patch: \"{}\" cannot be written: {error}", path.display()));
        std::fs::write(path, text).map_err(failed)?;
    }
    let text = match arguments.format {
        Format::Human => human(&report, Style { colour, verbose: false }),
        Format::Markdown => markdown::heal(&report),
        Format::Json => serde_json::to_string_pretty(&json(&report)).unwrap_or_default() + "\n",
    };
    // The process is about to end: to free 100,000 entries one by one would only cost time.
    std::mem::forget((repository, healing));
    Ok((text, exit))
}

fn healed(arguments: &Arguments, repository: &Repository) -> Result<(Healing, Vec<String>), CliError> {
    let started = Instant::now();
    let plan = arguments.target.plan(repository)?;
    let configuration = &repository.configuration;
    let judge = |snapshot: &Snapshot| {
        let sites = plan.sites(snapshot, configuration);
        input::map_all(sites, |(platform, target)| (platform.judge)(snapshot, &target, configuration))
    };
    let asked = arguments.severity.as_deref().and_then(config::severity);
    let limits = Limits {
        permission: if arguments.review { Applicability::Review } else { Applicability::Safe },
        severity: asked.or(configuration.heal.severity).unwrap_or(Severity::High),
    };
    let is_over = || started.elapsed() >= BUDGET;
    let base = &repository.snapshot;
    if arguments.patch.is_none() {
        return Ok((heal::heal(base, &judge, &limits, &is_over), Vec::new()));
    }
    let (healing, mut left_out) = discretion::heal(base, &judge, &limits, &is_over);
    left_out.extend(discretion::kept_back(&judge(base)));
    Ok((healing, left_out))
}

fn exit_of(arguments: &Arguments, healing: &Healing, is_written: bool, threshold: Option<Level>) -> Exit {
    if healing.is_out_of_time {
        return Exit::TimedOut;
    }
    if arguments.check {
        return if healing.fixes_applied.is_empty() { Exit::Clean } else { Exit::Findings };
    }
    let on_disk = if is_written { healing.after() } else { &healing.before };
    let of = |site| simulate::exit_of(site, threshold.unwrap_or(Level::Error), false);
    on_disk.iter().map(of).max().unwrap_or(Exit::Clean)
}
