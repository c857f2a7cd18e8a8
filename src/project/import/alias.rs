//! Names that settings give to folders: `paths` of TypeScript, `resolve.alias` of bundlers, those of frameworks.

use serde_json::Value;

use crate::project::javascript::configuration::Configuration;
use crate::project::path::{self, child};
use crate::project::setting::Setting;
use crate::project::snapshot::Snapshot;
use crate::text::span::FileId;

/// One alias: a pattern with at most one star, and what it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    /// The pattern: `@/*`.
    pub pattern: String,
    /// Repository paths with a star where the pattern has it: `src/*`.
    pub targets: Vec<String>,
    /// Whether the tool surely follows it.
    pub is_certain: bool,
}

/// All aliases that hold in a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Aliases {
    /// Those that are known.
    pub list: Vec<Alias>,
    /// Whether there may be others.
    pub is_open: bool,
    /// Folders in which names are looked for before they are taken for packages: `baseUrl`.
    pub bases: Vec<String>,
}

/// Longest settings that are read.
const MAX_LENGTH: usize = 1 << 18;
/// Settings that extend each other at most.
const MAX_EXTENDS: usize = 8;
/// Deepest nesting of settings.
const MAX_DEPTH: usize = 64;

impl Alias {
    /// What a specifier stands for by this alias, as repository paths; `None` when it does not match.
    #[must_use]
    pub fn apply(&self, specifier: &str) -> Option<Vec<String>> {
        let Some((before, after)) = self.pattern.split_once('*') else {
            return (self.pattern == specifier).then(|| self.targets.clone());
        };
        let middle = specifier.strip_prefix(before)?.strip_suffix(after)?;
        Some(self.targets.iter().map(|target| target.replacen('*', middle, 1)).collect())
    }

    /// How specific the pattern is.
    fn weight(&self) -> usize {
        self.pattern.find('*').unwrap_or(usize::MAX)
    }
}

impl Aliases {
    /// The alias that a specifier matches, the most specific one.
    #[must_use]
    pub fn of(&self, specifier: &str) -> Option<(&Alias, Vec<String>)> {
        let matching = self.list.iter().filter_map(|alias| Some((alias, alias.apply(specifier)?)));
        matching.max_by_key(|(alias, _)| (alias.weight(), alias.is_certain))
    }

    /// Adds a name that stands for a folder: itself and everything below.
    pub fn add_folder(&mut self, name: &str, folder: &str, is_certain: bool) {
        let name = name.strip_suffix('/').unwrap_or(name);
        let below = child(folder, "*");
        self.list.push(Alias { pattern: format!("{name}/*"), targets: vec![below], is_certain });
        self.list.push(Alias { pattern: name.to_owned(), targets: vec![folder.to_owned()], is_certain });
    }

    /// Adds the aliases of a bundler's configuration, below `keys`; what cannot be read leaves the list open.
    pub fn add_configuration(&mut self, module: &Configuration<'_>, keys: &[&str], dir: &str) {
        let Ok(entries) = module.entries(keys) else {
            self.is_open = true;
            return;
        };
        for (name, value) in entries {
            let folder = match &value {
                Setting::Written(written) if written.is_absolute => Some(written.text.clone()),
                Setting::Written(written) if written.text.starts_with('/') => path::join(dir, &written.text),
                Setting::Written(written) if written.text.starts_with('.') => path::join(dir, &written.text),
                _ => None,
            };
            let is_plain = !name.contains('*') && !name.ends_with('$') && !name.ends_with('/');
            match folder.filter(|_| is_plain) {
                Some(folder) => self.add_folder(&name, &folder, true),
                None => {
                    let name = name.trim_end_matches(['$', '/']);
                    self.list.push(Alias { pattern: format!("{name}*"), targets: Vec::new(), is_certain: false });
                }
            }
        }
    }

    /// Adds `paths` and `baseUrl` of the TypeScript settings in a folder.
    pub fn add_typescript(&mut self, snapshot: &Snapshot, dir: &str, is_certain: bool) {
        for name in ["tsconfig.json", "jsconfig.json", "tsconfig.app.json", "tsconfig.base.json"] {
            let path = child(dir, name);
            if snapshot.is_file(&path) {
                let is_own = matches!(name, "tsconfig.json" | "jsconfig.json");
                self.add_settings(snapshot, path, is_certain && is_own);
            }
        }
    }

    fn add_settings(&mut self, snapshot: &Snapshot, file: String, is_certain: bool) {
        let (mut has_paths, mut has_base) = (false, false);
        let mut waiting = vec![file];
        for _ in 0..MAX_EXTENDS {
            let Some(file) = waiting.pop() else { return };
            let Some(value) = read(snapshot, &file) else {
                self.is_open = true;
                continue;
            };
            let dir = path::parent(&file).unwrap_or_default();
            let options = &value["compilerOptions"];
            let base = options["baseUrl"].as_str().and_then(|base| path::join(dir, base));
            if let Some(base) = base.clone().filter(|_| !has_base) {
                has_base = true;
                self.bases.push(base);
            }
            if let Some(paths) = options["paths"].as_object().filter(|_| !has_paths) {
                has_paths = true;
                let root = base.unwrap_or_else(|| dir.to_owned());
                self.list.extend(paths.iter().map(|(pattern, targets)| mapped(&root, pattern, targets, is_certain)));
            }
            let extends = match &value["extends"] {
                Value::String(one) => vec![one.as_str()],
                Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
                _ => Vec::new(),
            };
            for name in extends {
                match extended(snapshot, dir, name) {
                    Some(path) => waiting.push(path),
                    None => self.is_open |= !has_paths && !is_published(name),
                }
            }
        }
        self.is_open = true;
    }
}

