//! Where an import leads, by Node's algorithm and what bundlers add to it.

use super::alias::Aliases;
use super::neighbour::Neighbours;
pub use super::outcome::{Missing, Refusal, Resolved, Variant, Via};
use super::sass;
use super::scan::{Load, LoadKind};
use crate::project::javascript::resolve::{is_builtin, is_relative, package_name};
use crate::project::path::{self, child};
use crate::project::snapshot::{Snapshot, Target};

/// How a tool completes names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completion {
    /// As bundlers do, by all extensions that any of them tries; another file of that stem leaves it open.
    Lenient,
    /// As Vite does, by its own list (`vite/src/node/constants.ts`).
    Vite,
    /// As Node.js does: by the kind of the import.
    Node,
    /// As Sass does: by its extensions, and with an underscore before the name.
    Sass,
    /// As Less does: by its extension.
    Less,
    /// As Node.js does in CommonJS modules.
    Common,
    /// As Node.js does in ES modules: not at all.
    Exact,
}

impl Completion {
    fn extensions(self) -> &'static [&'static str] {
        match self {
            Completion::Lenient => &[
                ".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".json", ".vue", ".svelte", ".astro",
                ".css", ".scss", ".sass", ".less", ".md", ".mdx", ".wasm", ".node", ".d.ts",
            ],
            Completion::Vite => &[".mjs", ".js", ".mts", ".ts", ".jsx", ".tsx", ".json"],
            Completion::Sass => &[".scss", ".sass", ".css"],
            Completion::Less => &[".less", ".css"],
            Completion::Common => &[".js", ".json", ".node"],
            Completion::Exact | Completion::Node => &[],
        }
    }
}

/// Resolves the imports of one tool.
pub struct Resolver {
    /// How names are completed.
    pub completion: Completion,
    /// What settings add.
    pub aliases: Aliases,
    /// The folder that `/x` of pages means.
    pub root: String,
    /// Whether `/x` of scripts means the same folder.
    pub has_rooted_names: bool,
    /// The packages of the same repository; none where they are not followed.
    pub neighbours: Option<Neighbours>,
}

impl Resolver {
    /// A resolver without aliases.
    #[must_use]
    pub fn new(root: &str, completion: Completion) -> Resolver {
        Resolver {
            completion,
            aliases: Aliases::default(),
            root: root.to_owned(),
            has_rooted_names: false,
            neighbours: Some(Neighbours::default()),
        }
    }

    /// Where an import of a file in `dir` leads.
    #[must_use]
    pub fn resolve(&self, snapshot: &Snapshot, load: &Load, dir: &str) -> Resolved {
        Lookup { resolver: self, snapshot }.resolve(load, dir)
    }
}

/// One question to a resolver.
pub(super) struct Lookup<'r> {
    pub(super) resolver: &'r Resolver,
    pub(super) snapshot: &'r Snapshot,
}

