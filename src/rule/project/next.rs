//! What the rules about Next.js share: where it is built, which version, and its configuration.

use crate::platform::job::{Job, ToolRun};
use crate::project::javascript::configuration::Configuration;
use crate::project::path::child;
use crate::project::setting::Setting;
use crate::text::source::Source;
use crate::text::span::FileId;

use super::package::{self, Package};

const CONFIGURATIONS: [&str; 5] =
    ["next.config.js", "next.config.mjs", "next.config.ts", "next.config.cjs", "next.config.mts"];

/// A key that no configuration has: absent only where everything about the exported object is known.
const PROBE: &str = "chimera-probe";

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
        .filter_map(|tool| Some(NextRun { tool, package: package::find(job, tool.dir, "next")? }))
        .collect()
}

/// The configuration of the folder that Next.js builds.
pub(super) fn configuration<'a>(job: &Job<'a>, dir: &str) -> Option<(String, FileId, &'a Source)> {
    let path = CONFIGURATIONS.iter().map(|name| child(dir, name)).find(|path| job.snapshot.is_file(path))?;
    let (file, source) = job.open(&path)?;
    Some((path, file, source))
}

/// Whether all of the exported object is written out, so that a key that is not there is not set.
pub(super) fn is_literal(module: &Configuration<'_>) -> bool {
    module.setting(&[PROBE]) == Setting::Absent
}
