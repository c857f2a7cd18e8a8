//! Programs that a command runs, shell scripts of the repository and runners of Python included.

use crate::project::command::follow::{self, Start};
use crate::project::command::{Invocation, NoJudge, Origin, Reach, Shell, Trace, Word};
use crate::project::python::install::{is_python, program};
use crate::project::python::program::of_module;
use crate::project::python::target::folder;
use crate::text::source::Sources;
use crate::text::span::Span;

use super::service::{CHECKOUT, Command, Phase, ServicePlan};
use super::site::RenderSite;

/// One program, wherever it is called.
#[derive(Debug, Clone)]
pub struct Run {
    /// When it runs.
    pub phase: Phase,
    /// The program and its arguments.
    pub invocation: Invocation,
    /// The runner in front of it: `poetry run`, `uv run`.
    pub runner: Option<&'static str>,
    /// Whether it is called as a module: `python -m gunicorn`.
    pub is_module: bool,
    /// Whether it is a script of the repository whose programs come after it.
    pub is_followed: bool,
    /// Where the whole text stands that it is read from: a value of the Blueprint, or a script.
    text: Place,
}

/// The place of a text in which words are found.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    /// A command of a service: number of the service, number of the command.
    Command(usize, usize),
    /// A script; words of it are found when it stands there as it is.
    Script(Span),
    /// A text that cannot be pointed into: the place of the call.
    Call(Span),
}

/// What a service runs.
#[derive(Debug, Clone, Default)]
pub struct Runs {
    /// The programs, in the order in which they run.
    pub list: Vec<Run>,
    /// Phases of which a part could not be followed.
    pub gaps: Vec<Phase>,
}

/// The deepest nesting of scripts that call scripts.
const MAX_DEPTH: usize = 4;
const MAX_RUNS: usize = 1000;

impl Runs {
    /// What a service runs on Render's own runtimes: everything but what runs in an image.
    #[must_use]
    pub fn of(site: &RenderSite<'_>, service: usize) -> Runs {
        let mut runs = Runs::default();
        let Some(plan) = site.plans.get(service) else { return runs };
        for (index, command) in plan.commands.iter().enumerate().filter(|(_, command)| !command.is_in_image) {
            runs.add_gaps(&command.trace, command.phase);
            for invocation in &command.trace.invocations {
                let run = unwrapped(invocation.clone(), command.phase, Place::Command(service, index));
                runs.add(site, run, 0);
            }
        }
        runs
    }

    fn add_gaps(&mut self, trace: &Trace, phase: Phase) {
        if trace.gaps.iter().any(|gap| gap.reach != Reach::Never && !gap.is_about_program) {
            self.gaps.push(phase);
        }
    }

    fn add(&mut self, site: &RenderSite<'_>, run: Run, depth: usize) {
        if run.invocation.reach == Reach::Never {
            return;
        }
        if self.list.len() >= MAX_RUNS {
            self.gaps.push(run.phase);
            return;
        }
        let script = script(&run.invocation);
        self.list.push(run.clone());
        if let Some(script) = script {
            self.follow(site, &run, script, depth);
        }
    }

    /// Follows a shell script of the repository; one that cannot be read is a gap.
    fn follow(&mut self, site: &RenderSite<'_>, run: &Run, script: &Word, depth: usize) {
        let cwd = run.invocation.cwd.as_deref();
        let path = cwd.and_then(|cwd| folder(cwd, script.plain()?));
        let source = path.filter(|_| depth < MAX_DEPTH).and_then(|path| site.files().open(&path));
        let Some((file, source)) = source else {
            self.gaps.push(run.phase);
            return;
        };
        let Some(shell) = shell_of(&source.text) else {
            self.gaps.push(run.phase);
            return;
        };
        if let Some(last) = self.list.last_mut() {
            last.is_followed = true;
        }
        let span = Span::new(file, 0, source.text.len());
        let start = Start {
            snapshot: site.snapshot,
            command: &source.text,
            span,
            shell,
            dir: cwd.unwrap_or_default(),
            checkout: CHECKOUT,
            judge: &NoJudge,
            is_pristine: run.invocation.is_pristine,
        };
        let trace = follow::follow(&start, &mut Sources::default());
        self.add_gaps(&trace, run.phase);
        for inner in trace.invocations {
            // A text of a manifest has its place among sources that nobody keeps.
            let is_in_manifest =
                matches!(trace.texts.get(inner.text).map(|text| &text.origin), Some(Origin::Script { .. }));
            let place = if is_in_manifest || inner.text != 0 { Place::Call(span) } else { Place::Script(span) };
            let reach = inner.reach.min(run.invocation.reach);
            let is_fatal = inner.is_fatal && run.invocation.is_fatal;
            let mut env = run.invocation.env.clone();
            env.extend(inner.env);
            let invocation = Invocation { reach, is_fatal, env, ..Invocation { env: Vec::new(), ..inner } };
            self.add(site, unwrapped(invocation, run.phase, place), depth + 1);
        }
    }

