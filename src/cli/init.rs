//! `chimeractl init`: writes the workflow that looks at pull requests.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::init::{CHECK_PATH, FORKS_PATH, Pin, Setup};
use crate::project::collect;
use crate::project::path::child;
use crate::project::snapshot::Snapshot;
use crate::text::escape;
use crate::verdict::registry::PLATFORMS;

use super::input::{self, Repository};
use super::{CliError, Exit, Outcome};

/// Where GitHub looks for workflows.
const WORKFLOWS: &str = ".github/workflows";

/// The repository of the action, `OWNER/NAME`; the release workflow sets it.
const HOME: Option<&str> = option_env!("CHIMERA_HOME");

const GUIDE: &str = "\
What it writes:
  .github/workflows/chimera.yml        every pull request: verdict, check run, suggestions
  .github/workflows/chimera-forks.yml  with --forks: the same for forks, whose run may not write

The action is pinned by commit. A release asks its repository once which commit its tag is
(git ls-remote); any other build has to be told: --action OWNER/REPOSITORY@COMMIT.

Exit codes:
  0  written, or printed                         3  cannot be read, written or asked
  2  a file is there already, or wrong usage

Examples:
  chimeractl init              write the workflow
  chimeractl init --print      look at it first
  chimeractl init --forks      with the companion for forks";

#[derive(Debug, clap::Args)]
#[command(after_help = GUIDE)]
pub(crate) struct Arguments {
    /// Folder that is to be simulated; without one, the repository around the current folder
    path: Option<PathBuf>,
    /// Write the companion for pull requests from forks, too
    #[arg(long)]
    forks: bool,
    /// Write over files that are there
    #[arg(long)]
    force: bool,
    /// Print what would be written, and write nothing
    #[arg(long, conflicts_with = "force")]
    print: bool,
    /// The action, pinned
    #[arg(long, value_name = "OWNER/REPOSITORY@COMMIT")]
    action: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let roots = input::roots(&arguments.path.iter().cloned().collect::<Vec<_>>());
    let root = roots.first().cloned().unwrap_or_default();
    let repository = input::open(&root)?;
    let top = top(&root, arguments.print)?;
    let setup = Setup { action: pin(arguments)?, folder: input::prefix(&root), sites: sites(&repository) };
    let refused = |error: crate::init::FolderError| CliError::usage(error.to_string()).hint("rename the folder");
    let mut files = vec![(CHECK_PATH, setup.check().map_err(refused)?)];
    if arguments.forks {
        files.push((FORKS_PATH, setup.forks().map_err(refused)?));
    }
    if arguments.print {
        return Ok((printed(&files), Exit::Clean));
    }
    if !arguments.force {
        for (path, _) in &files {
            check_free(&top.join(path), path)?;
        }
        check_unused(&top, &setup)?;
    }
    for (path, text) in &files {
        write(&top.join(path), path, text, arguments.force)?;
    }
    Ok((next(&files), Exit::Clean))
}

/// The top of the work tree, in which GitHub looks for workflows.
fn top(root: &Path, is_print: bool) -> Result<PathBuf, CliError> {
    match collect::repository_of(root) {
        Some(top) => Ok(top),
        None if is_print => Ok(root.to_owned()),
        None => Err(CliError::usage(format!("\"{}\" is in no git repository", root.display()))
            .hint("run `git init` first, or see the workflow with --print")),
    }
}

/// The sites of the repository, as far as files show that it is made for a platform.
fn sites(repository: &Repository) -> Vec<(&'static str, String)> {
    let (snapshot, configuration) = (&repository.snapshot, &repository.configuration);
    let meant = PLATFORMS.iter().filter(|platform| (platform.is_meant)(snapshot, configuration));
    let of = |platform: &crate::verdict::registry::Platform| {
        let targets = (platform.targets)(snapshot, &crate::verdict::registry::Question::default(), configuration);
        let title = platform.profile.title;
        let config = platform.profile.config_name;
        targets.into_iter().map(move |target| (title, named(snapshot, target.place, config)))
    };
    meant.flat_map(of).collect()
}

/// The file of a site, where it has one; else its folder.
fn named(snapshot: &Snapshot, place: String, config: &str) -> String {
    let file = child(&place, config);
    match (snapshot.is_file(&file), place.is_empty()) {
        (true, _) => file,
        (false, true) => "the root folder".to_owned(),
        (false, false) => place,
    }
}

