//! Changes of `pnpm-lock.yaml` that need no registry.

use nodejs_semver::{Range, Version};

use crate::platform::job::Job;
use crate::project::lockfile::compare::{Difference, Mismatch};
use crate::rule::fix::{Applicability, Change, Fix};
use crate::text::span::Span;
use crate::text::tree::Node;
use crate::text::yaml;

use super::command;

/// Larger lock files are not changed.
const MAX_BYTES: usize = 2_000_000;

const FIELDS: [&str; 3] = ["dependencies", "devDependencies", "optionalDependencies"];

/// Writes the manifest's ranges into the lock file, if the locked versions lie inside all of them.
pub(super) fn ranges(job: &Job<'_>, lock: &str, importer: &str, found: &[Mismatch]) -> Option<Fix> {
    let (file, text) = command::file(job, lock).filter(|(_, text)| text.len() <= MAX_BYTES)?;
    let document = yaml::parse(text, file);
    let root = document.root.as_ref().filter(|_| document.is_ok())?;
    let importer = root.at(&["importers", importer]).or(Some(root).filter(|_| importer == "."))?;
    let changes: Option<Vec<Change>> = found.iter().map(|mismatch| change(importer, text, mismatch)).collect();
    let title = "write the ranges of the manifest into the lock file, whose versions lie inside them";
    Some(Fix { title: title.to_owned(), applicability: Applicability::Review, changes: changes? })
}

fn change(importer: &Node, text: &str, mismatch: &Mismatch) -> Option<Change> {
    let Difference::Range { wanted, .. } = &mismatch.difference else { return None };
    let entry = FIELDS.iter().find_map(|field| importer.at(&[field, &mismatch.name]))?;
    let locked = entry.at(&["version"])?.as_str()?;
    let locked = Version::parse(locked.split('(').next()?).ok()?;
    if !Range::parse(wanted.trim()).ok()?.satisfies(&locked) {
        return None;
    }
    let span: Span = entry.at(&["specifier"])?.span;
    text.get(span.range()).filter(|written| !written.contains('\n'))?;
    Some(Change::Edit { span, text: scalar(wanted) })
}

/// A range as pnpm writes it.
fn scalar(range: &str) -> String {
    let is_plain = range.starts_with(['^', '~', 'v', 'w', 'n', 'g', 'f', 'l'])
        || range.split('.').all(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
            && range.matches('.').count() == 2;
    let is_plain = is_plain && !range.contains(": ") && !range.contains(" #");
    if is_plain { range.to_owned() } else { format!("'{}'", range.replace('\'', "''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_that_yaml_would_misread_are_quoted() {
        let all = ["^5.2.0", "5.4.11", "5", "5.4", ">=1", "*", "1.2.3-beta.1", "npm:a@1: b"].map(scalar);
        assert_eq!(all, ["^5.2.0", "5.4.11", "'5'", "'5.4'", "'>=1'", "'*'", "'1.2.3-beta.1'", "'npm:a@1: b'"]);
    }
}
