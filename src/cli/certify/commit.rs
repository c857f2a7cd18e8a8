//! What git says about the commit that is certified.

use std::path::Path;

use crate::certificate::statement::Subject;
use crate::cli::CliError;
use crate::digest::DigestSet;
use crate::project::collect;

/// A commit and its tree.
#[derive(Debug, Clone)]
pub(crate) struct Commit {
    /// Name of the commit.
    pub(crate) id: String,
    /// The two as subjects.
    pub(crate) subjects: [Subject; 2],
    /// Who wrote it on GitHub, if the address says so.
    pub(crate) author: Option<String>,
    /// Tracked files that differ from it.
    pub(crate) uncommitted: Vec<String>,
}

/// Reads the commit that is checked out.
///
/// The SHA3-256 of the commit is over the object's content, that of the tree over `git ls-tree -r -z --full-tree`.
pub(crate) fn read(root: &Path) -> Result<Commit, CliError> {
    let id = head(root)?;
    let content = ask(root, &["cat-file", "commit", &id])?;
    let tree = content.split(|byte| *byte == b'\n').find_map(|line| line.strip_prefix(b"tree "));
    let tree = String::from_utf8_lossy(tree.unwrap_or_default()).into_owned();
    let list = ask(root, &["ls-tree", "-r", "-z", "--full-tree", &id])?;
    let subjects = [
        Subject::new("git:commit", &DigestSet::of(&content)).with("gitCommit", &id),
        Subject::new("git:tree", &DigestSet::of(&list)).with("gitTree", &tree),
    ];
    Ok(Commit { author: author(&content), id, subjects, uncommitted: uncommitted(root)? })
}

/// Reads it anew; what a commit's name says need not be asked twice.
pub(crate) fn again(root: &Path, before: &Commit) -> Result<Commit, CliError> {
    if head(root)? != before.id || uncommitted(root)? != before.uncommitted {
        return read(root);
    }
    Ok(before.clone())
}

fn head(root: &Path) -> Result<String, CliError> {
    let name = ask(root, &["rev-parse", "--verify", "--end-of-options", "HEAD^{commit}"]);
    let name = name.map_err(|_| {
        CliError::unreadable(format!("\"{}\" has no commit, and a certificate is about a commit", root.display()))
            .hint("commit first; without git there is nothing that a platform could fetch")
    })?;
    Ok(String::from_utf8_lossy(&name).trim().to_owned())
}

fn uncommitted(root: &Path) -> Result<Vec<String>, CliError> {
    let status = ask(root, &["status", "--porcelain=v1", "-z", "--untracked-files=no", "--no-renames"])?;
    let status = String::from_utf8_lossy(&status);
    Ok(status.split('\0').filter_map(|record| record.get(3..)).map(str::to_owned).collect())
}

fn ask(root: &Path, arguments: &[&str]) -> Result<Vec<u8>, CliError> {
    let output = collect::git(root).args(arguments).output();
    let output = output.map_err(|error| CliError::unreadable(format!("git cannot be asked: {error}")))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let reason = String::from_utf8_lossy(&output.stderr);
    Err(CliError::unreadable(format!("git cannot tell about the commit: {}", reason.trim())))
}

/// The name in an address that GitHub gives to people (`12345+name@users.noreply.github.com`).
fn author(commit: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(commit);
    let line = text.lines().find_map(|line| line.strip_prefix("author "))?;
    let address = line.rsplit_once('<')?.1.split_once('>')?.0;
    let name = address.strip_suffix("@users.noreply.github.com")?;
    Some(name.rsplit_once('+').map_or(name, |(_, name)| name).to_owned())
}
