//! What a workflow hands to Pages: an artifact that it deploys, or a branch that it pushes.

use super::workflow::{Action, Job, Step, Text, Workflow};

/// The name that `upload-pages-artifact` and `deploy-pages` agree on when nothing says otherwise
/// (`action.yml` of both).
pub const ARTIFACT: &str = "github-pages";

/// The folder that `upload-pages-artifact` takes when nothing says otherwise (its `action.yml`).
pub const UPLOAD_PATH: &str = "_site/";

/// Action that deploys an artifact.
pub const DEPLOY: &str = "actions/deploy-pages";
/// Action that makes the artifact.
pub const UPLOAD: &str = "actions/upload-pages-artifact";
/// Action that makes any artifact.
pub const UPLOAD_ANY: &str = "actions/upload-artifact";
/// Action that builds as Pages itself does.
pub const CLASSIC_BUILD: &str = "actions/jekyll-build-pages";
/// Action that tells the address of the site.
pub const CONFIGURE: &str = "actions/configure-pages";

/// A step: the numbers of its job and of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Number of the job.
    pub job: usize,
    /// Place among the steps that were read.
    pub step: usize,
}

/// Who pushes a branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pusher {
    /// `peaceiris/actions-gh-pages`.
    Peaceiris,
    /// `JamesIves/github-pages-deploy-action`.
    JamesIves,
    /// `crazy-max/ghaction-github-pages`.
    CrazyMax,
    /// Another action.
    Other,
    /// The program `gh-pages`.
    GhPages,
    /// `mkdocs gh-deploy`.
    MkDocs,
}

/// Actions that push a branch for Pages.
const PUSHERS: [(&str, Pusher); 9] = [
    ("peaceiris/actions-gh-pages", Pusher::Peaceiris),
    ("jamesives/github-pages-deploy-action", Pusher::JamesIves),
    ("crazy-max/ghaction-github-pages", Pusher::CrazyMax),
    ("s0/git-publish-subdir-action", Pusher::Other),
    ("shalzz/zola-deploy-action", Pusher::Other),
    ("helaili/jekyll-action", Pusher::Other),
    ("enriikke/gatsby-gh-pages-action", Pusher::Other),
    ("mhausenblas/mkdocs-deploy-gh-pages", Pusher::Other),
    ("rayluo/github-pages-overwriter", Pusher::Other),
];

/// A step that pushes a branch for Pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Push {
    /// The step.
    pub place: Place,
    /// By whom.
    pub pusher: Pusher,
}

/// Everything that a workflow hands to Pages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Publication {
    /// Steps that deploy an artifact.
    pub deploys: Vec<Place>,
    /// Steps that make one.
    pub uploads: Vec<Place>,
    /// Steps that push a branch.
    pub pushes: Vec<Push>,
}

impl Publication {
    /// What a workflow hands to Pages; steps that never run are left out.
    #[must_use]
    pub fn of(workflow: &Workflow) -> Publication {
        let mut found = Publication::default();
        for (job, description) in workflow.jobs.iter().enumerate() {
            let steps = description.steps.iter().enumerate();
            for (step, description) in steps.filter(|(_, step)| !step.is_off()) {
                let place = Place { job, step };
                if let Some(pusher) = pusher(description) {
                    found.pushes.push(Push { place, pusher });
                } else if description.uses(DEPLOY) {
                    found.deploys.push(place);
                } else if description.uses(UPLOAD) {
                    found.uploads.push(place);
                }
            }
        }
        found
    }

    /// Whether it publishes a site at all.
    #[must_use]
    pub fn is_any(&self) -> bool {
        !self.deploys.is_empty() || !self.pushes.is_empty()
    }

    /// The jobs that a deployed site hangs on: those that deploy or push, and all that must end before.
    #[must_use]
    pub fn jobs(&self, workflow: &Workflow) -> Vec<usize> {
        let ends = self.deploys.iter().copied().chain(self.pushes.iter().map(|push| push.place));
        let mut found: Vec<usize> =
            ends.flat_map(|place| workflow.needed_by(place.job).unwrap_or_else(|| vec![place.job])).collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

impl Place {
    /// The job and the step.
    #[must_use]
    pub fn of(self, workflow: &Workflow) -> Option<(&Job, &Step)> {
        let job = workflow.jobs.get(self.job)?;
        Some((job, job.steps.get(self.step)?))
    }
}

/// Whether an action does nothing but push a folder.
#[must_use]
pub fn is_pusher(name: &str) -> bool {
    PUSHERS.iter().any(|(known, pusher)| *known == name && *pusher != Pusher::Other)
}

fn pusher(step: &Step) -> Option<Pusher> {
    if let Some(action) = &step.action {
        return PUSHERS.iter().find(|(name, _)| *name == action.name).map(|(_, pusher)| *pusher);
    }
    let text = &step.run.as_ref()?.value;
    let mut lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    lines.find_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let follows = |program: &str, next: &dyn Fn(&str) -> bool| {
            words.windows(2).any(|pair| pair[0] == program && next(pair[1]))
        };
        if follows("mkdocs", &|next| next == "gh-deploy") {
            Some(Pusher::MkDocs)
        } else if follows("gh-pages", &|next| next.starts_with('-')) {
            Some(Pusher::GhPages)
        } else {
            None
        }
    })
}

/// Whether an action may make the artifact that Pages deploys, as far as anybody knows.
#[must_use]
pub fn may_upload(action: &Action) -> bool {
    const SILENT: [&str; 17] = [
        "actions/checkout",
        "actions/cache",
        "actions/configure-pages",
        "actions/jekyll-build-pages",
        "actions/download-artifact",
        "actions/deploy-pages",
        "pnpm/action-setup",
        "oven-sh/setup-bun",
        "ruby/setup-ruby",
        "peaceiris/actions-hugo",
        "peaceiris/actions-mdbook",
        "astral-sh/setup-uv",
        "denoland/setup-deno",
        "dtolnay/rust-toolchain",
        "swatinem/rust-cache",
        "actions-rs/toolchain",
        "bahmutov/npm-install",
    ];
    !(SILENT.contains(&action.name.as_str()) || action.name.starts_with("actions/setup-"))
}

/// The name of the artifact of an upload or a deploy; none when only a run would tell.
#[must_use]
pub fn artifact_name(step: &Step) -> Option<&str> {
    let key = if step.uses(DEPLOY) { "artifact_name" } else { "name" };
    let default = if step.uses(UPLOAD_ANY) { "artifact" } else { ARTIFACT };
    match step.input(key) {
        Some(text) => Text::plain(text),
        None => Some(default),
    }
}
