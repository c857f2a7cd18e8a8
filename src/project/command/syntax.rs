//! What a command line parses into.

use super::word::Word;

/// Statements in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct List(pub Vec<Statement>);

/// Pipelines joined by `&&` and `||`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The first one.
    pub first: Pipeline,
    /// The others, with what joins them to those before.
    pub rest: Vec<(Joiner, Pipeline)>,
    /// Whether it ends with `&`, so that nobody waits for it.
    pub is_background: bool,
}

/// What joins two pipelines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joiner {
    /// `&&`.
    And,
    /// `||`.
    Or,
}

/// Commands joined by `|`; the last one gives the exit code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pipeline {
    /// Whether `!` turns the exit code round.
    pub is_negated: bool,
    /// The commands.
    pub commands: Vec<Command>,
}

/// One command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// A program with its arguments.
    Simple(Simple),
    /// `( … )`: in a shell of its own.
    Subshell(List),
    /// `{ …; }`.
    Group(List),
    /// `if …; then …; fi`: conditions with what follows each, and what follows `else`.
    If(Vec<(List, List)>, Option<List>),
    /// `for`, `while`, `until`, `case`: statements that run any number of times.
    Repeated(List),
    /// A test or an arithmetic command, whose exit code only the shell knows.
    Test,
    /// A function that is defined, not run.
    Function(String),
}

/// A program with its arguments.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Simple {
    /// Variables set in front of it.
    pub assignments: Vec<(String, Word)>,
    /// The program and its arguments; none when only variables are set.
    pub words: Vec<Word>,
    /// Files that it writes to or reads from.
    pub redirections: Vec<Word>,
}

/// Why a text is not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParseError {
    /// The shell rejects it, with exit code 2.
    Syntax {
        /// Where, as a byte of the text.
        at: usize,
        /// What is wrong, in one clause.
        what: &'static str,
    },
    /// The shell may understand it; this reader does not.
    Unsupported {
        /// Where, as a byte of the text.
        at: usize,
        /// What it is.
        what: &'static str,
    },
}

impl ParseError {
    pub(super) fn syntax(at: usize, what: &'static str) -> ParseError {
        ParseError::Syntax { at, what }
    }
}
