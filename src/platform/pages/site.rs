//! The ways in which a repository publishes a site on Pages, and everything that is known about one.

use jiff::civil::Date;

use crate::project::command::follow::{self, Start};
use crate::project::command::{NoJudge, Shell};
use crate::project::manifest::{self, Manifest};
use crate::project::output::Build;
use crate::project::path::{child, name};
use crate::project::setting::Setting;
use crate::project::snapshot::{ReadError, Snapshot};
use crate::sim::known::{Because, Known};
use crate::sim::plan::{Decision, Step, Unknown};
use crate::text::source::Sources;
use crate::text::span::Span;

use super::WORKFLOWS;
use super::address::{self, Wrong};
use super::base::{self, Misplaced};
use super::plan;
use super::publication::Publication;
use super::repository::Repository;
use super::run::{Command, MAX_PROGRAMS, Run};
use super::unknown;
use super::workflow::Workflow;

/// What is known about the repository beside its files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// Its name, `owner/name`, and who says so.
    pub repository: Option<(String, &'static str)>,
    /// Its default branch.
    pub default_branch: Option<String>,
}

/// How a site gets published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// By a workflow.
    Workflow,
    /// By a script of a manifest, which somebody runs.
    Script,
    /// By Pages itself, with Jekyll, from a branch.
    Classic,
    /// The files do not say.
    Unknown,
}

/// A script that pushes a branch with the program `gh-pages`.
#[derive(Debug)]
pub struct Script {
    /// The manifest.
    pub manifest: Manifest,
    /// Name of the script.
    pub name: String,
    /// Where its text is written.
    pub span: Span,
    /// What it does.
    pub run: Run,
}

/// Everything that rules and reports may know about one way of publishing.
#[derive(Debug)]
pub struct PagesSite<'a> {
    /// The files.
    pub snapshot: &'a Snapshot,
    /// Path of the workflow or manifest; empty for the root.
    pub place: String,
    /// How it gets published.
    pub source: Source,
    /// Why the workflow could not be read, if so.
    pub unreadable: Option<String>,
    /// The workflow.
    pub workflow: Option<Workflow>,
    /// Workflows of the repository that call this one.
    pub callers: Vec<Workflow>,
    /// What it hands to Pages.
    pub publication: Publication,
    /// What its jobs do, in their order; empty for those that the site does not hang on.
    pub runs: Vec<Run>,
    /// The script.
    pub script: Option<Script>,
    /// The repository's name.
    pub repository: Option<Known<Repository>>,
    /// The default branch.
    pub default_branch: Option<String>,
    /// Sites that are built for another path than their own; none while the repository's name is not known.
    pub misplaced: Vec<Misplaced>,
    /// Addresses that generators are told and that are not those of the site, in the same way.
    pub addresses: Vec<Wrong>,
    /// Whether the repository's name is not known and would decide about the paths of the site.
    pub needs_name: bool,
    /// What Pages would decide.
    pub decisions: Vec<Decision>,
    /// The steps it would take.
    pub steps: Vec<Step>,
    /// What the files do not say.
    pub unknowns: Vec<Unknown>,
    /// The texts that spans point into.
    pub sources: Sources,
    /// The day of the build, if it was said.
    pub day: Option<Date>,
}

/// Workflows that are looked at, and the longest of them.
const MAX_WORKFLOWS: usize = 200;
const MAX_LENGTH: usize = 1 << 20;

/// Words of which a workflow that publishes on Pages holds one.
const WORDS: [&str; 13] = [
    "deploy-pages",
    "gh-pages",
    "gh-deploy",
    "github-pages",
    "git-publish-subdir-action",
    "zola-deploy-action",
    "jekyll-action",
    "gatsby-gh-pages-action",
    "mkdocs-deploy-gh-pages",
    "github-pages-overwriter",
    "ghaction-github-pages",
    "GitHub-Pages",
    "Deploy-Pages",
];

/// The workflows that publish a site on Pages, by path.
#[must_use]
pub fn workflows(snapshot: &Snapshot) -> Vec<String> {
    paths(snapshot).into_iter().filter(|path| publishes(snapshot, path)).collect()
}

