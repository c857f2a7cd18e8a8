//! `package.json`: the tree with its spans, and what its fields say.

use std::sync::Arc;

use super::path;
use super::snapshot::{ReadError, Snapshot};
use crate::text::json;
use crate::text::json_error::JsonError;
use crate::text::source::{Source, Sources};
use crate::text::span::{FileId, Span};
use crate::text::tree::{Entry, Node, Table};

/// The file's name.
pub const NAME: &str = "package.json";

/// A `package.json` that could be read.
#[derive(Debug, Clone)]
pub struct Manifest {
    /// Repository path of the file.
    pub path: String,
    /// Its number among the sources.
    pub file: FileId,
    /// The whole value; any JSON value, though npm wants an object.
    pub root: Arc<Node>,
    /// Whether a byte order mark comes first: npm passes over it, `JSON.parse` does not.
    pub has_byte_order_mark: bool,
}

/// Why a `package.json` could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// The file cannot be had.
    #[error("\"{path}\" {error}")]
    Unreadable {
        /// Repository path of the file.
        path: String,
        /// What is in the way.
        error: ReadError,
    },
    /// The file is not JSON.
    #[error("\"{path}\" {error}")]
    NotJson {
        /// Repository path of the file.
        path: String,
        /// Its number among the sources.
        file: FileId,
        /// What is wrong, and where.
        error: JsonError,
    },
}

/// The fields of `package.json` that name packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DependencyKind {
    /// `dependencies`.
    Production,
    /// `devDependencies`.
    Development,
    /// `peerDependencies`.
    Peer,
    /// `optionalDependencies`.
    Optional,
}

impl DependencyKind {
    /// All fields, in npm's order.
    pub const ALL: [DependencyKind; 4] =
        [DependencyKind::Production, DependencyKind::Development, DependencyKind::Peer, DependencyKind::Optional];

    /// The field's name.
    #[must_use]
    pub fn field(self) -> &'static str {
        match self {
            DependencyKind::Production => "dependencies",
            DependencyKind::Development => "devDependencies",
            DependencyKind::Peer => "peerDependencies",
            DependencyKind::Optional => "optionalDependencies",
        }
    }
}

/// A key with a text: a script, a dependency, an engine.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Field<'a> {
    /// The key.
    pub key: &'a str,
    /// Where the key was written.
    pub key_span: Span,
    /// The text; `None` when the value is not a string.
    pub text: Option<&'a str>,
    /// Where the value was written.
    pub span: Span,
}

/// The field `packageManager`, cut at its first `@`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackageManagerField<'a> {
    /// What comes before `@`.
    pub name: &'a str,
    /// What comes after it, with a checksum if there is one.
    pub version: Option<&'a str>,
    /// Where the value was written.
    pub span: Span,
}

impl Manifest {
    /// Reads the `package.json` of a folder; `None` when it has none.
    ///
    /// A file that was already read keeps its number among the sources.
    pub fn read(snapshot: &Snapshot, dir: &str, sources: &mut Sources) -> Option<Result<Manifest, ManifestError>> {
        let path = path::child(dir, NAME);
        let is_file = |file: &FileId| sources.get(*file).is_some_and(|source| source.is_file);
        let file = match sources.find(&path).filter(is_file) {
            Some(file) => file,
            None => match snapshot.text(&path) {
                Ok(text) => sources.add(Source::new(path.clone(), true, text)),
                Err(ReadError::Missing | ReadError::Directory) => return None,
                Err(error) => return Some(Err(ManifestError::Unreadable { path, error })),
            },
        };
        sources.get(file).map(|source| Manifest::of(source, file))
    }

    /// Reads the `package.json` of the nearest folder that has one, from `dir` upwards.
    pub fn nearest(snapshot: &Snapshot, dir: &str, sources: &mut Sources) -> Option<Result<Manifest, ManifestError>> {
        path::ancestors(dir).find_map(|dir| Manifest::read(snapshot, dir, sources))
    }

    /// Parses the text of a `package.json`.
    ///
    /// # Errors
    /// When npm would find no JSON in it.
    pub fn parse(path: String, text: &str, file: FileId) -> Result<Manifest, ManifestError> {
        Manifest::of(&Source::new(path, true, text), file)
    }

