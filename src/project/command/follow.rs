//! Follows a command through the shell's control flow.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::project::manifest::Manifest;
use crate::project::path;
use crate::project::snapshot::Snapshot;
use crate::text::source::Sources;
use crate::text::span::Span;

use super::shell::{self, ParseError};
use super::workspace::Packages;
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
    /// Where the repository is checked out, as an absolute path; empty when that is not known.
    pub checkout: &'a str,
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

/// Variables that a command sets, with what is known of their values.
pub(super) type Env = [(String, Option<String>)];

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
    pub(super) packages: Option<Packages>,
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
            packages: None,
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
        let (text, reach) = (context.text, context.reach);
        self.gaps.push(Gap { what: what.into(), text, reach, is_everything: false, is_about_program: false });
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
            Ok(list) => self.list(&list, state, context),
            Err(ParseError::Unsupported { what, .. }) => self.gap(context, format!("{what} is not followed")),
            Err(ParseError::Syntax { at, what }) => {
                let cause = Cause::Syntax { what, at };
                let failure = Failure { cause, code: 2, text: context.text, start: at, end: at + 1, invocation: None };
                Exit::Failed(Box::new(failure))
            }
        }
    }

    /// A program at the end of the chain.
    pub(super) fn leaf(&mut self, words: &[Word], env: &Env, state: &State, context: Context, via: Via) -> Exit {
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
            self.is_pristine &= invocation.makes_nothing();
            self.keeps_manifests &= !invocation.may_write_manifests();
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
                let (text, reach) = (context.text, context.reach);
                self.gaps.push(Gap { what, text, reach, is_everything: false, is_about_program: true });
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
        let checkout = Some(self.start.checkout).filter(|path| !path.is_empty());
        let absolute = checkout.and_then(|path| name.strip_prefix(path));
        let absolute = absolute.filter(|rest| rest.is_empty() || rest.starts_with('/'));
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
            Some(to) if self.is_pristine && self.is_surely_absent(&to) => {
                let cause = Cause::FolderMissing { name: name.to_owned(), path: to, manager: None };
                self.failed(context, cause, 1, words)
            }
            Some(_) => {
                state.cwd = None;
                Exit::Open
            }
        }
    }

    /// Whether a folder is not there, and no installation makes it.
    pub(super) fn is_surely_absent(&self, dir: &str) -> bool {
        !self.start.snapshot.is_dir(dir) && may_be_absent(dir) && !self.leads_outside(dir)
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

impl State {
    /// Keeps what both agree on.
    pub(super) fn meet(&mut self, other: &State) {
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
