//! Vite: the page at the root, and the frameworks that are its plug-ins.

use crate::project::import::bundle::{Bundle, Call, Config, Loader, Module, of_config};
use crate::project::import::resolve::{Completion, Resolver};
use crate::project::output::bundler::MOVING_PLUGINS;
use crate::project::path::{self, child};
use crate::project::setting::Setting;
use crate::project::snapshot::Snapshot;

use super::{react_router, svelte_kit};

/// The names of its configuration.
pub(super) const CONFIGS: [&str; 6] =
    ["vite.config.js", "vite.config.mjs", "vite.config.ts", "vite.config.cjs", "vite.config.mts", "vite.config.cts"];

/// Modules of configurations that neither move entries nor answer for names of their own.
const PLAIN: [&str; 40] = [
    "vite",
    "vite/client",
    "vitest/config",
    "path",
    "url",
    "fs",
    "os",
    "process",
    "node:path",
    "node:url",
    "node:fs",
    "node:process",
    "node:os",
    "@vitejs/plugin-react",
    "@vitejs/plugin-react-swc",
    "@vitejs/plugin-react-refresh",
    "@vitejs/plugin-vue",
    "@vitejs/plugin-vue-jsx",
    "@vitejs/plugin-legacy",
    "@vitejs/plugin-basic-ssl",
    "@sveltejs/vite-plugin-svelte",
    "@preact/preset-vite",
    "vite-plugin-solid",
    "@tailwindcss/vite",
    "tailwindcss",
    "autoprefixer",
    "vite-tsconfig-paths",
    "vite-plugin-eslint",
    "vite-plugin-checker",
    "vite-plugin-singlefile",
    "vite-plugin-compression",
    "vite-plugin-inspect",
    "rollup-plugin-visualizer",
    "vite-plugin-static-copy",
    "vite-plugin-vue-devtools",
    "lovable-tagger",
    "vite-plugin-sitemap",
    "vite-plugin-image-optimizer",
    "vite-plugin-mkcert",
    "postcss",
];

/// Parts of the names of plug-ins that decide by themselves where the build begins, beside those that move the output.
const MOVING: [&str; 10] =
    ["tanstack", "ruby", "html", "mpa", "multi", "virtual", "crx", "web-extension", "monkey", "handlebars"];

/// What `vite build` loads.
pub(in crate::project::import) fn bundles(call: &Call<'_, '_>) -> Vec<Bundle> {
    let snapshot = call.snapshot;
    if call.operand(0) != Some("build") {
        return Vec::new();
    }
    let Some(dir) = path::join(&call.dir, call.operand(1).unwrap_or(".")) else { return Vec::new() };
    let config = match call.option(&["-c", "--config"]) {
        Some(name) => Config::first(snapshot, &call.dir, [name]),
        None => Config::first(snapshot, &dir, CONFIGS),
    };
    let Some(config) = config else {
        let is_plain = !call.has("-c") && !call.has("--config") && !call.has("--ssr");
        return if is_plain { vec![of_page(snapshot, &dir, None)] } else { Vec::new() };
    };
    let own = of_config(snapshot, &config, "Vite", true);
    let module = config.module();
    let Some(modules) = module.modules() else { return vec![own] };
    // Most configurations load nothing else: one look-up each instead of a search for every part.
    let others: Vec<&String> = modules.iter().filter(|module| !PLAIN.contains(&module.as_str())).collect();
    let is_loaded = |part: &str| others.iter().any(|module| module.contains(part));
    let mut found = vec![own];
    if modules.iter().any(|module| module == "@sveltejs/kit/vite") {
        found.extend(svelte_kit::svelte_kit(call, &dir));
    } else if is_loaded("@react-router/dev") || is_loaded("@remix-run/dev") {
        found.extend(react_router::react_router(call, "Vite"));
    } else if !MOVING.iter().chain(&MOVING_PLUGINS).any(|part| is_loaded(part)) && !call.has("--ssr") {
        found.extend(of_root(snapshot, &dir, &config, &module));
    }
    found
}

/// The build of a plain site: from `index.html`, or from the input that is written out.
fn of_root(snapshot: &Snapshot, dir: &str, config: &Config, module: &Module<'_>) -> Option<Bundle> {
    let root = match module.setting(&["root"]) {
        Setting::Absent => dir.to_owned(),
        Setting::Written(written) => written.path_from(dir)?,
        Setting::Computed => return None,
    };
    let is_set = |keys: &[&str]| !module.setting(keys).is_absent();
    if is_set(&["build", "lib"]) || is_set(&["build", "ssr"]) || is_set(&["environments"]) {
        return None;
    }
    let inputs = [["build", "rollupOptions", "input"], ["build", "rolldownOptions", "input"]];
    let input = inputs.iter().map(|keys| module.setting(keys)).find(|input| !input.is_absent());
    match input {
        None => Some(of_page(snapshot, &root, Some((config, module)))),
        Some(Setting::Written(written)) => {
            let entry = written.path_from(&root).filter(|path| snapshot.is_file(path))?;
            Some(Bundle {
                entries: vec![entry],
                missing_page: None,
                ..of_page(snapshot, &root, Some((config, module)))
            })
        }
        Some(_) => None,
    }
}

fn of_page(snapshot: &Snapshot, root: &str, config: Option<(&Config, &Module<'_>)>) -> Bundle {
    let modules = config.and_then(|(_, module)| module.modules()).unwrap_or_default();
    let is_plain = modules.iter().all(|module| PLAIN.contains(&module.as_str()));
    let has_extensions = config.is_some_and(|(config, _)| config.says(&["extensions"]));
    let completion = if is_plain && !has_extensions { Completion::Vite } else { Completion::Lenient };
    let mut resolver = resolver(snapshot, root, config, completion);
    resolver.aliases.is_open |= !is_plain;
    let page = child(root, "index.html");
    let has_page = snapshot.is_file(&page);
    let has_sources = !snapshot.below(&child(root, "src")).is_empty();
    Bundle {
        missing_page: (!has_page && is_plain && has_sources).then(|| page.clone()),
        ..Bundle::new("Vite", Loader::Rollup, root.to_owned(), if has_page { vec![page] } else { Vec::new() }, resolver)
    }
}

/// The resolver of Vite with the aliases of its configuration.
pub(super) fn resolver(
    snapshot: &Snapshot,
    root: &str,
    config: Option<(&Config, &Module<'_>)>,
    completion: Completion,
) -> Resolver {
    let mut resolver = Resolver::new(root, completion);
    resolver.has_rooted_names = true;
    match config {
        Some((config, Module(Some(module)))) => {
            let dir = path::parent(&config.path).unwrap_or_default();
            resolver.aliases.add_configuration(module, &["resolve", "alias"], dir);
        }
        Some((_, Module(None))) => resolver.aliases.is_open = true,
        None => {}
    }
    resolver.aliases.add_typescript(snapshot, root, false);
    resolver
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_plain_module_is_one_that_moves_entries() {
        let moves = |module: &&str| MOVING.iter().any(|part| module.contains(part));
        assert_eq!(PLAIN.iter().find(|module| moves(module)), None);
    }
}