/// The files that are workflows by their name.
fn paths(snapshot: &Snapshot) -> Vec<String> {
    let children = snapshot.children(WORKFLOWS).into_iter().filter(|(_, is_dir)| !is_dir);
    let names = children.map(|(name, _)| name).filter(|name| name.ends_with(".yml") || name.ends_with(".yaml"));
    names.take(MAX_WORKFLOWS).map(|name| child(WORKFLOWS, name)).collect()
}

fn publishes(snapshot: &Snapshot, path: &str) -> bool {
    let Ok(text) = snapshot.text(path) else { return false };
    if text.len() > MAX_LENGTH || !WORDS.iter().any(|word| text.contains(word)) {
        return false;
    }
    let workflow = Workflow::read(path, text, &mut Sources::default());
    Publication::of(&workflow).is_any()
}

/// The manifest at the root with a script that publishes with the program `gh-pages`, and the script's name.
#[must_use]
pub fn script(snapshot: &Snapshot) -> Option<String> {
    let manifest = Manifest::read(snapshot, "", &mut Sources::default())?.ok()?;
    script_of(&manifest).map(|(name, _)| name)
}

fn script_of(manifest: &Manifest) -> Option<(String, Span)> {
    let publishes = |text: &str| {
        let words: Vec<&str> = text.split_whitespace().collect();
        let is_call = |pair: &[&str]| pair[0] == "gh-pages" && pair[1].starts_with('-');
        words.windows(2).any(is_call) && words.iter().any(|word| matches!(*word, "-d" | "--dist"))
    };
    let scripts = manifest.scripts();
    let mut scripts = scripts.iter().filter(|field| field.text.is_some_and(publishes));
    scripts.next().map(|field| (field.key.to_owned(), field.span))
}

/// Whether files at the root are made for the builder of Pages itself: not for Hexo, not for Jupyter Book, which call
/// their configuration the same.
#[must_use]
pub fn is_classic(snapshot: &Snapshot) -> bool {
    let is_other = ["package.json", "_toc.yml"].iter().any(|name| snapshot.is_file(name));
    !is_other && ["_config.yml", "CNAME"].iter().any(|name| snapshot.is_file(name))
}

/// Whether the repository brings a Jekyll of its own, which somebody else may run.
#[must_use]
pub fn has_own_jekyll(snapshot: &Snapshot) -> bool {
    snapshot.text("Gemfile").is_ok_and(|text| !text.contains("github-pages"))
}

