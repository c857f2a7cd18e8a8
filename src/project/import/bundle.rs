//! What one tool begins with, and how it resolves what its files load.

use super::alias;
use super::resolve::{Completion, Resolver};
use super::scan::{Dialect, Load, LoadKind};
use crate::project::command::{Invocation, Word};
use crate::project::javascript::configuration::Configuration;
use crate::project::output::{peel, tool};
use crate::project::path::{self, child};
use crate::project::setting::Setting;
use crate::project::snapshot::Snapshot;

use super::entry;

/// Who loads the files, as far as its rules and its words in the log differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loader {
    /// Rollup, alone or in Vite and what is built on it.
    Rollup,
    /// webpack, alone or in what is built on it.
    Webpack,
    /// Next.js
    Next,
    /// esbuild
    Esbuild,
    /// The compiler of Angular.
    Angular,
    /// Node.js itself.
    Node,
}

/// What one tool loads.
pub struct Bundle {
    /// The tool's name for people.
    pub tool: &'static str,
    /// Who loads the files.
    pub loader: Loader,
    /// The folder that it works in.
    pub root: String,
    /// The files that it begins with.
    pub entries: Vec<String>,
    /// How names are resolved.
    pub resolver: Resolver,
    /// Whether it is a tool's own configuration.
    pub is_configuration: bool,
    /// The page that should be there and is not.
    pub missing_page: Option<String>,
    /// The endings of texts that it compiles as MDX.
    pub texts: &'static [&'static str],
}

impl Bundle {
    /// What a tool loads that begins with these files and compiles no texts.
    #[must_use]
    pub fn new(tool: &'static str, loader: Loader, root: String, entries: Vec<String>, resolver: Resolver) -> Bundle {
        Bundle { tool, loader, root, entries, resolver, is_configuration: false, missing_page: None, texts: &[] }
    }

    /// What kind of text a file holds for this tool; none when it is not read.
    #[must_use]
    pub fn dialect(&self, file: &str) -> Option<Dialect> {
        let is_text = self.texts.iter().any(|ending| file.ends_with(ending));
        let dialect = if is_text { Some(Dialect::Mdx) } else { Dialect::of(file) };
        dialect.filter(|dialect| is_text || *dialect != Dialect::Mdx)
    }

    /// Whether a load can stop the tool.
    #[must_use]
    pub fn counts(&self, load: &Load) -> bool {
        if load.is_guarded || (load.is_type_only && self.loader != Loader::Angular) {
            return false;
        }
        match load.kind {
            LoadKind::Static | LoadKind::Page | LoadKind::Style | LoadKind::Sass | LoadKind::Less | LoadKind::Part => {
                true
            }
            LoadKind::Dynamic => self.loader != Loader::Node,
            LoadKind::Require => match self.loader {
                Loader::Node => load.is_immediate,
                Loader::Webpack | Loader::Next | Loader::Esbuild => true,
                Loader::Rollup | Loader::Angular => false,
            },
        }
    }
}

/// One call of a tool.
pub(super) struct Call<'c, 'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) dir: String,
    pub(super) args: &'c [Word],
}

impl Call<'_, '_> {
    /// The argument of that number, options and their values left out.
    pub(super) fn operand(&self, index: usize) -> Option<&str> {
        let is_option = |word: &Word| word.text.starts_with('-') && word.text.len() > 1;
        let is_value = |before: &Word| is_option(before) && !before.text.contains('=');
        let is_operand = |at: &usize| {
            !is_option(&self.args[*at]) && !at.checked_sub(1).is_some_and(|before| is_value(&self.args[before]))
        };
        (0..self.args.len()).filter(is_operand).nth(index).and_then(|at| self.args[at].plain())
    }

    /// Whether one of the arguments begins like this.
    pub(super) fn has(&self, option: &str) -> bool {
        self.args.iter().any(|arg| arg.text.starts_with(option))
    }

    /// What an option is set to; `Err` when only a run would tell.
    pub(super) fn option(&self, names: &[&str]) -> Option<&str> {
        let mut args = self.args.iter();
        while let Some(arg) = args.next() {
            match arg.text.split_once('=') {
                Some((name, _)) if names.contains(&name) => {
                    return arg.plain().and_then(|text| text.split_once('=')).map(|(_, value)| value);
                }
                None if names.contains(&arg.text.as_str()) => return args.next().and_then(Word::plain),
                _ => {}
            }
        }
        None
    }
}

