//! What a job does to the files that it checks out: its commands, followed down to the programs, and its actions.

mod action;
mod checkout;
mod job;

use crate::platform::toolbox::{Installation, Setting, Toolbox, installs_in, lifecycle};
use crate::project::command::follow::{self, Start};
use crate::project::command::{Invocation, Reach, Shell, Trace};
use crate::project::output::{Build, Effect, Event};
use crate::project::path;
use crate::project::snapshot::Snapshot;
use crate::sim::known::{Because, Known};
use crate::text::source::Sources;

use super::image;
use super::workflow::{Job, Step, Text, Variables, Workflow, expression};

pub use checkout::{CHECKOUT, Checkout};

/// Installations of a job that are followed at most.
const MAX_INSTALLATIONS: usize = 20;
/// Programs of a workflow that are followed at most, and those of a job that are kept in mind.
pub(super) const MAX_PROGRAMS: usize = 4_000;
const MAX_PAST: usize = 400;

/// The command of one step, followed down to its programs.
#[derive(Debug)]
pub struct Command {
    /// Place among the steps that were read.
    pub step: usize,
    /// The folder it runs in.
    pub dir: String,
    /// What it runs.
    pub trace: Trace,
    /// Whether it certainly runs, and the job fails when it does.
    pub decides: bool,
}

/// One installation.
#[derive(Debug)]
pub struct Installed {
    /// What is installed, and how.
    pub installation: Installation,
    /// What the manifest's own scripts run on the way.
    pub lifecycle: Vec<Trace>,
    /// Whether it certainly takes place, and the job fails when it does.
    pub decides: bool,
}

/// What one job does.
#[derive(Debug, Default)]
pub struct Run {
    /// The checkout of this repository, if there is one and nothing else is checked out in its place.
    pub checkout: Option<Checkout>,
    /// Its commands that could be followed, in order.
    pub commands: Vec<Command>,
    /// Its installations.
    pub installed: Vec<Installed>,
    /// What it does to folders.
    pub build: Build,
    /// The number of events of `build` before each step.
    marks: Vec<usize>,
    /// Steps whose commands could not be followed.
    pub gaps: Vec<usize>,
}

impl Run {
    /// Follows a job as long as its programs fit into what is left. Manifests that are read on the way join the sources.
    #[must_use]
    pub fn of(snapshot: &Snapshot, workflow: &Workflow, job: &Job, left: &mut usize, sources: &mut Sources) -> Run {
        let mut walker = Walker { snapshot, workflow, job, left, run: Run::default(), past: Past::new() };
        for (index, step) in job.steps.iter().enumerate() {
            walker.run.marks.push(walker.run.build.events.len());
            if !step.is_off() {
                walker.step(index, step, sources);
            }
        }
        walker.run
    }

    /// What one command does that somebody runs outside of a workflow.
    #[must_use]
    pub fn of_command(command: Command, build: Build) -> Run {
        Run { commands: vec![command], build, ..Run::default() }
    }

    /// What was done to folders before a step.
    #[must_use]
    pub fn build_before(&self, step: usize) -> Build {
        let count = self.marks.get(step).copied().unwrap_or(self.build.events.len());
        Build { events: self.build.events[..count].to_vec() }
    }

    /// The commands before a step.
    pub fn commands_before(&self, step: usize) -> impl Iterator<Item = &Command> {
        self.commands.iter().filter(move |command| command.step < step)
    }

    /// Whether everything before a step is known: this repository is checked out, every command could be followed.
    #[must_use]
    pub fn is_known_before(&self, step: usize) -> bool {
        let is_open = |trace: &Trace| trace.gaps.iter().any(|gap| gap.reach != Reach::Never && !gap.is_about_program);
        let scripts = self.installed.iter().flat_map(|installed| &installed.lifecycle);
        self.checkout.as_ref().is_some_and(|checkout| checkout.step < step)
            && !self.gaps.iter().any(|gap| *gap < step)
            && !self.commands_before(step).map(|command| &command.trace).chain(scripts).any(is_open)
    }

    /// Whether everything before a step may succeed, as far as its commands go.
    #[must_use]
    pub fn reaches(&self, step: usize) -> bool {
        self.commands_before(step).all(|command| command.trace.failure().is_none())
    }
}

