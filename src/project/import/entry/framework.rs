//! Frameworks with pages and routes as files.

use crate::project::import::bundle::{Bundle, Call, Config, Loader, Module, files, of_config, scripts};
use crate::project::import::resolve::{Completion, Resolver};
use crate::project::path::{self, child};
use crate::project::snapshot::Snapshot;

use super::vite;

/// Pages below `pages`, and the special files below `app` (Next.js' documentation, "Project structure").
pub(in crate::project::import) fn next(call: &Call<'_, '_>) -> Vec<Bundle> {
    const CONFIGS: [&str; 5] =
        ["next.config.js", "next.config.mjs", "next.config.ts", "next.config.cjs", "next.config.mts"];
    const SPECIAL: [&str; 17] = [
        "page",
        "layout",
        "route",
        "template",
        "loading",
        "error",
        "global-error",
        "not-found",
        "default",
        "icon",
        "apple-icon",
        "opengraph-image",
        "twitter-image",
        "sitemap",
        "robots",
        "manifest",
        "global-not-found",
    ];
    if call.operand(0) != Some("build") {
        return Vec::new();
    }
    let Some(dir) = path::join(&call.dir, call.operand(1).unwrap_or(".")) else { return Vec::new() };
    let snapshot = call.snapshot;
    let config = Config::first(snapshot, &dir, CONFIGS);
    let mut found: Vec<Bundle> = config.iter().map(|config| of_config(snapshot, config, "Next.js", false)).collect();
    let extensions = match config.as_ref().filter(|config| config.says(&["pageExtensions"])) {
        None => ["tsx", "ts", "jsx", "js"].map(str::to_owned).to_vec(),
        Some(config) => match config.list("pageExtensions") {
            Some(list) => list,
            None => return found,
        },
    };
    let compiles_mdx = config.as_ref().is_some_and(|config| config.surely_says("@next/mdx"));
    // The loader of MDX takes other texts only where it is told so.
    let is_script = |name: &str| {
        extensions.iter().any(|one| one == name)
            && (matches!(name, "tsx" | "ts" | "jsx" | "js") || (name == "mdx" && compiles_mdx))
    };
    let is_page =
        |below: &str| below.rsplit_once('.').is_some_and(|(stem, end)| is_script(end) && !stem.ends_with(".d"));
    let is_special = |below: &str| {
        let is_private = below.split('/').any(|part| part.starts_with('_'));
        let name = path::name(below);
        !is_private && name.split_once('.').is_some_and(|(stem, end)| is_script(end) && SPECIAL.contains(&stem))
    };
    let mut entries = Vec::new();
    let first = |name: &str| {
        let inner = child("src", name);
        [name.to_owned(), inner].into_iter().map(|name| child(&dir, &name)).find(|folder| snapshot.is_dir(folder))
    };
    entries.extend(first("pages").into_iter().flat_map(|pages| files(snapshot, &pages, is_page)));
    entries.extend(first("app").into_iter().flat_map(|app| files(snapshot, &app, is_special)));
    for folder in [dir.clone(), child(&dir, "src")] {
        entries.extend(scripts(
            snapshot,
            &folder,
            &["middleware", "proxy", "instrumentation", "instrumentation-client"],
        ));
    }
    let mut resolver = Resolver::new(&dir, Completion::Lenient);
    let opens =
        ["alias", "webpack", "turbo", "withPlugins", "withMDX", "@next/mdx", "contentlayer", "nextra", "velite"];
    resolver.aliases.is_open = config.as_ref().is_some_and(|config| config.says(&opens));
    resolver.aliases.add_typescript(snapshot, &dir, true);
    found.push(Bundle {
        texts: if compiles_mdx { &[".mdx"] } else { &[] },
        ..Bundle::new("Next.js", Loader::Next, dir, entries, resolver)
    });
    found
}

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

