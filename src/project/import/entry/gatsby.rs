//! Gatsby: pages, its interfaces, and templates that they name.

use crate::project::import::bundle::{Bundle, Call, Config, Loader, files, of_config, scripts};
use crate::project::import::resolve::{Completion, Resolver};
use crate::project::path::child;

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