/// The folder that a step runs in: its own setting, else that of the job, else that of the workflow, as it is written.
#[must_use]
pub fn working_directory<'a>(workflow: &'a Workflow, job: &'a Job, step: &'a Step) -> Option<&'a Text> {
    let defaults = job.defaults.working_directory.as_ref().or(workflow.defaults.working_directory.as_ref());
    step.working_directory.as_ref().or(defaults)
}

/// A path of a step with the variables of the workflow filled in, seen from the folder of the checkout.
#[must_use]
pub fn resolved_path(workflow: &Workflow, job: &Job, step: &Step, text: &Text) -> Option<String> {
    let text = resolved(workflow, job, step, text)?;
    let is_plain = !text.starts_with(['/', '~']) && !text.contains(['$', '*', '\n', '!', '\\']);
    path::join("", text.trim()).filter(|_| is_plain)
}

/// A text of a step with the variables of the workflow filled in.
#[must_use]
pub fn resolved(workflow: &Workflow, job: &Job, step: &Step, text: &Text) -> Option<String> {
    let is_rewritten = || {
        let runs = job.steps.iter().filter_map(|step| step.run.as_ref());
        runs.into_iter().any(|run| run.value.contains("GITHUB_ENV"))
    };
    let variables: [&Variables; 3] = [&step.variables, &job.variables, &workflow.variables];
    let found = expression::resolve(&text.value, &variables)?;
    (text.plain().is_some() || !is_rewritten()).then_some(found)
}

struct Past {
    invocations: Vec<Invocation>,
    is_pristine: bool,
    /// Whether something ran that could not be followed, or that may have brought programs.
    has_gap: bool,
}

impl Past {
    fn new() -> Past {
        Past { invocations: Vec::new(), is_pristine: true, has_gap: false }
    }
}

struct Walker<'a> {
    snapshot: &'a Snapshot,
    workflow: &'a Workflow,
    job: &'a Job,
    left: &'a mut usize,
    run: Run,
    past: Past,
}

