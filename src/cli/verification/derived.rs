//! What the repository and the publish directory on disk say of a site, as checks.

use std::borrow::Cow;
use std::path::Path;

use rayon::prelude::*;
use sha1::{Digest as _, Sha1};

use crate::cli::certify::list_directory;
use crate::cli::{CliError, input};
use crate::digest::{Digest, hex};
use crate::platform::netlify::edge::Table;
use crate::platform::netlify::output::server;
use crate::platform::netlify::routing::{FileText, Form, SideFile, parse_headers, parse_redirects};
use crate::platform::netlify::site::{Dashboard, NetlifySite, Request, find};
use crate::text::source::{Source, Sources};
use crate::text::tree::Node;
use crate::verify::derive::manifest::{Fact, Manifest};
use crate::verify::derive::{Known, Programs, Reader, derive};
use crate::verify::source::{Gap, Gathered};

/// Why rules of the configuration file are not counted on.
const DOUBT: &str = "it stands in netlify.toml, which an upload of the publish directory may lose";

/// A directory on disk.
struct Folder<'a>(&'a Path);

impl Reader for Folder<'_> {
    fn read(&self, path: &str) -> Option<Cow<'_, [u8]>> {
        std::fs::read(self.0.join(path)).ok().map(Cow::Owned)
    }
}

/// Derives checks of a publish directory that is, or will be, live; `seed` draws samples, and `before` are the files that are
/// live before it.
pub(super) fn gather(
    root: &Path,
    dir: &Path,
    seed: &str,
    before: Option<&[(String, String)]>,
) -> Result<Gathered, CliError> {
    let repository = input::open(root)?;
    let request = Request { dashboard: Dashboard::Unknown, ..Request::default() };
    let found = find(&repository.snapshot, &request).into_iter();
    let mut sites: Vec<NetlifySite<'_>> =
        found.map(|site| NetlifySite::new(&repository.snapshot, site, &request)).collect();
    if sites.len() > 1 {
        let here = dir.canonicalize().ok();
        sites.retain(|site| root.join(site.publish()).canonicalize().is_ok_and(|place| Some(place) == here));
    }
    let [site] = sites.as_slice() else {
        let reason = "it holds several sites, and none of them, or more than one, publishes this directory".to_owned();
        let gap = Gap { subject: "the repository".to_owned(), reason };
        return Ok(Gathered { probes: Vec::new(), gaps: vec![gap] });
    };
    let manifest = manifest(dir)?;
    let folder = Folder(dir);
    // Those of a context take the place of the others.
    let written = |key: &str| {
        let file = site.resolution.file.as_ref()?;
        file.at(&["context", "production", key]).or_else(|| file.at(&[key]))
    };
    let sources = &site.resolution.sources;
    let rules = parse_redirects(side_file(sources, dir, "_redirects"), written("redirects")).unwrap_or_default().rules;
    let headers =
        parse_headers(side_file(sources, dir, "_headers"), written("headers"), Form::Minimal).unwrap_or_default().rules;
    let is_doubtful = [written("redirects"), written("headers")].into_iter().flatten().any(is_filled);
    let programs = Programs { at_the_edge: server::has_edge_functions(site), on_a_server: server::may_answer(site) };
    Ok(derive(&Known {
        table: Table::new(&rules),
        headers: &headers,
        sources,
        manifest: Some(&manifest),
        reader: &folder,
        host: None,
        seed: seed.to_owned(),
        changed: before.map(|before| changed(&manifest, before)),
        programs,
        doubt: is_doubtful.then(|| DOUBT.to_owned()),
    }))
}

/// The files that are new, or have other bytes than those that are live.
fn changed(manifest: &Manifest, before: &[(String, String)]) -> Vec<String> {
    let found = manifest.compare(before.iter().map(|(path, sha1)| (path.as_str(), sha1.as_str())));
    found.missing.into_iter().chain(found.changed).collect()
}

fn is_filled(node: &Node) -> bool {
    node.as_array().is_some_and(|list| !list.is_empty())
}

/// A side file of the publish directory, whatever is tracked.
fn side_file<'a>(sources: &'a Sources, dir: &Path, name: &str) -> SideFile<'a> {
    let Ok(bytes) = std::fs::read(dir.join(name)) else { return SideFile::Absent };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let place = dir.join(name).to_string_lossy().replace('\\', "/");
    let file = sources.add_late(Source::new(place, true, text));
    let text = file.and_then(|file| Some(FileText { text: &sources.get(file)?.text, file }));
    text.map_or(SideFile::Absent, SideFile::Text)
}

/// All files with their digests.
fn manifest(dir: &Path) -> Result<Manifest, CliError> {
    let fact = |path: String| {
        let place = dir.join(&path);
        let bytes = std::fs::read(&place)
            .map_err(|error| CliError::unreadable(format!("\"{}\" cannot be read: {error}", place.display())))?;
        let fact = Fact { size: bytes.len() as u64, sha3: Digest::sha3(&bytes), sha1: hex(&Sha1::digest(&bytes)) };
        Ok((path, fact))
    };
    let files = list_directory(dir)?.into_par_iter().map(fact).collect::<Result<Vec<_>, CliError>>()?;
    Ok(Manifest::new(files))
}
