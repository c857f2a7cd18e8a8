//! Frameworks that render pages on a server.

use crate::platform::netlify::site::NetlifySite;
use crate::project::path::child;
use crate::text::tree::Node;

/// A framework that certainly renders some pages on a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renderer {
    /// Name for people.
    pub name: &'static str,
    /// What shows it.
    pub because: String,
}

/// Configuration files, a package that must be named in them, words that turn rendering on a server on (any of them, if
/// there are some) and words that turn it off.
struct Sign {
    framework: &'static str,
    name: &'static str,
    files: &'static [&'static str],
    needs: &'static str,
    any_of: &'static [&'static str],
    none_of: &'static [&'static str],
}

const SIGNS: [Sign; 3] = [
    Sign {
        framework: "astro",
        name: "Astro",
        files: &["astro.config.mjs", "astro.config.ts", "astro.config.js", "astro.config.mts"],
        needs: "@astrojs/netlify",
        any_of: &["output: 'server'", "output: \"server\"", "output: 'hybrid'", "output: \"hybrid\""],
        none_of: &[],
    },
    Sign {
        framework: "svelte-kit",
        name: "SvelteKit",
        files: &["svelte.config.js", "svelte.config.mjs", "svelte.config.ts"],
        needs: "@sveltejs/adapter-netlify",
        any_of: &[],
        none_of: &[],
    },
    Sign {
        framework: "nuxt",
        name: "Nuxt",
        files: &["nuxt.config.ts", "nuxt.config.js", "nuxt.config.mjs"],
        needs: "",
        any_of: &[],
        none_of: &["ssr: false", "ssr:false", "target: 'static'", "target: \"static\"", "static: true", "preset: "],
    },
];

/// The framework of the site, if it certainly renders pages on a server.
#[must_use]
pub fn renderer(site: &NetlifySite<'_>) -> Option<Renderer> {
    let is_used = |id: &str| site.detection.frameworks.iter().any(|framework| framework.id == id);
    if is_used("next") {
        return next(site);
    }
    let sign = SIGNS.iter().find(|sign| is_used(sign.framework))?;
    let configuration = |name: &&str| Some((child(site.build_dir(), name), text(site, name)?));
    let (path, text) = sign.files.iter().find_map(configuration)?;
    let has = |word: &&str| text.contains(*word);
    let is_on = sign.any_of.is_empty() || sign.any_of.iter().any(has);
    let is_generated = sign.framework == "nuxt" && site.command_texts().any(|text| text.contains("generate"));
    let layouts = [
        "src/routes/+layout.js",
        "src/routes/+layout.ts",
        "src/routes/+layout.server.js",
        "src/routes/+layout.server.ts",
    ];
    let is_static =
        layouts.iter().filter_map(|name| self::text(site, name)).any(|text| text.contains("prerender = true"));
    let is_known = text.contains(sign.needs) && is_on && !sign.none_of.iter().any(has) && !is_generated && !is_static;
    is_known.then(|| Renderer { name: sign.name, because: format!("\"{path}\" asks for it") })
}

/// Next.js renders on a server unless it exports the site; the plugin for Netlify is added by itself.
fn next(site: &NetlifySite<'_>) -> Option<Renderer> {
    let files = ["next.config.js", "next.config.mjs", "next.config.ts", "next.config.cjs"];
    let exports = files
        .iter()
        .filter_map(|name| text(site, name))
        .any(|text| text.contains("export'") || text.contains("export\""));
    let is_exported =
        exports || site.command_texts().any(|text| text.contains("export")) || site.publish().ends_with("out");
    let because = "Next.js renders on a server unless it exports the site".to_owned();
    (!is_exported).then_some(Renderer { name: "Next.js", because })
}

fn text(site: &NetlifySite<'_>, name: &str) -> Option<String> {
    site.snapshot.text_in(site.build_dir(), name)
}

/// Whether edge functions run: they come before every redirect and may answer.
#[must_use]
pub fn has_edge_functions(site: &NetlifySite<'_>) -> bool {
    let declared = site.config(&["edge_functions"]).and_then(Node::as_array);
    let has_folder = site.plan.as_ref().is_some_and(|plan| plan.edge_functions.is_some());
    has_folder || declared.is_some_and(|list| !list.is_empty())
}

/// Whether a program may answer paths that no file has: an edge function, or a framework that is not known to make
/// files only.
#[must_use]
pub fn may_answer(site: &NetlifySite<'_>) -> bool {
    const STATIC: [&str; 14] = [
        "hugo",
        "jekyll",
        "eleventy",
        "gatsby",
        "docusaurus",
        "vitepress",
        "vuepress",
        "hexo",
        "zola",
        "vite",
        "vue",
        "create-react-app",
        "angular",
        "middleman",
    ];
    let is_static = |id: &str| STATIC.contains(&id);
    has_edge_functions(site) || !site.detection.frameworks.iter().all(|framework| is_static(&framework.id))
}
