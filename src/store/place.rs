//! Where the ledger of an environment lies, and what is kept beside it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::project::collect;

/// A kind of store.
#[derive(Clone, PartialEq, Eq)]
pub enum Place {
    /// Files below the git directory.
    Files,
    /// A branch of the repository, or of the remote that is named.
    Git(Option<String>),
    /// A folder, such as an export or a checkout of a ledger's branch; nothing is written there.
    Folder(PathBuf),
    /// A PostgreSQL server at this address, which may hold a password.
    Postgres(String),
}

impl FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Place, String> {
        match text.split_once(':') {
            None if text == "files" => Ok(Place::Files),
            None if text == "git" => Ok(Place::Git(None)),
            // A remote that begins with a dash would be an option of git.
            Some(("git", remote)) if !remote.is_empty() && !remote.starts_with('-') => {
                Ok(Place::Git(Some(remote.to_owned())))
            }
            Some(("folder", path)) if !path.is_empty() => Ok(Place::Folder(PathBuf::from(path))),
            Some(("postgres", rest)) if rest.starts_with("//") => Ok(Place::Postgres(text.to_owned())),
            Some(("postgres", rest)) if !rest.is_empty() => Ok(Place::Postgres(rest.to_owned())),
            _ => Err("\"files\", \"git\", \"git:REMOTE\", \"folder:PATH\" or \"postgres://…\" is accepted".to_owned()),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Files => formatter.write_str("files"),
            Place::Git(None) => formatter.write_str("git"),
            Place::Git(Some(remote)) => write!(formatter, "git:{remote}"),
            Place::Folder(path) => write!(formatter, "folder:{}", path.display()),
            Place::Postgres(_) => formatter.write_str("postgres"),
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Place({self})")
    }
}

/// Whether this can name an environment: it becomes part of paths and of branch names.
#[must_use]
pub fn is_environment(name: &str) -> bool {
    let is_fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    (1..=100).contains(&name.len())
        && name.chars().all(is_fine)
        && !name.starts_with(['.', '-'])
        && !name.ends_with(['.', '-'])
        && !name.contains("..")
        && !name.ends_with(".lock")
}

/// The environments that have a ledger in a store of this repository; nothing for a store that keeps no list.
///
/// # Errors
/// When the store cannot be asked.
pub fn environments(root: &Path, place: &Place) -> Result<Vec<String>, String> {
    const BRANCHES: &str = "refs/heads/chimera-ledger/";
    let ask = |arguments: &[&str]| {
        let output = collect::git(root).args(arguments).output().map_err(|error| error.to_string())?;
        let reason = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        if output.status.success() { Ok(String::from_utf8_lossy(&output.stdout).into_owned()) } else { Err(reason) }
    };
    let mut names: Vec<String> = match place {
        Place::Files => {
            let folder = git_directory(root)?.join("chimera").join("ledger");
            let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
            entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
        }
        Place::Git(remote) => {
            let list = match remote {
                None => ask(&["for-each-ref", "--format=%(refname)", BRANCHES])?,
                Some(remote) => ask(&["ls-remote", remote, &format!("{BRANCHES}*")])?,
            };
            list.lines().filter_map(|line| Some(line.split_once(BRANCHES)?.1.to_owned())).collect()
        }
        Place::Postgres(_) | Place::Folder(_) => Vec::new(),
    };
    names.retain(|name| is_environment(name));
    names.sort();
    Ok(names)
}

/// The git directory that all work trees of the repository share.
///
/// # Errors
/// Why there is none.
pub fn git_directory(root: &Path) -> Result<PathBuf, String> {
    let mut command = collect::git(root);
    command.args(["rev-parse", "--path-format=absolute", "--git-common-dir"]);
    let output = command.output().map_err(|error| format!("git cannot be asked: {error}"))?;
    if !output.status.success() {
        let reason = String::from_utf8_lossy(&output.stderr);
        return Err(format!("\"{}\" is in no git repository: {}", root.display(), reason.trim()));
    }
    let text = String::from_utf8(output.stdout).map_err(|_| "the path of the git directory is not UTF-8".to_owned())?;
    Ok(PathBuf::from(text.trim_end_matches(['\n', '\r'])))
}

/// The name of a repository: that of its remote "origin" (`github.com/OWNER/REPO`), else `local/FOLDER`.
#[must_use]
pub fn repository_name(root: &Path) -> String {
    let from_remote = collect::remote(root).0.and_then(|remote| remote_name(&remote));
    from_remote.unwrap_or_else(|| {
        let folder = std::path::absolute(root).unwrap_or_else(|_| root.to_owned());
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let plain = |c: char| if c.is_control() || c == '+' { '-' } else { c };
        format!("local/{}", name.chars().map(plain).collect::<String>())
    })
}

/// `host/path` of a remote; `None` for one on this machine.
fn remote_name(remote: &str) -> Option<String> {
    let (host, path) = match remote.split_once("://") {
        Some(("file", _)) => return None,
        Some((_, rest)) => rest.split_once('/')?,
        None => remote.split_once(':').filter(|(host, _)| host.len() > 1 && !host.contains(['/', '\\']))?,
    };
    let host = host.rsplit('@').next()?.split(':').next()?;
    let path = path.trim_matches('/').trim_end_matches(".git");
    let is_fine = !host.is_empty() && !path.is_empty() && !path.contains(['+', '?', '#']);
    is_fine.then(|| format!("{}/{path}", host.to_ascii_lowercase()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn remotes_have_one_name_however_they_are_spelled() {
        for remote in [
            "https://github.com/acme/site.git",
            "https://token@GitHub.com/acme/site",
            "git@github.com:acme/site.git",
            "ssh://git@github.com:22/acme/site.git/",
        ] {
            assert_eq!(remote_name(remote).as_deref(), Some("github.com/acme/site"), "{remote}");
        }
        for remote in ["/srv/site.git", "file:///srv/site.git", "C:\\site", "../site"] {
            assert_eq!(remote_name(remote), None, "{remote}");
        }
    }

    #[test]
    fn environments_are_names_of_files_and_branches() {
        for name in ["production", "pr-12", "eu_west.1"] {
            assert!(is_environment(name), "{name}");
        }
        for name in ["", "a/b", "..", ".git", "a..b", "x.lock", "-x", "a b", "ü"] {
            assert!(!is_environment(name), "{name}");
        }
    }
}
