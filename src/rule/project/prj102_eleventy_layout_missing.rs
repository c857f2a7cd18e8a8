//! PRJ102: a layout that Eleventy does not find.

use globset::{Glob, GlobSet, GlobSetBuilder};

use crate::platform::job::Job;
use crate::project::javascript::configuration::Configuration;
use crate::project::path::{child, join, strip};
use crate::project::setting::Setting;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::docs;
use crate::sim::stage::Stage;
use crate::text::span::Span;

use super::command;

/// The front matter of a page names a layout that is not in the folder of the layouts.
pub(super) static RULE: Rule = Rule {
    id: "PRJ102",
    name: "eleventy-layout-missing",
    summary: "A page of Eleventy names a layout that is not there",
    docs: "\
## What happens

Eleventy stops at the page whose layout it does not find.

## Why

`layout` is a file below the folder of the includes (or of the layouts, if the configuration names one), with or \
without its extension. Letter case counts on Linux, and not on the machines of most developers.

## How to mend it

Correct the name, or commit the layout.
",
    severity: Severity::Critical,
    confidence: Confidence::Likely,
    stage: Stage::BuildCommand,
    fix: FixAvailability::Sometimes,
    evidence: &[docs("https://www.11ty.dev/docs/layouts/", "2026-11-21")],
    check: Check::Job(check),
};

const CONFIGURATIONS: [&str; 4] = [".eleventy.js", "eleventy.config.js", "eleventy.config.mjs", "eleventy.config.cjs"];
/// Endings of pages and of layouts.
const PAGES: [&str; 4] = [".md", ".njk", ".html", ".liquid"];
const LAYOUTS: [&str; 9] = ["", ".njk", ".liquid", ".html", ".11ty.js", ".md", ".webc", ".11ty.cjs", ".11ty.mjs"];
/// What may change where layouts are looked for, or what they are called.
const CHANGERS: [&str; 7] = [
    "addLayoutAlias",
    "addTemplate",
    "setIncludesDirectory",
    "setLayoutsDirectory",
    "setInputDirectory",
    "setLayoutResolution",
    "virtualTemplates",
];
/// Pages that are looked at most.
const MAX_PAGES: usize = 1000;

/// Where Eleventy looks.
struct Site {
    input: String,
    layouts: Vec<String>,
    ignored: GlobSet,
}

fn check(job: &Job<'_>, out: &mut Sink) {
    for tool in job.tools("eleventy").chain(job.tools("@11ty/eleventy")) {
        if !tool.run.args.is_empty() {
            continue;
        }
        let Some(site) = site(job, tool.dir) else { continue };
        let entries = job.snapshot.below(&site.input).iter().map(|entry| &*entry.path);
        for path in entries.filter(|path| is_page(&site, tool.dir, path)).take(MAX_PAGES) {
            let Some((start, name)) = job.snapshot.text(path).ok().and_then(|text| layout(&text)) else { continue };
            let has = |name: &str| {
                site.layouts
                    .iter()
                    .any(|dir| LAYOUTS.iter().any(|end| job.snapshot.exists(&format!("{}{end}", child(dir, name)))))
            };
            if has(&name) {
                continue;
            }
            let Some((file, _)) = job.open(path) else { continue };
            let span = Span::new(file, start, start + name.len());
            let near = same_but_for_case(job, &site, &name);
            let fix = near
                .as_ref()
                .map(|near| Fix::replace(Applicability::Safe, format!("name \"{near}\""), span, near.clone()));
            let finding = RULE
                .finding(format!("the layout \"{name}\" is not in \"{}\"", site.layouts.join("\" or \"")))
                .at(span)
                .label(if near.is_some() { "another letter case" } else { "not there" })
                .severity(command::severity(job))
                .stage(tool.stage)
                .log_line("You're trying to use a layout that does not exist");
            return out.report(finding.maybe_fix(fix));
        }
    }
}

