//! The points at which a folder leaves the build: an upload of an artifact, or a push of a branch.

use crate::project::command::Reach;
use crate::project::path;
use crate::text::span::Span;

use super::publication::{ARTIFACT, Place, Push, Pusher, UPLOAD_PATH, artifact_name};
use super::run::{self, Run};
use super::site::PagesSite;
use super::workflow::{Job, Step, Text, Workflow};

/// How a folder leaves the build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// As an artifact, which is served as it is.
    Artifact,
    /// As a branch.
    Branch(Pusher),
}

/// One point at which a folder leaves the build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlet {
    /// The step, in a workflow.
    pub place: Option<Place>,
    /// How.
    pub way: Way,
    /// The folder as it is written; none when nothing is written and the default counts.
    pub written: Option<Text>,
    /// The folder, as a repository path; none when only a run would tell.
    pub folder: Option<String>,
    /// Where to point at: the folder, or whatever publishes it.
    pub span: Span,
}

impl PagesSite<'_> {
    /// All points at which a folder leaves the build.
    #[must_use]
    pub fn outlets(&self) -> Vec<Outlet> {
        if let Some(script) = &self.script {
            return of_program(&script.run, None, usize::MAX, script.span).into_iter().collect();
        }
        let Some(workflow) = &self.workflow else { return Vec::new() };
        let uploads = self.publication.uploads.iter().filter(|_| !self.publication.deploys.is_empty());
        let uploads = uploads.filter_map(|place| of_upload(workflow, *place));
        let pushes = self.publication.pushes.iter().filter_map(|push| self.of_push(workflow, *push));
        uploads.chain(pushes).collect()
    }

    fn of_push(&self, workflow: &Workflow, push: Push) -> Option<Outlet> {
        let (job, step) = push.place.of(workflow)?;
        let (key, default) = match push.pusher {
            Pusher::Peaceiris => ("publish_dir", Some("public")),
            Pusher::JamesIves => ("folder", None),
            Pusher::CrazyMax => ("build_dir", Some("public")),
            Pusher::GhPages => {
                let run = self.runs.get(push.place.job)?;
                return of_program(run, Some(push.place), push.place.step, step.place());
            }
            Pusher::Other | Pusher::MkDocs => ("", None),
        };
        Some(outlet(workflow, (push.place, job, step), Way::Branch(push.pusher), step.input(key), default))
    }

    /// What the job of an outlet does.
    #[must_use]
    pub fn run_of(&self, outlet: &Outlet) -> Option<&Run> {
        match outlet.place {
            Some(place) => self.runs.get(place.job),
            None => self.script.as_ref().map(|script| &script.run),
        }
    }
}

fn of_upload(workflow: &Workflow, place: Place) -> Option<Outlet> {
    let (job, step) = place.of(workflow)?;
    if artifact_name(step) != Some(ARTIFACT) {
        return None;
    }
    Some(outlet(workflow, (place, job, step), Way::Artifact, step.input("path"), Some(UPLOAD_PATH)))
}

fn outlet(
    workflow: &Workflow,
    (place, job, step): (Place, &Job, &Step),
    way: Way,
    written: Option<&Text>,
    default: Option<&str>,
) -> Outlet {
    let folder = match written {
        Some(text) => run::resolved_path(workflow, job, step, text),
        None => default.and_then(|text| path::join("", text)),
    };
    let span = written.map_or_else(|| step.place(), |text| text.span);
    Outlet { place: Some(place), way, written: written.cloned(), folder, span }
}

/// What the program `gh-pages` publishes in one command (`gh-pages/bin/gh-pages.js`).
fn of_program(run: &Run, place: Option<Place>, step: usize, span: Span) -> Option<Outlet> {
    let mut commands = run.commands.iter().filter(|command| place.is_none() || command.step == step);
    let call = commands.find_map(|command| {
        let mut calls = command.trace.invocations.iter().filter(|run| run.reach != Reach::Never);
        calls.find(|run| run.name() == "gh-pages" && run.option(&["-d", "--dist"]).is_some())
    })?;
    let folder = call.option(&["-d", "--dist"]).and_then(|word| word.plain());
    let folder = folder.zip(call.cwd.as_deref()).and_then(|(folder, cwd)| path::join(cwd, folder));
    Some(Outlet { place, way: Way::Branch(Pusher::GhPages), written: None, folder, span })
}
