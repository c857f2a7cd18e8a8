//! How a function is bundled, which decides what a missing import does.
//!
//! Facts: `zip-it-and-ship-it/src/runtimes/node/bundlers/index.ts`, `src/config.ts` and `build/src/plugins_core/functions/zisi.ts`,
//! with no feature flag set; what each bundler does with a missing import was measured.

use globset::GlobBuilder;

use crate::project::javascript::resolve::{self, Guesses};
use crate::project::javascript::{ImportKind, Module, Presence, extension};
use crate::text::span::Span;
use crate::text::tree::{Node, Table};

/// A bundler, with the interface that the function is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bundler {
    /// zisi: walks the files, fails at whatever `require` does not find.
    Zisi,
    /// esbuild: fails at whatever it does not find.
    Esbuild,
    /// esbuild, and zisi when it fails; both must.
    EsbuildThenZisi,
    /// nft: traces files and passes over what is missing.
    Nft,
    /// nft behind esbuild, for the second interface: files must be there, packages need not.
    NftBundled,
    /// None at all.
    None,
    /// Cannot be told.
    Unknown,
}

/// Which interface a function is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interface {
    /// An export `handler` with events of AWS Lambda.
    First,
    /// A default export with requests and responses.
    Second,
    /// Cannot be told.
    Unknown,
}

/// Settings of one function out of `[functions]`.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// `node_bundler`, as written.
    pub bundler: Option<String>,
    /// `schedule`, with its place.
    pub schedule: Option<(String, Span)>,
    /// `external_node_modules` and `ignored_node_modules`.
    pub external: Vec<String>,
    /// Whether `included_files` excludes anything, which esbuild takes for packages that it must not look for.
    pub has_exclusions: bool,
}

impl Settings {
    /// The settings of the function `name`; more specific patterns win.
    #[must_use]
    pub fn of(name: &str, functions: &Table) -> Settings {
        let mut matching: Vec<(usize, &Node)> = functions
            .iter()
            .filter(|(pattern, _)| matches_name(pattern, name))
            .map(|(pattern, entry)| {
                let stars = pattern.matches('*').count();
                (pattern.chars().count().saturating_sub(stars + usize::from(stars > 0)), &entry.value)
            })
            .collect();
        matching.sort_by_key(|(weight, _)| *weight);
        let mut settings = Settings::default();
        for (_, node) in matching {
            settings.add(node);
        }
        settings
    }

    fn add(&mut self, node: &Node) {
        let text = |key: &str| node.at(&[key]).filter(|node| node.as_str().is_some());
        let list = |key: &str| node.at(&[key]).and_then(Node::as_array).unwrap_or_default();
        self.bundler = text("node_bundler").and_then(Node::as_str).map(str::to_owned).or_else(|| self.bundler.take());
        let schedule = text("schedule").and_then(|node| Some((node.as_str()?.to_owned(), node.span)));
        self.schedule = schedule.or_else(|| self.schedule.take());
        for key in ["external_node_modules", "ignored_node_modules"] {
            self.external.extend(list(key).iter().filter_map(Node::as_str).map(str::to_owned));
        }
        let files = list("included_files").iter().filter_map(Node::as_str);
        self.has_exclusions |= files.into_iter().any(|pattern| pattern.starts_with('!'));
    }
}

fn matches_name(pattern: &str, name: &str) -> bool {
    let is_hidden = name.starts_with('.') && !pattern.starts_with('.');
    if pattern == name || is_hidden {
        return pattern == name;
    }
    if pattern == "*" {
        return !name.contains('/');
    }
    let glob = GlobBuilder::new(pattern).literal_separator(true).build();
    glob.is_ok_and(|glob| glob.compile_matcher().is_match(name))
}

/// The interface of a module.
#[must_use]
pub fn interface(module: &Module) -> Interface {
    match (module.is_complete, module.exports.default, module.exports.handler) {
        (false, ..) => Interface::Unknown,
        (_, Presence::No, _) | (_, _, Presence::Yes) => Interface::First,
        (_, Presence::Yes, Presence::No) => Interface::Second,
        _ => Interface::Unknown,
    }
}

