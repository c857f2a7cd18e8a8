//! NTL055: a published file has a name that Netlify refuses.

use crate::platform::netlify::delivery::published::{self, File};
use crate::platform::netlify::site::NetlifySite;
use crate::project::mention;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

/// A name with `#` or `?`, or with a `%` that begins no escape.
pub(super) static RULE: Rule = Rule {
    id: "NTL055",
    name: "file-name-refused",
    summary: "A published file has # or ? in its name",
    docs: "\
## What happens

The build succeeds, then the upload is refused because of this one name.

## Why

In an address, `?` begins the query and `#` the fragment, so nobody could ever ask for the file. Such names come from \
downloaded pages (`style.css?v=3`) and from folders like `c#`. A `%` that does not begin an escape such as `%20` is \
accepted, but the address of the file cannot be decoded.

## How to mend it

Rename the file, and change the links to it. What a query was taken for goes with the name's end: pages ask for \
`style.css?v=3` and get `style.css`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Deploy,
    fix: FixAvailability::Always,
    evidence: &[
        observed("https://github.com/netlify/build/issues/2193", "2026-11-20"),
        observed("https://github.com/netlify/go-client/issues/4", "2026-11-20"),
        observed("https://github.com/gatsbyjs/gatsby/issues/7565", "2026-11-20"),
        observed("https://github.com/netlify/cli/issues/7340", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

/// Findings on one site; more would only repeat them.
const MOST: usize = 20;

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let mut found = 0;
    for root in site.published_roots() {
        for file in published::files(site, root) {
            let finding = match file.address.chars().find(|letter| matches!(letter, '#' | '?')) {
                Some(letter) => RULE
                    .finding(format!(
                        "\"{}\" would be published, and Netlify refuses names with \"{letter}\"",
                        file.address
                    ))
                    .log_line("Deployed filenames cannot contain # or ? characters"),
                None if has_bare_percent(file.address) => RULE
                    .finding(format!(
                        "\"{}\" has a \"%\" that begins no escape, so its address cannot be asked for",
                        file.address
                    ))
                    .severity(Severity::Medium)
                    .stage(Stage::Runtime),
                None => continue,
            };
            found += 1;
            if found > MOST {
                return;
            }
            let plain = plain(file.path);
            let shown = Fix::show(format!("run \"git mv '{}' '{plain}'\" and change the links to it", file.path));
            out.report(finding.at_path(file.path).maybe_fix(renamed(site, &file, plain)).fix(shown));
        }
    }
}

/// A path that can be asked for.
fn plain(path: &str) -> String {
    let part = |part: &str| {
        let (name, query) = part.split_once('?').unwrap_or((part, ""));
        // `style.css?v=3` was saved from the address of a style sheet.
        let name = if name.contains('.') || query.is_empty() { name.to_owned() } else { format!("{name}-{query}") };
        let name = match name.strip_suffix('#').filter(|name| name.len() == 1) {
            Some(letter) => format!("{letter}-sharp"),
            None => name.replacen("c#.", "c-sharp.", usize::from(name.starts_with("c#."))),
        };
        name.replace(['#', '?', '%'], "-")
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// The file under another name, if nothing in the repository calls it by the old one.
fn renamed(site: &NetlifySite<'_>, file: &File<'_>, to: String) -> Option<Fix> {
    let odd = file.path.split('/').filter(|part| *part != plain(part));
    let names: Vec<String> = odd.flat_map(called).collect();
    if names.is_empty() || site.snapshot.exists(&to) {
        return None;
    }
    let is_called = mention::find(site.snapshot, &names, |path| path != file.path) != Ok(None);
    if is_called {
        return None;
    }
    let title = format!("rename it to \"{to}\"; no file of the repository links to it");
    Some(Fix::rename(Applicability::Review, title, file.path, to))
}

/// How links call a part of a path: a `?` as it is begins a query, which leads to the new name as well.
fn called(part: &str) -> Vec<String> {
    let encoded = part.replace('%', "%25").replace('#', "%23").replace('?', "%3F").replace(' ', "%20");
    let mut names = vec![encoded.replace("%3F", "%3f"), encoded];
    if !part.contains('?') {
        names.push(part.to_owned());
    }
    names
}

fn has_bare_percent(address: &str) -> bool {
    address.match_indices('%').any(|(at, _)| {
        let digits = address.as_bytes().get(at + 1..at + 3);
        !digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}