/// What the configuration says, where all of it is written out.
fn site(job: &Job<'_>, dir: &str) -> Option<Site> {
    let path = CONFIGURATIONS.iter().map(|name| child(dir, name)).find(|path| job.snapshot.is_file(path));
    let mut ignored = GlobSetBuilder::new();
    let file = job.snapshot.text(&child(dir, ".eleventyignore")).unwrap_or_default();
    let mut patterns: Vec<String> = file
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect();
    let (mut input, mut includes, mut layouts) = (".".to_owned(), "_includes".to_owned(), None);
    if let Some(path) = path {
        let (file, source) = job.open(&path)?;
        let module = Configuration::read(&source.text, &path, file)?;
        if CHANGERS.iter().any(|word| module.has_word(word)) {
            return None;
        }
        let read = |key: &str| match module.setting(&["dir", key]) {
            Setting::Written(written) => Ok(Some(written.text)),
            Setting::Absent => Ok(None),
            Setting::Computed => Err(()),
        };
        input = read("input").ok()?.unwrap_or(input);
        includes = read("includes").ok()?.unwrap_or(includes);
        layouts = read("layouts").ok()?;
        if module.has_word("ignores") {
            for call in module.method_calls("add") {
                let Setting::Written(pattern) = call else { return None };
                patterns.push(pattern.text);
            }
        }
    }
    for pattern in patterns {
        let plain = pattern.trim_start_matches("./").trim_end_matches('/').to_owned();
        ignored.add(Glob::new(&plain).ok()?).add(Glob::new(&format!("{plain}/**")).ok()?);
    }
    let input = join(dir, &input)?;
    let below = [Some(includes), layouts].into_iter().flatten();
    let layouts: Vec<String> = below.filter_map(|name| join(&input, &name)).collect();
    Some(Site { input, layouts, ignored: ignored.build().ok()? })
}

/// Whether a file is built as a page, as far as names say.
fn is_page(site: &Site, dir: &str, path: &str) -> bool {
    let is_template = PAGES.iter().any(|ending| path.ends_with(ending));
    let is_apart = path.split('/').any(|part| part == "node_modules" || part.starts_with(['.', '_']));
    let is_layout = site.layouts.iter().any(|layouts| strip(path, layouts).is_some());
    let is_ignored = strip(path, dir).is_none_or(|below| site.ignored.is_match(below));
    // Eleventy passes over this one by default.
    let is_readme = path.ends_with("README.md") || path.ends_with("readme.md");
    is_template && !is_apart && !is_layout && !is_ignored && !is_readme
}

/// The layout that the front matter names as a plain text, and where.
fn layout(text: &str) -> Option<(usize, String)> {
    let first = text.lines().next()?;
    let rest = text.strip_prefix("---").filter(|_| first.trim_end() == "---")?;
    let head = &text[..3 + rest.find("\n---")?];
    let mut at = 0;
    for line in head.split_inclusive('\n') {
        if let Some(value) = line.strip_prefix("layout:") {
            let name = value.trim().trim_matches(['"', '\'']);
            let is_plain = !name.is_empty()
                && !matches!(name, "false" | "null" | "~")
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/' | b'-' | b'_'));
            return is_plain.then(|| (at + line.find(name).unwrap_or_default(), name.to_owned()));
        }
        at += line.len();
    }
    None
}

/// The layout whose name differs only in letter case.
fn same_but_for_case(job: &Job<'_>, site: &Site, name: &str) -> Option<String> {
    let mut found = site
        .layouts
        .iter()
        .flat_map(|dir| job.snapshot.below(dir).iter().filter_map(move |entry| strip(&entry.path, dir)));
    found.find(|other| LAYOUTS.iter().any(|end| other.eq_ignore_ascii_case(&format!("{name}{end}")))).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::layout;

    #[test]
    fn the_layout_of_front_matter_is_read() {
        assert_eq!(layout("---\ntitle: x\nlayout: \"base.njk\"\n---\nx"), Some((22, "base.njk".to_owned())));
        for text in [
            "layout: a",
            "---\nlayout: {{ x }}\n---\n",
            "---\ntitle: x\n---\nlayout: a\n",
            "---\nlayout: false\n---\n",
            "---\nlayout: a",
        ] {
            assert_eq!(layout(text), None, "{text}");
        }
    }
}