impl Walker<'_> {
    fn step(&mut self, index: usize, step: &Step, sources: &mut Sources) {
        if let Some(action) = &step.action {
            self.action(index, step, &action.name);
        } else if let Some(text) = &step.run {
            self.command(index, step, text, sources);
        }
    }

    fn add(&mut self, effect: Effect, is_certain: bool) {
        self.run.build.events.push(Event { effect, is_certain });
    }

    fn gap(&mut self, index: usize, what: String) {
        self.add(Effect::Unknown { what, files: Vec::new(), usual: None }, true);
        self.run.gaps.push(index);
        self.past.is_pristine = false;
        self.past.has_gap = true;
    }

    fn action(&mut self, index: usize, step: &Step, name: &str) {
        if name == CHECKOUT {
            match checkout::read(index, step) {
                checkout::Checked::Here(checkout) if step.is_unconditional() && self.run.checkout.is_none() => {
                    self.run.checkout = Some(checkout);
                }
                checkout::Checked::Beside(path) => {
                    let path = path::join("", &path).unwrap_or_default();
                    self.add(Effect::Fills(path), step.is_unconditional());
                    self.past.is_pristine = false;
                }
                _ => self.gap(index, "another state of the repository is checked out".to_owned()),
            }
            return;
        }
        let effects = action::effects(step, name);
        self.past.is_pristine &= effects.is_empty();
        self.past.has_gap |= !action::adds_no_programs(name);
        for effect in effects {
            if matches!(effect, Effect::Unknown { .. }) {
                self.run.gaps.push(index);
            }
            self.add(effect, step.is_unconditional());
        }
    }

    fn command(&mut self, index: usize, step: &Step, text: &Text, sources: &mut Sources) {
        let shells = [&step.shell, &self.job.defaults.shell, &self.workflow.defaults.shell];
        let shell = match shells.into_iter().flatten().next().map(|text| text.value.trim()) {
            None | Some("bash") => Shell::Bash,
            Some("sh") => Shell::Sh,
            Some(_) => return self.gap(index, "a command is not read by a shell of Unix".to_owned()),
        };
        let folder = working_directory(self.workflow, self.job, step);
        let dir = folder.map_or(Some(String::new()), |text| resolved_path(self.workflow, self.job, step, text));
        let dir = dir.filter(|dir| dir.is_empty() || self.snapshot.is_dir(dir));
        let Some(dir) = dir.filter(|_| self.job.is_on_known_machine()) else {
            return self.gap(index, "the folder or the machine of a command is known only to a run".to_owned());
        };
        if *self.left == 0 {
            return self.gap(index, "the workflow runs too many programs to follow them all".to_owned());
        }
        let trace = self.follow(text, shell, &dir, step, sources);
        *self.left = self.left.saturating_sub(trace.invocations.len().max(1));
        if trace.gaps.iter().any(|gap| gap.reach != Reach::Never && gap.is_everything) {
            self.past.has_gap = true;
        }
        let is_certain = step.is_unconditional();
        let decides = is_certain && !step.may_fail;
        self.install(&trace, decides, step, sources);
        let build = Build::new(self.snapshot, &trace, &self.texts(step), sources);
        let events = build.events.into_iter();
        let events = events.map(|event| Event { is_certain: event.is_certain && is_certain, ..event });
        self.run.build.events.extend(events);
        self.past.is_pristine &= trace.keeps_tree();
        self.past.has_gap |= trace.gaps.iter().any(|gap| gap.reach != Reach::Never && !gap.is_about_program);
        self.past.invocations.extend(trace.invocations.iter().cloned());
        if self.past.invocations.len() > MAX_PAST {
            self.past.invocations.clear();
            self.past.has_gap = true;
        }
        self.run.commands.push(Command { step: index, dir, trace, decides });
    }

    fn follow(&self, text: &Text, shell: Shell, dir: &str, step: &Step, sources: &mut Sources) -> Trace {
        let variables = self.variables(step);
        let setting = Setting {
            image: image::image(),
            installation: None,
            may_install: false,
            variables: &variables,
            before: &self.past.invocations,
            is_after_gap: self.past.has_gap,
        };
        let toolbox = Toolbox::new(self.snapshot, setting, None);
        // The runner's shells stop at the first command that fails (`actions/runner`, `ScriptHandler`).
        let command = format!("set -e\n{}", expression::as_shell(&text.value));
        let start = Start {
            snapshot: self.snapshot,
            command: &command,
            span: text.span,
            shell,
            dir,
            checkout: "",
            judge: &toolbox,
            is_pristine: self.past.is_pristine && self.run.checkout.is_some(),
        };
        follow::follow(&start, sources)
    }

    fn install(&mut self, trace: &Trace, decides: bool, step: &Step, sources: &mut Sources) {
        let variables = self.variables(step);
        for (at, invocation) in trace.invocations.iter().enumerate() {
            let Some(dir) = installs_in(invocation).filter(|_| self.run.installed.len() < MAX_INSTALLATIONS) else {
                continue;
            };
            let found = Installation::by_command(self.snapshot, &dir, invocation.name(), &variables, sources);
            let Some(mut installation) = found else { continue };
            installation.flags.extend(invocation.args.iter().map(|arg| arg.text.clone()));
            let setting = Setting {
                image: image::image(),
                installation: None,
                may_install: false,
                variables: &variables,
                before: &trace.invocations[..=at],
                is_after_gap: self.past.has_gap,
            };
            let toolbox = Toolbox::new(self.snapshot, setting, None);
            let lifecycle = lifecycle::follow(self.snapshot, &installation, &variables, "", &toolbox, sources);
            let decides = decides && invocation.decides() && !invocation.is_after_gap && self.run.checkout.is_some();
            let texts = self.texts(step);
            for script in &lifecycle {
                let build = Build::new(self.snapshot, script, &texts, sources);
                self.run.build.events.extend(build.events);
            }
            self.run.installed.push(Installed { installation, lifecycle, decides });
        }
    }

    /// The variables of a step whose values are known, with those that the runner sets
    /// (<https://docs.github.com/en/actions/reference/workflows-and-actions/variables>).
    fn variables(&self, step: &Step) -> Vec<(String, Known<String>)> {
        let own = [("CI", "true"), ("GITHUB_ACTIONS", "true")];
        let own = own.map(|(name, value)| {
            (name.to_owned(), Known::new(value.to_owned(), Because::Default("the runner of GitHub Actions sets it")))
        });
        let mut found: Vec<(String, Known<String>)> = own.into();
        let written = [&self.workflow.variables, &self.job.variables, &step.variables];
        for (name, text) in written.into_iter().flat_map(|variables| &variables.0) {
            found.retain(|(known, _)| known != name);
            if let Some(value) = text.plain() {
                found.push((name.clone(), Known::new(value.to_owned(), Because::Written(text.span))));
            }
        }
        found
    }

    fn texts(&self, step: &Step) -> Vec<(String, String)> {
        self.variables(step).into_iter().map(|(name, value)| (name, value.value)).collect()
    }
}
