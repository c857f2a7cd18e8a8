//! The shell's control flow: which commands are reached, and whose exit code counts.

use super::follow::{Context, Exit, State, Walker};
use super::shell::{Command, Joiner, List, Pipeline, Simple, Statement};
use super::{Cause, Reach, Via, Word};

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

impl Walker<'_, '_> {
    /// Follows statements in a shell that begins with this state.
    pub(super) fn list(&mut self, list: &List, state: &mut State, context: Context) -> Exit {
        self.statements(list, state, context).exit
    }

    fn statements(&mut self, list: &List, state: &mut State, context: Context) -> Flow {
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
            Command::Subshell(list) => self.statements(list, &mut state.clone(), context).exit.into(),
            Command::Group(list) => self.statements(list, state, context),
            Command::If(branches, otherwise) => self.conditional(branches, otherwise.as_ref(), state, context),
            Command::Repeated(list) => {
                let mut inner = state.clone();
                let context = Context { is_fatal: false, ..context.reached(Reach::Maybe) };
                let flow = self.statements(list, &mut inner, context);
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
            let answer = self.statements(condition, state, asked).exit;
            let taken = match answer {
                Exit::Zero => Reach::Certain,
                Exit::Failed(_) => Reach::Never,
                Exit::Open | Exit::Either => Reach::Maybe,
            };
            let mut inner = state.clone();
            let flow = self.statements(body, &mut inner, context.reached(reach).reached(taken));
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
            Some(list) => self.statements(list, &mut inner, context.reached(reach)),
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
