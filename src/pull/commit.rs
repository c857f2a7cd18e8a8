//! Repairs as a commit: what it says, and which files it holds.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::heal::{Applied, HealedFile};
use crate::project::snapshot::{Mode, Snapshot};
use crate::report::human::plural;
use crate::text::escape;

use super::outlook::listed;
use super::{Inspection, RULESET, limit};

/// The trailer that names the commit that was healed; a commit that has it is ours.
const HEALED_FROM: &str = "Chimera-Healed-From";
const RULES: &str = "Chimera-Ruleset";

/// Characters of a line of the message.
const WIDTH: usize = 200;
/// Lines about repairs; the rest is counted.
const MOST_LINES: usize = 50;

/// Lock files: they follow from other files and are made by their managers.
const LOCKS: [&str; 14] = [
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lock",
    "bun.lockb",
    "Gemfile.lock",
    "poetry.lock",
    "uv.lock",
    "Pipfile.lock",
    "composer.lock",
    "Cargo.lock",
    "go.sum",
    "deno.lock",
];

/// A file of a commit, in the shape of GitHub's API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Path from the top of the repository.
    pub path: String,
    /// Git's mode.
    pub mode: &'static str,
    /// Always a file.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The whole text.
    pub content: String,
}

/// Why a file is not committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Taboo {
    /// Workflows decide what runs with which rights; and no token of Actions may write them.
    #[error("nothing below \".github\" is written by a program")]
    Workflows,
    /// Its manager makes it.
    #[error("lock files are made by their managers")]
    Lock,
    /// It cannot be sent as text.
    #[error("it is no text")]
    Binary,
    /// It has another name now, and a commit of ours only writes files.
    #[error("it gets another name")]
    Renamed,
    /// A link would be replaced by a file.
    #[error("it is a link")]
    Link,
}

/// The files of a commit, or what stands in the way: repairs are committed together or not at all.
///
/// # Errors
/// The first file that must not be written, and why.
pub fn entries(inspection: &Inspection, snapshot: &Snapshot) -> Result<Vec<Entry>, (String, Taboo)> {
    let files = inspection.healing.files.iter();
    files.map(|file| entry(inspection, snapshot, file)).collect()
}

fn entry(inspection: &Inspection, snapshot: &Snapshot, file: &HealedFile) -> Result<Entry, (String, Taboo)> {
    let path = inspection.path(&file.path);
    let refuse = |taboo| Err((path.clone(), taboo));
    if is_below_github(&path) {
        return refuse(Taboo::Workflows);
    }
    if file.from.is_some() {
        return refuse(Taboo::Renamed);
    }
    let name = crate::project::path::name(&path);
    if LOCKS.iter().any(|lock| lock.eq_ignore_ascii_case(name)) {
        return refuse(Taboo::Lock);
    }
    let mode = match snapshot.entry(&file.path).map(|entry| entry.mode) {
        None | Some(Mode::File) => "100644",
        Some(Mode::Executable) => "100755",
        Some(_) => return refuse(Taboo::Link),
    };
    match std::str::from_utf8(&file.after) {
        Ok(text) => Ok(Entry { path, mode, kind: "blob", content: text.to_owned() }),
        Err(_) => refuse(Taboo::Binary),
    }
}

/// Whether a path is below `.github`, however a file system that folds letters would find it.
fn is_below_github(path: &str) -> bool {
    path.split('/').next().is_some_and(|first| first.eq_ignore_ascii_case(".github"))
}

/// The first line: `Heal netlify.toml for Netlify`.
#[must_use]
pub fn subject(inspections: &[&Inspection]) -> String {
    let mut names: Vec<String> = Vec::new();
    for inspection in inspections {
        names.extend(inspection.healing.files.iter().map(|file| words(&inspection.path(&file.path))));
    }
    let what = match names.as_slice() {
        [one] => one.clone(),
        names => format!("{} files", names.len()),
    };
    let platforms: BTreeSet<&str> = inspections.iter().flat_map(|inspection| platforms(inspection)).collect();
    limit::characters(&format!("Heal {what} for {}", listed(&platforms.into_iter().collect::<Vec<_>>())), WIDTH)
}

