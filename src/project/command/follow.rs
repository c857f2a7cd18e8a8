//! Follows a command through the shell's control flow.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::project::manifest::Manifest;
use crate::project::path;
use crate::project::snapshot::Snapshot;
use crate::text::source::Sources;
use crate::text::span::Span;

use super::shell::{self, Command, Joiner, List, ParseError, Pipeline, Simple, Statement};
use super::{Cause, End, Failure, Gap, Invocation, Judge, Opinion, Origin, Reach, Shell, Text, Trace, Via, Word};

/// What to follow.
#[derive(Clone, Copy)]
pub struct Start<'a> {
    /// The files.
    pub snapshot: &'a Snapshot,
    /// The command.
    pub command: &'a str,
    /// Where its value was written.
    pub span: Span,
    /// Who reads it.
    pub shell: Shell,
    /// The folder it runs in, as a repository path.
    pub dir: &'a str,
    /// Who knows about programs.
    pub judge: &'a dyn Judge,
    /// Whether the tree is still as it was cloned: nothing that ran before can have made files.
    pub is_pristine: bool,
}

/// Follows a command down to its programs. Manifests that are read on the way join the sources.
#[must_use]
pub fn follow(start: &Start<'_>, sources: &mut Sources) -> Trace {
    let mut walker = Walker::new(*start, sources);
    let text = walker.add_text(start.command.to_owned(), start.shell, Origin::Command(start.span));
    let mut state = State { cwd: Some(start.dir.to_owned()), ..State::default() };
    let context = Context { text, reach: Reach::Certain, is_fatal: true, is_condition: false };
    let end = match walker.text(context, &mut state) {
        Exit::Zero => End::Success,
        Exit::Open | Exit::Either => End::Open,
        Exit::Failed(failure) => End::Failure(failure),
    };
    Trace { texts: walker.texts, invocations: walker.invocations, gaps: walker.gaps, end }
}

/// How a part of a command ends.
#[derive(Debug, Clone)]
pub(super) enum Exit {
    Zero,
    /// With 0 if all is well.
    Open,
    /// Both ends are in order: a test.
    Either,
    Failed(Box<Failure>),
}

/// What a shell knows at one point.
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    pub(super) cwd: Option<String>,
    pub(super) env: Vec<(String, Option<String>)>,
    pub(super) stops_on_error: bool,
    pub(super) pipe_fails: bool,
    pub(super) functions: BTreeSet<String>,
}

/// Where in the control flow a part stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context {
    pub(super) text: usize,
    pub(super) reach: Reach,
    pub(super) is_fatal: bool,
    /// Whether `set -e` is off here, because somebody looks at the exit code.
    pub(super) is_condition: bool,
}

impl Context {
    pub(super) fn reached(self, reach: Reach) -> Context {
        Context { reach: self.reach.min(reach), ..self }
    }
}

/// Whether the shell has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Over {
    No,
    Maybe,
    Yes,
}

struct Flow {
    exit: Exit,
    over: Over,
}

impl From<Exit> for Flow {
    fn from(exit: Exit) -> Flow {
        Flow { exit, over: Over::No }
    }
}

const MAX_INVOCATIONS: usize = 2000;
const MAX_TEXTS: usize = 500;
/// Linux hands no longer argument to a program (`MAX_ARG_STRLEN`).
const MAX_LENGTH: usize = 128 * 1024;
const MAX_VARIABLES: usize = 100;
const MAX_SCRIPT_DEPTH: usize = 16;

pub(super) struct Walker<'a, 's> {
    pub(super) start: Start<'a>,
    sources: &'s mut Sources,
    manifests: BTreeMap<String, Option<Result<Rc<Manifest>, ()>>>,
    pub(super) stack: Vec<(String, String)>,
    pub(super) texts: Vec<Text>,
    pub(super) invocations: Vec<Invocation>,
    pub(super) gaps: Vec<Gap>,
    pub(super) is_pristine: bool,
    /// Whether every manifest is still as it was cloned.
    pub(super) keeps_manifests: bool,
    pub(super) package_names: Option<BTreeMap<String, String>>,
    pub(super) depth: usize,
    is_after_gap: bool,
}

