//! `chimeractl explain`: what a rule is about.

use crate::report::explain;
use crate::rule::registry;

use super::{CliError, Exit, Outcome};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Id or name of a rule: NTL007, base-directory-missing
    #[arg(required_unless_present = "all")]
    rule: Option<String>,
    /// Every rule
    #[arg(long, conflicts_with = "rule")]
    all: bool,
    /// "list" (one line each) or "markdown"; default: list with --all, else markdown
    #[arg(long, value_parser = ["list", "markdown"])]
    format: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let Some(name) = &arguments.rule else {
        let text = match arguments.format.as_deref() {
            Some("markdown") => registry::rules().map(explain::markdown).collect::<Vec<_>>().join("\n"),
            _ => explain::list(registry::rules()),
        };
        return Ok((text, Exit::Clean));
    };
    let rule = registry::find(name).ok_or_else(|| {
        let nearest = registry::nearest(name).map(|rule| format!("; did you mean {} ({})?", rule.id, rule.name));
        CliError::usage(format!("\"{name}\" is no rule{}", nearest.unwrap_or_default()))
            .hint("`chimeractl explain --all` lists every rule")
    })?;
    let text = match arguments.format.as_deref() {
        Some("list") => explain::list(std::iter::once(rule)),
        _ => explain::markdown(rule),
    };
    Ok((text, Exit::Clean))
}