fn platforms(inspection: &Inspection) -> Vec<&'static str> {
    let healed: BTreeSet<&str> =
        inspection.healing.fixes_applied.iter().map(|applied| applied.subject.platform).collect();
    let sites = inspection.healing.before.iter().filter(|site| healed.contains(site.platform.name));
    sites.map(|site| site.platform.title).collect()
}

/// The whole message.
#[must_use]
pub fn message(inspections: &[&Inspection], head: &str) -> String {
    let mut out = subject(inspections) + "\n\n";
    let applied: Vec<&Applied> = inspections.iter().flat_map(|inspection| &inspection.healing.fixes_applied).collect();
    for applied in applied.iter().take(MOST_LINES) {
        out.push_str(&format!("{} {}\n", applied.subject.rule.id, words(&applied.title)));
    }
    if applied.len() > MOST_LINES {
        out.push_str(&format!("and {} more\n", applied.len() - MOST_LINES));
    }
    format!("{out}\n{HEALED_FROM}: {head}\n{RULES}: {RULESET}\n")
}

/// Words of the repository in a message: on one line, without the signs that notify people or close issues.
fn words(text: &str) -> String {
    let text = escape::line(text).replace('@', "\u{ff20}").replace('#', "\u{ff03}");
    limit::characters(&text, WIDTH)
}

/// Whether a commit is one of ours: what it left is not healed once more.
#[must_use]
pub fn is_ours(message: &str) -> bool {
    let trailers = message.trim_end().rsplit("\n\n").next().unwrap_or_default();
    trailers.lines().any(|line| line.strip_prefix(HEALED_FROM).is_some_and(|rest| rest.starts_with(": ")))
}

/// What is said below the pull request after a commit of a token that starts no workflows.
#[must_use]
pub fn notice(commit: &str, healed: usize) -> String {
    let short = commit.get(..7).unwrap_or(commit);
    format!(
        "Chimera pushed {short}, which heals {}. GitHub does not start other checks for a push by the token of a workflow: \
         press **Approve workflows to run**, push anything, or give Chimera the token of an App (input `token`), so that \
         they start by themselves.\n",
        plural(healed, "finding")
    )
}

/// The branch of a pull request that brings repairs; one for every subject, so that it is updated and not repeated.
#[must_use]
pub fn branch(subject: &str) -> String {
    format!("chimera/heal/{subject}")
}

/// The text of a pull request that brings repairs.
#[must_use]
pub fn pull_request_body(inspections: &[&Inspection], branch: &str) -> String {
    let mut out = format!("Repairs for {}, each proven by simulating the deploy again.\n\n", escape::code(branch));
    out.push_str("| where | what | repair |\n| --- | --- | --- |\n");
    for inspection in inspections {
        for applied in inspection.healing.fixes_applied.iter().take(MOST_LINES) {
            let subject = &applied.subject;
            let path = subject.path.as_ref().map(|path| inspection.path(path)).unwrap_or_default();
            let place = subject.line.map_or_else(|| path.clone(), |line| format!("{path}:{line}"));
            let (message, title) = (escape::prose(&subject.message), escape::prose(&applied.title));
            let row = format!("| {} | **{}** {message} | {title} |\n", escape::code(&place), subject.rule.id);
            out.push_str(&row);
        }
    }
    out.push_str("\nThis pull request is updated by itself, and closed when nothing is left to heal.\n");
    limit::lines(&out, limit::COMMENT, "… the rest is in the commit")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_is_ours_by_its_trailer_and_not_by_its_words() {
        assert!(is_ours("Heal x\n\nNTL011 y\n\nChimera-Healed-From: abc\nChimera-Ruleset: 1\n"));
        assert!(!is_ours("Revert\n\nThis reverts Chimera-Healed-From: abc\n\nSigned-off-by: a\n"));
        assert!(!is_ours("Chimera-Healed-From is a trailer\n\nmore"));
    }

    #[test]
    fn what_is_below_github_is_known_in_any_case_of_letters() {
        assert!(is_below_github(".github/workflows/x.yml") && is_below_github(".GitHub/x"));
        assert!(!is_below_github("docs/.github/x") && !is_below_github(".githubx"));
    }

    #[test]
    fn words_in_a_message_notify_nobody_and_break_no_line() {
        let text = words("fixes #1\n@octo\u{202e} x");
        assert!(!text.contains(['#', '@', '\n', '\u{202e}']), "{text}");
    }
}