    /// Parses a text as a `package.json`, unless it has been parsed before.
    ///
    /// # Errors
    /// When npm would find no JSON in it.
    pub fn of(source: &Source, file: FileId) -> Result<Manifest, ManifestError> {
        let (path, has_byte_order_mark) = (source.name.clone(), source.text.starts_with('\u{feff}'));
        match source.manifest(file) {
            Ok(root) => Ok(Manifest { path, file, root, has_byte_order_mark }),
            Err(error) => Err(ManifestError::NotJson { path, file, error }),
        }
    }

    /// The folder that holds the file.
    #[must_use]
    pub fn dir(&self) -> &str {
        path::parent(&self.path).unwrap_or_default()
    }

    /// A field of the top level.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&Node> {
        self.root.as_table()?.get(key)
    }

    /// `name`, if it is a string.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.field("name")?.as_str()
    }

    /// `version`, if it is a string.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.field("version")?.as_str()
    }

    /// `type`: `module` or `commonjs`, if it is a string.
    #[must_use]
    pub fn module_type(&self) -> Option<&str> {
        self.field("type")?.as_str()
    }

    /// The scripts, in JavaScript's order of keys.
    #[must_use]
    pub fn scripts(&self) -> Vec<Field<'_>> {
        self.fields("scripts")
    }

    /// The script of that name.
    #[must_use]
    pub fn script(&self, name: &str) -> Option<Field<'_>> {
        self.field_of("scripts", name)
    }

    /// What one of the dependency fields lists.
    #[must_use]
    pub fn dependencies(&self, kind: DependencyKind) -> Vec<Field<'_>> {
        self.fields(kind.field())
    }

    /// Every field that lists a package.
    pub fn dependency<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (DependencyKind, Field<'a>)> {
        DependencyKind::ALL.into_iter().filter_map(move |kind| Some((kind, self.field_of(kind.field(), name)?)))
    }

    /// `engines`: `node`, `npm` and so on with their ranges.
    #[must_use]
    pub fn engines(&self) -> Vec<Field<'_>> {
        self.fields("engines")
    }

    /// The globs of `workspaces`: a list, or `{"packages": […]}`; what is not a string is left out.
    #[must_use]
    pub fn workspaces(&self) -> Vec<(&str, Span)> {
        let Some(field) = self.field("workspaces") else { return Vec::new() };
        let list = field.as_array().or_else(|| field.at(&["packages"])?.as_array()).unwrap_or_default();
        list.iter().filter_map(|item| Some((item.as_str()?, item.span))).collect()
    }

    /// `packageManager`, if it is a string that is not empty.
    #[must_use]
    pub fn package_manager(&self) -> Option<PackageManagerField<'_>> {
        let node = self.field("packageManager")?;
        let text = node.as_str().filter(|text| !text.is_empty())?;
        let (name, version) = match text.split_once('@') {
            Some((name, version)) => (name, Some(version)),
            None => (text, None),
        };
        Some(PackageManagerField { name, version, span: node.span })
    }

    fn table(&self, key: &str) -> Option<&Table> {
        self.field(key)?.as_table()
    }

    fn fields(&self, key: &str) -> Vec<Field<'_>> {
        let Some(table) = self.table(key) else { return Vec::new() };
        json::javascript_order(table).into_iter().map(|(key, entry)| Field::new(key, entry)).collect()
    }

    fn field_of(&self, key: &str, name: &str) -> Option<Field<'_>> {
        let (name, entry) = self.table(key)?.0.get_key_value(name)?;
        Some(Field::new(name, entry))
    }
}

impl<'a> Field<'a> {
    fn new(key: &'a str, entry: &'a Entry) -> Field<'a> {
        Field { key, key_span: entry.key_span, text: entry.value.as_str(), span: entry.value.span }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(files: &[(&str, &str)], dir: &str) -> (Option<Result<Manifest, ManifestError>>, Sources) {
        let files = files.iter().map(|(path, text)| (*path, text.as_bytes()));
        let mut sources = Sources::default();
        let found = Manifest::nearest(&Snapshot::in_memory(files), dir, &mut sources);
        (found, sources)
    }