/// The bundler of a function.
#[must_use]
pub fn bundler(entry: &str, module: &Module, settings: &Settings) -> Bundler {
    let chosen = match settings.bundler.as_deref() {
        Some("none") => return Bundler::None,
        chosen => chosen,
    };
    match interface(module) {
        Interface::Unknown => return Bundler::Unknown,
        Interface::Second => return Bundler::NftBundled,
        Interface::First => {}
    }
    match (chosen, extension(entry)) {
        (Some("zisi"), _) => Bundler::Zisi,
        (Some("esbuild"), _) => Bundler::EsbuildThenZisi,
        (Some("nft"), _) => Bundler::Nft,
        (Some(_), _) => Bundler::Unknown,
        (None, ".mjs" | ".ts" | ".tsx" | ".cts" | ".mts") => Bundler::Esbuild,
        (None, ".js") if has_module_syntax(module) => Bundler::Nft,
        (None, _) => Bundler::Zisi,
    }
}

/// What es-module-lexer takes for a module: declarations, and also `import()`.
fn has_module_syntax(module: &Module) -> bool {
    module.exports.is_module || module.has_import_call
}

impl Bundler {
    /// Where it looks for a relative import.
    #[must_use]
    pub fn guesses(self) -> Guesses {
        match self {
            Bundler::Zisi => resolve::ZISI,
            Bundler::Esbuild => resolve::ESBUILD,
            Bundler::NftBundled => resolve::ESBUILD_DEFAULT,
            Bundler::EsbuildThenZisi | Bundler::Nft | Bundler::None | Bundler::Unknown => resolve::ANY,
        }
    }

    /// Whether it follows an import of that kind in a module.
    #[must_use]
    pub fn follows(self, kind: ImportKind, module: &Module) -> bool {
        match (self, kind) {
            (Bundler::None | Bundler::Unknown, _) => false,
            // zisi reads a file as one of the two: declarations, with calls of `import`, or calls of `require`.
            (Bundler::Zisi, ImportKind::Require) => !module.exports.is_module,
            (Bundler::Zisi, _) => module.exports.is_module,
            _ => true,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::project::javascript;
    use crate::text::span::FileId;
    use crate::text::toml;

    fn chosen(entry: &str, text: &str, bundler: Option<&str>) -> Bundler {
        let module = javascript::read(text, entry, FileId(0));
        let settings = Settings { bundler: bundler.map(str::to_owned), ..Settings::default() };
        super::bundler(entry, &module, &settings)
    }

    const FIRST: &str = "exports.handler = async () => {}";
    const SECOND: &str = "export default async () => {}";
    const FIRST_MODULE: &str = "export const handler = async () => {}";

    #[test]
    fn the_second_interface_is_bundled_by_nft_whatever_is_set() {
        for entry in ["a.js", "a.mjs", "a.ts"] {
            assert_eq!(chosen(entry, SECOND, Some("esbuild")), Bundler::NftBundled);
            assert_eq!(chosen(entry, SECOND, Some("none")), Bundler::None);
        }
        assert_eq!(chosen("a.cjs", "exports.default = async () => {}", None), Bundler::NftBundled);
    }

    #[test]
    fn the_first_interface_depends_on_extension_and_syntax() {
        assert_eq!(chosen("a.js", FIRST, None), Bundler::Zisi);
        assert_eq!(chosen("a.cjs", FIRST, None), Bundler::Zisi);
        assert_eq!(chosen("a.js", FIRST_MODULE, None), Bundler::Nft);
        assert_eq!(chosen("a.js", "exports.handler = f; import('x')", None), Bundler::Nft);
        assert_eq!(chosen("a.js", "exports.handler = f; import(x)", None), Bundler::Nft);
        assert_eq!(chosen("a.cjs", "exports.handler = f; import('x')", None), Bundler::Zisi);
        assert_eq!(chosen("a.mjs", FIRST_MODULE, None), Bundler::Esbuild);
        assert_eq!(chosen("a.ts", FIRST_MODULE, None), Bundler::Esbuild);
        assert_eq!(chosen("a.js", FIRST, Some("esbuild")), Bundler::EsbuildThenZisi);
        assert_eq!(chosen("a.tsx", "export default () => <p/>", None), Bundler::Unknown);
    }

    #[test]
    fn more_specific_patterns_win() {
        let text = "[f.'*']\nnode_bundler = 'zisi'\nexternal_node_modules = ['a']\n\
                    [f.'api*']\nnode_bundler = 'nft'\nexternal_node_modules = ['b']\n[f.api]\nschedule = '@daily'";
        let root = toml::parse(text, FileId(0)).unwrap();
        let functions = root.at(&["f"]).unwrap().as_table().unwrap();
        let settings = Settings::of("api", functions);
        assert_eq!(settings.bundler.as_deref(), Some("nft"));
        assert_eq!(settings.external, ["a", "b"]);
        assert_eq!(settings.schedule.unwrap().0, "@daily");
        assert_eq!(Settings::of("other", functions).bundler.as_deref(), Some("zisi"));
    }
}