fn pin(arguments: &Arguments) -> Result<Pin, CliError> {
    let release = || HOME.map(|home| format!("{home}@v{}", env!("CARGO_PKG_VERSION")));
    let Some(text) = arguments.action.clone().or_else(release) else {
        return Err(CliError::usage("this build is no release, so it does not know which commit to pin")
            .hint("name the action: --action OWNER/REPOSITORY@COMMIT"));
    };
    let (repository, reference) = Pin::split(&text).map_err(|error| CliError::usage(format!("--action: {error}")))?;
    let pin = |commit: &str, label| Pin { repository: repository.to_owned(), commit: commit.to_lowercase(), label };
    if Pin::is_commit(reference) {
        return Ok(pin(reference, None));
    }
    Ok(pin(&commit_of(repository, reference)?, Some(reference.to_owned())))
}

/// The commit of a tag, asked of its repository.
fn commit_of(repository: &str, tag: &str) -> Result<String, CliError> {
    let server = std::env::var("GITHUB_SERVER_URL").unwrap_or_else(|_| "https://github.com".to_owned());
    let address = format!("{}/{repository}", server.trim_end_matches('/'));
    let hint = format!("name the commit: --action {repository}@COMMIT");
    let (whole, peeled) = (format!("refs/tags/{tag}"), format!("refs/tags/{tag}^{{}}"));
    let slow = ["-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=10"];
    let asked = Command::new("git")
        .args(slow)
        .args(["ls-remote", "--", &address, &whole, &peeled])
        .env("GIT_TERMINAL_PROMPT", "0")
        .output()
        .map_err(|error| CliError::unreadable(format!("git cannot be started: {error}")).hint(&*hint))?;
    if !asked.status.success() {
        let said = String::from_utf8_lossy(&asked.stderr);
        let last = escape::log(said.lines().last().unwrap_or_default());
        return Err(
            CliError::unreadable(format!("\"{address}\" does not say which commit \"{tag}\" is: {last}")).hint(hint)
        );
    }
    let answer = String::from_utf8_lossy(&asked.stdout);
    let found = |name: &str| answer.lines().find_map(|line| line.strip_suffix(name)?.strip_suffix('\t'));
    let commit = found(&peeled).or_else(|| found(&whole)).filter(|commit| Pin::is_commit(commit));
    commit.map(str::to_owned).ok_or_else(|| {
        CliError::usage(format!("\"{repository}\" has no tag \"{tag}\"; a branch would move, and cannot be pinned"))
            .hint(hint)
    })
}

fn printed(files: &[(&str, String)]) -> String {
    match files {
        [(_, text)] => text.clone(),
        files => files.iter().map(|(path, text)| format!("# --- {path}\n{text}")).collect::<Vec<_>>().join("\n"),
    }
}

fn check_free(place: &Path, path: &str) -> Result<(), CliError> {
    if place.symlink_metadata().is_err() {
        return Ok(());
    }
    Err(CliError::usage(format!("\"{path}\" is there already"))
        .hint("--force writes over it; --print only shows what it would be"))
}

/// Two workflows that do the same would say everything twice.
fn check_unused(top: &Path, setup: &Setup) -> Result<(), CliError> {
    let wanted = format!("{}@", setup.action.repository).to_lowercase();
    let names = std::fs::read_dir(top.join(WORKFLOWS)).into_iter().flatten().flatten().map(|entry| entry.path());
    let is_yaml = |path: &PathBuf| path.extension().is_some_and(|end| end == "yml" || end == "yaml");
    let mut workflows: Vec<PathBuf> = names.filter(is_yaml).collect();
    workflows.sort();
    for path in workflows {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        if text.lines().any(|line| line.contains("uses:") && line.to_lowercase().contains(&wanted)) {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            return Err(CliError::usage(format!("\"{WORKFLOWS}/{}\" runs the action already", escape::line(&name)))
                .hint("change that file, or write a second one with --force"));
        }
    }
    Ok(())
}

fn write(place: &Path, path: &str, text: &str, is_forced: bool) -> Result<(), CliError> {
    let failed = |error: std::io::Error| CliError::unreadable(format!("\"{path}\" cannot be written: {error}"));
    if place.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink()) {
        return Err(CliError::usage(format!("\"{path}\" is a symbolic link")).hint("take it away first"));
    }
    std::fs::create_dir_all(place.parent().unwrap_or(place)).map_err(failed)?;
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).create_new(!is_forced);
    options.open(place).and_then(|mut file| file.write_all(text.as_bytes())).map_err(failed)
}

fn next(files: &[(&str, String)]) -> String {
    let mut out: String = files.iter().map(|(path, _)| format!("written: {path}\n")).collect();
    out.push_str(
        "next: commit and push; open a pull request; then require the job \"certify\" in the rules of the branch\n",
    );
    if files.len() > 1 {
        out.push_str("      the companion for forks works once it is on the default branch\n");
    }
    out
}