impl<'a, 's> Walker<'a, 's> {
    fn new(start: Start<'a>, sources: &'s mut Sources) -> Walker<'a, 's> {
        Walker {
            is_pristine: start.is_pristine,
            keeps_manifests: true,
            start,
            sources,
            manifests: BTreeMap::new(),
            stack: Vec::new(),
            texts: Vec::new(),
            invocations: Vec::new(),
            gaps: Vec::new(),
            package_names: None,
            depth: 0,
            is_after_gap: false,
        }
    }

    pub(super) fn add_text(&mut self, text: String, shell: Shell, origin: Origin) -> usize {
        self.texts.push(Text { text, shell, origin });
        self.texts.len() - 1
    }

    /// The manifest of exactly this folder; `Err` for one that cannot be read.
    pub(super) fn manifest(&mut self, dir: &str) -> Option<Result<Rc<Manifest>, ()>> {
        if let Some(known) = self.manifests.get(dir) {
            return known.clone();
        }
        let read = Manifest::read(self.start.snapshot, dir, self.sources);
        let found = read.map(|result| result.map(Rc::new).map_err(|_| ()));
        self.manifests.insert(dir.to_owned(), found.clone());
        found
    }

    pub(super) fn gap(&mut self, context: Context, what: impl Into<String>) -> Exit {
        self.gaps.push(Gap {
            what: what.into(),
            text: context.text,
            reach: context.reach,
            is_everything: false,
            is_presence: false,
        });
        if context.reach != Reach::Never {
            self.is_pristine = false;
            self.keeps_manifests = false;
            self.is_after_gap = true;
        }
        Exit::Open
    }

    pub(super) fn gap_once(&mut self, context: Context, what: &str) -> Exit {
        if self.gaps.last().is_some_and(|gap| gap.what == what) {
            return Exit::Open;
        }
        self.gap(context, what)
    }

    pub(super) fn failed(&self, context: Context, cause: Cause, code: u8, words: &[Word]) -> Exit {
        let start = words.first().map_or(0, |word| word.start);
        let end = words.last().map_or(start, |word| word.end);
        Exit::Failed(Box::new(Failure { cause, code, text: context.text, start, end, invocation: None }))
    }

    /// Reads and follows a text in a shell that begins with this state.
    pub(super) fn text(&mut self, context: Context, state: &mut State) -> Exit {
        let text = self.texts[context.text].text.clone();
        let is_long = self.texts.len() > MAX_TEXTS || self.invocations.len() >= MAX_INVOCATIONS;
        if is_long || self.stack.len() > MAX_SCRIPT_DEPTH || text.len() > MAX_LENGTH {
            return self.gap(context, "the command is too long to be followed");
        }
        match shell::parse(&text) {
            Ok(list) => self.list(&list, state, context).exit,
            Err(ParseError::Unsupported { what, .. }) => self.gap(context, format!("{what} is not followed")),
            Err(ParseError::Syntax { at, what }) => {
                let cause = Cause::Syntax { what, at };
                let failure = Failure { cause, code: 2, text: context.text, start: at, end: at + 1, invocation: None };
                Exit::Failed(Box::new(failure))
            }
        }
    }

    fn list(&mut self, list: &List, state: &mut State, context: Context) -> Flow {
        let mut context = context;
        let mut exit = Exit::Zero;
        let mut over = Over::No;
        for (index, statement) in list.0.iter().enumerate() {
            let is_last = index + 1 == list.0.len();
            let flow = self.statement(statement, state, context, is_last);
            exit = if over == Over::Maybe { Exit::Open } else { flow.exit };
            let stops = state.stops_on_error && !context.is_condition && statement.rest.is_empty();
            if flow.over == Over::Yes || (stops && matches!(exit, Exit::Failed(_))) {
                let over = if over == Over::Maybe { Over::Maybe } else { Over::Yes };
                self.skip_rest(&list.0[index + 1..], state, context);
                return Flow { exit, over };
            }
            if flow.over == Over::Maybe {
                over = Over::Maybe;
                context = context.reached(Reach::Maybe);
            }
        }
        Flow { exit, over }
    }

