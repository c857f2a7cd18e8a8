//! One step of a job.

use crate::text::span::Span;
use crate::text::tree::{Node, Table};

use super::{Text, Variables, expression};

/// An action that a step uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// What is written.
    pub text: Text,
    /// `owner/name`, or `owner/name/folder`, in small letters; `./folder` and `docker://image` as they are.
    pub name: String,
    /// What comes behind `@`: a tag, a branch, a commit.
    pub reference: String,
}

impl Action {
    fn read(text: Text) -> Action {
        let (name, reference) = match text.value.split_once('@') {
            Some((name, reference)) => (name.to_lowercase(), reference.trim().to_owned()),
            None => (text.value.clone(), String::new()),
        };
        Action { text, name, reference }
    }

    /// The first number of a tag: 3 of `v3`, `v3.1.2` and `3`.
    #[must_use]
    pub fn major(&self) -> Option<u32> {
        let numbers = self.reference.strip_prefix('v').unwrap_or(&self.reference);
        let is_version = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let mut parts = numbers.split('.');
        let is_tag = numbers.len() < 20 && parts.all(is_version);
        numbers.split('.').next().filter(|_| is_tag)?.parse().ok()
    }

    /// Where the reference is written, if it stands there as it is.
    #[must_use]
    pub fn reference_span(&self, source: &str) -> Option<Span> {
        let written = source.get(self.text.span.range())?;
        let at = written.find('@').filter(|_| !written.contains('\n'))? + 1;
        let start = self.text.span.start as usize + at;
        let end = start + self.reference.len();
        (source.get(start..end) == Some(self.reference.as_str())).then(|| Span::new(self.text.span.file, start, end))
    }
}

/// One input of an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Its name, in small letters.
    pub name: String,
    /// Where the name is written.
    pub key_span: Span,
    /// Its value.
    pub text: Text,
}

/// One step.
#[derive(Debug, Clone)]
pub struct Step {
    /// Its place among the steps of the job.
    pub index: usize,
    /// Where it is written.
    pub span: Span,
    /// `if`.
    pub condition: Option<Text>,
    /// The action that it uses.
    pub action: Option<Action>,
    /// The inputs of the action.
    pub inputs: Vec<Input>,
    /// The command that it runs.
    pub run: Option<Text>,
    /// The shell of the command.
    pub shell: Option<Text>,
    /// The folder that the command runs in.
    pub working_directory: Option<Text>,
    /// Its variables.
    pub variables: Variables,
    /// Whether its failure may be passed over.
    pub may_fail: bool,
}

impl Step {
    pub(super) fn read(index: usize, node: &Node, source: &str) -> Option<Step> {
        let table = node.as_table()?;
        let text = |key: &str| Text::read(table.get(key)?, source);
        let inputs = table.get("with").and_then(Node::as_table).into_iter().flat_map(Table::iter);
        Some(Step {
            index,
            span: node.span,
            condition: text("if"),
            action: text("uses").map(Action::read),
            inputs: inputs
                .filter_map(|(name, entry)| {
                    let text = Text::read(&entry.value, source)?;
                    Some(Input { name: name.to_lowercase(), key_span: entry.key_span, text })
                })
                .collect(),
            run: text("run"),
            shell: text("shell"),
            working_directory: text("working-directory"),
            variables: Variables::read(table.get("env"), source),
            may_fail: text("continue-on-error").is_some_and(|text| text.value != "false"),
        })
    }

    /// An input of the action.
    #[must_use]
    pub fn input(&self, name: &str) -> Option<&Text> {
        self.inputs.iter().find(|input| input.name == name).map(|input| &input.text)
    }

    /// Whether it uses the action of that name.
    #[must_use]
    pub fn uses(&self, name: &str) -> bool {
        self.action.as_ref().is_some_and(|action| action.name == name)
    }

    /// Whether it runs whenever the steps before it went well.
    #[must_use]
    pub fn is_unconditional(&self) -> bool {
        self.condition.as_ref().is_none_or(|text| expression::is_trivial(&text.value))
    }

    /// Whether it never runs.
    #[must_use]
    pub fn is_off(&self) -> bool {
        self.condition.as_ref().is_some_and(|text| expression::is_never(&text.value))
    }

    /// Where it is named in a report: its action or its command.
    #[must_use]
    pub fn place(&self) -> Span {
        let action = self.action.as_ref().map(|action| action.text.span);
        action.or(self.run.as_ref().map(|run| run.span)).unwrap_or(self.span)
    }
}
