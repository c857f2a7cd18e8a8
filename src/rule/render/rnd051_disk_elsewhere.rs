//! RND051: the disk is mounted elsewhere than the folder that holds the data.

use super::edit::{Editor, Place};
use crate::platform::render::blueprint::Service;
use crate::platform::render::service::{Origin, Variable};
use crate::platform::render::site::RenderSite;
use crate::project::path::strip;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

/// A variable names a data folder that is not on the disk.
pub(super) static RULE: Rule = Rule {
    id: "RND051",
    name: "disk-mounted-elsewhere",
    summary: "The disk is mounted elsewhere than the folder in which data is kept",
    docs: "\
## What happens

The deploy is green. What the service writes is gone after the next deploy, although it has a disk.

## Why

Only what lies below `mountPath` is kept. A variable such as `DATA_DIR` sends the data to another folder.

## How to mend it

Mount the disk where the data goes, or point the variable below `mountPath`.
",
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    stage: Stage::Runtime,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/tinycld/tinycld/pull/94", "2026-11-21"),
        observed("https://github.com/langflow-ai/langflow/pull/3071", "2026-11-21"),
        observed("https://github.com/openclaw/openclaw/pull/11272", "2026-11-21"),
    ],
    check: Check::Render(check),
};

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for (service, plan) in site.services() {
        let Some(node) = service.table.get("disk").and_then(|disk| disk.at(&["mountPath"])) else { continue };
        let Some(mount) = node.as_str().filter(|mount| mount.starts_with('/')) else { continue };
        let kept: Vec<(&Variable, &str)> =
            plan.environment.iter().filter_map(|it| Some((it, data_path(it)?))).collect();
        // One variable that is on the disk shows that the disk is meant for something else than the others.
        if kept.iter().any(|(_, path)| is_below(path, mount)) {
            continue;
        }
        let dir = common(&kept);
        for (variable, path) in kept {
            let finding = RULE
                .finding(format!("\"{}\" is \"{path}\", and the disk is mounted at \"{mount}\"", variable.name))
                .at(variable.span)
                .related(node.span, "mounted here")
                .help("mount the disk where the data goes, or point the variable below \"mountPath\"")
                .maybe_fix(dir.as_deref().and_then(|dir| mounted(site, service, dir)));
            out.report(finding);
        }
    }
}

/// The folder that all variables keep data in or below; none that would cover the code or the system.
fn common(kept: &[(&Variable, &str)]) -> Option<String> {
    const CODE: &str = "/opt/render/project/src";
    let dirs = kept.iter().map(|(variable, path)| {
        let is_file = !["DIR", "ROOT", "FOLDER", "LOCATION", "HOME", "DIRECTORY"]
            .iter()
            .any(|end| variable.name.to_ascii_uppercase().ends_with(end))
            && path.rsplit('/').next().is_some_and(|name| name.contains('.'));
        let path = path.trim_end_matches('/');
        if is_file { path.rsplit_once('/').map_or("", |(dir, _)| dir) } else { path }
    });
    let shared = |one: String, other: &str| {
        let parts = one.split('/').zip(other.split('/')).take_while(|(one, other)| one == other).map(|(part, _)| part);
        parts.collect::<Vec<_>>().join("/")
    };
    let mut dirs = dirs.map(str::to_owned);
    let first = dirs.next()?;
    let dir = dirs.fold(first, |one, other| shared(one, &other));
    (dir.matches('/').count() > 1 && !is_below(CODE, &dir)).then_some(dir)
}

/// Mounts the disk where the data goes.
fn mounted(site: &RenderSite<'_>, service: &Service, dir: &str) -> Option<Fix> {
    let editor = Editor::of(site);
    let place = Place::of(service.table.get("disk")?)?;
    let is_plain = dir.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.'));
    let change = is_plain.then(|| editor.set(place, "mountPath", dir))?;
    editor.fix(Applicability::Review, format!("mount the disk at \"{dir}\""), [change])
}

/// Parts of names that say that a folder holds data, and those that say that it holds something else.
const DATA: [&str; 9] = ["DATA", "STORAGE", "UPLOAD", "DATABASE", "SQLITE", "MEDIA", "PERSIST", "DB_", "STATE"];
const OTHER: [&str; 13] = [
    "CACHE", "LOG", "TMP", "TEMP", "CERT", "SECRET", "CONFIG", "BIN", "EXEC", "TESSDATA", "STATIC", "METADATA",
    "TEMPLATE",
];
const ENDS: [&str; 9] = ["DIR", "PATH", "FILE", "FILENAME", "ROOT", "FOLDER", "LOCATION", "HOME", "DIRECTORY"];

/// The absolute path below which a variable keeps data.
fn data_path(variable: &Variable) -> Option<&str> {
    let value = variable.value.as_deref().filter(|_| variable.origin != Origin::Platform)?;
    let name = variable.name.to_ascii_uppercase();
    // Three slashes and the path's own: `sqlite:////var/data/app.db`.
    let of_address = value.strip_prefix("sqlite:///").or_else(|| value.strip_prefix("file:"));
    let is_named = DATA.iter().any(|part| name.contains(part)) && ENDS.iter().any(|end| name.ends_with(end));
    let is_other = OTHER.iter().any(|part| name.contains(part));
    let path = of_address.or_else(|| Some(value).filter(|_| is_named && !is_other))?;
    let path = path.split('?').next().unwrap_or_default();
    let is_absolute = path.starts_with('/') && !path.starts_with("//");
    let is_foreign =
        ["/tmp", "/var/tmp", "/dev", "/etc", "/usr", "/proc", "/run", "/bin"].iter().any(|dir| is_below(path, dir));
    (is_absolute && !is_foreign && !path.contains('$')).then_some(path)
}

fn is_below(path: &str, dir: &str) -> bool {
    let clean = |path: &str| path.trim_matches('/').to_owned();
    strip(&clean(path), &clean(dir)).is_some()
}
