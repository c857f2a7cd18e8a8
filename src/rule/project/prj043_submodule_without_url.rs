//! PRJ043: a submodule of the index that `.gitmodules` does not know.

use crate::platform::job::Job;
use crate::platform::theme;
use crate::project::path::{name, parent};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;
use crate::text::span::Span;

use super::submodule::{self, Section};

/// The repository holds a submodule, and `.gitmodules` has no section with its path and a URL.
pub(super) static RULE: Rule = Rule {
    id: "PRJ043",
    name: "submodule-without-url",
    summary: "A submodule has no URL",
    docs: "\
## What happens

Git stops while it fetches the submodules, before anything is built.

## Why

A theme or a library was cloned into the repository with its own history, or a submodule was taken out of \
`.gitmodules` only. Git has recorded a commit of another repository and does not know where that is.

## How to mend it

Add a section with path and URL to `.gitmodules`, or take the folder out of the index with `git rm --cached` and \
commit its files. The URL is proposed where another text of the repository names it, or where Hugo's list has one theme \
of that name; whether the recorded commit is from there has to be looked at.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Checkout,
    fix: FixAvailability::Always,
    evidence: &[
        observed("https://github.com/kakawait/hugo-tranquilpeak-theme/issues/583", "2026-11-21"),
        observed("https://github.com/digitalcraftsman/hugo-creative-theme/issues/54", "2026-11-21"),
        observed("https://github.com/bigcommerce/catalyst/pull/1670", "2026-11-21"),
    ],
    check: Check::Job(check),
};

fn check(job: &Job<'_>, out: &mut Sink) {
    let text = job.snapshot.text(submodule::FILE).unwrap_or_default();
    let sections = submodule::read(&text);
    for entry in job.snapshot.submodules() {
        let known = sections.iter().any(|section| section.path == &*entry.path && !section.url.is_empty());
        if known {
            continue;
        }
        let path = &*entry.path;
        let half = sections.iter().find(|section| section.path == path);
        out.report(
            RULE.finding(format!("\"{path}\" is a submodule, and \".gitmodules\" has no URL for it"))
                .at_path(path)
                .log_line(format!("fatal: No url found for submodule path '{path}' in .gitmodules"))
                .maybe_fix(completed(job, path, half))
                .fix(Fix::show(format!(
                    "add it with \"git submodule add\", or run \"git rm --cached {path}\" and commit its files"
                ))),
        );
    }
}

/// The section with the URL from which the submodule comes in all likelihood.
fn completed(job: &Job<'_>, path: &str, half: Option<&Section<'_>>) -> Option<Fix> {
    let is_plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/'));
    let (repository, why) = is_plain.then(|| origin(job, path)).flatten()?;
    let title = format!("fetch \"{path}\" from \"{repository}\", {why}");
    let url = format!("\turl = https://{repository}.git\n");
    let section = format!("[submodule \"{path}\"]\n\tpath = {path}\n{url}");
    let Some((file, source)) = job.open(submodule::FILE) else {
        return Some(Fix::create(Applicability::Review, title, submodule::FILE, section));
    };
    let text = source.text.as_str();
    let (at, added) = match half {
        // An empty URL is for people to fill in.
        Some(section) if section.end == 0 || section.start > 0 => return None,
        Some(section) => (section.end, url),
        None => (text.len(), section),
    };
    let before = if text[..at].is_empty() || text[..at].ends_with('\n') { "" } else { "\n" };
    Some(Fix::replace(Applicability::Review, title, Span::new(file, at, at), format!("{before}{added}")))
}

/// Where a submodule comes from, and how that is known.
fn origin(job: &Job<'_>, path: &str) -> Option<(String, String)> {
    let folder = name(path);
    let mut found: Option<(String, &str)> = None;
    for entry in job.snapshot.entries().iter().filter(|entry| tells(&entry.path)) {
        let Ok(text) = job.snapshot.text(&entry.path) else { continue };
        for repository in named(&text, folder) {
            match &found {
                // Two repositories of one name: which one is meant, nobody can say.
                Some((known, _)) if !known.eq_ignore_ascii_case(repository) => return None,
                Some(_) => {}
                None => found = Some((repository.to_owned(), &*entry.path)),
            }
        }
    }
    if let Some((repository, file)) = found {
        return Some((format!("github.com/{repository}"), format!("which \"{file}\" names")));
    }
    let is_theme = parent(path).is_some_and(|folder| name(folder) == "themes");
    let theme = theme::repository(folder).filter(|_| is_theme)?;
    Some((theme.to_owned(), "the one theme of that name in Hugo's list".to_owned()))
}

/// Whether a file may tell where parts of the repository come from.
fn tells(path: &str) -> bool {
    let file = name(path).to_ascii_lowercase();
    let is_near = path.matches('/').count() <= 2;
    is_near
        && (file.starts_with("readme")
            || matches!(file.as_str(), ".gitmodules" | "makefile" | "go.mod" | "package.json" | "contributing.md")
            || file.ends_with(".sh")
            || path.starts_with(".github/workflows/"))
}

/// Owner and name of the repositories on GitHub that a text names, if they bear this name.
fn named<'t>(text: &'t str, folder: &'t str) -> impl Iterator<Item = &'t str> {
    text.match_indices("github.com").filter_map(move |(at, host)| {
        let rest = text[at + host.len()..].strip_prefix(['/', ':'])?;
        let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
        let end = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
        let mut parts = rest[..end].split('/');
        let (owner, repository) = (parts.next()?, parts.next()?);
        let bare = repository.trim_end_matches('.');
        let bare = bare.strip_suffix(".git").unwrap_or(bare);
        (!owner.is_empty() && bare.eq_ignore_ascii_case(folder)).then(|| &rest[..owner.len() + 1 + bare.len()])
    })
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn repositories_are_known_by_their_last_part() {
        let text = "git clone git@github.com:a/paper.git\nhttps://github.com/b/Paper/wiki. https://github.com/c/papers";
        assert_eq!(named(text, "paper").collect::<Vec<_>>(), ["a/paper", "b/Paper"]);
    }
}
