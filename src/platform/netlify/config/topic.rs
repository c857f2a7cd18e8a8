//! What a rejected configuration is about: each topic is reported by exactly one rule.

use crate::platform::netlify::validate::{Expected, Problem, Violation, ViolationKind};
use crate::text::toml::Reason;

use super::Failure;

/// The subject of a failure of the stage `config`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Topic {
    /// The file cannot be read, or is not TOML.
    File,
    /// A table or key that is defined twice.
    Redefinition,
    /// A backslash that is no escape.
    Escape,
    /// The base directory.
    Base,
    /// A path that leaves the repository.
    OutsideRoot,
    /// A plugin of the dashboard that a context repeats.
    ContextPlugin,
    /// An entry of `plugins`.
    Plugin,
    /// The schedule of a function.
    Schedule,
    /// The settings of functions.
    Function,
    /// An entry of `edge_functions`.
    EdgeFunction,
    /// Any other property.
    Property,
}

impl Failure {
    /// What the failure is about.
    #[must_use]
    pub fn topic(&self) -> Topic {
        match self {
            Failure::Missing { .. } | Failure::NoFolder { .. } | Failure::Unreadable { .. } => Topic::File,
            Failure::Toml { error, .. } => match error.reason {
                Reason::Redefined(_) => Topic::Redefinition,
                Reason::UnknownEscape(_)
                | Reason::EscapedSpace
                | Reason::ShortEscape { .. }
                | Reason::NotACharacter(_) => Topic::Escape,
                _ => Topic::File,
            },
            Failure::Escape { .. } => Topic::Escape,
            Failure::BaseMissing { .. } => Topic::Base,
            Failure::OutsideRoot { .. } => Topic::OutsideRoot,
            Failure::Violation(violation) => of_violation(violation),
            Failure::Extension { .. } | Failure::Routing(_) | Failure::Crash { .. } => Topic::Property,
        }
    }
}

fn of_violation(violation: &Violation) -> Topic {
    match (violation.kind, &*violation.problem) {
        (ViolationKind::ContextPlugin, _) => return Topic::ContextPlugin,
        (ViolationKind::DuplicatePlugin, _) => return Topic::Plugin,
        (_, Problem::Cron(_) | Problem::Kind { expected: Expected::Cron, .. }) => return Topic::Schedule,
        _ => {}
    }
    let starts = |start: &str| violation.name.starts_with(start);
    if starts("plugins[") || starts("plugins.") {
        Topic::Plugin
    } else if starts("functions.") {
        Topic::Function
    } else if starts("edge_functions") {
        Topic::EdgeFunction
    } else {
        Topic::Property
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::platform::netlify::config::{self, Options};
    use crate::project::snapshot::Snapshot;
    use crate::text::source::Sources;

    use super::Topic;

    fn topic(text: &str) -> Topic {
        let snapshot = Snapshot::in_memory([("netlify.toml", text.as_bytes())]);
        config::resolve(&snapshot, &Options::default(), Sources::default()).outcome.unwrap_err().topic()
    }

    #[test]
    fn each_failure_has_the_topic_of_its_property() {
        let cases = [
            ("a", Topic::File),
            ("[a]\n[a]", Topic::Redefinition),
            ("a = 'x'\nb = \"\\d\"", Topic::Escape),
            ("a = \"\\d\"", Topic::Escape),
            ("a = \"\\u12\"", Topic::Escape),
            ("[build]\nbase = \"x\"", Topic::Base),
            ("[build]\npublish = \"../x\"", Topic::OutsideRoot),
            ("[[plugins]]\nname = \"x\"", Topic::Plugin),
            ("[[plugins]]\npackage = \"x\"\n[[plugins]]\npackage = \"x\"", Topic::Plugin),
            ("plugins = 1", Topic::Property),
            ("[functions]\ntimeout = 5", Topic::Function),
            ("[functions.a]\nschedule = \"x\"", Topic::Schedule),
            ("[functions.a]\nschedule = 5", Topic::Schedule),
            ("functions = 5", Topic::Property),
            ("edge_functions = 5", Topic::EdgeFunction),
            ("[[edge_functions]]\npath = \"/\"", Topic::EdgeFunction),
            ("[build]\ncommand = 5", Topic::Property),
            ("[context]\nx = 5", Topic::Property),
        ];
        for (text, expected) in cases {
            assert_eq!(topic(text), expected, "{text}");
        }
    }
}