    fn parsed(text: &str) -> Manifest {
        read(&[(NAME, text)], "").0.unwrap().unwrap()
    }

    #[test]
    fn fields_come_with_the_spans_that_wrote_them() {
        let text = r#"{"name": "a", "scripts": {"build": "vite build", "1": "x"}, "engines": {"node": 20}}"#;
        let manifest = parsed(text);
        assert_eq!(manifest.name(), Some("a"));
        assert_eq!(manifest.scripts().iter().map(|field| field.key).collect::<Vec<_>>(), ["1", "build"]);
        let build = manifest.script("build").unwrap();
        assert_eq!((build.text, &text[build.span.range()]), (Some("vite build"), "\"vite build\""));
        assert_eq!(&text[build.key_span.range()], "\"build\"");
        let engine = manifest.engines()[0];
        assert_eq!((engine.key, engine.text, &text[engine.span.range()]), ("node", None, "20"));
    }

    #[test]
    fn a_package_is_found_in_every_field_that_lists_it() {
        let manifest = parsed(r#"{"peerDependencies": {"next": "*"}, "dependencies": {"next": "14"}}"#);
        let found: Vec<_> = manifest.dependency("next").map(|(kind, field)| (kind, field.text.unwrap())).collect();
        assert_eq!(found, [(DependencyKind::Production, "14"), (DependencyKind::Peer, "*")]);
        assert!(manifest.dependencies(DependencyKind::Development).is_empty());
    }

    #[test]
    fn workspaces_are_a_list_or_an_object_with_packages() {
        let globs =
            |text: &str| parsed(text).workspaces().into_iter().map(|(glob, _)| glob.to_owned()).collect::<Vec<_>>();
        assert_eq!(globs(r#"{"workspaces": ["a/*", 1]}"#), ["a/*"]);
        assert_eq!(globs(r#"{"workspaces": {"packages": ["b"], "nohoist": []}}"#), ["b"]);
        assert!(globs(r#"{"workspaces": "a"}"#).is_empty());
    }

    #[test]
    fn the_package_manager_is_cut_at_the_first_at_sign() {
        let manifest = parsed(r#"{"packageManager": "pnpm@9.1.0+sha512.abc"}"#);
        let field = manifest.package_manager().unwrap();
        assert_eq!((field.name, field.version), ("pnpm", Some("9.1.0+sha512.abc")));
        assert_eq!(parsed(r#"{"packageManager": "yarn"}"#).package_manager().unwrap().version, None);
        assert!(parsed(r#"{"packageManager": 5}"#).package_manager().is_none());
    }

    #[test]
    fn the_nearest_manifest_upwards_is_read_even_when_it_is_broken() {
        let files = [(NAME, "{}"), ("a/b/package.json", "{"), ("a/b/c/x", "")];
        let (found, sources) = read(&files, "a/b/c");
        let ManifestError::NotJson { path, file, error } = found.unwrap().unwrap_err() else { unreachable!() };
        assert_eq!((path.as_str(), sources.get(file).unwrap().name.as_str()), ("a/b/package.json", "a/b/package.json"));
        assert_eq!((error.line, error.column), (1, 2));
        assert_eq!(read(&files, "a").0.unwrap().unwrap().dir(), "");
        assert!(read(&[("x", "")], "").0.is_none());
    }

    #[test]
    fn a_file_is_numbered_once() {
        let snapshot = Snapshot::in_memory([(NAME, "\u{feff}{}".as_bytes())]);
        let mut sources = Sources::default();
        let first = Manifest::read(&snapshot, "", &mut sources).unwrap().unwrap();
        let second = Manifest::read(&snapshot, "", &mut sources).unwrap().unwrap();
        assert_eq!(first.file, second.file);
        assert!(first.has_byte_order_mark);
    }

    #[test]
    fn a_manifest_that_is_no_object_has_no_fields() {
        let manifest = parsed("null");
        assert!(manifest.name().is_none() && manifest.scripts().is_empty() && manifest.workspaces().is_empty());
    }
}