    fn skip_rest(&mut self, rest: &[Statement], state: &State, context: Context) {
        for statement in rest {
            self.statement(statement, &mut state.clone(), context.reached(Reach::Never), true);
        }
    }

    fn statement(&mut self, statement: &Statement, state: &mut State, context: Context, is_last: bool) -> Flow {
        let stops = state.stops_on_error && !context.is_condition;
        let last_or = statement.rest.iter().rposition(|(joiner, _)| *joiner == Joiner::Or);
        let has_or = |from: usize| last_or.is_some_and(|last| last >= from);
        let inner = |index: usize| {
            let is_end = index == statement.rest.len();
            Context {
                is_fatal: context.is_fatal
                    && !statement.is_background
                    && !has_or(index)
                    && (is_last || (stops && is_end)),
                is_condition: context.is_condition || !is_end,
                ..context
            }
        };
        let mut flow = self.pipeline(&statement.first, state, inner(0));
        for (index, (joiner, pipeline)) in statement.rest.iter().enumerate() {
            if flow.over == Over::Yes {
                self.pipeline(pipeline, &mut state.clone(), inner(index + 1).reached(Reach::Never));
                continue;
            }
            let reach = match (joiner, &flow.exit) {
                (Joiner::And, Exit::Failed(_)) | (Joiner::Or, Exit::Zero) => Reach::Never,
                (Joiner::And, Exit::Either) | (Joiner::Or, Exit::Either | Exit::Open) => Reach::Maybe,
                (Joiner::And, Exit::Zero | Exit::Open) | (Joiner::Or, Exit::Failed(_)) => Reach::Certain,
            };
            let mut branch = state.clone();
            let next = self.pipeline(pipeline, &mut branch, inner(index + 1).reached(reach));
            match reach {
                Reach::Certain => *state = branch,
                Reach::Maybe => state.meet(&branch),
                Reach::Never => continue,
            }
            let over = match (reach, next.over) {
                (Reach::Certain, over) => over,
                (_, Over::No) => Over::No,
                // `cd site || exit 1`: what follows counts on the success.
                _ if *joiner == Joiner::Or => Over::No,
                _ => Over::Maybe,
            };
            flow = Flow { exit: combine(*joiner, flow.exit, next.exit), over: over.max_with(flow.over) };
        }
        if statement.is_background { Exit::Zero.into() } else { flow }
    }

    fn pipeline(&mut self, pipeline: &Pipeline, state: &mut State, context: Context) -> Flow {
        let count = pipeline.commands.len();
        let mut flow = Flow::from(Exit::Zero);
        let mut broken = None;
        for (index, command) in pipeline.commands.iter().enumerate() {
            let counts = index + 1 == count || state.pipe_fails;
            let inner = Context { is_fatal: context.is_fatal && counts && !pipeline.is_negated, ..context };
            let inner = Context { is_condition: inner.is_condition || pipeline.is_negated, ..inner };
            flow = if count == 1 {
                self.command(command, state, inner)
            } else {
                self.command(command, &mut state.clone(), inner).exit.into()
            };
            if counts && let Exit::Failed(failure) = &flow.exit {
                broken.get_or_insert_with(|| failure.clone());
            }
        }
        if let Some(failure) = broken {
            flow.exit = Exit::Failed(failure);
        }
        if pipeline.is_negated {
            flow.exit = match flow.exit {
                Exit::Failed(_) => Exit::Zero,
                Exit::Zero => self.failed(context, Cause::Deliberate, 1, &[]),
                Exit::Open | Exit::Either => Exit::Either,
            };
        }
        flow
    }