impl<'a> PagesSite<'a> {
    /// Works out everything about one way of publishing: a workflow's path, `package.json`, or the root.
    #[must_use]
    pub fn new(snapshot: &'a Snapshot, place: &str, origin: &Origin) -> PagesSite<'a> {
        let mut site = PagesSite {
            snapshot,
            place: place.to_owned(),
            source: Source::Unknown,
            unreadable: None,
            workflow: None,
            callers: Vec::new(),
            publication: Publication::default(),
            runs: Vec::new(),
            script: None,
            repository: None,
            default_branch: origin.default_branch.clone(),
            misplaced: Vec::new(),
            addresses: Vec::new(),
            needs_name: false,
            decisions: Vec::new(),
            steps: Vec::new(),
            unknowns: Vec::new(),
            sources: Sources::default(),
            day: None,
        };
        match name(place) {
            "" if is_classic(snapshot) => site.source = Source::Classic,
            "" => {}
            manifest::NAME => site.read_script(),
            _ => site.read_workflow(),
        }
        site.repository = site.name(origin);
        site.place_on_host();
        site.decisions = plan::decisions(&site);
        site.steps = plan::steps(&site);
        site.unknowns = unknown::unknowns(&site);
        site
    }

    fn read_workflow(&mut self) {
        let text = match self.snapshot.text(&self.place) {
            Ok(text) => text,
            Err(ReadError::Missing) => return,
            Err(error) => {
                self.unreadable = Some(error.to_string());
                return;
            }
        };
        if text.len() > MAX_LENGTH {
            self.unreadable = Some("is too long to be read".to_owned());
            return;
        }
        self.source = Source::Workflow;
        let workflow = Workflow::read(&self.place, text, &mut self.sources);
        if !workflow.document.is_ok() {
            self.unreadable = Some("is no YAML".to_owned());
        }
        self.publication = Publication::of(&workflow);
        let relevant = self.publication.jobs(&workflow);
        let mut left = MAX_PROGRAMS;
        for (index, job) in workflow.jobs.iter().enumerate() {
            let is_relevant = relevant.binary_search(&index).is_ok();
            let run = is_relevant.then(|| Run::of(self.snapshot, &workflow, job, &mut left, &mut self.sources));
            self.runs.push(run.unwrap_or_default());
        }
        if workflow.triggers.get("workflow_call").is_some() {
            self.callers = self.read_callers();
        }
        self.workflow = Some(workflow);
    }

    /// The workflows with a job that calls this one.
    fn read_callers(&mut self) -> Vec<Workflow> {
        let call = format!("./{}", self.place);
        let paths = paths(self.snapshot).into_iter().filter(|path| *path != self.place);
        let texts: Vec<(String, String)> = paths
            .filter_map(|path| {
                let text = self.snapshot.text(&path).ok()?;
                (text.len() <= MAX_LENGTH && text.contains(&call)).then_some((path, text))
            })
            .collect();
        let read = texts.into_iter().map(|(path, text)| Workflow::read(&path, text, &mut self.sources));
        read.filter(|workflow| workflow.is_readable()).collect()
    }

    fn read_script(&mut self) {
        let Some(Ok(manifest)) = Manifest::read(self.snapshot, "", &mut self.sources) else { return };
        let Some((name, span)) = script_of(&manifest) else { return };
        self.source = Source::Script;
        let command = format!("npm run {name}");
        let start = Start {
            snapshot: self.snapshot,
            command: &command,
            span,
            shell: Shell::Sh,
            dir: "",
            checkout: "",
            judge: &NoJudge,
            is_pristine: false,
        };
        let trace = follow::follow(&start, &mut self.sources);
        let build = Build::new(self.snapshot, &trace, &[], &mut self.sources);
        let command = Command { step: 0, dir: String::new(), trace, decides: true };
        let run = Run::of_command(command, build);
        self.script = Some(Script { manifest, name, span, run });
    }

    /// Compares the paths that the site is built for with the one that it will live under.
    fn place_on_host(&mut self) {
        if self.repository.is_some() {
            self.misplaced = base::misplaced(self);
            self.addresses = address::wrong(self);
            return;
        }
        // Any name will do to find out whether the name matters.
        let any = Repository { owner: "owner".to_owned(), name: "name".to_owned() };
        self.repository = Some(Known::new(any, Because::Default("")));
        let is_root = |setting: &Setting| setting.text().is_none_or(|text| text.trim_matches('/').is_empty());
        self.needs_name = base::misplaced(self).iter().any(|it| is_root(&it.base.setting))
            || address::wrong(self).iter().any(|it| is_root(&it.setting));
        self.repository = None;
    }

    fn name(&mut self, origin: &Origin) -> Option<Known<Repository>> {
        if let Some((text, who)) = &origin.repository {
            return Repository::parse(text).map(|repository| Known::new(repository, Because::Input(who)));
        }
        let manifest = Manifest::read(self.snapshot, "", &mut self.sources)?.ok()?;
        Repository::of_homepage(&manifest)
    }

    /// The jobs that the published site hangs on.
    pub fn relevant(&self) -> impl Iterator<Item = usize> {
        let jobs = self.workflow.as_ref().map(|workflow| self.publication.jobs(workflow)).unwrap_or_default();
        jobs.into_iter()
    }

    /// The text of the workflow.
    #[must_use]
    pub fn text(&self) -> &str {
        let file = self.workflow.as_ref().map(|workflow| workflow.file);
        file.and_then(|file| self.sources.get(file)).map_or("", |source| source.text.as_str())
    }
}
