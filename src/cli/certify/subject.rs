//! What is certified, computed from disk.

use std::collections::BTreeSet;
use std::path::Path;

use crate::certificate::statement::Subject;
use crate::cli::{CliError, secret};
use crate::config;
use crate::digest::{Digest, DigestSet};
use crate::ledger::secret::Scanner;
use crate::project::snapshot::{ReadError, Snapshot};
use crate::verdict::SiteVerdict;

use super::Commit;

/// The files that decided the verdicts, and our own configuration.
pub(super) fn configurations(sites: &[SiteVerdict]) -> BTreeSet<String> {
    let of = |site: &SiteVerdict| {
        let files = site.sources.iter().filter(|(_, source)| source.is_file);
        files.map(|(_, source)| source.name.clone()).collect::<Vec<_>>()
    };
    sites.iter().flat_map(of).chain(std::iter::once(config::PATH.to_owned())).collect()
}

/// All subjects of a certificate.
pub(super) fn all(
    commit: &Commit,
    names: &BTreeSet<String>,
    snapshot: &Snapshot,
    directory: Option<&Subject>,
) -> Result<Vec<Subject>, CliError> {
    let mut subjects = commit.subjects.to_vec();
    for name in names {
        subjects.extend(configuration(name, snapshot)?);
    }
    subjects.extend(directory.cloned());
    Ok(subjects)
}

/// One digest for all configuration files.
pub(super) fn digest(subjects: &[Subject]) -> Digest {
    let files = subjects.iter().filter(|subject| subject.name.starts_with("config:"));
    let line = |subject: &Subject| {
        let digest = subject.sha3().map(|digest| digest.to_string()).unwrap_or_default();
        format!("{digest} {}\n", subject.name)
    };
    Digest::sha3(files.map(line).collect::<String>().as_bytes())
}

/// The configuration files that hold a secret, and what it is. Only their digests are certified, but whoever can read the
/// repository can read it.
pub(super) fn secrets(names: &BTreeSet<String>, snapshot: &Snapshot) -> Vec<(String, String)> {
    let scanner =
        Scanner::new(secret::NAMES.iter().filter_map(|name| Some(((*name).to_owned(), std::env::var(name).ok()?))));
    let find = |name: &String| {
        let bytes = snapshot.read(name).ok()?;
        let found = scanner.in_file(&String::from_utf8_lossy(&bytes))?;
        Some((name.clone(), found.0))
    };
    names.iter().filter_map(find).collect()
}

/// A configuration file as a subject; nothing when it is not there.
pub(crate) fn configuration(name: &str, snapshot: &Snapshot) -> Result<Option<Subject>, CliError> {
    match snapshot.read(name) {
        Ok(bytes) => Ok(Some(Subject::new(format!("config:{name}"), &DigestSet::of(&bytes)))),
        Err(ReadError::Refused(reason)) => Err(CliError::unreadable(format!("\"{name}\" cannot be read: {reason}"))),
        Err(_) => Ok(None),
    }
}

/// A publish directory as a subject, named as it lies in the repository.
pub(crate) fn publish(root: &Path, dir: &Path, digests: &DigestSet) -> Subject {
    let below = || {
        let (top, here) = (root.canonicalize().ok()?, dir.canonicalize().ok()?);
        Some(here.strip_prefix(top).ok()?.to_str()?.replace('\\', "/"))
    };
    let name = below().unwrap_or_else(|| dir.file_name().unwrap_or_default().to_string_lossy().into_owned());
    Subject::new(format!("publish:{}", crate::project::path::display(&name)), digests)
}

/// The bytes of the policy; none is an empty one.
pub(crate) fn policy(snapshot: &Snapshot) -> Result<Vec<u8>, CliError> {
    match snapshot.read(config::PATH) {
        Ok(bytes) => Ok(bytes.to_vec()),
        Err(ReadError::Missing) => Ok(Vec::new()),
        Err(error) => Err(CliError::unreadable(format!("{}: {error}", config::PATH))),
    }
}
