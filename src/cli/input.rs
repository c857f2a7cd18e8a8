//! What `simulate` and `plan` share: where to look and what is known about the dashboard.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use jiff::civil::Date;
use rayon::prelude::*;

use crate::config::{self, Configuration};
use crate::platform::netlify::config::locate::FILE_NAME;
use crate::platform::netlify::setting::{self, SiteSettings};
use crate::platform::pages;
use crate::platform::pages::repository::Repository as Name;
use crate::platform::pages::site::Origin as GitHub;
use crate::project::collect::{self, CollectError, Scope};
use crate::project::snapshot::{Oddity, Origin, Snapshot};
use crate::verdict::registry::{self, Platform as Simulator, Question};

use super::CliError;

#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Target {
    /// Platform to simulate
    #[arg(long, value_enum, default_value_t = Platform::Auto)]
    pub(crate) platform: Platform,
    /// Deploy context: production, deploy-preview, branch-deploy, dev or a name of your own
    #[arg(long, default_value = "production", value_name = "CONTEXT")]
    pub(crate) context: String,
    /// Branch that is deployed
    #[arg(long, default_value = "main", value_name = "BRANCH")]
    pub(crate) branch: String,
    /// What is set in the dashboard: JSON, or a file that holds it, with any of "command", "publish", "base",
    /// "packagePath", "functions", "environment", "plugins". '{}' says that nothing is set
    #[arg(long, value_name = "JSON|FILE")]
    pub(crate) site_settings: Option<String>,
    /// Name of the repository on GitHub, for GitHub Pages; without it, that of the remote "origin", else GITHUB_REPOSITORY
    #[arg(long, value_name = "OWNER/NAME")]
    pub(crate) repository: Option<String>,
    /// Day of the build, for posts that wait for theirs; without it, today's in UTC. 'unknown' leaves it open
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) day: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Platform {
    /// Whatever the repository is made for
    Auto,
    /// Netlify
    Netlify,
    /// Render
    Render,
    /// GitHub Pages
    #[value(alias = "github-pages")]
    Pages,
}

impl Platform {
    /// The name in the registry; none when the repository is to decide.
    fn name(self) -> Option<&'static str> {
        match self {
            Platform::Auto => None,
            Platform::Netlify => Some("netlify"),
            Platform::Render => Some("render"),
            Platform::Pages => Some(pages::PROFILE.name),
        }
    }
}

/// A repository that was looked at.
pub(crate) struct Repository {
    pub(crate) snapshot: Snapshot,
    pub(crate) configuration: Configuration,
    pub(crate) notices: Vec<String>,
    root: PathBuf,
}

impl Repository {
    /// The folder that was looked at.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }
}

/// The folders to look at: those given, else the repository around the current folder.
pub(crate) fn roots(paths: &[PathBuf]) -> Vec<PathBuf> {
    if paths.is_empty() {
        let here = PathBuf::from(".");
        return vec![collect::repository_of(&here).unwrap_or(here)];
    }
    paths.to_vec()
}

/// Path of the repository's root that is looked at below the top of its work tree.
pub(crate) fn prefix(root: &Path) -> String {
    let below = || {
        let top = collect::repository_of(root)?.canonicalize().ok()?;
        let here = root.canonicalize().ok()?;
        Some(here.strip_prefix(top).ok()?.to_str()?.replace('\\', "/"))
    };
    below().unwrap_or_default()
}

/// Reads a repository and its `.chimera/config.toml`.
pub(crate) fn open(root: &Path) -> Result<Repository, CliError> {
    let snapshot = collect::collect(root, Scope::Tracked).map_err(|error| match error {
        CollectError::Missing(_) | CollectError::NotADirectory(_) => {
            CliError::unreadable(error.to_string()).hint("name the root folder of a repository")
        }
        error => CliError::unreadable(error.to_string()),
    })?;
    read(root, snapshot)
}

/// Reads the `.chimera/config.toml` of a tree that was taken from `root`, or that stands for it.
pub(crate) fn read(root: &Path, snapshot: Snapshot) -> Result<Repository, CliError> {
    let configuration = match snapshot.text(config::PATH) {
        Ok(text) => config::parse(&text).map_err(|error| CliError::usage(error.to_string()))?,
        Err(crate::project::snapshot::ReadError::Missing) => Configuration::default(),
        Err(error) => return Err(CliError::unreadable(format!("{}: {error}", config::PATH))),
    };
    let notices = notices(root, &snapshot);
    Ok(Repository { snapshot, configuration, notices, root: root.to_owned() })
}

/// Refuses to conclude anything from files that could not be read.
pub(crate) fn check_read(root: &Path, repository: &Repository) -> Result<(), CliError> {
    let refused = repository.snapshot.refused();
    let Some((path, reason)) = refused.first_key_value() else { return Ok(()) };
    let more = if refused.len() > 1 { format!(" (and {} more)", refused.len() - 1) } else { String::new() };
    let place = root.join(path);
    Err(CliError::unreadable(format!("\"{}\" cannot be read: {reason}{more}", place.display()))
        .hint("a verdict without this file would be half a verdict; make it readable and run again"))
}