/// What a program of a build loads, tool by tool: its configuration first, then the sources.
#[must_use]
pub fn bundles(snapshot: &Snapshot, run: &Invocation) -> Vec<Bundle> {
    let (Some(name), args) = peel(run) else { return Vec::new() };
    let Some(dir) = run.cwd.clone() else { return Vec::new() };
    let call = Call { snapshot, dir, args };
    if path::name(name) == "node" {
        return entry::node(&call).into_iter().collect();
    }
    let Some(tool) = tool::find(name) else { return Vec::new() };
    match tool.name {
        "Vite" => entry::vite::bundles(&call),
        "Astro" => entry::astro::astro(&call),
        "Next.js" => entry::next::next(&call),
        "SvelteKit" => entry::svelte_kit::svelte_kit(&call, &call.dir.clone()),
        "Nuxt" => entry::nuxt::nuxt(&call),
        "Gatsby" => entry::gatsby::gatsby(&call),
        "Docusaurus" => entry::docusaurus::docusaurus(&call),
        "React Router" | "Remix" => entry::react_router::react_router(&call, tool.name),
        "Create React App" => entry::bundler::react_scripts(&call),
        "Vue CLI" => entry::bundler::vue_cli(&call),
        "webpack" => entry::bundler::webpack(&call),
        "Rollup" => entry::bundler::rollup(&call),
        "Angular" => entry::bundler::angular(&call),
        "Eleventy" => entry::eleventy(&call).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// A configuration file of a tool.
pub(super) struct Config {
    pub(super) path: String,
    /// None when the file cannot be read.
    text: Option<String>,
}

impl Config {
    /// The first of some names in a folder.
    pub(super) fn first<'n>(
        snapshot: &Snapshot,
        dir: &str,
        names: impl IntoIterator<Item = &'n str>,
    ) -> Option<Config> {
        let path = names.into_iter().map(|name| child(dir, name)).find(|path| snapshot.is_file(path))?;
        Some(Config { text: snapshot.text(&path).ok(), path })
    }

    /// The file as a module, cut once for all that is asked of it.
    pub(super) fn module(&self) -> Module<'_> {
        Module(self.text.as_deref().and_then(|text| alias::module(text, &self.path)))
    }

    /// Whether a word surely stands in it.
    pub(super) fn surely_says(&self, word: &str) -> bool {
        self.text.as_ref().is_some_and(|text| text.contains(word))
    }

    /// The texts of a list that is written out behind a key; none when it is put together.
    pub(super) fn list(&self, key: &str) -> Option<Vec<String>> {
        let (_, rest) = self.text.as_ref()?.split_once(key)?;
        let rest = rest.trim_start_matches(['"', '\'']).trim_start().strip_prefix(':')?.trim_start();
        let (items, _) = rest.strip_prefix('[')?.split_once(']')?;
        let items = items.split(',').map(str::trim).filter(|item| !item.is_empty());
        let is_mark = |letter: char| matches!(letter, '"' | '\'');
        items.map(|item| Some(item.strip_prefix(is_mark)?.strip_suffix(is_mark)?.to_owned())).collect()
    }

    /// Whether one of these words stands in it, or may.
    pub(super) fn says(&self, words: &[&str]) -> bool {
        self.text.as_ref().is_none_or(|text| words.iter().any(|word| text.contains(word)))
    }
}

/// A configuration file as a module; nothing in it when it makes no sense.
pub(super) struct Module<'t>(pub(super) Option<Configuration<'t>>);

impl Module<'_> {
    /// The modules that it loads; none when it cannot be read.
    pub(super) fn modules(&self) -> Option<Vec<String>> {
        self.0.as_ref().map(|module| module.modules().collect())
    }

    /// A setting of what it exports.
    pub(super) fn setting(&self, keys: &[&str]) -> Setting {
        self.0.as_ref().map_or(Setting::Computed, |module| module.setting(keys))
    }
}

/// A configuration file as something that is loaded itself: by Node.js, or bundled first.
pub(super) fn of_config(snapshot: &Snapshot, config: &Config, tool: &'static str, is_bundled: bool) -> Bundle {
    let root = path::parent(&config.path).unwrap_or_default().to_owned();
    let is_bundled = is_bundled || config.path.ends_with("ts");
    let completion = if is_bundled { Completion::Lenient } else { Completion::Node };
    let mut resolver = Resolver::new(&root, completion);
    if is_bundled {
        // The file is bundled alone; what packages give, Node.js loads afterwards.
        resolver.neighbours = None;
        resolver.aliases.add_typescript(snapshot, &root, false);
    }
    let loader = if is_bundled { Loader::Esbuild } else { Loader::Node };
    Bundle { is_configuration: true, ..Bundle::new(tool, loader, root, vec![config.path.clone()], resolver) }
}

/// The files directly in a folder whose names are these, whatever the extension of a script.
pub(super) fn scripts(snapshot: &Snapshot, dir: &str, stems: &[&str]) -> Vec<String> {
    const EXTENSIONS: [&str; 6] = ["ts", "tsx", "js", "jsx", "mjs", "mts"];
    let names = stems.iter().flat_map(|stem| EXTENSIONS.map(|extension| child(dir, &format!("{stem}.{extension}"))));
    names.filter(|path| snapshot.is_file(path)).collect()
}

/// The files below a folder that satisfy a condition on the path from there.
pub(super) fn files(snapshot: &Snapshot, dir: &str, wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let below = snapshot.below(dir).iter().filter(|entry| {
        path::strip(&entry.path, dir).is_some_and(|below| !below.contains("node_modules/") && wanted(below))
    });
    below.map(|entry| entry.path.to_string()).collect()
}
