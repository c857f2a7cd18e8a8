//! SvelteKit: routes and hooks.

use crate::project::import::bundle::{Bundle, Call, Config, Loader, Module, files, of_config, scripts};
use crate::project::import::resolve::Completion;
use crate::project::path::{self, child};

use super::vite;

/// Files with a plus below `src/routes`, and hooks (SvelteKit's documentation, "Routing", "Hooks").
pub(in crate::project::import) fn svelte_kit(call: &Call<'_, '_>, dir: &str) -> Vec<Bundle> {
    let snapshot = call.snapshot;
    let config = Config::first(snapshot, dir, ["svelte.config.js", "svelte.config.mjs", "svelte.config.ts"]);
    let mut found: Vec<Bundle> = config.iter().map(|config| of_config(snapshot, config, "SvelteKit", false)).collect();
    if config.as_ref().is_some_and(|config| config.says(&["files:", "files ", "mdsvex", "extensions"])) {
        return found;
    }
    let sources = child(dir, "src");
    let is_route = |below: &str| {
        let name = path::name(below);
        name.starts_with('+') && name.rsplit_once('.').is_some_and(|(_, end)| matches!(end, "svelte" | "js" | "ts"))
    };
    let mut entries = files(snapshot, &child(&sources, "routes"), is_route);
    let hooks = ["hooks.client", "hooks.server", "hooks", "instrumentation.server"];
    entries.extend(scripts(snapshot, &sources, &hooks));
    let vite_config = Config::first(snapshot, dir, vite::CONFIGS);
    let vite_module = vite_config.as_ref().map(Config::module);
    let vite = vite_config.as_ref().zip(vite_module.as_ref());
    let mut resolver = vite::resolver(snapshot, dir, vite, Completion::Lenient);
    // TypeScript's settings come out of the configuration here, through a generated file.
    resolver.aliases.is_open = vite_config.as_ref().is_none_or(|config| config.says(&["alias"]));
    if let Some(Module(Some(module))) = config.as_ref().map(Config::module) {
        resolver.aliases.add_configuration(&module, &["kit", "alias"], dir);
    }
    let is_known = ["@sveltejs/kit/vite", "vite", "vitest/config", "@tailwindcss/vite"];
    let plugins = vite_module.as_ref().and_then(Module::modules).unwrap_or_default();
    resolver.aliases.is_open |= !plugins.iter().all(|module| is_known.contains(&module.as_str()));
    resolver.aliases.add_folder("$lib", &child(&sources, "lib"), true);
    found.push(Bundle::new("SvelteKit", Loader::Rollup, dir.to_owned(), entries, resolver));
    found
}