impl Lookup<'_> {
    fn resolve(&self, load: &Load, dir: &str) -> Resolved {
        let specifier = load.specifier.as_str();
        if specifier.contains(['!', '\0', ':', '{', '}', '*', '$', '%', '\\']) && !specifier.starts_with("$lib") {
            return Resolved::Unknown;
        }
        let bare = if specifier.starts_with('#') { specifier } else { cut(specifier) };
        match self.plain(bare, load.kind, dir) {
            Resolved::Missing(mut missing) => {
                for written in missing.variants.iter_mut().filter_map(|variant| variant.specifier.as_mut()) {
                    written.push_str(&specifier[bare.len()..]);
                }
                Resolved::Missing(missing)
            }
            found => found,
        }
    }

    fn plain(&self, bare: &str, kind: LoadKind, dir: &str) -> Resolved {
        let completion = match self.resolver.completion {
            Completion::Node if kind == LoadKind::Require => Completion::Common,
            Completion::Node => Completion::Exact,
            completion => completion,
        };
        match kind {
            LoadKind::Page => return self.of_page(bare, dir),
            LoadKind::Style | LoadKind::Part => return self.relative(bare, dir, Completion::Lenient),
            LoadKind::Sass => return self.relative(bare, dir, Completion::Sass),
            LoadKind::Less => return self.relative(bare, dir, Completion::Less),
            _ if bare.is_empty() => return Resolved::Unknown,
            _ => {}
        }
        if is_relative(bare) {
            return self.relative(bare, dir, completion);
        }
        if let Some(rooted) = bare.strip_prefix('/') {
            return match self.at(&child(&self.resolver.root, rooted), self.resolver.completion) {
                Found::File(file) if self.resolver.has_rooted_names => Resolved::File(file),
                _ => Resolved::Unknown,
            };
        }
        self.named(bare, kind, dir)
    }

    fn of_page(&self, specifier: &str, dir: &str) -> Resolved {
        let wanted = match specifier.strip_prefix('/') {
            Some(rooted) => path::join(&self.resolver.root, rooted),
            None => path::join(dir, specifier),
        };
        let Some(wanted) = wanted.filter(|wanted| !wanted.is_empty()) else { return Resolved::Unknown };
        self.target(&wanted, specifier, Completion::Lenient)
    }

    fn relative(&self, specifier: &str, dir: &str, completion: Completion) -> Resolved {
        let Some(wanted) = path::join(dir, specifier) else { return Resolved::Unknown };
        if specifier.ends_with('/') || matches!(path::name(specifier), "." | "..") {
            return match self.folder(&wanted, completion) {
                Found::File(file) => Resolved::File(file),
                _ => Resolved::Unknown,
            };
        }
        self.target(&wanted, specifier, completion)
    }

    /// An alias, a name of the package itself, or a package.
    pub(super) fn named(&self, specifier: &str, kind: LoadKind, dir: &str) -> Resolved {
        if let Some((alias, targets)) = self.resolver.aliases.of(specifier) {
            let mut missing = None;
            for target in &targets {
                match self.target(target, specifier, self.resolver.completion) {
                    Resolved::Missing(one) => missing = missing.or(Some(one)),
                    found => return found,
                }
            }
            let is_told = alias.is_certain && targets.len() == 1;
            return missing.filter(|_| is_told).map_or(Resolved::Unknown, Resolved::Missing);
        }
        for base in &self.resolver.aliases.bases {
            if let Found::File(file) = self.at(&child(base, specifier), self.resolver.completion) {
                return Resolved::File(file);
            }
        }
        if specifier.starts_with('#') {
            return self.of_package_itself(specifier, kind, dir);
        }
        if is_builtin(specifier) {
            return Resolved::Unknown;
        }
        match package_name(specifier) {
            Some(name) if !self.resolver.aliases.is_open => self
                .of_neighbour(name, &specifier[name.len()..], kind, dir)
                .unwrap_or_else(|| Resolved::Package(name.to_owned())),
            _ => Resolved::Unknown,
        }
    }

    pub(super) fn target(&self, wanted: &str, specifier: &str, completion: Completion) -> Resolved {
        match self.at(wanted, completion) {
            Found::File(file) => Resolved::File(file),
            Found::Unknown => Resolved::Unknown,
            Found::Nothing => Resolved::Missing(Missing {
                wanted: wanted.to_owned(),
                variants: self.variants(wanted, specifier, completion),
                via: None,
            }),
        }
    }

    pub(super) fn at(&self, wanted: &str, completion: Completion) -> Found {
        let look = |name: &str| match self.snapshot.target(name) {
            Target::File(found) => Some(Found::File(found)),
            Target::Submodule(_) | Target::Loop | Target::Outside => Some(Found::Unknown),
            Target::Directory(_) | Target::Missing => None,
        };
        // Most names are whole.
        let found = look(wanted).or_else(|| names(wanted, completion).iter().skip(1).find_map(|name| look(name)));
        if let Some(found) = found {
            return found;
        }
        if wanted.split('/').any(|part| part == "node_modules") {
            return Found::Unknown;
        }
        if self.snapshot.is_dir(wanted) {
            return self.folder(wanted, completion);
        }
        if completion == Completion::Lenient && self.has_other_ending(wanted) { Found::Unknown } else { Found::Nothing }
    }

    fn folder(&self, wanted: &str, completion: Completion) -> Found {
        if completion == Completion::Exact {
            return Found::Nothing;
        }
        let index = child(wanted, "index");
        let completed = completion.extensions().iter().map(|extension| format!("{index}{extension}"));
        let mut names = completed.flat_map(|name| sass::partial(&name, completion).into_iter().chain([name]));
        if let Some(found) = names.find(|name| self.snapshot.is_file(name)) {
            return Found::File(found);
        }
        let is_open = completion == Completion::Less
            || self.snapshot.is_file(&child(wanted, "package.json"))
            || (completion == Completion::Lenient && self.has_other_ending(&index));
        if is_open { Found::Unknown } else { Found::Nothing }
    }

    /// Whether some file has this name with another ending.
    pub(super) fn has_other_ending(&self, wanted: &str) -> bool {
        let dir = path::parent(wanted).unwrap_or_default();
        let stem = format!("{}.", path::name(wanted));
        let entries = self.snapshot.below(dir);
        let first = child(dir, &stem);
        let at = entries.partition_point(|entry| *entry.path < *first);
        entries.get(at).is_some_and(|entry| entry.path.starts_with(&first))
    }

    fn variants(&self, wanted: &str, specifier: &str, completion: Completion) -> Vec<Variant> {
        let index = child(wanted, "index");
        let of_folder = completion.extensions().iter().map(|extension| format!("{index}{extension}"));
        let mut found: Vec<Variant> = Vec::new();
        for name in names(wanted, completion).into_iter().chain(of_folder) {
            for entry in self.snapshot.like(&name) {
                let path = entry.path.to_string();
                if self.snapshot.is_file(&path) && found.iter().all(|variant| variant.path != path) {
                    found.push(Variant { specifier: spelled(specifier, wanted, &name, &path), path });
                }
            }
        }
        found
    }
}

