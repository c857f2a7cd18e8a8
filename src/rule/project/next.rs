//! What the rules about Next.js share: where it is built, which version, and its configuration.

use crate::platform::job::{Job, ToolRun};
use crate::text::source::Source;
use crate::text::span::FileId;

use super::module;
use super::package::{self, Package};

/// A call of Next.js that decides the build, with its package.
pub(super) struct NextRun<'a> {
    pub(super) tool: ToolRun<'a>,
    pub(super) package: Package,
}

/// The calls of a command of Next.js.
pub(super) fn runs<'a>(job: &Job<'a>, command: &str) -> Vec<NextRun<'a>> {
    let tools = job.tools("next").filter(|tool| tool.run.subcommand() == Some(command));
    tools
        .filter(|tool| tool.run.args.first().and_then(|arg| arg.plain()) == Some(command))
        .filter_map(|tool| Some(NextRun { tool, package: package::known(job, tool.dir, "next")? }))
        .collect()
}

/// The configuration of the folder that Next.js builds.
pub(super) fn configuration<'a>(job: &Job<'a>, dir: &str) -> Option<(String, FileId, &'a Source)> {
    let found = module::find(job, dir, "next")?;
    Some((found.path, found.file, found.source))
}

pub(super) use module::is_literal;
