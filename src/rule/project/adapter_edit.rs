//! Repairs that give a framework the adapter of the host it is deployed to.

use crate::platform::job::{Job, ToolRun};
use crate::platform::toolbox::release;
use crate::rule::fix::{Change, Fix};

use super::{module, package, package_edit};
use crate::text::span::Span;

/// An adapter; which of its releases fit is data.
struct Adapter {
    /// The host, or how the site is published there.
    host: Host,
    framework: &'static str,
    name: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Host {
    Netlify,
    Files,
    Server,
}

const ADAPTERS: [Adapter; 5] = [
    Adapter { host: Host::Netlify, framework: "astro", name: "@astrojs/netlify" },
    Adapter { host: Host::Server, framework: "astro", name: "@astrojs/node" },
    Adapter { host: Host::Netlify, framework: "@sveltejs/kit", name: "@sveltejs/adapter-netlify" },
    Adapter { host: Host::Files, framework: "@sveltejs/kit", name: "@sveltejs/adapter-static" },
    Adapter { host: Host::Server, framework: "@sveltejs/kit", name: "@sveltejs/adapter-node" },
];

fn fitting(job: &Job<'_>, framework: &str) -> Option<&'static Adapter> {
    let host = match job.platform.name {
        "netlify" => Host::Netlify,
        "render" if job.is_static => Host::Files,
        "render" => Host::Server,
        _ => return None,
    };
    ADAPTERS.iter().find(|adapter| adapter.host == host && adapter.framework == framework)
}

fn range(job: &Job<'_>, dir: &str, adapter: &Adapter) -> Option<&'static str> {
    let installed = package::find(job, dir, adapter.framework)?.installed;
    let is_of = |major: u64| {
        installed.is_at_least(&format!("{major}.0.0")) && installed.is_below(&format!("{}.0.0", major + 1))
    };
    let newest = release::newest(adapter.framework)?;
    let fitting = release::adapter(adapter.name, (1..=newest).find(|major| is_of(*major))?);
    fitting.iter().find(|fitting| installed.is_at_least(&fitting.from)).map(|fitting| fitting.range.as_str())
}

/// The repairs that put the adapter of this host in the place of another: by edits if they suffice, and as a command.
pub(super) fn swapped(
    job: &Job<'_>,
    tool: &ToolRun<'_>,
    (framework, configuration): (&str, &str),
    old: &str,
) -> Vec<Fix> {
    let Some(adapter) = fitting(job, framework) else { return Vec::new() };
    let edits = || {
        let file = module::find(job, tool.dir, configuration)?;
        let text = file.source.text.as_str();
        // A sub-path or a second mention means more than the name of the package.
        let is_plain = text.matches(old).count() == 1 && adapter.host != Host::Server;
        let range = range(job, tool.dir, adapter).filter(|_| is_plain)?;
        let mut changes = package_edit::replaced(job, tool.dir, Some(old), (adapter.name, range))?;
        changes.push(Change::Edit { span: file.place(old), text: adapter.name.to_owned() });
        if adapter.host == Host::Files {
            changes.push(fallback(&file)?);
        }
        Some(changes)
    };
    let command = package_edit::command(job, adapter.name, true);
    let shown = Fix::show(format!("run \"{command}\", and name that adapter instead of \"{old}\""));
    let edited = package_edit::reviewed(format!("use \"{}\" instead", adapter.name), edits());
    edited.into_iter().chain([shown]).collect()
}

/// Without a page for all other addresses the adapter for files refuses pages that are not made in advance.
fn fallback(file: &module::Module<'_>) -> Option<Change> {
    const CALL: &str = "adapter()";
    let text = file.source.text.as_str();
    let span = Some(file.place(CALL)).filter(|_| text.matches(CALL).count() == 1)?;
    Some(Change::Edit { span, text: "adapter({ fallback: '200.html' })".to_owned() })
}

/// The repairs that name an adapter where none is.
pub(super) fn added(job: &Job<'_>, tool: &ToolRun<'_>) -> Vec<Fix> {
    let Some(adapter) = fitting(job, "astro") else { return Vec::new() };
    let edits = || {
        let file = module::find(job, tool.dir, "astro")?;
        let range = range(job, tool.dir, adapter).filter(|_| adapter.host == Host::Netlify)?;
        let mut changes = package_edit::replaced(job, tool.dir, None, (adapter.name, range))?;
        changes.extend(named(&file, adapter.name)?);
        Some(changes)
    };
    let name = adapter.name.trim_start_matches("@astrojs/");
    let edited = package_edit::reviewed(format!("install \"{}\" and name it as the adapter", adapter.name), edits());
    edited.into_iter().chain([Fix::show(format!("run \"npx astro add {name}\" and commit what it changes"))]).collect()
}

/// Imports a module and names it at the beginning of the object that `defineConfig` is given.
fn named(file: &module::Module<'_>, module: &str) -> Option<[Change; 2]> {
    const CALL: &str = "defineConfig({";
    let text = file.source.text.as_str();
    let is_free = !text.contains("netlify") && text.matches(CALL).count() == 1;
    let call = file.place(CALL);
    let first = text.find("import ").filter(|at| is_free && (*at == 0 || text[..*at].ends_with('\n')))?;
    let quote = if text[first..].lines().next()?.contains('"') { '"' } else { '\'' };
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let at = |place: usize| Span::new(file.file, place, place);
    let import = format!("import netlify from {quote}{module}{quote};{line_end}");
    let rest = &text[call.end as usize..];
    let line = rest.lines().next().unwrap_or_default();
    let setting = match (line.trim().is_empty(), rest.trim_start().starts_with('}')) {
        (_, true) => " adapter: netlify() ".to_owned(),
        (true, false) => {
            let body = rest.lines().nth(1)?;
            let indent = &body[..body.len() - body.trim_start().len()];
            format!("{line_end}{indent}adapter: netlify(),")
        }
        (false, false) => " adapter: netlify(),".to_owned(),
    };
    Some([Change::Edit { span: at(first), text: import }, Change::Edit { span: at(call.end as usize), text: setting }])
}