pub(super) enum Found {
    File(String),
    Nothing,
    Unknown,
}

/// A specifier without its query.
fn cut(specifier: &str) -> &str {
    specifier.split(['?', '#']).next().unwrap_or_default()
}

/// The files that a name may mean.
fn names(wanted: &str, completion: Completion) -> Vec<String> {
    const OUTPUTS: [(&str, &[&str]); 4] =
        [(".js", &[".ts", ".tsx", ".jsx"]), (".jsx", &[".tsx"]), (".mjs", &[".mts"]), (".cjs", &[".cts"])];
    let completed = completion.extensions().iter().map(|extension| [wanted, extension].concat());
    let mut names: Vec<String> = std::iter::once(wanted.to_owned()).chain(completed).collect();
    let partials: Vec<String> = names.iter().filter_map(|name| sass::partial(name, completion)).collect();
    names.extend(partials);
    if matches!(completion, Completion::Lenient | Completion::Vite) {
        for (output, sources) in OUTPUTS {
            let Some(stem) = wanted.strip_suffix(output) else { continue };
            names.extend(sources.iter().map(|source| format!("{stem}{source}")));
        }
    }
    names
}

/// The specifier with the letters of `path`, where `name` is what was found of `wanted` in another case.
fn spelled(specifier: &str, wanted: &str, name: &str, path: &str) -> Option<String> {
    let same = wanted.bytes().zip(name.bytes()).take_while(|(one, other)| one == other).count();
    let target = format!("{}{}", path.get(..same)?, wanted.get(same..)?);
    let common = specifier.bytes().rev().zip(wanted.bytes().rev()).take_while(|(one, other)| one == other).count();
    let (head, _) = wanted.split_at_checked(wanted.len() - common)?;
    let is_sound = target.len() == wanted.len() && target.to_lowercase() == wanted.to_lowercase();
    let tail = target.strip_prefix(head).filter(|_| is_sound)?;
    Some(format!("{}{tail}", specifier.get(..specifier.len() - common)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(specifier: &str, kind: LoadKind) -> Load {
        let specifier = specifier.to_owned();
        Load { specifier, start: 0, end: 0, kind, is_type_only: false, is_guarded: false, is_immediate: true }
    }

    fn found(files: &[&str], specifier: &str, completion: Completion) -> Resolved {
        let snapshot = Snapshot::in_memory(files.iter().map(|path| (*path, "".as_bytes())));
        Resolver::new("", completion).resolve(&snapshot, &load(specifier, LoadKind::Static), "src")
    }

    fn file(path: &str) -> Resolved {
        Resolved::File(path.to_owned())
    }

    fn variant(files: &[&str], specifier: &str) -> Option<(String, Option<String>)> {
        match found(files, specifier, Completion::Vite) {
            Resolved::Missing(missing) => missing.variants.into_iter().next().map(|one| (one.path, one.specifier)),
            _ => None,
        }
    }

    #[test]
    fn names_are_completed_as_the_tool_does() {
        assert_eq!(found(&["src/a.ts"], "./a", Completion::Vite), file("src/a.ts"));
        assert_eq!(found(&["src/a.ts"], "./a.js", Completion::Vite), file("src/a.ts"));
        assert_eq!(found(&["src/a/index.tsx"], "./a", Completion::Vite), file("src/a/index.tsx"));
        assert_eq!(found(&["a.svg"], "../a.svg?raw", Completion::Vite), file("a.svg"));
        assert!(matches!(found(&["src/a.vue"], "./a", Completion::Vite), Resolved::Missing(_)));
        assert_eq!(found(&["src/a.vue"], "./a", Completion::Lenient), file("src/a.vue"));
        assert_eq!(found(&["src/a.web.js"], "./a", Completion::Lenient), Resolved::Unknown);
        assert!(matches!(found(&["src/a.js"], "./a", Completion::Exact), Resolved::Missing(_)));
        assert_eq!(found(&["src/a/package.json"], "./a", Completion::Vite), Resolved::Unknown);
    }

    #[test]
    fn what_is_no_plain_name_is_unknown() {
        for specifier in ["virtual:x", "raw-loader!./x", "node:fs", "fs", "#x", "https://x", "/x", "../../x", "./a*"] {
            assert_eq!(found(&["src/a.js"], specifier, Completion::Lenient), Resolved::Unknown, "{specifier}");
        }
        assert_eq!(found(&[], "@a/b/c", Completion::Lenient), Resolved::Package("@a/b".to_owned()));
    }

    #[test]
    fn another_case_is_found_and_spelled() {
        let is = |path: &str, specifier: &str| Some((path.to_owned(), Some(specifier.to_owned())));
        assert_eq!(variant(&["src/Header.js"], "./header"), is("src/Header.js", "./Header"));
        assert_eq!(variant(&["src/Header.js"], "./header.js"), is("src/Header.js", "./Header.js"));
        assert_eq!(variant(&["src/UI/Button/index.ts"], "./ui/button"), is("src/UI/Button/index.ts", "./UI/Button"));
        assert_eq!(variant(&["src/foo.ts"], "./Foo.js"), is("src/foo.ts", "./foo.js"));
        assert_eq!(variant(&["lib/A.svg"], "../lib/a.svg?url"), is("lib/A.svg", "../lib/A.svg?url"));
        assert_eq!(variant(&["src/b.js"], "./a"), None);
    }

    #[test]
    fn aliases_come_before_packages() {
        let snapshot = Snapshot::in_memory([("src/a.js", "".as_bytes())]);
        let mut resolver = Resolver::new("", Completion::Vite);
        resolver.aliases.add_folder("@", "src", true);
        let resolve = |name: &str| resolver.resolve(&snapshot, &load(name, LoadKind::Static), "");
        assert_eq!(resolve("@/a"), file("src/a.js"));
        assert!(
            matches!(resolve("@/A"), Resolved::Missing(missing) if missing.variants[0].specifier.as_deref() == Some("@/a"))
        );
        assert_eq!(resolve("@b/a"), Resolved::Package("@b/a".to_owned()));
    }
}