fn notices(root: &Path, snapshot: &Snapshot) -> Vec<String> {
    let mut notices = Vec::new();
    if snapshot.entries().is_empty() {
        notices.push(format!("\"{}\" holds no files that git tracks", root.display()));
    } else if snapshot.origin == Origin::Folder && collect::repository_of(root).is_none() {
        notices.push("no git repository here: every file that no .gitignore excludes counts as tracked".to_owned());
    }
    for name in [FILE_NAME, "_redirects", "_headers"] {
        if snapshot.target(name) == crate::project::snapshot::Target::Loop {
            notices.push(format!("\"{name}\" is a symbolic link that leads back to itself: no platform can read it"));
        }
    }
    for oddity in &snapshot.oddities {
        notices.push(match oddity {
            Oddity::NotUtf8(path) => format!("the file name \"{path}\" is not UTF-8"),
            Oddity::Unmerged(path) => format!("\"{path}\" has an unresolved merge"),
            Oddity::Unreadable(_, reason) => format!("left out, it cannot be read: {reason}"),
            Oddity::Untracked(path) => {
                format!("\"{path}\" is on disk but not tracked by git: the platform will not see it until it is added")
            }
        });
    }
    notices
}

/// What is to be simulated, on any tree.
pub(crate) struct Plan {
    platforms: Vec<&'static Simulator>,
    question: Question,
}

/// Sites that are worth spreading over several cores.
const PARALLEL_FROM: usize = 8;

impl Plan {
    /// The sites of a tree, each with its platform.
    pub(crate) fn sites(
        &self,
        snapshot: &Snapshot,
        configuration: &Configuration,
    ) -> Vec<(&'static Simulator, registry::Target)> {
        let of = |platform: &&'static Simulator| {
            let platform = *platform;
            let targets = (platform.targets)(snapshot, &self.question, configuration);
            targets.into_iter().map(move |target| (platform, target))
        };
        self.platforms.iter().flat_map(of).collect()
    }
}

/// Entries from which on it pays to look at a tree from several sides at once.
const MANY_ENTRIES: usize = 20_000;

/// Does `work` while that is worked out which nearly every site will ask for.
pub(crate) fn beside<R>(snapshot: &Snapshot, work: impl FnOnce() -> R) -> R {
    if snapshot.entries().len() < MANY_ENTRIES {
        return work();
    }
    std::thread::scope(|scope| {
        scope.spawn(|| snapshot.prepare());
        let found = work();
        snapshot.clashes().next();
        found
    })
}

/// Works on every item, on several cores if there are many; the order stays.
pub(crate) fn map_all<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> R + Send + Sync) -> Vec<R> {
    let builder = rayon::ThreadPoolBuilder::new().stack_size(super::STACK_BYTES);
    match (items.len() >= PARALLEL_FROM).then(|| builder.build().ok()).flatten() {
        Some(pool) => pool.install(|| items.into_par_iter().map(work).collect()),
        None => items.into_iter().map(work).collect(),
    }
}

impl Target {
    /// What these options ask for.
    pub(crate) fn plan(&self, repository: &Repository) -> Result<Plan, CliError> {
        let settings = self.site_settings.as_deref().map(read_settings).transpose()?;
        let name = if settings.is_some() { self.platform.name().or(Some("netlify")) } else { self.platform.name() };
        let platforms = registry::chosen(name, &repository.snapshot, &repository.configuration);
        let is_on_pages = platforms.iter().any(|platform| platform.profile.name == pages::PROFILE.name);
        let origin = if is_on_pages { self.origin(&repository.root)? } else { GitHub::default() };
        let (context, branch) = (self.context.clone(), self.branch.clone());
        let question = Question { context, branch, settings, origin, day: self.day()? };
        Ok(Plan { platforms, question })
    }

    /// The platforms to simulate, each with its sites of the repository.
    pub(crate) fn sites(
        &self,
        repository: &Repository,
    ) -> Result<Vec<(&'static Simulator, registry::Target)>, CliError> {
        Ok(self.plan(repository)?.sites(&repository.snapshot, &repository.configuration))
    }

    /// The day of the build: the one that was given, else today.
    fn day(&self) -> Result<Option<Date>, CliError> {
        match self.day.as_deref() {
            None => Ok(today()),
            Some("unknown") => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|_| {
                CliError::usage(format!("--day: \"{text}\" is no day; give one such as 2026-11-30, or \"unknown\""))
            }),
        }
    }

    /// What is known about the repository on GitHub.
    fn origin(&self, root: &Path) -> Result<GitHub, CliError> {
        let (remote, default_branch) = collect::remote(root);
        let is_name = |text: &str| Name::parse(text).is_some();
        let given = self.repository.clone();
        if let Some(text) = given.as_deref().filter(|text| !is_name(text)) {
            return Err(CliError::usage(format!("--repository: \"{text}\" is no repository; give OWNER/NAME")));
        }
        let variable = || std::env::var("GITHUB_REPOSITORY").ok().filter(|text| is_name(text));
        let repository = given
            .map(|text| (text, "--repository"))
            .or_else(|| {
                Some((remote.filter(|text| text.contains("github.com") && is_name(text))?, "the remote \"origin\""))
            })
            .or_else(|| Some((variable()?, "GITHUB_REPOSITORY")));
        Ok(GitHub { repository, default_branch })
    }
}

/// Today in UTC, as the platforms' machines have it.
fn today() -> Option<Date> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    let now = jiff::Timestamp::from_second(i64::try_from(since.as_secs()).ok()?).ok()?;
    Some(now.to_zoned(jiff::tz::TimeZone::UTC).date())
}

fn read_settings(given: &str) -> Result<SiteSettings, CliError> {
    let text = if given.trim_start().starts_with('{') {
        given.to_owned()
    } else {
        std::fs::read_to_string(given).map_err(|error| {
            CliError::usage(format!("--site-settings: \"{given}\" cannot be read: {error}")).hint(
                "give a JSON object such as '{\"command\": \"npm run build\"}', or the name of a file that holds one",
            )
        })?
    };
    setting::parse(&text).map_err(|error| CliError::usage(format!("--site-settings: {error}")))
}
