//! RND056: system packages in a command of a native runtime.

use super::service::programs;
use crate::platform::render::service::Phase;
use crate::platform::render::site::RenderSite;
use crate::project::command::is_among;
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;

/// A build command installs packages of the operating system.
pub(super) static RULE: Rule = Rule {
    id: "RND056",
    name: "system-packages",
    summary: "The build command installs packages of the operating system",
    docs: "\
## What happens

The command fails: the file system of the machine is read-only outside of the project, and nobody is `root`.

## Why

Native runtimes bring a fixed set of programs. `apt-get`, `apk`, `yum` and their like need rights that a build does not \
have, and `sudo` is not there. Without `&&` or `set -e` the build goes on, and what was to be installed is missing \
later.

## How to mend it

Use `runtime: docker` with a Dockerfile that installs the packages, or bring a binary along: many npm and Python \
packages have one inside (`ffmpeg-static`, `imageio-ffmpeg`).
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Build,
    fix: FixAvailability::Never,
    evidence: &[
        source(
            "https://github.com/render-oss/skills/blob/main/skills/render-docker/references/dockerfile-patterns.md",
            "2026-11-20",
        ),
        observed("https://github.com/puppeteer/puppeteer/issues/9694", "2026-11-20"),
    ],
    check: Check::Render(check),
};

/// Managers of system packages, and the words with which they change the system.
const MANAGERS: &str = "apt apt-get aptitude apk yum dnf microdnf pacman zypper brew";
const CHANGES: &str = "install update upgrade add dist-upgrade full-upgrade build-dep remove -S -Sy -Syu";

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for (service, plan) in site.services() {
        for phase in [Phase::Build, Phase::PreDeploy, Phase::Start] {
            let mut found = programs(plan, phase)
                .filter(|it| is_among(MANAGERS, it.name) && it.args.iter().any(|arg| is_among(CHANGES, &arg.text)));
            let first = found.find(|it| it.run.decides()).or_else(|| {
                programs(plan, phase)
                    .find(|it| is_among(MANAGERS, it.name) && it.args.iter().any(|arg| is_among(CHANGES, &arg.text)))
            });
            let Some(program) = first else { continue };
            let stage = match phase {
                Phase::Build => Stage::Build,
                Phase::PreDeploy => Stage::PreDeploy,
                Phase::Start | Phase::Hook => Stage::Start,
            };
            // Where nobody looks at the exit code, the build goes on without the packages.
            let severity = if program.run.decides() { Severity::Critical } else { Severity::Medium };
            let runtime = service.runtime.map_or("", crate::platform::render::blueprint::Runtime::word);
            let message = format!(
                "\"{}\" cannot install system packages in the runtime \"{runtime}\", which is not root",
                program.name
            );
            out.report(
                RULE.finding(message)
                    .at(program.words(site, 1))
                    .severity(severity)
                    .stage(stage)
                    .label("not allowed")
                    .log_line("Read-only file system")
                    .help("use \"runtime: docker\" and install the packages in a Dockerfile"),
            );
        }
    }
}