    fn command(&mut self, command: &Command, state: &mut State, context: Context) -> Flow {
        match command {
            Command::Simple(simple) => self.simple(simple, state, context),
            Command::Subshell(list) => self.list(list, &mut state.clone(), context).exit.into(),
            Command::Group(list) => self.list(list, state, context),
            Command::If(branches, otherwise) => self.conditional(branches, otherwise.as_ref(), state, context),
            Command::Repeated(list) => {
                let mut inner = state.clone();
                let context = Context { is_fatal: false, ..context.reached(Reach::Maybe) };
                let flow = self.list(list, &mut inner, context);
                state.meet(&inner);
                let over = if flow.over == Over::No { Over::No } else { Over::Maybe };
                Flow { exit: Exit::Either, over }
            }
            Command::Test => Exit::Either.into(),
            Command::Function(name) => {
                state.functions.insert(name.clone());
                Exit::Zero.into()
            }
        }
    }

    fn conditional(
        &mut self,
        branches: &[(List, List)],
        otherwise: Option<&List>,
        state: &mut State,
        context: Context,
    ) -> Flow {
        let mut reach = Reach::Certain;
        let mut ends: Vec<(Flow, State)> = Vec::new();
        for (condition, body) in branches {
            let asked = Context { is_fatal: false, is_condition: true, ..context.reached(reach) };
            let answer = self.list(condition, state, asked).exit;
            let taken = match answer {
                Exit::Zero => Reach::Certain,
                Exit::Failed(_) => Reach::Never,
                Exit::Open | Exit::Either => Reach::Maybe,
            };
            let mut inner = state.clone();
            let flow = self.list(body, &mut inner, context.reached(reach).reached(taken));
            if reach.min(taken) != Reach::Never {
                ends.push((flow, inner));
            }
            reach = reach.min(match taken {
                Reach::Certain => Reach::Never,
                Reach::Maybe => Reach::Maybe,
                Reach::Never => Reach::Certain,
            });
        }
        let mut inner = state.clone();
        let flow = match otherwise {
            Some(list) => self.list(list, &mut inner, context.reached(reach)),
            None => Exit::Zero.into(),
        };
        if reach != Reach::Never {
            ends.push((flow, inner));
        }
        self.join(ends, state)
    }

    /// One of several branches was taken.
    fn join(&mut self, mut ends: Vec<(Flow, State)>, state: &mut State) -> Flow {
        let Some((flow, inner)) = ends.pop() else { return Exit::Zero.into() };
        if ends.is_empty() {
            *state = inner;
            return flow;
        }
        let all_fail = ends.iter().all(|(flow, _)| matches!(flow.exit, Exit::Failed(_)));
        let all_pass = ends.iter().all(|(flow, _)| matches!(flow.exit, Exit::Zero));
        let exit = match flow.exit {
            Exit::Failed(failure) if all_fail => Exit::Failed(failure),
            Exit::Zero if all_pass => Exit::Zero,
            _ => Exit::Open,
        };
        let overs: Vec<Over> = ends.iter().map(|(flow, _)| flow.over).chain([flow.over]).collect();
        let over = match overs.as_slice() {
            all if all.iter().all(|over| *over == Over::Yes) => Over::Yes,
            all if all.iter().all(|over| *over == Over::No) => Over::No,
            _ => Over::Maybe,
        };
        *state = inner;
        for (_, other) in &ends {
            state.meet(other);
        }
        Flow { exit, over }
    }

    fn simple(&mut self, simple: &Simple, state: &mut State, context: Context) -> Flow {
        let writes =
            simple.redirections.iter().any(|word| !word.text.starts_with("/dev/") && word.text.parse::<u8>().is_err());
        let exit = if simple.words.is_empty() {
            let is_run =
                simple.assignments.iter().any(|(_, value)| value.text.contains("$(") || value.text.contains('`'));
            state.set_all(&simple.assignments);
            if is_run { Exit::Open } else { Exit::Zero }
        } else {
            let mut env = state.env.clone();
            env.extend(simple.assignments.iter().map(|(name, value)| (name.clone(), value.plain().map(str::to_owned))));
            if simple.words[0].text == "exit" || simple.words[0].text == "return" {
                return self.exit(&simple.words, context);
            }
            self.dispatch(&simple.words, &env, state, context, Via::Path)
        };
        if writes && context.reach != Reach::Never {
            self.is_pristine = false;
            self.keeps_manifests &=
                !simple.redirections.iter().any(|word| word.is_dynamic || word.text.contains("package.json"));
            return if matches!(exit, Exit::Zero) { Exit::Open } else { exit }.into();
        }
        exit.into()
    }

