//! Targets of servers: `package.module:attribute`, and where Python looks for their modules.

use crate::project::path::{child, join};
use crate::project::snapshot::{Snapshot, Target as Entry};

use super::name::{is_identifier, is_module};

/// `package.module:attribute`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The module.
    pub module: String,
    /// The first name behind the colon; none without a colon.
    pub attribute: Option<String>,
    /// Whether it is called: `create_app()`.
    pub is_called: bool,
}

impl Target {
    /// Reads an argument; none for a text that is no target.
    #[must_use]
    pub fn parse(text: &str) -> Option<Target> {
        let (module, attribute) = match text.split_once(':') {
            Some((module, attribute)) => (module, Some(attribute)),
            None => (text, None),
        };
        if !is_module(module) {
            return None;
        }
        let Some(attribute) = attribute else {
            return Some(Target { module: module.to_owned(), attribute: None, is_called: false });
        };
        let end = attribute.find(['(', '.', '[']).unwrap_or(attribute.len());
        let name = &attribute[..end];
        let is_called = attribute[end..].starts_with('(');
        is_identifier(name).then(|| Target { module: module.to_owned(), attribute: Some(name.to_owned()), is_called })
    }
}

/// Where a module is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A file, as a repository path.
    File(String),
    /// A package, as the repository path of its folder.
    Package(String),
    /// Nowhere.
    Missing,
    /// A link or a submodule is in the way.
    Unknown,
}

/// Looks for a module below a folder that is on Python's path. A folder without `__init__.py` is a namespace package.
#[must_use]
pub fn find(snapshot: &Snapshot, folder: &str, module: &str) -> Found {
    let base = child(folder, &module.replace('.', "/"));
    if crate::project::path::ancestors(&base).any(|dir| is_elsewhere(snapshot, dir)) {
        return Found::Unknown;
    }
    if snapshot.is_file(&child(&base, "__init__.py")) {
        return Found::Package(base);
    }
    let file = format!("{base}.py");
    if snapshot.is_file(&file) {
        return Found::File(file);
    }
    if is_elsewhere(snapshot, &file) {
        return Found::Unknown;
    }
    // Compiled modules have other names: `app.cpython-312-x86_64-linux-gnu.so`, `app.pyc`, `app.pyx`.
    let (dir, stem) = base.rsplit_once('/').unwrap_or(("", &base));
    let is_compiled = |name: &str| {
        name.strip_prefix(stem)
            .is_some_and(|rest| rest.starts_with('.') && [".so", ".pyc", ".pyx"].iter().any(|end| rest.ends_with(end)))
    };
    if snapshot.children(dir).iter().any(|(name, is_dir)| !is_dir && is_compiled(name)) {
        return Found::Unknown;
    }
    if snapshot.is_dir(&base) { Found::Package(base) } else { Found::Missing }
}

fn is_elsewhere(snapshot: &Snapshot, path: &str) -> bool {
    matches!(snapshot.target(path), Entry::Submodule(_) | Entry::Outside | Entry::Loop)
}

/// The folders of the repository below which a module of this name lies, the folder of its top level named.
#[must_use]
pub fn roots_of(snapshot: &Snapshot, module: &str) -> Vec<String> {
    let path = module.replace('.', "/");
    let ends = [format!("{path}.py"), format!("{path}/__init__.py")];
    let mut found = Vec::new();
    for entry in snapshot.entries() {
        let is_vendored = entry.path.contains("node_modules/") || entry.path.contains("site-packages/");
        let root = ends.iter().filter(|_| !is_vendored).find_map(|end| {
            let root = entry.path.strip_suffix(end.as_str())?;
            if root.is_empty() { Some("") } else { root.strip_suffix('/') }
        });
        found.extend(root.map(str::to_owned));
    }
    found.dedup();
    found
}

/// The folder that an option of a server leads to; none when it leaves the repository.
#[must_use]
pub fn folder(cwd: &str, option: &str) -> Option<String> {
    const CHECKOUT: &str = "/opt/render/project/src";
    match option.strip_prefix(CHECKOUT) {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => join("", rest),
        _ if option.starts_with('/') => None,
        _ => join(cwd, option),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn snapshot() -> Snapshot {
        let paths = ["app.py", "pkg/__init__.py", "pkg/a.py", "space/b.py", "api/main.py", "c.cpython-312.so"];
        Snapshot::in_memory(paths.map(|path| (path, "".as_bytes())))
    }

    #[test]
    fn targets_are_read() {
        let target = |text: &str| Target::parse(text).map(|it| (it.module, it.attribute, it.is_called));
        assert_eq!(target("a.b:app"), Some(("a.b".to_owned(), Some("app".to_owned()), false)));
        assert_eq!(target("a:create_app('x')"), Some(("a".to_owned(), Some("create_app".to_owned()), true)));
        assert_eq!(target("a:app.server"), Some(("a".to_owned(), Some("app".to_owned()), false)));
        assert_eq!(target("wsgi"), Some(("wsgi".to_owned(), None, false)));
        for text in ["0.0.0.0:80", "a-b:app", ":app", "a/b:c", "a:", "app.py:"] {
            assert_eq!(target(text), None, "{text}");
        }
    }

    #[test]
    fn modules_are_files_packages_and_namespaces() {
        let snapshot = snapshot();
        assert_eq!(find(&snapshot, "", "app"), Found::File("app.py".to_owned()));
        assert_eq!(find(&snapshot, "", "pkg"), Found::Package("pkg".to_owned()));
        assert_eq!(find(&snapshot, "", "pkg.a"), Found::File("pkg/a.py".to_owned()));
        assert_eq!(find(&snapshot, "", "space.b"), Found::File("space/b.py".to_owned()));
        assert_eq!(find(&snapshot, "api", "main"), Found::File("api/main.py".to_owned()));
        assert_eq!((find(&snapshot, "", "main"), find(&snapshot, "", "c")), (Found::Missing, Found::Unknown));
    }

    #[test]
    fn the_folder_of_a_module_is_found_elsewhere() {
        assert_eq!(roots_of(&snapshot(), "main"), ["api"]);
        assert_eq!(roots_of(&snapshot(), "pkg.a"), [""]);
        assert!(roots_of(&snapshot(), "ain").is_empty());
    }

    #[test]
    fn folders_of_options_stay_in_the_repository() {
        assert_eq!(folder("api", "../web").as_deref(), Some("web"));
        assert_eq!(folder("api", "/opt/render/project/src/x").as_deref(), Some("x"));
        assert_eq!((folder("", "/app"), folder("", "..")), (None, None));
    }
}
