//! Where names lead that manifests of the repository answer for: `#x` of the package itself, and packages beside it.
//!
//! What a build may have made is unknown, never missing.

use super::resolve::{Completion, Found, Lookup, Missing, Refusal, Resolved, Variant, Via};
use super::scan::LoadKind;
use super::subpath::{self, Answer, Asker, Conditions, Target};
use crate::project::javascript::resolve::package_name;
use crate::project::manifest::Manifest;
use crate::project::path::{self, child};
use crate::text::span::Span;

/// Scripts of a package that run when it is installed.
const LIFECYCLE: [&str; 8] =
    ["preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare", "postprepublish"];

/// Folders of a package that its build writes.
const BUILT: [&str; 22] = [
    "dist",
    "build",
    "lib",
    "libs",
    "out",
    "output",
    "es",
    "esm",
    "cjs",
    "umd",
    "types",
    "typings",
    "compiled",
    "bundle",
    "bundles",
    "target",
    "pkg",
    "bin",
    "release",
    "generated",
    "storybook-static",
    "coverage",
];

/// Fields beside `main` that some bundler reads for the file that a package begins with.
const FIELDS: [&str; 9] =
    ["browser", "svelte", "jsnext:main", "jsnext", "esnext", "es2020", "es2015", "react-native", "source"];