    fn exit(&mut self, words: &[Word], context: Context) -> Flow {
        let exit = match words.get(1).map(Word::plain) {
            None => Exit::Open,
            Some(Some("0")) => Exit::Zero,
            Some(Some(code)) => match code.parse::<i64>() {
                Ok(code) if code & 255 == 0 => Exit::Zero,
                Ok(code) => {
                    let code = u8::try_from(code & 255).unwrap_or(1);
                    self.failed(context, Cause::Deliberate, code, words)
                }
                Err(_) => self.failed(context, Cause::Deliberate, 2, words),
            },
            Some(None) => Exit::Either,
        };
        Flow { exit, over: Over::Yes }
    }

    /// A program at the end of the chain.
    pub(super) fn leaf(
        &mut self,
        words: &[Word],
        env: &[(String, Option<String>)],
        state: &State,
        context: Context,
        via: Via,
    ) -> Exit {
        let Some((program, args)) = words.split_first() else { return Exit::Zero };
        if self.invocations.len() >= MAX_INVOCATIONS {
            return self.gap_once(context, "the command runs too many programs to follow them all");
        }
        let invocation = Invocation {
            program: program.clone(),
            args: args.to_vec(),
            cwd: state.cwd.clone(),
            env: env.to_vec(),
            reach: context.reach,
            is_fatal: context.is_fatal,
            via,
            text: context.text,
            is_pristine: self.is_pristine,
            is_after_gap: self.is_after_gap,
        };
        let exit = self.opinion(&invocation, words, context);
        if context.reach != Reach::Never {
            self.is_pristine &= invocation.is_harmless();
            self.keeps_manifests &= !may_write_manifests(&invocation);
        }
        self.invocations.push(invocation);
        exit
    }

    fn opinion(&mut self, invocation: &Invocation, words: &[Word], context: Context) -> Exit {
        match invocation.name() {
            "true" | ":" | "echo" | "printf" | "export" | "unset" | "pwd" | "sleep" => return Exit::Zero,
            "false" => return self.failed(context, Cause::Deliberate, 1, words),
            "[" | "test" | "grep" | "diff" | "cmp" | "which" | "type" | "command" | "is-ci" => return Exit::Either,
            _ => {}
        }
        match self.start.judge.judge(invocation, &self.invocations) {
            Opinion::Open => Exit::Open,
            Opinion::Fails(cause, code) => {
                let at = &words[..1];
                let mut exit = self.failed(context, cause, code, at);
                if let Exit::Failed(failure) = &mut exit {
                    failure.invocation = Some(self.invocations.len());
                }
                exit
            }
            Opinion::Unknown(what) => {
                self.gaps.push(Gap {
                    what,
                    text: context.text,
                    reach: context.reach,
                    is_everything: false,
                    is_presence: true,
                });
                Exit::Open
            }
        }
    }

