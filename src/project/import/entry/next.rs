//! Next.js: pages below `pages`, special files below `app`.

use crate::project::import::bundle::{Bundle, Call, Config, Loader, files, of_config, scripts};
use crate::project::import::resolve::{Completion, Resolver};
use crate::project::path::{self, child};

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