fn mapped(root: &str, pattern: &str, targets: &Value, is_certain: bool) -> Alias {
    let targets = targets.as_array().map(Vec::as_slice).unwrap_or_default();
    let paths: Vec<Option<String>> = targets.iter().map(|target| path::join(root, target.as_str()?)).collect();
    let is_whole = paths.iter().all(Option::is_some) && !paths.is_empty();
    Alias {
        pattern: pattern.to_owned(),
        targets: paths.into_iter().flatten().collect(),
        is_certain: is_certain && is_whole && pattern != "*",
    }
}

/// The file that `extends` names, if it lies in the repository.
fn extended(snapshot: &Snapshot, dir: &str, name: &str) -> Option<String> {
    if !name.starts_with('.') {
        return None;
    }
    let path = path::join(dir, name)?;
    let with_extension = format!("{path}.json");
    [path, with_extension].into_iter().find(|path| snapshot.is_file(path))
}

/// Whether settings come with a package that is known to map nothing.
fn is_published(name: &str) -> bool {
    const PACKAGES: [&str; 14] = [
        "@docusaurus",
        "@electron-toolkit",
        "@react-native",
        "@remix-run",
        "@sindresorhus",
        "@tsconfig",
        "@vercel",
        "@vue",
        "astro",
        "expo",
        "gatsby",
        "next",
        "svelte",
        "vite",
    ];
    name.split('/').next().is_some_and(|first| PACKAGES.contains(&first))
}

/// JSON with comments.
fn read(snapshot: &Snapshot, file: &str) -> Option<Value> {
    let text = snapshot.text(file).ok().filter(|text| text.len() <= MAX_LENGTH)?;
    let (mut depth, mut deepest) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    if deepest > MAX_DEPTH {
        return None;
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let value: Option<Value> = jsonc_parser::parse_to_serde_value(text, &jsonc_parser::ParseOptions::default()).ok()?;
    value
}

/// The configuration module of a text.
#[must_use]
pub fn module<'t>(text: &'t str, path: &str) -> Option<Configuration<'t>> {
    Configuration::read(text, path, FileId::NONE)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn aliases(files: &[(&str, &str)]) -> Aliases {
        let snapshot = Snapshot::in_memory(files.iter().map(|(path, text)| (*path, text.as_bytes())));
        let mut aliases = Aliases::default();
        aliases.add_typescript(&snapshot, "", true);
        aliases
    }

    fn leads(aliases: &Aliases, specifier: &str) -> Option<Vec<String>> {
        aliases.of(specifier).map(|(_, targets)| targets)
    }

    #[test]
    fn paths_are_seen_from_the_base_or_from_their_file() {
        let found = aliases(&[(
            "tsconfig.json",
            "{ // c\n\"compilerOptions\": {\"paths\": {\"@/*\": [\"./src/*\"], \"@/x\": [\"y.ts\"],}}}",
        )]);
        assert_eq!(leads(&found, "@/a/b"), Some(vec!["src/a/b".to_owned()]));
        assert_eq!(leads(&found, "@/x"), Some(vec!["y.ts".to_owned()]));
        assert_eq!(leads(&found, "@a"), None);
        let base = aliases(&[("jsconfig.json", r#"{"compilerOptions": {"baseUrl": "src", "paths": {"~/*": ["*"]}}}"#)]);
        assert_eq!(leads(&base, "~/a"), Some(vec!["src/a".to_owned()]));
        assert_eq!(base.bases, ["src"]);
    }

    #[test]
    fn settings_extend_each_other_and_loops_end() {
        let outer = ("config/base.json", r#"{"compilerOptions": {"paths": {"@/*": ["../app/*"]}}}"#);
        let found = aliases(&[("tsconfig.json", r#"{"extends": "./config/base"}"#), outer]);
        assert_eq!(leads(&found, "@/a"), Some(vec!["app/a".to_owned()]));
        assert!(!found.is_open);
        assert!(aliases(&[("tsconfig.json", r#"{"extends": "./tsconfig.json"}"#)]).is_open);
        assert!(aliases(&[("tsconfig.json", r#"{"extends": "@me/tsconfig"}"#)]).is_open);
        assert!(aliases(&[("tsconfig.json", r#"{"extends": "./.nuxt/tsconfig.json"}"#)]).is_open);
        assert!(!aliases(&[("tsconfig.json", r#"{"extends": "astro/tsconfigs/strict"}"#)]).is_open);
        assert!(aliases(&[("tsconfig.json", "[[[")]).is_open);
    }

    #[test]
    fn aliases_of_a_bundler_are_read_where_they_are_literal() {
        let read = |text: &str| {
            let mut aliases = Aliases::default();
            aliases.add_configuration(&module(text, "vite.config.js").unwrap(), &["resolve", "alias"], "");
            aliases
        };
        let found = read("export default { resolve: { alias: { '@': path.resolve(__dirname, './src'), x: y } } }");
        assert_eq!(leads(&found, "@/a"), Some(vec!["src/a".to_owned()]));
        assert_eq!(leads(&found, "x/a"), Some(Vec::new()));
        let list = read("export default { resolve: { alias: [{ find: '~', replacement: '/app' }] } }");
        assert_eq!(leads(&list, "~/a"), Some(vec!["app/a".to_owned()]));
        assert!(read("export default { resolve: { alias: aliases } }").is_open);
        assert!(!read("export default { }").is_open);
    }
}
