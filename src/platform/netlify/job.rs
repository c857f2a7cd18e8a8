//! A Netlify site as one build.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use crate::platform::job::Job;
use crate::platform::pick::Pick;
use crate::project::manifest;
use crate::project::path::child;
use crate::project::python::declared::Declared;
use crate::project::python::install::Installed;
use crate::sim::known::Because;
use crate::sim::stage::Stage;
use crate::text::span::Span;

use super::site::NetlifySite;
use super::{PROFILE, image, image_program, python};

impl NetlifySite<'_> {
    /// What is built; none when the configuration is rejected.
    #[must_use]
    pub fn job(&self) -> Option<Job<'_>> {
        let plan = self.plan.as_ref()?;
        let own = plan.installation.as_ref();
        let manager = own.map_or("npm", |installation| installation.manager);
        Some(Job {
            platform: &PROFILE,
            snapshot: self.snapshot,
            sources: &self.resolution.sources,
            dir: self.build_dir(),
            publish: Some(self.publish()),
            own,
            is_own_strict: true,
            installations: own.into_iter().collect(),
            lifecycle: plan.lifecycle.iter().map(|trace| (manager, trace)).collect(),
            commands: plan.trace.iter().map(|trace| (Stage::BuildCommand, trace)).collect(),
            start: Vec::new(),
            image: image_program::image(),
            variables: plan.environment.clone(),
            node: self.node_pick(),
            python: self.python_pick(),
            ruby: self.ruby_pick(),
            requirements: self.requirements(),
            day: self.day,
            is_static: true,
            is_tentative: self.is_tentative(),
            is_prepared: false,
            declaration: None,
            surveys: OnceLock::new(),
        })
    }

    fn node_pick(&self) -> Option<Pick> {
        let node = &self.plan.as_ref()?.node;
        let span = match &node.because {
            Because::Present(path) => {
                let (file, source) = self.source(path)?;
                Span::new(file, 0, source.text.len())
            }
            _ => node.span().unwrap_or(Span::NONE),
        };
        Pick::node(&node.value, span, !matches!(node.because, Because::Default(_)))
    }

    /// `runtime.txt`, then a Pipfile, then `PYTHON_VERSION` (`run-build-functions.sh` of the build image).
    fn python_pick(&self) -> Option<Pick> {
        if let Some((text, span)) = python::line(self, "runtime.txt") {
            return Pick::plain(text, span, true);
        }
        if python::has(self, "Pipfile") {
            let pipfile = python::Pipfile::of(self)?;
            let (text, span) = pipfile.required()?;
            return Pick::plain(text, span, true);
        }
        if let Some(value) = self.plan.as_ref()?.variable("PYTHON_VERSION") {
            return Pick::plain(&value.value, value.span().unwrap_or(Span::NONE), true);
        }
        if let Some((text, span)) = python::line(self, ".python-version") {
            return Pick::plain(text, span, true);
        }
        Pick::plain(&image::image().python.default, Span::NONE, false)
    }

    /// `.ruby-version`, then `RUBY_VERSION` (`run-build-functions.sh` of the build image).
    fn ruby_pick(&self) -> Option<Pick> {
        if let Some((text, span)) = python::line(self, ".ruby-version") {
            return Pick::plain(text.strip_prefix("ruby-").unwrap_or(text), span, true);
        }
        let value = self.plan.as_ref()?.variable("RUBY_VERSION")?;
        Pick::plain(&value.value, value.span().unwrap_or(Span::NONE), true)
    }

    /// Netlify installs `requirements.txt` by itself, unless there is a Pipfile (`run-build-functions.sh`); the build
    /// command may install others.
    fn requirements(&self) -> Vec<String> {
        let mut declared = Declared::default();
        let own = child(self.build_dir(), "requirements.txt");
        if self.snapshot.is_file(&own) && !python::has(self, "Pipfile") {
            declared.add_file(self.snapshot, &own);
        }
        let trace = self.plan.as_ref().and_then(|plan| plan.trace.as_ref());
        let runs: Vec<_> = trace.into_iter().flat_map(|trace| &trace.invocations).filter(|run| run.decides()).collect();
        let by_command = Installed::by(self.snapshot, &runs).declared.files;
        declared.files.extend(by_command.into_iter().filter(|path| path.ends_with(".txt")));
        let mut seen = BTreeSet::new();
        declared.files.retain(|path| seen.insert(path.clone()));
        declared.files
    }

    /// A command that Netlify proposes may have been replaced in the dashboard, and a folder with a configuration of its
    /// own may be a package that is built from the root.
    fn is_tentative(&self) -> bool {
        let command = self.plan.as_ref().and_then(|plan| plan.command.as_ref());
        let is_proposed = command.is_some_and(|command| matches!(command.because, Because::Detected(_)));
        let may_be_package =
            !self.is_dashboard_known && !self.site.directory.is_empty() && self.snapshot.is_file(manifest::NAME);
        is_proposed || may_be_package
    }
}