    /// Changes the folder.
    pub(super) fn change_dir(&mut self, words: &[Word], state: &mut State, context: Context) -> Exit {
        let target = words.iter().skip(1).find(|word| !matches!(word.text.as_str(), "-L" | "-P" | "--"));
        let Some(name) = target.and_then(Word::plain).filter(|name| *name != "-") else {
            state.cwd = None;
            return Exit::Open;
        };
        let Some(from) = state.cwd.clone() else {
            return Exit::Open;
        };
        let absolute = name.strip_prefix("/opt/build/repo").filter(|rest| rest.is_empty() || rest.starts_with('/'));
        let resolved = match absolute {
            Some(rest) => path::join("", rest),
            None if name.starts_with('/') => None,
            None => path::join(&from, name),
        };
        match resolved {
            None => {
                state.cwd = None;
                Exit::Open
            }
            Some(to) if self.start.snapshot.is_dir(&to) => {
                state.cwd = Some(to);
                Exit::Zero
            }
            Some(to) if self.is_pristine && may_be_absent(&to) && !self.leads_outside(&to) => {
                let cause = Cause::FolderMissing { name: name.to_owned(), path: to };
                self.failed(context, cause, 1, words)
            }
            Some(_) => {
                state.cwd = None;
                Exit::Open
            }
        }
    }

    fn leads_outside(&self, dir: &str) -> bool {
        use crate::project::snapshot::Target;
        path::ancestors(dir)
            .any(|dir| matches!(self.start.snapshot.target(dir), Target::Submodule(_) | Target::Outside | Target::Loop))
    }
}

/// Folders that an installation makes.
fn may_be_absent(dir: &str) -> bool {
    !dir.split('/').any(|part| part.starts_with("node_modules") || part.starts_with('.') || part == "vendor")
}

/// Programs that make or change manifests, as far as anybody can tell.
fn may_write_manifests(run: &Invocation) -> bool {
    const WRITERS: [&str; 25] = [
        "cp", "mv", "rsync", "sed", "perl", "awk", "jq", "git", "tar", "unzip", "curl", "wget", "node", "bash", "sh",
        "make", "python", "python3", "ruby", "php", "degit", "tee", "ln", "deno", "json",
    ];
    let makes_package = matches!(run.subcommand(), Some("init" | "create" | "pkg" | "set-script" | "innit"));
    let is_manager = matches!(run.name(), "npm" | "yarn" | "pnpm" | "bun");
    run.name().is_empty()
        || run.name().contains('/')
        || WRITERS.contains(&run.name())
        || (is_manager && makes_package)
        || run.name().starts_with("create-")
        || run.args.iter().any(|arg| arg.text.contains("package.json"))
        || (run.name() == "rm" && run.args.iter().any(|arg| arg.plain().is_none()))
}

fn combine(joiner: Joiner, first: Exit, second: Exit) -> Exit {
    match (joiner, first, second) {
        (Joiner::And, first @ Exit::Failed(_), _) => first,
        (Joiner::And, Exit::Zero, second) | (Joiner::Or, Exit::Failed(_), second) => second,
        // A test that is false ends the chain with 1; one that is true goes on to the failure.
        (Joiner::And, _, Exit::Failed(failure)) => Exit::Failed(failure),
        (Joiner::And, Exit::Either, _) => Exit::Either,
        (Joiner::And, Exit::Open, _) => Exit::Open,
        (Joiner::Or, Exit::Zero, _) | (Joiner::Or, _, Exit::Zero) => Exit::Zero,
        (Joiner::Or, _, _) => Exit::Open,
    }
}

impl Over {
    fn max_with(self, other: Over) -> Over {
        match (self, other) {
            (Over::Yes, _) | (_, Over::Yes) => Over::Yes,
            (Over::Maybe, _) | (_, Over::Maybe) => Over::Maybe,
            _ => Over::No,
        }
    }
}

impl State {
    /// Keeps what both agree on.
    fn meet(&mut self, other: &State) {
        if self.cwd != other.cwd {
            self.cwd = None;
        }
        for (name, value) in &other.env {
            if !self.env.contains(&(name.clone(), value.clone())) {
                self.env.push((name.clone(), None));
            }
        }
        self.functions.extend(other.functions.iter().cloned());
    }

    pub(super) fn set_all(&mut self, assignments: &[(String, Word)]) {
        for (name, value) in assignments {
            self.env.retain(|(known, _)| known != name);
            if self.env.len() > MAX_VARIABLES {
                return;
            }
            self.env.push((name.clone(), value.plain().map(str::to_owned)));
        }
    }
}