    /// The runs of a phase.
    pub fn of_phase(&self, phase: Phase) -> impl Iterator<Item = &Run> {
        self.list.iter().filter(move |run| run.phase == phase)
    }

    /// Whether everything that runs in these phases is known.
    #[must_use]
    pub fn is_known(&self, phases: &[Phase]) -> bool {
        !self.gaps.iter().any(|gap| phases.contains(gap))
    }
}

impl Run {
    /// The program's name without its folder.
    #[must_use]
    pub fn program(&self) -> &str {
        program(&self.invocation)
    }

    /// Where a part of the command line is written.
    #[must_use]
    pub fn span(&self, site: &RenderSite<'_>, start: usize, end: usize) -> Span {
        match &self.text {
            Place::Command(service, command) => {
                let command: Option<&Command> =
                    site.plans.get(*service).and_then(|plan: &ServicePlan| plan.commands.get(*command));
                command
                    .map_or(Span::NONE, |command| command.trace.span(self.invocation.text, &site.sources, start, end))
            }
            Place::Script(span) => Span::new(span.file, start, end),
            Place::Call(span) => *span,
        }
    }

    /// Where a word is written.
    #[must_use]
    pub fn word_span(&self, site: &RenderSite<'_>, word: &Word) -> Span {
        self.span(site, word.start, word.end)
    }

    /// Whether the span of a word holds nothing but the word, so that it can be replaced.
    #[must_use]
    pub fn can_replace(&self, site: &RenderSite<'_>, word: &Word) -> bool {
        let written = site.sources.slice(self.word_span(site, word));
        !site.document.marks.is_shared(self.word_span(site, word)) && written == Some(word.text.as_str())
    }
}

/// The shell script that an invocation runs, if it runs one.
fn script(run: &Invocation) -> Option<&Word> {
    let name = run.name();
    if matches!(name, "bash" | "sh" | "source" | ".") {
        return run.args.iter().find(|arg| !arg.text.starts_with('-'));
    }
    let is_file =
        name.ends_with(".sh") || name.starts_with("./") || name.starts_with("bin/") || name.starts_with("scripts/");
    is_file.then_some(&run.program)
}

/// The shell of a script by its first line; none for another interpreter.
fn shell_of(text: &str) -> Option<Shell> {
    let first = text.lines().next().unwrap_or_default();
    let Some(line) = first.strip_prefix("#!") else { return Some(Shell::Bash) };
    let interpreter = line.split_whitespace().map(|word| word.rsplit('/').next().unwrap_or_default());
    match interpreter.clone().find(|word| *word != "env" && !word.starts_with('-')) {
        Some("bash") => Some(Shell::Bash),
        Some("sh" | "dash") => Some(Shell::Sh),
        _ => None,
    }
}

/// The program behind `poetry run`, `uv run`, `python -m` and monitoring agents.
fn unwrapped(invocation: Invocation, phase: Phase, text: Place) -> Run {
    let mut run = Run { phase, invocation, runner: None, is_module: false, is_followed: false, text };
    for _ in 0..4 {
        let name = run.program().to_owned();
        let args = &run.invocation.args;
        let plain = |at: usize| args.get(at).and_then(Word::plain);
        let skip = match name.as_str() {
            "poetry" | "pipenv" | "pdm" | "bundle" if matches!(plain(0), Some("run" | "exec")) => 1,
            "uv" if plain(0) == Some("run") => 1 + uv_options(&args[1..]),
            "newrelic-admin" if plain(0) == Some("run-program") => 1,
            "ddtrace-run" | "opentelemetry-instrument" => {
                args.iter().take_while(|arg| arg.text.starts_with('-')).count()
            }
            _ if is_python(&name) && plain(0) == Some("-m") && plain(1).is_some_and(|it| of_module(it).is_some()) => 1,
            _ => return run,
        };
        let Some(word) = args.get(skip).filter(|word| !word.text.starts_with('-')).cloned() else { return run };
        run.is_module = is_python(&name);
        run.runner = match name.as_str() {
            "poetry" => Some("poetry"),
            "pipenv" => Some("pipenv"),
            "pdm" => Some("pdm"),
            "bundle" => Some("bundle"),
            "uv" => Some("uv"),
            _ => run.runner,
        };
        run.invocation.args.drain(..=skip);
        run.invocation.program = word;
    }
    run
}

/// Number of options before the command of `uv run`; one that changes what is installed ends the list.
fn uv_options(args: &[Word]) -> usize {
    const PLAIN: &str =
        "--no-dev --frozen --locked --no-sync --isolated --active --all-extras --all-groups --quiet -q --no-progress";
    const VALUED: &str = "--env-file --extra --group --no-group -p --python";
    let mut at = 0;
    while let Some(arg) = args.get(at) {
        match arg.text.as_str() {
            text if crate::project::command::is_among(PLAIN, text) => at += 1,
            text if crate::project::command::is_among(VALUED, text) => at += 2,
            _ => break,
        }
    }
    at
}
