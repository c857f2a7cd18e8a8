//! Bundlers with one entry, named by a convention or written out.

use crate::project::import::bundle::{Bundle, Call, Config, Loader, of_config, scripts};
use crate::project::import::resolve::{Completion, Resolver};
use crate::project::path::{self, child};
use crate::project::setting::Setting;
use crate::project::snapshot::Snapshot;
use crate::text::json;
use crate::text::span::FileId;
use crate::text::tree::Node;

fn bundle(snapshot: &Snapshot, dir: &str, tool: &'static str, loader: Loader, entries: Vec<String>) -> Bundle {
    let mut resolver = Resolver::new(dir, Completion::Lenient);
    resolver.aliases.add_typescript(snapshot, dir, false);
    Bundle::new(tool, loader, dir.to_owned(), entries, resolver)
}

/// `src/index` (`react-scripts/config/paths.js`).
pub(in crate::project::import) fn react_scripts(call: &Call<'_, '_>) -> Vec<Bundle> {
    if call.operand(0) != Some("build") {
        return Vec::new();
    }
    let (snapshot, dir) = (call.snapshot, call.dir.clone());
    let overrides =
        ["craco.config.js", "craco.config.ts", "craco.config.cjs", "config-overrides.js", "config-overrides/index.js"];
    let is_changed = overrides.iter().any(|name| snapshot.is_file(&child(&dir, name)));
    let entries: Vec<String> = scripts(snapshot, &child(&dir, "src"), &["index"]).into_iter().take(1).collect();
    let mut found = bundle(snapshot, &dir, "Create React App", Loader::Webpack, entries);
    found.resolver.aliases.is_open |= is_changed;
    vec![found]
}

/// `src/main` (`@vue/cli-service/lib/config/app.js`); `@` is `src`.
pub(in crate::project::import) fn vue_cli(call: &Call<'_, '_>) -> Vec<Bundle> {
    if call.operand(0) != Some("build") {
        return Vec::new();
    }
    let (snapshot, dir) = (call.snapshot, call.dir.clone());
    let config = Config::first(snapshot, &dir, ["vue.config.js", "vue.config.cjs", "vue.config.mjs"]);
    if config.as_ref().is_some_and(|config| config.says(&["pages", "entry"])) || call.operand(1).is_some() {
        return Vec::new();
    }
    let entries: Vec<String> = scripts(snapshot, &child(&dir, "src"), &["main"]).into_iter().take(1).collect();
    let mut found = bundle(snapshot, &dir, "Vue CLI", Loader::Webpack, entries);
    let is_changed = config.is_some_and(|config| config.says(&["alias"]));
    found.resolver.aliases.is_open |= is_changed;
    found.resolver.aliases.add_folder("@", &child(&dir, "src"), !is_changed);
    vec![found]
}

/// The entry of the configuration, or `src/index.js` (webpack's documentation, "Configuration").
pub(in crate::project::import) fn webpack(call: &Call<'_, '_>) -> Vec<Bundle> {
    if call.operand(0).is_some_and(|name| !matches!(name, "build" | "b" | "bundle")) || call.has("--entry") {
        return Vec::new();
    }
    let (snapshot, dir) = (call.snapshot, call.dir.clone());
    let name = call.option(&["--config", "-c"]);
    let config = match name {
        Some(name) => Config::first(snapshot, &dir, [name]),
        None => Config::first(snapshot, &dir, ["webpack.config.js", "webpack.config.cjs", "webpack.config.mjs"]),
    };
    let Some(config) = config else { return Vec::new() };
    let mut found = vec![of_config(snapshot, &config, "webpack", false)];
    let module = config.module();
    let entry = match module.setting(&["entry"]) {
        Setting::Absent => Some(child(&dir, "src/index.js")),
        Setting::Written(written) => written.path_from(&dir),
        Setting::Computed => None,
    };
    let entry = entry.filter(|_| !config.says(&["context:"]));
    let stem = entry.map(|entry| entry.rsplit_once('.').map_or(entry.clone(), |(stem, _)| stem.to_owned()));
    let entries = stem.map(|stem| scripts(snapshot, path::parent(&stem).unwrap_or_default(), &[path::name(&stem)]));
    let mut own =
        bundle(snapshot, &dir, "webpack", Loader::Webpack, entries.unwrap_or_default().into_iter().take(1).collect());
    own.resolver.aliases.is_open |= config.says(&["modules", "externals", "Provide", "merge("]);
    match &module.0 {
        Some(module) => own.resolver.aliases.add_configuration(module, &["resolve", "alias"], &dir),
        None => own.resolver.aliases.is_open = true,
    }
    found.push(own);
    found
}

/// The input of the configuration (`rollup -c`).
pub(in crate::project::import) fn rollup(call: &Call<'_, '_>) -> Vec<Bundle> {
    let (snapshot, dir) = (call.snapshot, call.dir.clone());
    if !call.has("-c") && !call.has("--config") {
        return Vec::new();
    }
    let name = call.option(&["--config", "-c"]).filter(|name| name.contains('.'));
    let config = match name {
        Some(name) => Config::first(snapshot, &dir, [name]),
        None => Config::first(snapshot, &dir, ["rollup.config.mjs", "rollup.config.cjs", "rollup.config.js"]),
    };
    let Some(config) = config else { return Vec::new() };
    let mut found = vec![of_config(snapshot, &config, "Rollup", true)];
    if let Setting::Written(written) = config.module().setting(&["input"]) {
        let entries = written.path_from(&dir).filter(|path| snapshot.is_file(path)).into_iter().collect();
        let mut own = bundle(snapshot, &dir, "Rollup", Loader::Rollup, entries);
        // A package that is not found stays outside the bundle, and Rollup only warns.
        own.resolver.aliases.is_open = true;
        found.push(own);
    }
    found
}

/// The main file of every project (`angular.json`).
pub(in crate::project::import) fn angular(call: &Call<'_, '_>) -> Vec<Bundle> {
    if !matches!(call.operand(0), Some("build" | "b")) {
        return Vec::new();
    }
    let (snapshot, dir) = (call.snapshot, call.dir.clone());
    let text = snapshot.text(&child(&dir, "angular.json")).unwrap_or_default();
    let Ok(root) = json::parse(&text, FileId::NONE) else { return Vec::new() };
    let projects: Vec<&Node> = root
        .at(&["projects"])
        .and_then(Node::as_table)
        .into_iter()
        .flat_map(|all| all.iter().map(|(_, one)| &one.value))
        .collect();
    let [project] = projects.as_slice() else { return Vec::new() };
    let option = |name: &str| {
        let build = ["architect", "targets"].into_iter().find_map(|key| project.at(&[key, "build", "options", name]));
        path::join(&dir, build?.as_str()?)
    };
    let entries: Vec<String> =
        ["browser", "main", "server"].into_iter().filter_map(option).filter(|path| snapshot.is_file(path)).collect();
    vec![bundle(snapshot, &dir, "Angular", Loader::Angular, entries)]
}