/// Pages, layouts, plug-ins and middleware (Nuxt's documentation, "Directory structure").
pub(in crate::project::import) fn nuxt(call: &Call<'_, '_>) -> Vec<Bundle> {
    if !matches!(call.operand(0), Some("build" | "generate")) {
        return Vec::new();
    }
    let (snapshot, dir) = (call.snapshot, call.dir.clone());
    let config = Config::first(snapshot, &dir, ["nuxt.config.ts", "nuxt.config.js", "nuxt.config.mjs"]);
    if config
        .as_ref()
        .is_some_and(|config| config.says(&["srcDir", "rootDir", "extends", "pages", "ignore", "dir:", "plugins:"]))
    {
        return Vec::new();
    }
    let sources = if snapshot.is_dir(&child(&dir, "app")) { child(&dir, "app") } else { dir.clone() };
    let is_component = |below: &str| below.ends_with(".vue");
    let mut entries = files(snapshot, &child(&sources, "pages"), is_component);
    entries.extend(files(snapshot, &child(&sources, "layouts"), is_component));
    entries.extend(
        [child(&sources, "app.vue"), child(&sources, "error.vue")].into_iter().filter(|path| snapshot.is_file(path)),
    );
    let mut resolver = Resolver::new(&dir, Completion::Lenient);
    for name in ["~", "@"] {
        resolver.aliases.add_folder(name, &sources, false);
    }
    for name in ["~~", "@@"] {
        resolver.aliases.add_folder(name, &dir, false);
    }
    resolver.aliases.is_open = true;
    vec![Bundle::new("Nuxt", Loader::Rollup, dir, entries, resolver)]
}

/// Pages below `src/pages`, and the files of Gatsby's interfaces (Gatsby's documentation, "Gatsby project structure").
pub(in crate::project::import) fn gatsby(call: &Call<'_, '_>) -> Vec<Bundle> {
    if call.operand(0) != Some("build") {
        return Vec::new();
    }
    let (snapshot, dir) = (call.snapshot, call.dir.clone());
    let config = Config::first(snapshot, &dir, ["gatsby-config.js", "gatsby-config.mjs", "gatsby-config.ts"]);
    let compiles_mdx = config.as_ref().is_some_and(|config| config.surely_says("gatsby-plugin-mdx"));
    let is_page = |below: &str| {
        let is_aside = below.split('/').any(|part| part.starts_with("__") || part.starts_with('_'))
            || [".test.", ".spec.", ".d.ts", ".stories."].iter().any(|part| below.contains(part));
        let is_compiled = |end: &str| matches!(end, "js" | "jsx" | "ts" | "tsx") || (end == "mdx" && compiles_mdx);
        !is_aside && below.rsplit_once('.').is_some_and(|(_, end)| is_compiled(end))
    };
    let mut entries = files(snapshot, &child(&dir, "src/pages"), is_page);
    entries.extend(scripts(snapshot, &dir, &["gatsby-browser", "gatsby-ssr"]));
    let steps = Config::first(snapshot, &dir, ["gatsby-node.js", "gatsby-node.mjs", "gatsby-node.ts"]);
    if let Some(steps) = &steps {
        // Pages that are made by `createPage` name their templates as files.
        let is_named = |below: &str| steps.says(&[&child("src", below), &child("src", stem(below))]);
        entries.extend(files(snapshot, &child(&dir, "src"), |below| is_named(below) && is_page(below)));
    }
    let own = [&config, &steps].into_iter().flatten();
    let mut found: Vec<Bundle> = own.map(|config| of_config(snapshot, config, "Gatsby", false)).collect();
    let mut resolver = Resolver::new(&dir, Completion::Lenient);
    resolver.aliases.is_open = true;
    resolver.aliases.add_typescript(snapshot, &dir, false);
    found.push(Bundle {
        texts: if compiles_mdx { &[".mdx"] } else { &[] },
        ..Bundle::new("Gatsby", Loader::Webpack, dir, entries, resolver)
    });
    found
}

/// A path without its extension.
fn stem(path: &str) -> &str {
    path.rsplit_once('.').map_or(path, |(stem, _)| stem)
}

/// The root and its entries below `app` (React Router's documentation, "Framework conventions"); routes are named by a file.
pub(in crate::project::import) fn react_router(call: &Call<'_, '_>, tool: &'static str) -> Vec<Bundle> {
    let (snapshot, dir) = (call.snapshot, call.dir.clone());
    let configs = ["react-router.config.ts", "react-router.config.js", "remix.config.js", "remix.config.mjs"];
    let config = Config::first(snapshot, &dir, configs);
    if config.as_ref().is_some_and(|config| config.says(&["appDirectory"])) || is_moved(snapshot, &dir) {
        return Vec::new();
    }
    let entries = scripts(snapshot, &child(&dir, "app"), &["root", "entry.client", "entry.server", "routes"]);
    let mut resolver = Resolver::new(&dir, Completion::Lenient);
    resolver.aliases.is_open = true;
    resolver.aliases.add_typescript(snapshot, &dir, false);
    vec![Bundle::new(tool, Loader::Rollup, dir, entries, resolver)]
}

/// Whether Vite's configuration moves the sources of the application.
fn is_moved(snapshot: &Snapshot, dir: &str) -> bool {
    Config::first(snapshot, dir, vite::CONFIGS).is_some_and(|config| config.says(&["appDirectory", "root:"]))
}
