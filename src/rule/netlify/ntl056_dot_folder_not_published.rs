//! NTL056: pages use files of a folder that Netlify leaves out.

use crate::rule::fix::Fix;
use std::collections::BTreeSet;

use crate::platform::netlify::delivery::published::{self, Root};
use crate::platform::netlify::site::NetlifySite;
use crate::project::path::{child, strip};
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

/// A page that is published links to a dot folder beside it.
pub(super) static RULE: Rule = Rule {
    id: "NTL056",
    name: "dot-folder-not-published",
    summary: "Pages use files of a folder whose name begins with a dot",
    docs: "\
## What happens

The deploy turns green, and the files of the folder are not found.

## Why

Netlify leaves files and folders whose names begin with a dot out of the upload. The only exception is `.well-known`.

## How to mend it

Give the folder a name without a dot. If its address must stay, rewrite it: `/.data/* /data/:splat 200`. A repair never deletes or renames \
what somebody has committed, so the command is only shown.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::Runtime,
    fix: FixAvailability::Always,
    evidence: &[observed("https://blog.aashutosh.dev/netlifys-build-clean-up", "2026-11-20")],
    check: Check::Netlify(check),
};

/// Texts that are searched, and the longest of them.
const MOST_TEXTS: usize = 200;
const LONGEST: usize = 1 << 20;

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    for root in site.published_roots() {
        let folders = dot_folders(site, root);
        if folders.is_empty() {
            continue;
        }
        let ends = [".html", ".htm", ".js", ".mjs", ".css"];
        let texts = published::files(site, root).filter(|file| ends.iter().any(|end| file.path.ends_with(end)));
        let mut told = BTreeSet::new();
        for file in texts.take(MOST_TEXTS) {
            let Ok(text) = site.snapshot.text(file.path) else { continue };
            for folder in folders.iter().filter(|_| text.len() <= LONGEST) {
                if uses(&text, folder) && !is_rewritten(site, folder) && told.insert(folder.clone()) {
                    let path = child(&root.path, folder);
                    let finding = RULE
                        .finding(format!(
                            "\"{}\" uses files of \"{folder}\", which Netlify does not publish",
                            file.path
                        ))
                        .fix(Fix::show(format!(
                            "run \"git mv {path} {}\" and change the links to it",
                            child(&root.path, folder.trim_start_matches('.'))
                        )))
                        .at_path(path);
                    out.report(finding);
                }
            }
        }
    }
}

/// The dot folders at the top of a root, without those of tools and of the repository.
fn dot_folders(site: &NetlifySite<'_>, root: &Root) -> Vec<String> {
    const ASIDE: [&str; 8] = [".well-known", ".git", ".github", ".vscode", ".idea", ".netlify", ".chimera", ".husky"];
    let children = site.snapshot.children(&root.path).into_iter();
    let folders = children.filter(|(name, is_dir)| *is_dir && name.starts_with('.') && !ASIDE.contains(name));
    folders.map(|(name, _)| name.to_owned()).collect()
}

/// Whether a text names a path inside the folder, as an attribute, a string or a `url(…)` does.
fn uses(text: &str, folder: &str) -> bool {
    text.match_indices(folder).any(|(at, _)| {
        let before = text[..at].trim_end_matches(['/', '.']);
        before.ends_with(['"', '\'', '(', '`', '=']) && text[at + folder.len()..].starts_with('/')
    })
}

/// Whether a rewrite answers for the folder's address.
fn is_rewritten(site: &NetlifySite<'_>, folder: &str) -> bool {
    let rules = site.resolved().map(|resolved| resolved.redirects.rules.as_slice()).unwrap_or_default();
    rules.iter().any(|rule| strip(rule.from.text.trim_start_matches('/'), folder).is_some())
}