impl Lookup<'_> {
    fn conditions(&self, kind: LoadKind) -> Conditions {
        let asker = match self.resolver.completion {
            Completion::Node | Completion::Common | Completion::Exact => Asker::Node,
            Completion::Vite => Asker::Vite,
            Completion::Lenient | Completion::Sass | Completion::Less => Asker::Bundler,
        };
        Conditions { asker, is_import: kind != LoadKind::Require }
    }

    /// Whether the tool loads everything that is named, used or not.
    fn is_strict(&self) -> bool {
        !matches!(self.resolver.completion, Completion::Lenient)
    }

    /// How the targets of a map are completed: Node.js takes them as they are.
    fn completion_of_targets(&self) -> Completion {
        match self.resolver.completion {
            Completion::Node | Completion::Common => Completion::Exact,
            completion => completion,
        }
    }

    /// A name that begins with `#`.
    pub(super) fn of_package_itself(&self, specifier: &str, kind: LoadKind, dir: &str) -> Resolved {
        self.imported(specifier, kind, dir).unwrap_or(Resolved::Unknown)
    }

    fn imported(&self, specifier: &str, kind: LoadKind, dir: &str) -> Option<Resolved> {
        let neighbours = self.resolver.neighbours.as_ref()?;
        let scope = neighbours.scope(self.snapshot, dir)?;
        let manifest = neighbours.manifest(self.snapshot, scope)?;
        let imports = manifest.field("imports")?;
        let answer = subpath::imported(imports, specifier, self.conditions(kind))?;
        if let [only] = answer.targets.as_slice()
            && package_name(&only.text).is_some()
        {
            return Some(self.named(&only.text, kind, dir));
        }
        let found = self.answered(&manifest, answer, ("imports", specifier), imports.span)?;
        let is_lost = matches!(found, Resolved::Missing(_) | Resolved::Refused(_));
        (!is_lost || !self.resolver.aliases.is_open).then_some(found)
    }

    /// A package of the same repository, `rest` being what stands behind its name; none for all others.
    pub(super) fn of_neighbour(&self, name: &str, rest: &str, kind: LoadKind, dir: &str) -> Option<Resolved> {
        let neighbours = self.resolver.neighbours.as_ref()?;
        let home = neighbours.link(self.snapshot, &self.resolver.root, name, dir)?;
        let manifest = neighbours.manifest(self.snapshot, &home)?;
        let key = format!(".{rest}");
        let exports = manifest.field("exports").filter(|exports| !exports.is_null());
        let found = match exports {
            Some(exports) => subpath::exported(exports, &key, self.conditions(kind))
                .and_then(|answer| self.answered(&manifest, answer, ("exports", &key), exports.span)),
            None if rest.is_empty() => self.entry(&manifest),
            None => path::join(&home, rest.trim_start_matches('/'))
                .map(|wanted| self.unless_made(&manifest, self.inside(&wanted, name, rest, kind))),
        };
        Some(match found.unwrap_or(Resolved::Unknown) {
            // What is not used of such a package, some bundlers leave out without a look.
            Resolved::File(_) if !self.is_strict() && manifest.field("sideEffects").is_some() => Resolved::Unknown,
            found => found,
        })
    }

    /// A file that is named by its path in the package.
    fn inside(&self, wanted: &str, name: &str, rest: &str, kind: LoadKind) -> Resolved {
        let completion = match self.resolver.completion {
            Completion::Node if kind == LoadKind::Require => Completion::Common,
            Completion::Node => Completion::Exact,
            completion => completion,
        };
        self.target(wanted, &format!("{name}{rest}"), completion)
    }

    /// Where the answer of a map leads; none when that cannot be told.
    fn answered(
        &self,
        manifest: &Manifest,
        answer: Answer,
        (field, key): (&'static str, &str),
        span: Span,
    ) -> Option<Resolved> {
        if answer.targets.is_empty() {
            return Some(Resolved::Refused(Refusal { field, key: key.to_owned(), via: via(manifest, span) }));
        }
        // Where a bundler takes one of them or none, the build goes on only with that one.
        if answer.may_be_closed && self.resolver.completion == Completion::Node {
            return None;
        }
        let completion = self.completion_of_targets();
        let mut found: Vec<Resolved> = Vec::new();
        for target in &answer.targets {
            let mut resolved = self.at_target(manifest, target, completion)?;
            if field == "exports" {
                resolved = self.unless_made(manifest, resolved);
            }
            if !found.contains(&resolved) {
                found.push(resolved);
            }
        }
        let is_lost = found.iter().all(|one| matches!(one, Resolved::Missing(_)));
        let is_only = found.len() == 1;
        found.into_iter().next().filter(|_| is_lost || is_only)
    }

    fn at_target(&self, manifest: &Manifest, target: &Target, completion: Completion) -> Option<Resolved> {
        let wanted = path::join(manifest.dir(), target.text.strip_prefix("./")?)?;
        Some(match self.target(&wanted, &wanted, completion) {
            Resolved::Missing(missing) => {
                let variants = missing.variants.into_iter().map(|variant| {
                    let specifier = variant.specifier.filter(|_| !target.is_pattern);
                    let spelled = specifier.and_then(|path| Some(format!("./{}", path::strip(&path, manifest.dir())?)));
                    Variant { specifier: spelled, path: variant.path }
                });
                let variants = variants.collect();
                Resolved::Missing(Missing { variants, via: Some(via(manifest, target.span)), ..missing })
            }
            found => found,
        })
    }

    /// The file that a package without `exports` begins with.
    fn entry(&self, manifest: &Manifest) -> Option<Resolved> {
        let home = manifest.dir();
        let is_node = self.conditions(LoadKind::Static).asker == Asker::Node;
        let completion = if is_node { Completion::Common } else { self.resolver.completion };
        let text = |field: &&str| manifest.field(field).and_then(|node| Some((node.as_str()?, node.span)));
        if !is_node && FIELDS.iter().any(|field| manifest.field(field).is_some()) {
            return None;
        }
        let fields: &[&str] = if is_node { &["main"] } else { &["module", "main"] };
        let named: Vec<(&str, Span)> = fields.iter().filter_map(text).filter(|(text, _)| !text.is_empty()).collect();
        let index = child(home, "index");
        let Some((first, span)) = named.first() else {
            return match self.at(&index, completion) {
                Found::File(file) => Some(Resolved::File(file)),
                _ => None,
            };
        };
        let is_there = |text: &str| path::join(home, text).map(|wanted| self.at(&wanted, completion));
        match is_there(first)? {
            Found::File(file) => return Some(Resolved::File(file)),
            Found::Unknown => return None,
            Found::Nothing => {}
        }
        let has_other = named.iter().skip(1).any(|(text, _)| !matches!(is_there(text), Some(Found::Nothing)));
        if has_other || self.has_other_ending(&index) {
            return None;
        }
        let target = Target { text: format!("./{}", first.trim_start_matches("./")), span: *span, is_pattern: false };
        self.at_target(manifest, &target, completion).map(|found| self.unless_made(manifest, found))
    }

    /// What was found, unless it is missing and may have been made.
    fn unless_made(&self, manifest: &Manifest, found: Resolved) -> Resolved {
        match found {
            Resolved::Missing(missing) if self.may_be_made(manifest, &missing) => Resolved::Unknown,
            found => found,
        }
    }

    /// Whether an installation or a build of the package may have made what is missing.
    fn may_be_made(&self, manifest: &Manifest, missing: &Missing) -> bool {
        let Some(below) = path::strip(&missing.wanted, manifest.dir()) else { return true };
        let is_built = below.split_once('/').is_some_and(|(first, _)| BUILT.contains(&first));
        if is_built || !missing.variants.is_empty() {
            return is_built;
        }
        let folder = path::parent(&missing.wanted).unwrap_or_default();
        let stem = missing.wanted.rsplit_once('.').map_or(missing.wanted.as_str(), |(stem, _)| stem);
        LIFECYCLE.iter().any(|name| manifest.script(name).is_some())
            || !self.snapshot.is_dir(folder)
            || self.has_other_ending(stem)
    }
}

fn via(manifest: &Manifest, span: Span) -> Via {
    Via { manifest: manifest.path.clone(), start: span.start, end: span.end }
}
