//! Where a relative import leads.

use crate::project::path;
use crate::project::snapshot::{Snapshot, Target};

/// Which guesses a bundler makes when nothing has exactly the name that is imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guesses {
    /// Extensions that are put behind the name, and behind `index` in a folder.
    pub extensions: &'static [&'static str],
    /// Whether `x.js` may mean `x.ts`, and so on.
    pub maps_to_typescript: bool,
    /// Whether a folder may stand for a file in it.
    pub opens_folders: bool,
}

/// esbuild with the options that Netlify gives it for functions of the first interface
/// (`zip-it-and-ship-it/src/runtimes/node/bundlers/esbuild/bundler.ts`).
pub const ESBUILD: Guesses = Guesses {
    extensions: &[".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".json"],
    maps_to_typescript: true,
    opens_folders: true,
};

/// esbuild with its own defaults, as for functions of the second interface (measured with esbuild 0.28.1).
pub const ESBUILD_DEFAULT: Guesses = Guesses {
    extensions: &[".tsx", ".ts", ".jsx", ".js", ".css", ".json"],
    maps_to_typescript: true,
    opens_folders: true,
};

/// The bundler `zisi` (package `resolve` with its defaults).
pub const ZISI: Guesses = Guesses { extensions: &[".js"], maps_to_typescript: false, opens_folders: true };

/// Everything that any of them guesses.
pub const ANY: Guesses = Guesses {
    extensions: &[".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".json", ".node", ".css", ".wasm"],
    maps_to_typescript: true,
    opens_folders: true,
};

/// Deno: the name as it is, or nothing.
pub const EXACT: Guesses = Guesses { extensions: &[], maps_to_typescript: false, opens_folders: false };

/// Where an import leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved {
    /// To this file.
    File(String),
    /// To nothing; this is the path that would be looked at first.
    Missing(String),
    /// Somewhere that cannot be looked at: a submodule, a package folder, beyond the repository.
    Unknown,
}

/// Whether a specifier is a path as seen from the importing file.
#[must_use]
pub fn is_relative(specifier: &str) -> bool {
    specifier == "." || specifier == ".." || specifier.starts_with("./") || specifier.starts_with("../")
}

/// Resolves a relative specifier as seen from the folder `dir`.
#[must_use]
pub fn resolve(snapshot: &Snapshot, dir: &str, specifier: &str, guesses: Guesses) -> Resolved {
    let bare = specifier.split(['?', '#']).next().unwrap_or_default();
    let Some(wanted) = path::join(dir, bare) else { return Resolved::Unknown };
    let is_folder_meant = bare.ends_with('/') || bare.ends_with("/.") || bare.ends_with("..") || bare == ".";
    if !is_folder_meant {
        let guessed = guesses.extensions.iter().map(|extension| format!("{wanted}{extension}"));
        let names = std::iter::once(wanted.clone()).chain(guessed).chain(typescript_names(&wanted, guesses));
        for name in names {
            match snapshot.target(&name) {
                Target::File(found) => return Resolved::File(found),
                Target::Submodule(_) | Target::Loop | Target::Outside => return Resolved::Unknown,
                Target::Directory(_) | Target::Missing => {}
            }
        }
    }
    if snapshot.is_dir(&wanted) && guesses.opens_folders {
        if snapshot.is_file(&path::child(&wanted, "package.json")) {
            return Resolved::Unknown;
        }
        let index = guesses.extensions.iter().map(|extension| path::child(&wanted, &format!("index{extension}")));
        let found = index.into_iter().find(|name| snapshot.is_file(name));
        return found.map_or(Resolved::Missing(wanted), Resolved::File);
    }
    Resolved::Missing(wanted)
}

/// The TypeScript files that a name with the extension of their output may mean.
fn typescript_names(wanted: &str, guesses: Guesses) -> Vec<String> {
    const PAIRS: [(&str, &[&str]); 4] =
        [(".js", &[".ts", ".tsx"]), (".jsx", &[".ts", ".tsx"]), (".mjs", &[".mts"]), (".cjs", &[".cts"])];
    let pairs = PAIRS.into_iter().filter(|_| guesses.maps_to_typescript);
    let found = pairs.filter_map(|(from, to)| Some((wanted.strip_suffix(from)?, to)));
    found.flat_map(|(stem, to)| to.iter().map(move |extension| format!("{stem}{extension}"))).collect()
}

/// The name of the package that a bare specifier belongs to; `None` when it is no package's name.
#[must_use]
pub fn package_name(specifier: &str) -> Option<&str> {
    let slash = specifier.find('/');
    let end = match (specifier.starts_with('@'), slash) {
        (true, Some(first)) => specifier[first + 1..].find('/').map_or(specifier.len(), |second| first + 1 + second),
        (true, None) => return None,
        (false, first) => first.unwrap_or(specifier.len()),
    };
    let name = &specifier[..end];
    let unscoped = name.strip_prefix('@').unwrap_or(name);
    let is_valid = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '_')
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
    };
    (name.len() <= 214 && unscoped.split('/').all(is_valid)).then_some(name)
}

/// Modules that Node.js brings along (`module.builtinModules` of Node.js 20 to 24), without the prefix `node:`.
const BUILTINS: [&str; 42] = [
    "assert",
    "async_hooks",
    "buffer",
    "child_process",
    "cluster",
    "console",
    "constants",
    "crypto",
    "dgram",
    "diagnostics_channel",
    "dns",
    "domain",
    "events",
    "fs",
    "http",
    "http2",
    "https",
    "inspector",
    "module",
    "net",
    "os",
    "path",
    "perf_hooks",
    "process",
    "punycode",
    "querystring",
    "readline",
    "repl",
    "stream",
    "string_decoder",
    "sys",
    "timers",
    "tls",
    "trace_events",
    "tty",
    "url",
    "util",
    "v8",
    "vm",
    "wasi",
    "worker_threads",
    "zlib",
];

/// Whether a specifier names a module of Node.js itself.
#[must_use]
pub fn is_builtin(specifier: &str) -> bool {
    let name = specifier.strip_prefix("node:");
    name.is_some() || BUILTINS.binary_search(&specifier.split('/').next().unwrap_or_default()).is_ok()
}
