//! `_redirects` and `_headers` wherever a site keeps them.

use crate::platform::netlify::routing::{
    FileText, Form, Headers, Redirects, SideFile as Read, Subject, parse_headers, parse_redirects,
};
use crate::platform::netlify::site::NetlifySite;
use crate::project::path::child;
use crate::text::source::{Source, Sources};
use crate::text::span::FileId;

use super::Output;

/// What becomes of a side file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It lies in the publish directory, where the platform reads it.
    Published,
    /// It lies in a folder that the build copies there.
    Copied,
    /// It probably gets there, by a folder or a script that is not understood.
    Probable,
    /// Nothing that is known brings it there.
    Stray,
}

/// A side file of the site.
#[derive(Debug)]
pub struct SideFile {
    /// Repository path.
    pub path: String,
    /// Redirects or headers.
    pub subject: Subject,
    /// What becomes of it.
    pub standing: Standing,
    /// Its number among the sources; none for a file that cannot be read.
    pub file: Option<FileId>,
    /// Whether it is filled in by a generator before it is published.
    pub is_template: bool,
    /// Its rules, unless the platform's own reading of the configuration holds them.
    pub redirects: Redirects,
    /// As above.
    pub headers: Headers,
}

/// Finds the side files of a site and reads those that the configuration engine has not read.
pub(super) fn find(site: &NetlifySite<'_>, output: &Output, sources: &mut Sources) -> Vec<SideFile> {
    let names = [("_redirects", Subject::Redirect), ("_headers", Subject::Header)];
    let mut found: Vec<SideFile> = Vec::new();
    for (name, subject) in names {
        for (path, standing) in candidates(site, output, name) {
            if site.snapshot.is_file(&path) && found.iter().all(|known| known.path != path) {
                found.push(read(site, sources, path, subject, standing));
            }
        }
    }
    found
}

fn candidates(site: &NetlifySite<'_>, output: &Output, name: &str) -> Vec<(String, Standing)> {
    let mut list = vec![(child(site.publish(), name), Standing::Published)];
    let folders = output.static_folders.iter().map(String::as_str);
    if svelte_adapter(site).is_some() {
        list.push((child(site.build_dir(), name), Standing::Copied));
    } else {
        list.extend(folders.map(|folder| (child(folder, name), Standing::Copied)));
    }
    let beside = crate::project::path::parent(site.publish()).unwrap_or_default();
    for dir in [site.build_dir(), beside] {
        let standing = if output.static_folders.is_empty() { Standing::Probable } else { Standing::Stray };
        list.extend(["public", "static"].map(|folder| (child(&child(dir, folder), name), standing)));
    }
    let strays = ["", "src", "docs"].map(|folder| child(&child(site.build_dir(), folder), name));
    let is_there = strays.iter().any(|path| site.snapshot.is_file(path));
    let is_mentioned = is_there && site.speaks_of(&[name]);
    let standing = if is_mentioned { Standing::Probable } else { Standing::Stray };
    list.extend(strays.map(|path| (path, standing)));
    list
}

/// How SvelteKit's adapter for Netlify treats side files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SvelteAdapter {
    /// It copies those of the project's folder.
    Copies,
    /// It also stops the build when one lies among the static files (since its version 5).
    Refuses,
}

/// The adapter of SvelteKit, if it is the one for Netlify (`@sveltejs/adapter-netlify`, `index.js`).
#[must_use]
pub fn svelte_adapter(site: &NetlifySite<'_>) -> Option<SvelteAdapter> {
    let names = ["svelte.config.js", "svelte.config.mjs", "svelte.config.ts"];
    let read = |name: &str| site.snapshot.text_in(site.build_dir(), name);
    let text = names.iter().find_map(|name| read(name))?;
    if text.contains("@sveltejs/adapter-auto") {
        return Some(SvelteAdapter::Copies);
    }
    text.contains("@sveltejs/adapter-netlify").then(|| {
        let manifest = read("package.json").unwrap_or_default();
        let range = manifest.split("\"@sveltejs/adapter-netlify\"").nth(1).unwrap_or_default();
        let range = range.trim_start_matches([' ', ':', '"', '^', '~', '=', '>', '\n', '\r', '\t']);
        let major = range.split(|c: char| !c.is_ascii_digit()).next().and_then(|major| major.parse::<u32>().ok());
        if major.is_some_and(|major| major >= 5) { SvelteAdapter::Refuses } else { SvelteAdapter::Copies }
    })
}

fn read(site: &NetlifySite<'_>, sources: &mut Sources, path: String, subject: Subject, standing: Standing) -> SideFile {
    let mut side_file = SideFile {
        path,
        subject,
        standing,
        file: None,
        is_template: false,
        redirects: Redirects::default(),
        headers: Headers::default(),
    };
    let Ok(text) = site.snapshot.text(&side_file.path) else { return side_file };
    side_file.is_template = is_template(&text);
    let known = sources.find(&side_file.path);
    let file = known.unwrap_or_else(|| sources.add(Source::new(side_file.path.as_str(), true, text)));
    side_file.file = Some(file);
    if side_file.standing == Standing::Published || side_file.is_template {
        return side_file;
    }
    let Some(source) = sources.get(file) else { return side_file };
    let read = Read::Text(FileText { text: &source.text, file });
    match subject {
        Subject::Redirect => side_file.redirects = parse_redirects(read, None).unwrap_or_default(),
        Subject::Header => side_file.headers = parse_headers(read, None, Form::Minimal).unwrap_or_default(),
    }
    side_file
}

/// Front matter, or the marks of template languages.
fn is_template(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}');
    text.starts_with("---\n")
        || text.starts_with("---\r\n")
        || ["{{", "{%", "<%"].iter().any(|mark| text.contains(mark))
}
