//! Which files become functions (`zip-it-and-ship-it/src/runtimes/node/finder.ts`, `edge-bundler/node/finder.ts`).

use indexmap::IndexMap;

use crate::project::javascript::extension;
use crate::project::path::{child, name};
use crate::project::snapshot::Snapshot;

/// What runs a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runtime {
    /// Node.js.
    JavaScript,
    /// An archive that is deployed as it is.
    Archive,
    /// Go, from source.
    Go,
}

/// A file or folder that becomes a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Name of the function: that of its file or folder, without the extension.
    pub name: String,
    /// The file that is run, as a repository path.
    pub entry: String,
    /// The file or folder in the functions directory, as a repository path.
    pub path: String,
    /// What runs it.
    pub runtime: Runtime,
}

/// Extensions of functions, the strongest first.
const EXTENSIONS: [&str; 8] = [".js", ".zip", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts"];
/// Extensions of the file that stands for a folder, the strongest first.
const FOLDER_EXTENSIONS: [&str; 7] = [".js", ".ts", ".mjs", ".cjs", ".tsx", ".mts", ".cts"];
/// Extensions of edge functions, the strongest first.
const EDGE_EXTENSIONS: [&str; 6] = [".js", ".jsx", ".mjs", ".mts", ".ts", ".tsx"];

/// The functions of a functions directory, one per name, sorted by name.
///
/// A folder beats a file of the same name, an earlier extension beats a later one.
#[must_use]
pub fn functions(snapshot: &Snapshot, dir: &str) -> Vec<Found> {
    let mut found: Vec<(usize, Found)> = Vec::new();
    for (base, is_dir) in snapshot.children(dir).into_iter().filter(|(base, _)| *base != "node_modules") {
        let path = child(dir, base);
        let rank = EXTENSIONS.iter().position(|known| *known == extension(base));
        let entry = if is_dir {
            folder_entry(snapshot, &path, base)
        } else {
            rank.map(|_| (path.clone(), Runtime::JavaScript))
        };
        let Some((entry, runtime)) = entry else { continue };
        let runtime = if extension(&entry) == ".zip" { Runtime::Archive } else { runtime };
        let rank = match (is_dir, runtime) {
            (true, Runtime::Go) => EXTENSIONS.len() + 1,
            (true, _) => 0,
            (false, _) => rank.map_or(EXTENSIONS.len(), |rank| rank + 1),
        };
        found.push((rank, Found { name: stem(base).to_owned(), entry, path, runtime }));
    }
    found.sort_by(|(a_rank, a), (b_rank, b)| a.name.cmp(&b.name).then(a_rank.cmp(b_rank)));
    found.dedup_by(|(_, later), (_, kept)| later.name == kept.name);
    found.into_iter().map(|(_, found)| found).collect()
}

/// The name without its extension.
fn stem(base: &str) -> &str {
    base.strip_suffix(extension(base)).unwrap_or(base)
}

fn folder_entry(snapshot: &Snapshot, path: &str, base: &str) -> Option<(String, Runtime)> {
    let names = FOLDER_EXTENSIONS.iter().flat_map(|known| [format!("{base}{known}"), format!("index{known}")]);
    let script = names.map(|file| child(path, &file)).find(|file| snapshot.is_file(file));
    let go = || [format!("{base}.go"), "main.go".to_owned()].into_iter().map(|file| child(path, &file));
    script.map(|file| (file, Runtime::JavaScript)).or_else(|| {
        let file = go().find(|file| snapshot.is_file(file))?;
        Some((file, Runtime::Go))
    })
}

/// The edge functions of a directory, one per name, sorted by name: name and file.
///
/// Of files with the same stem one is looked at: the one without a known extension, else the earlier extension.
#[must_use]
pub fn edge_functions(snapshot: &Snapshot, dir: &str) -> Vec<(String, String)> {
    let mut strongest: IndexMap<String, (usize, String)> = IndexMap::new();
    for (base, _) in snapshot.children(dir) {
        let rank = EDGE_EXTENSIONS.iter().position(|known| *known == extension(base)).map_or(0, |rank| rank + 1);
        let known = strongest.entry(stem(base).to_owned()).or_insert_with(|| (rank, base.to_owned()));
        if rank < known.0 {
            *known = (rank, base.to_owned());
        }
    }
    let entry = |base: &str| -> Option<(String, String)> {
        let path = child(dir, base);
        if snapshot.is_dir(&path) {
            let names = EDGE_EXTENSIONS.iter().flat_map(|known| [format!("{base}{known}"), format!("index{known}")]);
            let file = names.map(|file| child(&path, &file)).find(|file| snapshot.is_file(file))?;
            return Some((base.to_owned(), file));
        }
        let is_known = EDGE_EXTENSIONS.contains(&extension(base));
        is_known.then(|| (stem(name(base)).to_owned(), path))
    };
    let mut found: Vec<(String, String)> = strongest.values().filter_map(|(_, base)| entry(base)).collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(files: &[&str]) -> Vec<(String, String)> {
        let snapshot = Snapshot::in_memory(files.iter().map(|path| (format!("f/{path}"), Vec::new())));
        functions(&snapshot, "f").into_iter().map(|found| (found.name, found.entry)).collect()
    }

    fn pair(name: &str, entry: &str) -> (String, String) {
        (name.to_owned(), format!("f/{entry}"))
    }

    #[test]
    fn a_folder_beats_a_file_and_an_earlier_extension_beats_a_later_one() {
        assert_eq!(entries(&["a/a.js", "a.js", "a.ts", "a/index.js"]), [pair("a", "a/a.js")]);
        assert_eq!(entries(&["a.ts", "a.mjs", "a.cjs"]), [pair("a", "a.mjs")]);
        assert_eq!(entries(&["a/index.ts", "a/a.mjs", "a/index.js"]), [pair("a", "a/index.js")]);
        assert_eq!(entries(&["a/a.ts", "a/index.js"]), [pair("a", "a/index.js")]);
    }

    #[test]
    fn what_has_no_entry_is_no_function() {
        assert!(entries(&["README.md", "lib/db.js", "node_modules/a/index.js", "a.jsx", "a.json"]).is_empty());
        assert_eq!(
            entries(&[".a.js", "b.test.js", "c.d.ts"]),
            [pair(".a", ".a.js"), pair("b.test", "b.test.js"), pair("c.d", "c.d.ts")]
        );
        assert_eq!(entries(&["x.y/index.js"]), [pair("x", "x.y/index.js")]);
    }

    #[test]
    fn archives_and_go_are_told_apart() {
        let snapshot = Snapshot::in_memory(["f/a.zip", "f/b/main.go"].map(|path| (path, Vec::new())));
        let runtimes: Vec<Runtime> = functions(&snapshot, "f").into_iter().map(|found| found.runtime).collect();
        assert_eq!(runtimes, [Runtime::Archive, Runtime::Go]);
    }

    #[test]
    fn of_edge_functions_the_first_extension_counts() {
        let files =
            ["f/geo.ts", "f/geo.js", "f/auth/index.ts", "f/auth/auth.tsx", "f/lib/x.ts", "f/hid.ts", "f/hid.json"];
        let snapshot = Snapshot::in_memory(files.map(|path| (path, Vec::new())));
        let found = edge_functions(&snapshot, "f");
        assert_eq!(found, [pair("auth", "auth/index.ts"), pair("geo", "geo.js")]);
    }
}
